"""Broadcasts: a text for all chats, and what became of it in each. Sending is not known here.

A chat is 'attempted' from before its message is sent until the answer; killed in between, nobody knows whether it came,
and it is never sent again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.database import Reader, Transaction
from storage.ids import BroadcastId, ChatId, PersonId
from storage.times import to_text


class BroadcastStatus(StrEnum):
    """How far a broadcast is."""

    DRAFT = "draft"
    SENDING = "sending"
    STOPPED = "stopped"
    DONE = "done"


class Arrival(StrEnum):
    """What became of a broadcast in a chat."""

    WAITING = "waiting"
    ATTEMPTED = "attempted"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A text for all chats."""

    id: BroadcastId
    author: PersonId
    status: BroadcastStatus
    text: str


async def add_broadcast(tx: Transaction, author: PersonId, text: str, at: datetime) -> BroadcastId:
    """Keep a draft."""
    sql = "INSERT INTO broadcasts (author, status, created_at, text) VALUES (?, 'draft', ?, ?) RETURNING id"
    (row,) = await tx.all(sql, (author, to_text(at), text))
    return BroadcastId(row["id"])


async def find_broadcast(reader: Reader, broadcast: BroadcastId) -> Broadcast | None:
    """Return a broadcast, if there is one of that id."""
    row = await reader.one("SELECT * FROM broadcasts WHERE id = ?", (broadcast,))
    return None if row is None else _broadcast(row)


async def sending_broadcasts(reader: Reader) -> tuple[Broadcast, ...]:
    """Return the broadcasts that are being sent, the oldest first."""
    return tuple(map(_broadcast, await reader.all("SELECT * FROM broadcasts WHERE status = 'sending' ORDER BY id")))


async def move_broadcast(
    tx: Transaction, broadcast: BroadcastId, expected: BroadcastStatus, status: BroadcastStatus, at: datetime
) -> bool:
    """Take a broadcast from the status that the caller believes it has to another; return whether it had it."""
    ended_at = None if status is BroadcastStatus.SENDING else to_text(at)
    sql = "UPDATE broadcasts SET status = ?, ended_at = ? WHERE id = ? AND status = ? RETURNING id"
    return await tx.one(sql, (status, ended_at, broadcast, expected)) is not None


async def count_reachable(reader: Reader) -> int:
    """Count the chats that a broadcast would go to."""
    row = await reader.one(
        "SELECT count(*) AS count FROM chats WHERE suspended_at IS NULL AND id NOT IN (SELECT id FROM bans)"
    )
    return 0 if row is None else int(row["count"])


async def address_broadcast(tx: Transaction, broadcast: BroadcastId) -> None:
    """Write down all chats that it goes to: those that can be reached and are not banned."""
    await tx.all(
        """
        INSERT OR IGNORE INTO broadcast_chats (broadcast, chat, status)
        SELECT ?, id, 'waiting' FROM chats WHERE suspended_at IS NULL AND id NOT IN (SELECT id FROM bans)
        """,
        (broadcast,),
    )


async def attempt_next(tx: Transaction, broadcast: BroadcastId) -> ChatId | None:
    """Take the next chat, as attempted; None where none waits, or the broadcast is not being sent."""
    row = await tx.one(
        """
        UPDATE broadcast_chats SET status = 'attempted'
        WHERE broadcast = ?1 AND (SELECT status FROM broadcasts WHERE id = ?1) = 'sending' AND chat = (
            SELECT chat FROM broadcast_chats WHERE broadcast = ?1 AND status = 'waiting' ORDER BY chat LIMIT 1
        ) RETURNING chat
        """,
        (broadcast,),
    )
    return None if row is None else ChatId(row["chat"])


async def note_arrival(tx: Transaction, broadcast: BroadcastId, chat: ChatId, arrival: Arrival) -> None:
    """Write down what became of an attempt."""
    sql = "UPDATE broadcast_chats SET status = ? WHERE broadcast = ? AND chat = ? AND status = 'attempted'"
    await tx.all(sql, (arrival, broadcast, chat))


async def count_arrivals(reader: Reader, broadcast: BroadcastId) -> Mapping[Arrival, int]:
    """Count the chats of a broadcast by what became of it there."""
    sql = "SELECT status, count(*) AS count FROM broadcast_chats WHERE broadcast = ? GROUP BY status"
    counts = {Arrival(row["status"]): int(row["count"]) for row in await reader.all(sql, (broadcast,))}
    return {arrival: counts.get(arrival, 0) for arrival in Arrival}


def _broadcast(row: sqlite3.Row) -> Broadcast:
    return Broadcast(BroadcastId(row["id"]), PersonId(row["author"]), BroadcastStatus(row["status"]), str(row["text"]))
