"""Bans: people and chats that the bot does not serve, by Telegram's id, whether they were ever met or not."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader, Transaction
from storage.ids import GenerationId
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Ban:
    """Who is banned and why; `is_told` once they have heard of it."""

    id: int
    reason: str
    banned_at: datetime
    is_told: bool


async def add_ban(tx: Transaction, who: int, reason: str, by: int, at: datetime) -> bool:
    """Ban somebody, or change the reason; return whether that is news."""
    is_new = await find_ban(tx, (who,)) is None
    await tx.all(
        """
        INSERT INTO bans (id, reason, banned_by, banned_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET reason = excluded.reason
        """,
        (who, reason, by, to_text(at)),
    )
    return is_new


async def lift_ban(tx: Transaction, who: int) -> bool:
    """Lift a ban; return whether there was one."""
    return await tx.one("DELETE FROM bans WHERE id = ? RETURNING id", (who,)) is not None


async def find_ban(reader: Reader, ids: Sequence[int]) -> Ban | None:
    """Return the ban of one of these ids, if there is any."""
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT * FROM bans WHERE id IN ({marks}) ORDER BY id LIMIT 1"  # noqa: S608 - only question marks are put in
    row = await reader.one(sql, tuple(ids))
    return None if row is None else _ban(row)


async def all_bans(reader: Reader) -> tuple[Ban, ...]:
    """Return all bans, the newest first."""
    return tuple(map(_ban, await reader.all("SELECT * FROM bans ORDER BY banned_at DESC, id")))


async def note_told(tx: Transaction, who: int, at: datetime) -> bool:
    """Note that somebody has heard of their ban; return whether that is news."""
    sql = "UPDATE bans SET told_at = ? WHERE id = ? AND told_at IS NULL RETURNING id"
    return await tx.one(sql, (to_text(at), who)) is not None


async def open_generations_of_voter(reader: Reader, voter: int) -> tuple[GenerationId, ...]:
    """Return the generations that are open to votes and have one of this voter's."""
    rows = await reader.all(
        """
        SELECT DISTINCT generation FROM votes JOIN candidates ON candidates.id = candidate
        JOIN generations ON generations.id = generation JOIN sessions ON sessions.id = session
        WHERE voter = ? AND phase = 'voting' AND generations.closed_at IS NULL
        """,
        (voter,),
    )
    return tuple(GenerationId(row["generation"]) for row in rows)


def _ban(row: sqlite3.Row) -> Ban:
    return Ban(row["id"], row["reason"], from_text(row["banned_at"]), row["told_at"] is not None)
