"""The audit log: who did, or tried to do, what only operators may; only ever appended to.

Refusals are forgotten after a time, since anybody can make them; what was allowed is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.database import Reader, Transaction
from storage.ids import PersonId
from storage.times import from_text, to_text


class Verdict(StrEnum):
    """Whether an action was allowed."""

    ALLOWED = "allowed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One action; `actor` is a Telegram id, that of a chat for who acts as one, and 0 for the shell."""

    happened_at: datetime
    actor: PersonId
    action: str
    verdict: Verdict
    details: Mapping[str, Any]


async def append_audit(tx: Transaction, entry: Entry) -> None:
    """Write down an action. `details` must be JSON."""
    sql = "INSERT INTO audit (happened_at, actor, action, outcome, details) VALUES (?, ?, ?, ?, ?)"
    details = json.dumps(dict(entry.details), ensure_ascii=False, sort_keys=True)
    await tx.all(sql, (to_text(entry.happened_at), entry.actor, entry.action, entry.verdict, details))


async def last_audit(reader: Reader, limit: int) -> tuple[Entry, ...]:
    """Return the last `limit` actions, the newest first."""
    rows = await reader.all("SELECT * FROM audit ORDER BY id DESC LIMIT ?", (limit,))
    return tuple(
        Entry(
            happened_at=from_text(row["happened_at"]),
            actor=PersonId(row["actor"]),
            action=row["action"],
            verdict=Verdict(row["outcome"]),
            details=json.loads(row["details"]),
        )
        for row in rows
    )


async def actors_of_audit(reader: Reader) -> frozenset[PersonId]:
    """Return whoever has ever been allowed something."""
    rows = await reader.all("SELECT DISTINCT actor FROM audit WHERE outcome = 'allowed'")
    return frozenset(PersonId(row["actor"]) for row in rows)


async def prune_refusals(tx: Transaction, before: datetime) -> int:
    """Forget the refusals of before a moment, and return how many."""
    sql = "DELETE FROM audit WHERE outcome = 'refused' AND happened_at < ? RETURNING 1"
    return len(await tx.all(sql, (to_text(before),)))
