"""Polls: the native poll under an album, by which a chat may vote. What its answers mean is the caller's to know."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader, Transaction
from storage.ids import GenerationId, MessageId
from storage.times import to_text


@dataclass(frozen=True, slots=True)
class Poll:
    """A generation's poll: Telegram's id of it, its message, and whether it was stopped."""

    generation: GenerationId
    poll: str
    message: MessageId
    is_stopped: bool


async def add_poll(tx: Transaction, generation: GenerationId, poll: str, message: MessageId) -> None:
    """Write down a generation's poll, in place of an earlier one.

    Raises:
        ConstraintError: the generation is not known, or the poll is another's.
    """
    await tx.all(
        "INSERT OR REPLACE INTO polls (generation, poll, message_id) VALUES (?, ?, ?)", (generation, poll, message)
    )


async def stop_poll(tx: Transaction, generation: GenerationId, at: datetime) -> None:
    """Note that a generation's poll takes no more answers."""
    await tx.all(
        "UPDATE polls SET stopped_at = ? WHERE generation = ? AND stopped_at IS NULL", (to_text(at), generation)
    )


async def poll_of_generation(reader: Reader, generation: GenerationId) -> Poll | None:
    """Return a generation's poll, if it has one."""
    row = await reader.one("SELECT * FROM polls WHERE generation = ?", (generation,))
    return None if row is None else _poll(row)


async def find_poll(reader: Reader, poll: str) -> Poll | None:
    """Return the poll of that id of Telegram's, if it is one of ours."""
    row = await reader.one("SELECT * FROM polls WHERE poll = ?", (poll,))
    return None if row is None else _poll(row)


def _poll(row: sqlite3.Row) -> Poll:
    return Poll(
        GenerationId(row["generation"]), row["poll"], MessageId(row["message_id"]), row["stopped_at"] is not None
    )
