"""Chats: where sessions are held. Keyed by Telegram's id, which changes once, when a group becomes a supergroup."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.database import Reader, Transaction
from storage.ids import ChatId
from storage.sessions import active_session, close_session
from storage.times import from_text, from_text_or_none, to_text


class ChatKind(StrEnum):
    """What kind of chat it is, in Telegram's words."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat; `suspended_at` is set while nothing may be sent to it; `language` is the chat's own choice, if any."""

    id: ChatId
    kind: ChatKind
    title: str
    language: str | None
    suspended_at: datetime | None
    created_at: datetime


async def ensure_chat(tx: Transaction, chat: ChatId, kind: ChatKind, title: str, at: datetime) -> None:
    """Make the chat known, or bring its kind and title up to date; a suspension stays."""
    await tx.all(
        """
        INSERT INTO chats (id, kind, title, created_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, title = excluded.title
        WHERE kind <> excluded.kind OR title <> excluded.title
        """,
        (chat, kind, title, to_text(at)),
    )


async def find_chat(reader: Reader, chat: ChatId) -> Chat | None:
    """Return the chat, if it is known."""
    row = await reader.one("SELECT * FROM chats WHERE id = ?", (chat,))
    return None if row is None else _chat(row)


async def set_language(tx: Transaction, chat: ChatId, language: str | None) -> None:
    """Choose the chat's language, or leave it to each person's own."""
    await tx.all("UPDATE chats SET language = ? WHERE id = ?", (language, chat))


async def languages_of_chats(reader: Reader) -> dict[ChatId, str]:
    """Return the languages of all chats that have chosen one."""
    rows = await reader.all("SELECT id, language FROM chats WHERE language IS NOT NULL")
    return {ChatId(row["id"]): str(row["language"]) for row in rows}


async def suspend_chat(tx: Transaction, chat: ChatId, at: datetime) -> bool:
    """Note that nothing may be sent to the chat; return whether that is news."""
    sql = "UPDATE chats SET suspended_at = ? WHERE id = ? AND suspended_at IS NULL RETURNING id"
    return await tx.one(sql, (to_text(at), chat)) is not None


async def revive_chat(tx: Transaction, chat: ChatId) -> bool:
    """Note that the chat can be reached again, unless it is banned; return whether that is news."""
    sql = """
        UPDATE chats SET suspended_at = NULL
        WHERE id = ? AND suspended_at IS NOT NULL AND id NOT IN (SELECT id FROM bans) RETURNING id
        """
    return await tx.one(sql, (chat,)) is not None


async def rekey_chat(tx: Transaction, old: ChatId, new: ChatId, at: datetime) -> bool:
    """Move all that belongs to the group `old` to the supergroup `new` that it became; return whether `old` was known.

    Where `new` is known already the two are merged; if both have an open session, the one begun in `new` goes on
    and the other is closed. A second call changes nothing.
    """
    if old == new or await find_chat(tx, old) is None:
        return False
    for table in ("bans", "quotas", "usage"):
        await tx.all(f"UPDATE OR IGNORE {table} SET id = ? WHERE id = ?", (new, old))  # noqa: S608 - constant names
    if await find_chat(tx, new) is None:
        sql = "UPDATE chats SET id = ?, kind = 'supergroup' WHERE id = ?"
        await tx.all(sql, (new, old))
        await revive_chat(tx, new)
        return True
    left = await active_session(tx, old)
    if left is not None and await active_session(tx, new) is not None:
        await close_session(tx, left.id, at)
    await tx.all("UPDATE sessions SET chat = ? WHERE chat = ?", (new, old))
    await tx.all("UPDATE events SET chat = ? WHERE chat = ?", (new, old))
    await tx.all(
        "UPDATE chats SET language = coalesce(language, (SELECT language FROM chats WHERE id = ?)) WHERE id = ?",
        (old, new),
    )
    await tx.all("UPDATE OR IGNORE chat_settings SET chat = ? WHERE chat = ?", (new, old))
    await tx.all("UPDATE OR IGNORE due SET chat = ? WHERE chat = ?", (new, old))
    # What was sent to one of the two is not sent to the other.
    sent = "UPDATE OR REPLACE broadcast_chats SET chat = ? WHERE chat = ? AND status <> 'waiting'"
    await tx.all(sent, (new, old))
    await tx.all("UPDATE OR IGNORE broadcast_chats SET chat = ? WHERE chat = ?", (new, old))
    await tx.all("DELETE FROM chats WHERE id = ?", (old,))
    if await tx.one("SELECT 1 FROM bans WHERE id = ?", (new,)) is not None:
        await suspend_chat(tx, new, at)
    return True


def _chat(row: sqlite3.Row) -> Chat:
    return Chat(
        id=ChatId(row["id"]),
        kind=ChatKind(row["kind"]),
        title=row["title"],
        language=row["language"],
        suspended_at=from_text_or_none(row["suspended_at"]),
        created_at=from_text(row["created_at"]),
    )
