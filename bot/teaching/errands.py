"""Work that an operator has asked for and that takes its time: one after the other, while updates go on."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Awaitable, Callable

from bot.workers import Workers
from storage.ids import ChatId

Errand = Callable[[], Awaitable[None]]


class Errands:
    """Runs errands; those of a killed process are not repeated, since whoever asked sees that nothing came."""

    def __init__(self) -> None:
        self._waiting: dict[int, deque[Errand]] = defaultdict(deque)
        self._workers = Workers(self._run, "errand in chat")

    def send(self, chat: ChatId, errand: Errand) -> None:
        """Have an errand run, after those that wait in the chat."""
        self._waiting[chat].append(errand)
        self._workers.wake(chat)

    async def close(self, timeout_s: float) -> None:
        """End what runs, and forget the rest."""
        self._waiting.clear()
        await self._workers.close(timeout_s)

    async def _run(self, chat: int) -> None:
        waiting = self._waiting[chat]
        while waiting:
            await waiting.popleft()()
