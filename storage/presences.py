"""Presences: who was there for a generation, though not by a vote. Whether somebody may be noted is the caller's."""

from __future__ import annotations

from datetime import datetime

from storage.database import Reader, Transaction
from storage.ids import ChatId, GenerationId, MessageId, PersonId, SessionId
from storage.times import from_text_or_none, to_text


async def note_presence(tx: Transaction, generation: GenerationId, person: PersonId, at: datetime) -> None:
    """Note that somebody is there; a second time changes nothing.

    Raises:
        ConstraintError: generation or person are not known.
    """
    await tx.all(
        "INSERT OR IGNORE INTO presences (generation, person, seen_at) VALUES (?, ?, ?)",
        (generation, person, to_text(at)),
    )


async def forget_presence(tx: Transaction, generation: GenerationId, person: PersonId) -> None:
    """Take back that somebody is there."""
    await tx.all("DELETE FROM presences WHERE generation = ? AND person = ?", (generation, person))


async def turnout(reader: Reader, generation: GenerationId) -> frozenset[PersonId]:
    """Return who has voted on a generation, or was there, but for the banned."""
    rows = await reader.all(
        """
        SELECT voter AS person FROM votes JOIN candidates ON candidates.id = candidate WHERE generation = ?1
            AND voter NOT IN (SELECT id FROM bans)
        UNION SELECT person FROM presences WHERE generation = ?1 AND person NOT IN (SELECT id FROM bans)
        """,
        (generation,),
    )
    return frozenset(PersonId(row["person"]) for row in rows)


async def company(reader: Reader, session: SessionId) -> frozenset[PersonId]:
    """Return who has ever voted in a session, or was there, but for the banned."""
    rows = await reader.all(
        """
        SELECT voter AS person FROM votes JOIN candidates ON candidates.id = candidate
        JOIN generations ON generations.id = generation WHERE session = ?1
            AND voter NOT IN (SELECT id FROM bans)
        UNION SELECT person FROM presences JOIN generations ON generations.id = generation WHERE session = ?1
            AND person NOT IN (SELECT id FROM bans)
        """,
        (session,),
    )
    return frozenset(PersonId(row["person"]) for row in rows)


async def last_seen(reader: Reader, generation: GenerationId) -> datetime | None:
    """Return when somebody last voted on a generation, or was there; None if nobody did or was."""
    row = await reader.one(
        """
        SELECT max(at) AS at FROM (
            SELECT cast_at AS at FROM votes JOIN candidates ON candidates.id = candidate WHERE generation = ?1
            UNION ALL SELECT seen_at FROM presences WHERE generation = ?1
        )
        """,
        (generation,),
    )
    return None if row is None else from_text_or_none(row["at"])


async def generation_of_message(reader: Reader, chat: ChatId, message: MessageId) -> GenerationId | None:
    """Return the generation whose album, or companion, a message of a chat belongs to, if any."""
    row = await reader.one(
        """
        SELECT generations.id FROM generations JOIN sessions ON sessions.id = generations.session
        LEFT JOIN candidates ON candidates.generation = generations.id
        WHERE sessions.chat = ?1 AND (candidates.message_id = ?2 OR companion_message_id = ?2)
        ORDER BY generations.id DESC LIMIT 1
        """,
        (chat, message),
    )
    return None if row is None else GenerationId(row["id"])
