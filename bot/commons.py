"""What the people of a style have in common: learned once a day from the chats that contribute, and lent to beginners.

It names nobody, and is not kept of fewer than three people. What somebody has forgotten, or no longer contributes, is
gone from it at the next learning. Knows nothing of chats.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from bot.services import Services
from evolution import Prior, Space, State, learn_prior
from evolution.errors import EvolutionError
from storage.database import Reader
from storage.priors import contributed_states, read_prior, save_prior

log = logging.getLogger(__name__)

MOST_SESSIONS = 200
FEWEST_PEOPLE = 3


class Commons:
    """Learns priors, and lends them."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def learn(self) -> None:
        """Learn each style's prior anew."""
        database = self._services.database
        for name, pack in self._services.shelf.packs.items():
            texts = await contributed_states(database.reader, name, MOST_SESSIONS)
            prior = await asyncio.to_thread(_learned, texts, pack.space)
            async with database.transaction() as tx:
                await save_prior(tx, name, prior, self._services.clock())

    async def prior(self, reader: Reader, style: str, space: Space) -> Prior | None:
        """Return what a session of a style may start from; None where nothing is known, or of other attributes."""
        text = await read_prior(reader, style)
        if text is None:
            return None
        try:
            prior = Prior.from_json(text)
            prior.check(space)
        except EvolutionError as error:
            log.info("style %s: the prior does not fit and is left out: %s", style, error)
            return None
        return prior


def _learned(texts: Sequence[str], space: Space) -> str | None:
    """Learn from the sessions that have these attributes; pure, and takes up to seconds."""
    states = []
    for text in texts:
        try:
            state = State.from_json(text)
        except EvolutionError:
            continue  # of a version that is not read any more
        if state.space == space:
            states.append(state)
    people = {vote.voter for state in states for generation in state.generations for vote in generation.votes}
    if len(people) < FEWEST_PEOPLE:
        return None
    return learn_prior(states).to_json()
