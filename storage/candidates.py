"""Candidates: the pictures of a generation, from chromosome to the message that shows it.

Chromosome and recipe are JSON that is kept, never read; a picture is a digest in the `PictureStore`.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from storage.database import Reader, Transaction
from storage.errors import NotFoundError
from storage.ids import CandidateId, GenerationId, MessageId, SessionId


@dataclass(frozen=True, slots=True)
class NewCandidate:
    """What a candidate is made of: its chromosome and its recipe, both as JSON."""

    chromosome: str
    recipe: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One picture of a generation; positions run from 0. `picture` is a digest; what is not there yet is None."""

    id: CandidateId
    generation: GenerationId
    position: int
    chromosome: str
    recipe: str
    picture: str | None
    file_id: str | None
    message_id: MessageId | None


@dataclass(frozen=True, slots=True)
class Favourite:
    """A candidate that somebody likes, with its generation's number and its votes."""

    candidate: Candidate
    generation_number: int
    likes: int
    dislikes: int


async def add_candidate(tx: Transaction, generation: GenerationId, position: int, new: NewCandidate) -> CandidateId:
    """Add a candidate at a position that is free.

    Raises:
        ConstraintError: the position is taken or not 0 to 9, there is no such generation, or a text is not JSON.
    """
    sql = "INSERT INTO candidates (generation, position, chromosome, recipe) VALUES (?, ?, ?, ?) RETURNING id"
    (row,) = await tx.all(sql, (generation, position, new.chromosome, new.recipe))
    return CandidateId(row["id"])


async def candidates_of_generation(reader: Reader, generation: GenerationId) -> tuple[Candidate, ...]:
    """Return the generation's candidates, by position."""
    rows = await reader.all("SELECT * FROM candidates WHERE generation = ? ORDER BY position", (generation,))
    return tuple(map(_candidate, rows))


async def candidate_at(reader: Reader, generation: GenerationId, position: int) -> Candidate | None:
    """Return the candidate at that position of the generation, if there is one."""
    row = await reader.one("SELECT * FROM candidates WHERE generation = ? AND position = ?", (generation, position))
    return None if row is None else _candidate(row)


async def find_candidate(reader: Reader, candidate: CandidateId) -> Candidate | None:
    """Return the candidate, if there is one of that id."""
    row = await reader.one("SELECT * FROM candidates WHERE id = ?", (candidate,))
    return None if row is None else _candidate(row)


async def set_picture(tx: Transaction, candidate: CandidateId, digest: str) -> None:
    """Note the picture that was painted for the candidate.

    Raises:
        NotFoundError: there is no such candidate.
        ConstraintError: the digest is not 64 hexadecimal characters.
    """
    await _set(tx, "UPDATE candidates SET picture = ? WHERE id = ? RETURNING id", digest, candidate)


async def set_file(tx: Transaction, candidate: CandidateId, file_id: str | None) -> None:
    """Note Telegram's id of the picture's file, or that it holds no longer.

    Raises:
        NotFoundError: there is no such candidate.
    """
    await _set(tx, "UPDATE candidates SET file_id = ? WHERE id = ? RETURNING id", file_id, candidate)


async def set_message(tx: Transaction, candidate: CandidateId, message: MessageId | None) -> None:
    """Note the message that shows the candidate.

    Raises:
        NotFoundError: there is no such candidate.
    """
    await _set(tx, "UPDATE candidates SET message_id = ? WHERE id = ? RETURNING id", message, candidate)


async def favourites_of_session(reader: Reader, session: SessionId, limit: int) -> tuple[Favourite, ...]:
    """Return the session's best candidates, the best first: by likes minus dislikes, then the newest.

    Only painted candidates that somebody likes are among them.
    """
    rows = await reader.all(
        """
        SELECT candidates.*, number, sum(value = 1) AS likes, sum(value = -1) AS dislikes
        FROM generations
        JOIN candidates ON candidates.generation = generations.id
        JOIN votes ON votes.candidate = candidates.id AND voter NOT IN (SELECT id FROM bans)
        WHERE session = ? AND picture IS NOT NULL
        GROUP BY candidates.id HAVING likes > 0
        ORDER BY likes - dislikes DESC, number DESC, position LIMIT ?
        """,
        (session, limit),
    )
    return tuple(Favourite(_candidate(row), row["number"], row["likes"], row["dislikes"]) for row in rows)


async def liked_in_style(reader: Reader, style_name: str, limit: int) -> tuple[tuple[str, str], ...]:
    """Return the pictures of a style that people like most, as (digest, recipe), of all chats that let others learn.

    Ordered by likes minus dislikes, of which each has more of the first, then the newest.
    """
    rows = await reader.all(
        """
        SELECT picture, recipe, sum(value) AS score FROM sessions
        JOIN generations ON session = sessions.id
        JOIN candidates ON generation = generations.id
        JOIN votes ON candidate = candidates.id
        LEFT JOIN chat_settings ON chat_settings.chat = sessions.chat
        WHERE sessions.style_name = ? AND picture IS NOT NULL AND coalesce(contributes, 1) = 1
        GROUP BY candidates.id HAVING score > 0 ORDER BY score DESC, candidates.id DESC LIMIT ?
        """,
        (style_name, limit),
    )
    return tuple((row["picture"], row["recipe"]) for row in rows)


async def _set(tx: Transaction, sql: str, value: str | int | None, candidate: CandidateId) -> None:
    if await tx.one(sql, (value, candidate)) is None:
        raise NotFoundError(f"there is no candidate {candidate}")


def _candidate(row: sqlite3.Row) -> Candidate:
    return Candidate(
        id=CandidateId(row["id"]),
        generation=GenerationId(row["generation"]),
        position=row["position"],
        chromosome=row["chromosome"],
        recipe=row["recipe"],
        picture=row["picture"],
        file_id=row["file_id"],
        message_id=None if row["message_id"] is None else MessageId(row["message_id"]),
    )
