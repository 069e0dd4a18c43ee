"""What falls due, and when. Knows nothing of what is then done; whoever does it takes the row away, or moves it on."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.database import Reader, Transaction
from storage.ids import ChatId, GenerationId
from storage.times import from_text, to_text


class Kind(StrEnum):
    """What is due.

    LIMIT: a generation's time is up. QUIET: all have voted, and nobody has for a while. REMINDER: its time will soon
    be up. TICK: its message shows a time left that is not true any more. DAILY: the chat's daily generation.
    """

    LIMIT = "limit"
    QUIET = "quiet"
    REMINDER = "reminder"
    TICK = "tick"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is to be done in a chat at a moment; `generation` is what it is about, where it is about one."""

    chat: ChatId
    kind: Kind
    at: datetime
    generation: GenerationId | None


async def arm(tx: Transaction, due: Due) -> None:
    """Write down what is to be done, in place of an earlier one of its kind.

    Raises:
        ConstraintError: chat or generation are not known.
    """
    await tx.all(
        "INSERT OR REPLACE INTO due (chat, kind, at, generation) VALUES (?, ?, ?, ?)",
        (due.chat, due.kind, to_text(due.at), due.generation),
    )


async def disarm(tx: Transaction, chat: ChatId, kind: Kind) -> bool:
    """Take back what is to be done; return whether there was anything."""
    row = await tx.one("DELETE FROM due WHERE chat = ? AND kind = ? RETURNING kind", (chat, kind))
    return row is not None


async def due_of_chat(reader: Reader, chat: ChatId) -> tuple[Due, ...]:
    """Return all that is to be done in a chat, the earliest first."""
    return tuple(map(_due, await reader.all("SELECT * FROM due WHERE chat = ? ORDER BY at", (chat,))))


async def due_until(reader: Reader, now: datetime) -> tuple[Due, ...]:
    """Return all that is due by now in chats that can be reached, the earliest first."""
    rows = await reader.all(
        """
        SELECT due.* FROM due JOIN chats ON chats.id = due.chat
        WHERE at <= ? AND suspended_at IS NULL ORDER BY at, chat, kind
        """,
        (to_text(now),),
    )
    return tuple(map(_due, rows))


async def next_due(reader: Reader) -> datetime | None:
    """Return the moment of what is due next in a chat that can be reached, if anything is."""
    row = await reader.one("SELECT min(at) AS at FROM due JOIN chats ON chats.id = due.chat WHERE suspended_at IS NULL")
    return None if row is None or row["at"] is None else from_text(row["at"])


def _due(row: sqlite3.Row) -> Due:
    generation = None if row["generation"] is None else GenerationId(row["generation"])
    return Due(ChatId(row["chat"]), Kind(row["kind"]), from_text(row["at"]), generation)
