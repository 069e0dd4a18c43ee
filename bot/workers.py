"""Runs one worker a chat, and ends them all in time.

Owns the tasks and the rule that waking a busy worker is never lost. Knows nothing of what the work is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

Work = Callable[[int], Awaitable[None]]


class Workers:
    """One task a key; each runs `work(key)` once for every waking, wakings during a run being worth one more run."""

    def __init__(self, work: Work, name: str) -> None:
        """Remember what to do; `name` stands before the key in the tasks' names."""
        self._work = work
        self._name = name
        self._wanted: set[int] = set()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._closed = False

    def wake(self, key: int) -> None:
        """Have `work(key)` run: now, or once more after the run under way."""
        if self._closed:
            return
        self._wanted.add(key)
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._run(key), name=f"{self._name} {key}")

    @property
    def is_busy(self) -> bool:
        """Whether any work is under way."""
        return bool(self._tasks)

    async def dismiss(self, key: int) -> None:
        """Cancel the work on `key` and wait until it has ended."""
        self._wanted.discard(key)
        if task := self._tasks.get(key):
            task.cancel()
            await asyncio.wait([task])

    async def idle(self) -> None:
        """Wait until no work is left."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def close(self, timeout_s: float) -> None:
        """Cancel everything, wait at most `timeout_s`, and accept no more work."""
        self._closed = True
        self._wanted.clear()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=timeout_s)
            for task in late:
                log.warning("%s did not end within %.1f s", task.get_name(), timeout_s)

    async def _run(self, key: int) -> None:
        try:
            while key in self._wanted:
                self._wanted.discard(key)
                try:
                    await self._work(key)
                except Exception:
                    # One chat's mishap must not end the others; what it was doing is in the database.
                    log.exception("%s %s failed", self._name, key)
        finally:
            # Nothing is awaited between the last look at _wanted and this line, so no waking is lost; one that came
            # while this run was being dismissed is work for a new one.
            del self._tasks[key]
            if key in self._wanted:
                self.wake(key)
