"""Erasing a person: which sessions and pictures are concerned, and the deletion itself.

A state's JSON is kept, never read: taking a voter out of it is the caller's. Groups keep their sessions; a private chat
goes with all that is in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reader, Transaction
from storage.ids import ChatId, GenerationId, PersonId, SessionId


@dataclass(frozen=True, slots=True)
class KeptState:
    """One of a session's states: the present one, or (with `generation`) that from before a generation."""

    session: SessionId
    generation: GenerationId | None


async def sessions_of_person(reader: Reader, person: PersonId) -> tuple[SessionId, ...]:
    """Return the sessions that the person started or voted in, in any chat."""
    rows = await reader.all(
        """
        SELECT id FROM sessions WHERE started_by = ?1
        UNION SELECT session FROM votes JOIN candidates ON candidates.id = candidate
        JOIN generations ON generations.id = generation WHERE voter = ?1
        ORDER BY 1
        """,
        (person,),
    )
    return tuple(SessionId(row["id"]) for row in rows)


async def states_naming(reader: Reader, session: SessionId, word: str) -> tuple[KeptState, ...]:
    """Return which of the session's states hold a word, be it a name or by chance."""
    rows = await reader.all(
        """
        SELECT NULL AS generation FROM sessions WHERE id = ?1 AND instr(state, ?2)
        UNION ALL SELECT id FROM generations WHERE session = ?1 AND instr(state_before, ?2)
        """,
        (session, word),
    )
    found = [row["generation"] for row in rows]
    return tuple(KeptState(session, None if one is None else GenerationId(one)) for one in found)


async def read_kept(reader: Reader, kept: KeptState) -> str | None:
    """Return one of a session's states, as JSON; None where it is gone."""
    if kept.generation is None:
        row = await reader.one("SELECT state FROM sessions WHERE id = ?", (kept.session,))
    else:
        row = await reader.one("SELECT state_before AS state FROM generations WHERE id = ?", (kept.generation,))
    return None if row is None else str(row["state"])


async def replace_kept(tx: Transaction, kept: KeptState, before: str, after: str) -> bool:
    """Write another state in place of `before`; return whether that was still there."""
    if kept.generation is None:
        sql, key = "UPDATE sessions SET state = ? WHERE id = ? AND state = ? RETURNING id", int(kept.session)
    else:
        sql = "UPDATE generations SET state_before = ? WHERE id = ? AND state_before = ? RETURNING id"
        key = int(kept.generation)
    return await tx.one(sql, (after, key, before)) is not None


async def pictures_of_chat_alone(reader: Reader, chat: ChatId) -> tuple[str, ...]:
    """Return the digests of pictures that candidates of this chat have, and those of no other."""
    rows = await reader.all(
        """
        SELECT picture FROM candidates JOIN generations ON generations.id = generation
        JOIN sessions ON sessions.id = session WHERE picture IS NOT NULL
        GROUP BY picture HAVING min(chat) = ?1 AND max(chat) = ?1 ORDER BY picture
        """,
        (chat,),
    )
    return tuple(str(row["picture"]) for row in rows)


async def erase_person(tx: Transaction, person: PersonId) -> None:
    """Delete the person, their votes everywhere, and their private chat with its sessions; a second time is nothing.

    What others have is kept: sessions in groups lose the name of who started them, events that of whom they concern.
    """
    await tx.all("DELETE FROM chats WHERE id = ? AND kind = 'private'", (person,))
    await tx.all("DELETE FROM usage WHERE id = ?", (person,))
    await tx.all("DELETE FROM people WHERE id = ?", (person,))
