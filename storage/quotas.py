"""Quotas: how many pictures a chat or a person may have a day, and how many they have had. A day is one of UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

from storage.database import Reader, Transaction

EVERYBODY = 0
"""The id whose quota holds for each chat and person that has none of its own."""


async def set_quota(tx: Transaction, who: int, pictures: int | None) -> None:
    """Give a chat, a person or everybody a quota, or (None) take it away.

    Raises:
        ConstraintError: the number is below 0 or above a million.
    """
    if pictures is None:
        await tx.all("DELETE FROM quotas WHERE id = ?", (who,))
    else:
        await tx.all("INSERT OR REPLACE INTO quotas (id, pictures) VALUES (?, ?)", (who, pictures))


async def quota_of(reader: Reader, who: int) -> int | None:
    """Return the quota that holds for a chat or a person: its own, else everybody's; None: as many as they like."""
    sql = "SELECT pictures FROM quotas WHERE id IN (?, 0) ORDER BY id = 0 LIMIT 1"
    row = await reader.one(sql, (who,))
    return None if row is None else int(row["pictures"])


async def all_quotas(reader: Reader) -> dict[int, int]:
    """Return all quotas by id, everybody's first."""
    rows = await reader.all("SELECT id, pictures FROM quotas ORDER BY id <> 0, id")
    return {row["id"]: row["pictures"] for row in rows}


async def used_on(reader: Reader, who: int, day: date) -> int:
    """Return how many pictures were ordered for a chat or a person on a day."""
    row = await reader.one("SELECT pictures FROM usage WHERE id = ? AND day = ?", (who, day.isoformat()))
    return 0 if row is None else int(row["pictures"])


async def add_usage(tx: Transaction, who: int, day: date, pictures: int) -> None:
    """Count pictures that are ordered for a chat or a person."""
    await tx.all(
        """
        INSERT INTO usage (id, day, pictures) VALUES (?, ?, ?)
        ON CONFLICT (id, day) DO UPDATE SET pictures = pictures + excluded.pictures
        """,
        (who, day.isoformat(), pictures),
    )


async def prune_usage(tx: Transaction, before: datetime) -> None:
    """Forget what was ordered on days that are over."""
    await tx.all("DELETE FROM usage WHERE day < ?", (before.astimezone(UTC).date().isoformat(),))
