"""Priors: for each style what earlier sessions have in common, as evolution's JSON, and what to learn it from."""

from __future__ import annotations

from datetime import datetime

from storage.database import Reader, Transaction
from storage.times import to_text


async def save_prior(tx: Transaction, style: str, prior: str | None, at: datetime) -> None:
    """Write a style's prior in place of the one before; None: there is none any more.

    Raises:
        ConstraintError: it is not JSON.
    """
    await tx.all("DELETE FROM priors WHERE style_name = ?", (style,))
    if prior is not None:
        await tx.all("INSERT INTO priors (style_name, prior, learned_at) VALUES (?, ?, ?)", (style, prior, to_text(at)))


async def read_prior(reader: Reader, style: str) -> str | None:
    """Return a style's prior as JSON, if it has one."""
    row = await reader.one("SELECT prior FROM priors WHERE style_name = ?", (style,))
    return None if row is None else str(row["prior"])


async def contributed_states(reader: Reader, style: str, most: int) -> tuple[str, ...]:
    """Return evolution's states of a style's sessions that have votes, as JSON, in chats that contribute; newest first.

    Of each chat the newest session alone, so that nobody counts twice; at most `most`.
    """
    rows = await reader.all(
        """
        SELECT state FROM sessions LEFT JOIN chat_settings ON chat_settings.chat = sessions.chat
        WHERE sessions.style_name = ?1 AND coalesce(contributes, 1) = 1 AND sessions.id IN (
            SELECT max(newest.id) FROM sessions AS newest
            JOIN generations ON generations.session = newest.id
            JOIN candidates ON candidates.generation = generations.id
            JOIN votes ON votes.candidate = candidates.id AND voter NOT IN (SELECT id FROM bans)
            WHERE newest.style_name = ?1 GROUP BY newest.chat
        )
        ORDER BY sessions.id DESC LIMIT ?2
        """,
        (style, most),
    )
    return tuple(str(row["state"]) for row in rows)
