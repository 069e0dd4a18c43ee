"""Votes: what a voter thinks of a candidate. One a voter and candidate; the last one counts; taken back is deleted.

Whether a vote may be cast now is the caller's to decide, in the same transaction.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader, Transaction
from storage.ids import CandidateId, GenerationId, PersonId
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Vote:
    """A like (+1), a dislike (-1), or "seen, neither" (0) of the candidate at `position` of its generation."""

    voter: PersonId
    candidate: CandidateId
    position: int
    value: int
    cast_at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How many like and dislike a candidate."""

    candidate: CandidateId
    position: int
    likes: int
    dislikes: int


async def cast_vote(tx: Transaction, candidate: CandidateId, voter: PersonId, value: int, at: datetime) -> int | None:
    """Write the voter's vote in place of an earlier one, and return the earlier one's value, if there was one.

    Raises:
        ConstraintError: voter or candidate are not known, or the value is not -1, 0 or +1.
    """
    before = await tx.one("SELECT value FROM votes WHERE candidate = ? AND voter = ?", (candidate, voter))
    await tx.all(
        """
        INSERT INTO votes (candidate, voter, value, cast_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (candidate, voter) DO UPDATE SET value = excluded.value, cast_at = excluded.cast_at
        """,
        (candidate, voter, value, to_text(at)),
    )
    return None if before is None else int(before["value"])


async def take_back(tx: Transaction, candidate: CandidateId, voter: PersonId) -> int | None:
    """Delete the voter's vote, and return the value it had, if there was one."""
    row = await tx.one("DELETE FROM votes WHERE candidate = ? AND voter = ? RETURNING value", (candidate, voter))
    return None if row is None else int(row["value"])


async def votes_of_generation(reader: Reader, generation: GenerationId) -> tuple[Vote, ...]:
    """Return all votes of a generation but those of the banned, by position, then voter."""
    rows = await reader.all(
        """
        SELECT voter, candidate, position, value, cast_at FROM votes JOIN candidates ON candidates.id = candidate
        WHERE generation = ? AND voter NOT IN (SELECT id FROM bans) ORDER BY position, voter
        """,
        (generation,),
    )
    return tuple(map(_vote, rows))


async def votes_of_voter(reader: Reader, generation: GenerationId, voter: PersonId) -> tuple[Vote, ...]:
    """Return one voter's votes of a generation, by position."""
    rows = await reader.all(
        """
        SELECT voter, candidate, position, value, cast_at FROM votes JOIN candidates ON candidates.id = candidate
        WHERE generation = ? AND voter = ? ORDER BY position
        """,
        (generation, voter),
    )
    return tuple(map(_vote, rows))


async def tally_generation(reader: Reader, generation: GenerationId) -> tuple[Tally, ...]:
    """Count likes and dislikes of each candidate of a generation, by position; 0 without. The banned do not count."""
    rows = await reader.all(
        """
        SELECT id, position, coalesce(sum(value = 1), 0) AS likes, coalesce(sum(value = -1), 0) AS dislikes
        FROM candidates LEFT JOIN votes ON votes.candidate = candidates.id AND voter NOT IN (SELECT id FROM bans)
        WHERE generation = ? GROUP BY candidates.id ORDER BY position
        """,
        (generation,),
    )
    return tuple(Tally(CandidateId(row["id"]), row["position"], row["likes"], row["dislikes"]) for row in rows)


def _vote(row: sqlite3.Row) -> Vote:
    return Vote(
        voter=PersonId(row["voter"]),
        candidate=CandidateId(row["candidate"]),
        position=row["position"],
        value=row["value"],
        cast_at=from_text(row["cast_at"]),
    )
