"""Generations: one album of a session, what became of it, and the messages that belong to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.candidates import NewCandidate, add_candidate
from storage.database import Reader, Transaction
from storage.errors import NotFoundError, WrongPhaseError
from storage.ids import GenerationId, MessageId, SessionId
from storage.sessions import save_state
from storage.times import from_text, from_text_or_none, to_text

# All but the state before it, which can be large and is wanted seldom.
_COLUMNS = """
    id, session, number, painting_at, delivering_at, voting_at, closed_at, album_status, album_status_at,
    companion_message_id, progress_message_id
"""


class AlbumStatus(StrEnum):
    """What is known of the album's delivery; UNKNOWN: it was tried, and the answer never came."""

    NONE = "none"
    ATTEMPTED = "attempted"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Generation:
    """One album of a session; numbers run from 1. Moments are None until that phase is entered."""

    id: GenerationId
    session: SessionId
    number: int
    painting_at: datetime
    delivering_at: datetime | None
    voting_at: datetime | None
    closed_at: datetime | None
    album_status: AlbumStatus
    album_status_at: datetime | None
    companion_message_id: MessageId | None
    progress_message_id: MessageId | None


async def add_generation(
    tx: Transaction, session: SessionId, state: str, candidates: Sequence[NewCandidate], at: datetime
) -> Generation:
    """Add the session's next generation with its candidates, in order of position, and write the session's new state.

    The state that the session had is kept with the generation: `take_back_generation` returns to it.

    Args:
        tx: all of it is one transaction.
        session: the session, in phase PAINTING.
        state: evolution's state, as JSON, after it was told the votes so far and asked for these candidates.
        candidates: at most 10.
        at: the moment.

    Raises:
        NotFoundError: there is no such session.
        ConstraintError: the state or a candidate is not JSON, or there are more than 10 candidates.
    """
    sql = f"""
        INSERT INTO generations (session, number, painting_at, state_before)
        SELECT id, 1 + (SELECT coalesce(max(number), 0) FROM generations WHERE session = ?1), ?2, state
        FROM sessions WHERE id = ?1 RETURNING {_COLUMNS}
        """  # noqa: S608 - only the constant list of columns is put in
    row = await tx.one(sql, (session, to_text(at)))
    if row is None:
        raise NotFoundError(f"there is no session {session}")
    generation = _generation(row)
    for position, candidate in enumerate(candidates):
        await add_candidate(tx, generation.id, position, candidate)
    await save_state(tx, session, state)
    return generation


async def take_back_generation(tx: Transaction, generation: GenerationId) -> None:
    """Delete a generation whose album was never sent, and give the session the state it had before.

    Raises:
        NotFoundError: there is no such generation.
        WrongPhaseError: its album was sent, or may have been, or a later generation exists.
    """
    row = await tx.one(
        """
        SELECT session, album_status, state_before,
               number = (SELECT max(number) FROM generations AS g WHERE g.session = generations.session) AS is_last
        FROM generations WHERE id = ?
        """,
        (generation,),
    )
    if row is None:
        raise NotFoundError(f"there is no generation {generation}")
    if row["album_status"] != AlbumStatus.NONE or not row["is_last"]:
        raise WrongPhaseError(f"generation {generation} was seen, or is not the last: it cannot be taken back")
    await tx.all("DELETE FROM generations WHERE id = ?", (generation,))
    await save_state(tx, SessionId(row["session"]), row["state_before"])


async def find_generation(reader: Reader, generation: GenerationId) -> Generation | None:
    """Return the generation, if there is one of that id."""
    sql = f"SELECT {_COLUMNS} FROM generations WHERE id = ?"  # noqa: S608 - only constant columns are put in
    row = await reader.one(sql, (generation,))
    return None if row is None else _generation(row)


async def latest_generation(reader: Reader, session: SessionId) -> Generation | None:
    """Return the session's last generation, if it has one."""
    sql = f"SELECT {_COLUMNS} FROM generations WHERE session = ? ORDER BY number DESC LIMIT 1"  # noqa: S608 - constant
    row = await reader.one(sql, (session,))
    return None if row is None else _generation(row)


async def generation_by_number(reader: Reader, session: SessionId, number: int) -> Generation | None:
    """Return the session's generation of that number, if it has one."""
    sql = f"SELECT {_COLUMNS} FROM generations WHERE session = ? AND number = ?"  # noqa: S608 - constant columns only
    row = await reader.one(sql, (session, number))
    return None if row is None else _generation(row)


async def generations_of_session(reader: Reader, session: SessionId) -> tuple[Generation, ...]:
    """Return the session's generations, by number."""
    sql = f"SELECT {_COLUMNS} FROM generations WHERE session = ? ORDER BY number"  # noqa: S608 - constant columns only
    return tuple(map(_generation, await reader.all(sql, (session,))))


async def read_state_before(reader: Reader, generation: GenerationId) -> str:
    """Return evolution's state, as JSON, from before this generation was asked for.

    Raises:
        NotFoundError: there is no such generation.
    """
    row = await reader.one("SELECT state_before FROM generations WHERE id = ?", (generation,))
    if row is None:
        raise NotFoundError(f"there is no generation {generation}")
    return str(row["state_before"])


async def set_progress_message(tx: Transaction, generation: GenerationId, message: MessageId | None) -> None:
    """Note the message that shows the painting's progress, or that it is gone.

    Raises:
        NotFoundError: there is no such generation.
    """
    sql = "UPDATE generations SET progress_message_id = ? WHERE id = ? RETURNING id"
    if await tx.one(sql, (message, generation)) is None:
        raise NotFoundError(f"there is no generation {generation}")


async def set_companion_message(tx: Transaction, generation: GenerationId, message: MessageId | None) -> None:
    """Note the message that carries the vote keyboard.

    Raises:
        NotFoundError: there is no such generation.
    """
    sql = "UPDATE generations SET companion_message_id = ? WHERE id = ? RETURNING id"
    if await tx.one(sql, (message, generation)) is None:
        raise NotFoundError(f"there is no generation {generation}")


async def set_album_status(
    tx: Transaction, generation: GenerationId, expected: AlbumStatus, status: AlbumStatus, at: datetime
) -> None:
    """Take the album from the status that the caller believes it has to another.

    NONE to ATTEMPTED is committed before the album is sent, so that nobody sends it twice; then DELIVERED, UNKNOWN,
    or NONE again where the answer says that nothing was sent.

    Raises:
        WrongPhaseError: the album has another status.
        NotFoundError: there is no such generation.
    """
    sql = "UPDATE generations SET album_status = ?, album_status_at = ? WHERE id = ? AND album_status = ? RETURNING id"
    if await tx.one(sql, (status, to_text(at), generation, expected)) is None:
        found = await find_generation(tx, generation)
        if found is None:
            raise NotFoundError(f"there is no generation {generation}")
        raise WrongPhaseError(f"the album of generation {generation} is {found.album_status}, expected {expected}")


def _generation(row: sqlite3.Row) -> Generation:
    return Generation(
        id=GenerationId(row["id"]),
        session=SessionId(row["session"]),
        number=row["number"],
        painting_at=from_text(row["painting_at"]),
        delivering_at=from_text_or_none(row["delivering_at"]),
        voting_at=from_text_or_none(row["voting_at"]),
        closed_at=from_text_or_none(row["closed_at"]),
        album_status=AlbumStatus(row["album_status"]),
        album_status_at=from_text_or_none(row["album_status_at"]),
        companion_message_id=_message(row["companion_message_id"]),
        progress_message_id=_message(row["progress_message_id"]),
    )


def _message(number: int | None) -> MessageId | None:
    return None if number is None else MessageId(number)
