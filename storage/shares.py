"""Shares: links by which others begin with what a session has learned; to stop sharing deletes the row.

A token is the only key to one, and its strength is the caller's. The model is JSON that is kept, never read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.database import Reader, Transaction
from storage.ids import PersonId, SessionId, ShareId
from storage.times import to_text


class ShareKind(StrEnum):
    """What a link does: it gives a copy, or crosses what is shared with the opener's own."""

    COPY = "copy"
    BLEND = "blend"


@dataclass(frozen=True, slots=True)
class Share:
    """One link, and the prompting model that it shares."""

    id: ShareId
    token: str
    kind: ShareKind
    session: SessionId
    shared_by: PersonId
    model: str


async def save_share(
    tx: Transaction, token: str, kind: ShareKind, session: SessionId, by: PersonId, model: str, at: datetime
) -> Share:
    """Share a model. Where the person shares that session in that way already, the link stays and the model is renewed.

    Raises:
        ConstraintError: session or person are not known, the model is not JSON, or the token none or taken.
    """
    (row,) = await tx.all(
        """
        INSERT INTO shares (token, kind, session, shared_by, created_at, model) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (session, kind, shared_by) DO UPDATE SET model = excluded.model, created_at = excluded.created_at
        RETURNING *
        """,
        (token, kind, session, by, to_text(at), model),
    )
    return _share(row)


async def find_share(reader: Reader, share: ShareId) -> Share | None:
    """Return the share, if there is one of that id."""
    row = await reader.one("SELECT * FROM shares WHERE id = ?", (share,))
    return None if row is None else _share(row)


async def share_of_token(reader: Reader, token: str) -> Share | None:
    """Return what a link's token shares; None where nothing is, or is no longer."""
    row = await reader.one("SELECT * FROM shares WHERE token = ?", (token,))
    return None if row is None else _share(row)


async def delete_share(tx: Transaction, share: ShareId) -> bool:
    """Stop sharing; return whether that was news."""
    return await tx.one("DELETE FROM shares WHERE id = ? RETURNING id", (share,)) is not None


async def delete_shares_of(tx: Transaction, sessions: Iterable[SessionId]) -> None:
    """Stop sharing anything of these sessions."""
    for session in sessions:
        await tx.all("DELETE FROM shares WHERE session = ?", (session,))


def _share(row: sqlite3.Row) -> Share:
    return Share(
        id=ShareId(row["id"]),
        token=row["token"],
        kind=ShareKind(row["kind"]),
        session=SessionId(row["session"]),
        shared_by=PersonId(row["shared_by"]),
        model=row["model"],
    )
