"""Owns what time it is in the sandbox; knows nothing of Telegram.

Message dates, the life of updates and callback queries, and the pauses between webhook attempts follow this clock.
How long a connection is held open (long polling) is a matter of the network and follows the event loop instead.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the sandbox asks of a clock."""

    def now(self) -> datetime:
        """Return the present moment, UTC-aware."""

    async def sleep(self, pause_s: float) -> None:
        """Return when `pause_s` seconds of this clock have passed."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, UTC-aware."""
        return datetime.now(UTC)

    async def sleep(self, pause_s: float) -> None:
        """Wait `pause_s` seconds."""
        await asyncio.sleep(pause_s)


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
