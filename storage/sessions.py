"""Sessions: one evolution in one chat, with its phase and the state that evolution keeps.

Knows nothing of what a phase asks to be done, nor of what the state's JSON means.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.database import Reader, Transaction
from storage.errors import ConstraintError, NotFoundError, SessionOpenError, WrongPhaseError
from storage.ids import ChatId, PersonId, SessionId, ThreadId
from storage.times import from_text, from_text_or_none, to_text

# All but the state, which can be large and is wanted seldom.
_COLUMNS = """
    sessions.id, sessions.chat, message_thread_id, style_name, style_digest, strategy, phase, album_size, started_by,
    sessions.created_at, closed_at
"""


class Phase(StrEnum):
    """What a session is at; CLOSED is its end."""

    PAINTING = "painting"
    DELIVERING = "delivering"
    VOTING = "voting"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Session:
    """One evolution in one chat; `started_by` is None when that person's data was erased."""

    id: SessionId
    chat: ChatId
    message_thread_id: ThreadId | None
    style_name: str
    style_digest: str
    strategy: str
    phase: Phase
    album_size: int
    started_by: PersonId | None
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a session is opened with; `state` is evolution's state as JSON, before anything was asked of it."""

    chat: ChatId
    style_name: str
    style_digest: str
    strategy: str
    album_size: int
    started_by: PersonId
    state: str
    message_thread_id: ThreadId | None = None


async def open_session(tx: Transaction, new: NewSession, at: datetime) -> Session:
    """Open a session, in phase PAINTING and without a generation. Chat, person and style must be known.

    Raises:
        SessionOpenError: the chat has a session that is not closed.
        ConstraintError: chat, person or style are not known, or the album's size is not 2 to 10.
    """
    sql = f"""
        INSERT INTO sessions (chat, message_thread_id, style_name, style_digest, strategy, phase, album_size,
                              started_by, created_at, state)
        VALUES (?, ?, ?, ?, ?, 'painting', ?, ?, ?, ?) RETURNING {_COLUMNS}
        """  # noqa: S608 - only the constant list of columns is put in
    values = (new.chat, new.message_thread_id, new.style_name, new.style_digest, new.strategy, new.album_size)
    try:
        (row,) = await tx.all(sql, (*values, new.started_by, to_text(at), new.state))
    except ConstraintError as error:
        if await active_session(tx, new.chat) is not None:
            raise SessionOpenError(f"chat {new.chat} has a session that is not closed") from error
        raise
    return _session(row)


async def find_session(reader: Reader, session: SessionId) -> Session | None:
    """Return the session, if there is one of that id."""
    sql = f"SELECT {_COLUMNS} FROM sessions WHERE id = ?"  # noqa: S608 - only the constant list of columns is put in
    row = await reader.one(sql, (session,))
    return None if row is None else _session(row)


async def active_session(reader: Reader, chat: ChatId) -> Session | None:
    """Return the chat's session that is not closed, if there is one."""
    sql = f"SELECT {_COLUMNS} FROM sessions WHERE chat = ? AND phase <> 'closed'"  # noqa: S608 - constant columns only
    row = await reader.one(sql, (chat,))
    return None if row is None else _session(row)


async def latest_session(reader: Reader, chat: ChatId) -> Session | None:
    """Return the session that was opened last in the chat, closed or not."""
    sql = f"SELECT {_COLUMNS} FROM sessions WHERE chat = ? ORDER BY id DESC LIMIT 1"  # noqa: S608 - constant columns only
    row = await reader.one(sql, (chat,))
    return None if row is None else _session(row)


async def latest_session_in_style(reader: Reader, chat: ChatId, style: str) -> Session | None:
    """Return the session of that style that was opened last in the chat, closed or not."""
    sql = f"SELECT {_COLUMNS} FROM sessions WHERE chat = ? AND style_name = ? ORDER BY id DESC LIMIT 1"  # noqa: S608 - constant columns only
    row = await reader.one(sql, (chat, style))
    return None if row is None else _session(row)


async def unfinished_sessions(reader: Reader) -> tuple[Session, ...]:
    """Return the sessions to go on with after a start: not closed, in chats that are not suspended; oldest first."""
    sql = f"""
        SELECT {_COLUMNS} FROM sessions JOIN chats ON chats.id = sessions.chat
        WHERE phase <> 'closed' AND suspended_at IS NULL ORDER BY sessions.id
        """  # noqa: S608 - only the constant list of columns is put in
    return tuple(map(_session, await reader.all(sql)))


async def read_state(reader: Reader, session: SessionId) -> str:
    """Return evolution's state of the session, as JSON.

    Raises:
        NotFoundError: there is no such session.
    """
    row = await reader.one("SELECT state FROM sessions WHERE id = ?", (session,))
    if row is None:
        raise NotFoundError(f"there is no session {session}")
    return str(row["state"])


async def save_state(tx: Transaction, session: SessionId, state: str) -> None:
    """Write evolution's state of the session.

    Raises:
        NotFoundError: there is no such session.
        ConstraintError: the state is not JSON.
    """
    if await tx.one("UPDATE sessions SET state = ? WHERE id = ? RETURNING id", (state, session)) is None:
        raise NotFoundError(f"there is no session {session}")


async def set_album_size(tx: Transaction, session: SessionId, size: int) -> None:
    """Choose how many pictures the session's further generations have.

    Raises:
        NotFoundError: there is no such session.
        ConstraintError: the size is not 2 to 10.
    """
    if await tx.one("UPDATE sessions SET album_size = ? WHERE id = ? RETURNING id", (size, session)) is None:
        raise NotFoundError(f"there is no session {session}")


async def set_phase(tx: Transaction, session: SessionId, expected: Phase, phase: Phase, at: datetime) -> None:
    """Take a session from the phase that the caller believes it is in to another, and stamp its last generation.

    DELIVERING and VOTING are stamped when they are first entered; leaving VOTING stamps the generation's close, and
    coming back to it takes that stamp away. To begin the next generation: first this, then `add_generation`.

    Raises:
        WrongPhaseError: the session is in another phase, so somebody else was faster.
        NotFoundError: there is no such session.
    """
    when = to_text(at)
    closed_at = when if phase is Phase.CLOSED else None
    sql = "UPDATE sessions SET phase = ?, closed_at = ? WHERE id = ? AND phase = ? RETURNING id"
    if await tx.one(sql, (phase, closed_at, session, expected)) is None:
        found = await find_session(tx, session)
        if found is None:
            raise NotFoundError(f"there is no session {session}")
        raise WrongPhaseError(f"session {session} is {found.phase}, expected {expected} (on the way to {phase})")
    await tx.all(
        """
        UPDATE generations SET
            delivering_at = CASE WHEN ?2 = 'delivering' THEN coalesce(delivering_at, ?3) ELSE delivering_at END,
            voting_at = CASE WHEN ?2 = 'voting' THEN coalesce(voting_at, ?3) ELSE voting_at END,
            closed_at = CASE WHEN ?2 = 'voting' THEN NULL WHEN ?4 = 'voting' OR ?2 = 'closed'
                        THEN coalesce(closed_at, ?3) ELSE closed_at END
        WHERE session = ?1 AND number = (SELECT max(number) FROM generations WHERE session = ?1)
        """,
        (session, phase, when, expected),
    )


async def close_session(tx: Transaction, session: SessionId, at: datetime) -> bool:
    """Close the session in whatever phase it is; return whether it was open.

    Raises:
        NotFoundError: there is no such session.
    """
    found = await find_session(tx, session)
    if found is None:
        raise NotFoundError(f"there is no session {session}")
    if found.phase is Phase.CLOSED:
        return False
    await set_phase(tx, session, found.phase, Phase.CLOSED, at)
    return True


def _session(row: sqlite3.Row) -> Session:
    return Session(
        id=SessionId(row["id"]),
        chat=ChatId(row["chat"]),
        message_thread_id=None if row["message_thread_id"] is None else ThreadId(row["message_thread_id"]),
        style_name=row["style_name"],
        style_digest=row["style_digest"],
        strategy=row["strategy"],
        phase=Phase(row["phase"]),
        album_size=row["album_size"],
        started_by=None if row["started_by"] is None else PersonId(row["started_by"]),
        created_at=from_text(row["created_at"]),
        closed_at=from_text_or_none(row["closed_at"]),
    )
