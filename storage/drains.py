"""Whether no new work is taken, for maintenance: one row while it is so, which a restart does not forget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader, Transaction
from storage.ids import PersonId
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Drain:
    """Who asked for it, and when."""

    asked_by: PersonId
    asked_at: datetime


async def begin_drain(tx: Transaction, by: PersonId, at: datetime) -> bool:
    """Take no new work from now on; return whether that is news."""
    sql = "INSERT INTO drains (one, asked_by, asked_at) VALUES (1, ?, ?) ON CONFLICT DO NOTHING RETURNING one"
    return await tx.one(sql, (by, to_text(at))) is not None


async def end_drain(tx: Transaction) -> bool:
    """Take work again; return whether that is news."""
    return await tx.one("DELETE FROM drains RETURNING one") is not None


async def find_drain(reader: Reader) -> Drain | None:
    """Return the drain that holds, if one does."""
    row = await reader.one("SELECT * FROM drains")
    return None if row is None else Drain(PersonId(row["asked_by"]), from_text(row["asked_at"]))
