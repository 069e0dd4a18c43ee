"""Updates that were processed, to drop those that Telegram sends again."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.times import to_text


async def seen_update(tx: Transaction, update_id: int, at: datetime) -> bool:
    """Return whether the update was seen before; from now on it was."""
    sql = "INSERT INTO updates (update_id, seen_at) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING update_id"
    return await tx.one(sql, (update_id, to_text(at))) is None


async def prune_updates(tx: Transaction, before: datetime) -> int:
    """Forget the updates seen before a moment, and return how many; Telegram repeats none after 24 hours."""
    return len(await tx.all("DELETE FROM updates WHERE seen_at < ? RETURNING 1", (to_text(before),)))
