"""What a session has learned so far, the votes of its open album among it."""

from __future__ import annotations

import asyncio

import evolution
from bot.voting import ballot
from storage.candidates import candidates_of_generation
from storage.database import Reader
from storage.generations import latest_generation
from storage.ids import SessionId
from storage.sessions import read_state
from storage.votes import votes_of_generation


async def learned_state(reader: Reader, session: SessionId, *, hides_open: bool) -> evolution.State:
    """Return evolution's state as it would be told now; the database's own waits for the next album.

    With `hides_open` the votes of an album that is still open are left out: in a group they are nobody's to see.
    """
    text = await read_state(reader, session)
    generation = await latest_generation(reader, session)
    if generation is None or (hides_open and generation.closed_at is None):
        return await asyncio.to_thread(evolution.State.from_json, text)
    size = len(await candidates_of_generation(reader, generation.id))
    votes = ballot(await votes_of_generation(reader, generation.id), size)
    return await asyncio.to_thread(_told, text, votes)


def _told(text: str, votes: tuple[evolution.Vote, ...]) -> evolution.State:
    state = evolution.State.from_json(text)
    return evolution.tell(state, votes) if votes else state
