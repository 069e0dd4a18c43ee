"""Owns the updates that wait for the bot: their ids, how long they live, and which kinds it asked for.

Knows nothing of how they travel (long polling and webhooks both read from here).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import Clock, Timers
from sandbox.faults.switchboard import Faults

KEPT_FOR = timedelta(hours=24)
QUERY_KEPT_FOR = timedelta(seconds=150)
_FIRST_ID = 700_000_001
_LEFT_OUT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True)
class Update:
    """One update: `kind` is the name of its only field beside the id."""

    id: int
    kind: str
    payload: dict[str, Any]
    born: datetime

    def to_api(self) -> dict[str, Any]:
        """Return the Bot API's `Update`."""
        return {"update_id": self.id, self.kind: self.payload}


class Updates:
    """The queue of updates, oldest first."""

    def __init__(self, clock: Clock, faults: Faults, timers: Timers) -> None:
        self._clock = clock
        self._faults = faults
        self._timers = timers
        self._held: list[tuple[str, dict[str, Any]]] = []
        self._waiting: list[Update] = []
        self._last_id = _FIRST_ID - 1
        self._allowed: frozenset[str] | None = None
        self._arrived = asyncio.Event()

    @property
    def allowed(self) -> list[str]:
        """Return the kinds asked for, empty for the default set."""
        return sorted(self._allowed or ())

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Set which kinds the bot gets from now on: None changes nothing, an empty list is the default set."""
        if kinds is not None:
            self._allowed = frozenset(kinds) or None

    def push(self, kind: str, payload: dict[str, Any]) -> None:
        """Queue an update, unless the bot did not ask for its kind."""
        wanted = kind in self._allowed if self._allowed else kind not in _LEFT_OUT_BY_DEFAULT
        if not wanted:
            return
        rule = self._faults.for_update(kind, _chat_in(payload))
        if rule is not None and rule.kind == "reorder_updates":
            self._held.append((kind, payload))
            self._timers.after(rule.pause_s, lambda: self._release(None))
            return
        self._queue(kind, payload)
        if rule is not None:
            self._waiting.append(self._waiting[-1])
        self._release(kind)

    def confirm(self, offset: int) -> None:
        """Forget what the bot has: ids below `offset`; a negative one keeps only that many of the newest."""
        if offset < 0:
            self._waiting = self.waiting()[offset:]
        elif offset:
            self._waiting = [update for update in self._waiting if update.id >= offset]

    def waiting(self) -> list[Update]:
        """Return what waits, oldest first; what has waited too long is dropped."""
        now = self._clock.now()
        self._waiting = [update for update in self._waiting if now - update.born <= _life(update)]
        return list(self._waiting)

    async def arrival(self) -> None:
        """Return when the next update comes in."""
        await self._arrived.wait()

    def drop(self, update: Update) -> None:
        """Forget one update that was delivered; its repetition, if there is one, stays."""
        if update in self._waiting:
            self._waiting.remove(update)

    def _queue(self, kind: str, payload: dict[str, Any]) -> None:
        self._last_id += 1
        self._waiting.append(Update(self._last_id, kind, payload, self._clock.now()))
        self._arrived.set()
        self._arrived = asyncio.Event()

    def _release(self, kind: str | None) -> None:
        """Queue what was held back for an update of another kind than its own to pass; None lets all go."""
        passed = [held for held in self._held if held[0] != kind]
        self._held = [held for held in self._held if held[0] == kind]
        for held in passed:
            self._queue(*held)

    def clear(self) -> None:
        """Forget everything that waits."""
        self._waiting = []
        self._held = []


def _chat_in(payload: dict[str, Any]) -> int | None:
    chat = payload.get("chat") or payload.get("message", {}).get("chat") or {}
    found: int | None = chat.get("id")
    return found


def _life(update: Update) -> timedelta:
    return QUERY_KEPT_FOR if update.kind == "callback_query" else KEPT_FOR
