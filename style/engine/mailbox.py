"""The mailbox between the engine's two threads: the reading one fills it, the painting one empties it."""

from __future__ import annotations

import threading
from queue import SimpleQueue

from style.engine.frames import Message


class Mailbox:
    """Commands in their order, and beside them the ids of requests that nobody waits for any more."""

    def __init__(self) -> None:
        self._commands: SimpleQueue[Message] = SimpleQueue()
        self._lock = threading.Lock()
        self._cancelled: set[int] = set()

    def put(self, message: Message) -> None:
        """Take what came over the pipe; a cancel overtakes all commands."""
        if message["kind"] == "cancel":
            with self._lock:
                self._cancelled.add(message["id"])
        else:
            self._commands.put(message)

    def next(self) -> Message:
        """Wait for the next command."""
        return self._commands.get()

    def is_cancelled(self, request: int) -> bool:
        """Say whether a request was cancelled."""
        with self._lock:
            return request in self._cancelled

    def forget(self, request: int) -> None:
        """Drop the note that a request was cancelled, once it is answered."""
        with self._lock:
            self._cancelled.discard(request)
