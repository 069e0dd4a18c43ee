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


async def begin_drain(tx: Transaction, by: PersonId, at: datetime) -> None:
    """Take no new work from now on; who asks last is the one to be told."""
    await tx.all("INSERT OR REPLACE INTO drains (one, asked_by, asked_at) VALUES (1, ?, ?)", (by, to_text(at)))


async def end_drain(tx: Transaction) -> bool:
    """Take work again; return whether that is news."""
    return await tx.one("DELETE FROM drains RETURNING one") is not None


async def find_drain(reader: Reader) -> Drain | None:
    """Return the drain that holds, if one does."""
    row = await reader.one("SELECT * FROM drains")
    return None if row is None else Drain(PersonId(row["asked_by"]), from_text(row["asked_at"]))
