"""Owns the stream of events for the chat page, and the last thousand of them; knows nothing of what they tell."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

_RING = 1000


class EventLog:
    """Numbered events; any number of readers follow them at their own pace."""

    def __init__(self) -> None:
        self._ring: deque[tuple[int, dict[str, Any]]] = deque(maxlen=_RING)
        self._last_id = 0
        self._grown = asyncio.Event()
        self._closed = False

    @property
    def last_id(self) -> int:
        """Return the newest event's number, 0 before the first."""
        return self._last_id

    def publish(self, event: dict[str, Any]) -> None:
        """Append an event and wake the readers."""
        self._last_id += 1
        self._ring.append((self._last_id, event))
        self._wake()

    def close(self) -> None:
        """Let every reader come to its end."""
        self._closed = True
        self._wake()

    async def follow(self, after: int) -> AsyncIterator[tuple[int, dict[str, Any]]]:
        """Yield events numbered above `after` as they come, until the log is closed."""
        while not self._closed:
            grown = self._grown
            for number, event in [item for item in self._ring if item[0] > after]:
                after = number
                yield number, event
            if grown is self._grown:
                await grown.wait()

    def _wake(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()
