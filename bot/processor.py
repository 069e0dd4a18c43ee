"""The order of updates: one after the other within a chat, side by side across chats, each exactly once.

Owns the queue between Telegram and the handlers. Does not know what handlers do.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

UNFINISHED_UPDATES = 4_096
"""How many updates may be waiting or in work; beyond that no more are fetched, and Telegram keeps them."""
CONCURRENT_UPDATES = 256
"""How many of them are in work."""


class UpdateQueue(asyncio.Queue[object]):
    """The way from fetching updates to processing them: holds back the fetching while too many are unfinished.

    The library takes updates out as fast as they come, and makes a task of each; so what is counted here is what was
    taken out and is not done.
    """

    def __init__(self, unfinished: int = UNFINISHED_UPDATES) -> None:
        super().__init__(maxsize=100)
        self._free = asyncio.Semaphore(unfinished)

    async def get(self) -> object:
        """Take out the next update, when few enough are unfinished."""
        await self._free.acquire()
        try:
            return await super().get()
        except BaseException:
            self._free.release()
            raise

    def task_done(self) -> None:
        """Count one update as done."""
        super().task_done()
        self._free.release()


@dataclass(slots=True)
class _Turn:
    """Whose turn it is in one chat: a lock, which serves in order, and how many want it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0


class InOrder(BaseUpdateProcessor):
    """Processes the updates of one chat in their order, and those of different chats side by side.

    A handler's error ends that update alone. `cancel` ends those under way, for a stop that cannot wait.
    """

    def __init__(self, concurrent: int = CONCURRENT_UPDATES, unfinished: int = UNFINISHED_UPDATES) -> None:
        # The library's own bound is taken before a chat's turn is known: one busy chat could hold all of it. So it is
        # as wide as the queue, and the bound on work is one of our own, taken when the chat's turn has come.
        super().__init__(unfinished)
        self._in_work = asyncio.Semaphore(concurrent)
        self._turns: dict[object, _Turn] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """End what is still under way."""
        self.cancel()

    def cancel(self) -> None:
        """Cancel every update that is waiting or in work."""
        for task in self._tasks:
            task.cancel()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await `coroutine` when all earlier updates of the same chat are done."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # a coroutine always runs in a task
        self._tasks.add(task)
        started = False
        try:
            async with self._turn(update), self._in_work:
                started = True
                await coroutine
        finally:
            self._tasks.discard(task)
            if not started and asyncio.iscoroutine(coroutine):
                coroutine.close()

    @asynccontextmanager
    async def _turn(self, update: object) -> AsyncIterator[None]:
        key = _key(update)
        if key is None:
            yield
            return
        turn = self._turns.setdefault(key, _Turn())
        turn.wanted += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.wanted -= 1
            if turn.wanted == 0:
                del self._turns[key]


def _key(update: object) -> object:
    """Name whom an update must be in order with: its chat, else its person; None where it has neither."""
    if not isinstance(update, Update):
        return None
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else None
