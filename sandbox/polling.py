"""Owns whose turn it is to poll for updates: a new poll ends the one before. Knows no updates."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from sandbox.errors import ApiError

Turn = asyncio.Future[None]


class Polling:
    """At most one poll at a time."""

    def __init__(self) -> None:
        self._turn: Turn | None = None

    @property
    def is_taken(self) -> bool:
        """Say whether a poll is under way."""
        return self._turn is not None

    def take_over(self, words: str) -> Turn:
        """Take the turn; whoever polls now ends with a conflict in these words."""
        self.end(words)
        self._turn = asyncio.get_running_loop().create_future()
        return self._turn

    def end(self, words: str) -> None:
        """End the poll that is under way, if any, with a conflict in these words."""
        if self._turn is not None and not self._turn.done():
            self._turn.set_exception(ApiError(409, words))
        self._turn = None

    async def wait(self, turn: Turn, something: Coroutine[Any, Any, None], timeout_s: float) -> bool:
        """Wait for something while holding the turn; False when the time is up.

        Raises:
            ApiError: another poll took the turn.
        """
        waiting = asyncio.ensure_future(something)
        try:
            done, _ = await asyncio.wait({waiting, turn}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if turn in done:
            turn.result()
        return bool(done)

    def leave(self, turn: Turn) -> None:
        """Give the turn back."""
        if self._turn is turn:
            self._turn = None
        if turn.done() and not turn.cancelled():
            turn.exception()
