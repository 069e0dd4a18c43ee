"""The event log: what happened, in order, only ever appended to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Reader, Transaction
from storage.ids import ChatId, EventId, PersonId
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `person` is None when nobody did it, or their data was erased."""

    id: EventId
    happened_at: datetime
    kind: str
    chat: ChatId | None
    person: PersonId | None
    data: Mapping[str, Any]


async def append_event(
    tx: Transaction,
    kind: str,
    at: datetime,
    *,
    chat: ChatId | None = None,
    person: PersonId | None = None,
    data: Mapping[str, Any] | None = None,
) -> EventId:
    """Write down that something happened. `data` must be JSON, and should hold nothing personal.

    Raises:
        ConstraintError: chat or person are not known.
    """
    sql = "INSERT INTO events (happened_at, kind, chat, person, data) VALUES (?, ?, ?, ?, ?) RETURNING id"
    text = json.dumps(dict(data or {}), ensure_ascii=False, sort_keys=True)
    (row,) = await tx.all(sql, (to_text(at), kind, chat, person, text))
    return EventId(row["id"])


async def events_of_chat(reader: Reader, chat: ChatId, limit: int) -> tuple[Event, ...]:
    """Return the last `limit` events of a chat, the newest first."""
    rows = await reader.all("SELECT * FROM events WHERE chat = ? ORDER BY id DESC LIMIT ?", (chat, limit))
    return tuple(
        Event(
            id=EventId(row["id"]),
            happened_at=from_text(row["happened_at"]),
            kind=row["kind"],
            chat=ChatId(row["chat"]),
            person=None if row["person"] is None else PersonId(row["person"]),
            data=json.loads(row["data"]),
        )
        for row in rows
    )
