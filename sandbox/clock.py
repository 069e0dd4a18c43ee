"""Owns what time it is in the sandbox; knows nothing of Telegram.

Message dates, the life of updates and callback queries, polls' ends, flood limits and the pauses between webhook
attempts follow this clock. How long a connection is held open (long polling) is a matter of the network and follows
the event loop instead.
"""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the sandbox asks of a clock."""

    def now(self) -> datetime:
        """Return the present moment, UTC-aware."""

    async def sleep(self, pause_s: float) -> None:
        """Return when `pause_s` seconds of this clock have passed."""

    def advance(self, seconds: float) -> None:
        """Move the clock on and wake whoever has slept long enough."""


class SystemClock:
    """The machine's own clock, and how far it was moved on."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Return the present moment, UTC-aware."""
        return datetime.now(UTC) + self._ahead

    async def sleep(self, pause_s: float) -> None:
        """Wait `pause_s` seconds, less what the clock is moved on meanwhile."""
        due = self.now() + timedelta(seconds=pause_s)
        while (left := (due - self.now()).total_seconds()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), left)

    def advance(self, seconds: float) -> None:
        """Move the clock on and wake whoever has slept long enough."""
        self._ahead += timedelta(seconds=seconds)
        self._moved.set()
        self._moved = asyncio.Event()


class ManualClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2026, 9, 1, 12, tzinfo=UTC)
        self._sleepers: list[tuple[datetime, asyncio.Event]] = []

    def now(self) -> datetime:
        """Return the moment that the clock stands at."""
        return self._now

    async def sleep(self, pause_s: float) -> None:
        """Return once `advance` has moved the clock by `pause_s` seconds."""
        woken = asyncio.Event()
        self._sleepers.append((self._now + timedelta(seconds=pause_s), woken))
        await woken.wait()

    def advance(self, seconds: float) -> None:
        """Move the clock on and wake whoever has slept long enough."""
        self._now += timedelta(seconds=seconds)
        for due, woken in self._sleepers:
            if due <= self._now:
                woken.set()
        self._sleepers = [(due, woken) for due, woken in self._sleepers if due > self._now]


class Timers:
    """Acts that wait for their moment of a clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    def after(self, pause_s: float, act: Callable[[], None]) -> None:
        """Call `act` when `pause_s` seconds of the clock have passed."""
        task = asyncio.create_task(self._wait(pause_s, act), name="timer")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Forget all that waits."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait(self, pause_s: float, act: Callable[[], None]) -> None:
        await self._clock.sleep(pause_s)
        act()
