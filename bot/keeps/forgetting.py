"""Forgetting: erases all that is kept of a person, after they have said so twice.

In groups their votes go, from the albums and from what the group has learned; the pictures and the others' votes stay.
Each step can be done again, and the person goes last: after a kill the same button finds all that is left to do.
"""

from __future__ import annotations

import asyncio
from functools import partial

import evolution
from bot.crew import Crew
from bot.keyboards import forget_keyboard
from bot.outcomes import REPEATED, Outcome
from bot.services import Services
from bot.visits import Visit, enter
from storage.erasure import (
    erase_person,
    pictures_of_chat_alone,
    read_kept,
    replace_kept,
    sessions_of_person,
    states_naming,
)
from storage.generations import latest_generation
from storage.ids import MessageId, PersonId, SessionId
from storage.sessions import find_session
from storage.shares import delete_shares_of
from storage.updates import seen_update


class Forgetting:
    """Erases people."""

    def __init__(self, services: Services, crew: Crew) -> None:
        self._services = services
        self._crew = crew

    async def ask(self, visit: Visit) -> Outcome:
        """Say what goes and what stays, and ask once more; in a group, say where to ask."""
        words = visit.audience.words
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
        if not visit.audience.is_private:
            return Outcome(words.forget_in_private)
        return Outcome(None, partial(self._ask, visit))

    async def keep(self, visit: Visit, message: MessageId, person: int) -> Outcome:
        """Leave everything as it is."""
        words = visit.audience.words
        if not _is_own(visit, person):
            return Outcome(words.toast_unknown_button)
        return Outcome(words.toast_kept, partial(self._crew.messenger.edit, visit.audience, message, words.forget_kept))

    async def erase(self, visit: Visit, message: MessageId, person: int) -> Outcome:
        """Erase the person that pressed."""
        words = visit.audience.words
        if not _is_own(visit, person):
            return Outcome(words.toast_unknown_button)
        return Outcome(words.toast_forgetting, partial(self._erase, visit, message))

    async def _ask(self, visit: Visit) -> None:
        words = visit.audience.words
        await self._crew.messenger.send(visit.audience, words.forget_sure, forget_keyboard(words, visit.person))

    async def _erase(self, visit: Visit, message: MessageId) -> None:
        database = self._services.database
        sessions = await sessions_of_person(database.reader, visit.person)
        # What is being bred now still knows the person: it must not be written when they are gone.
        for session in sessions:
            await self._crew.halt(session)
        try:
            await self._take_out(sessions, visit)
            for digest in await pictures_of_chat_alone(database.reader, visit.chat):
                await self._services.pictures.remove(digest)
            async with database.transaction() as tx:
                # What is shared holds votes that nobody's name stands by any more: the link has to go as a whole.
                await delete_shares_of(tx, sessions)
                if not await seen_update(tx, visit.update_id, self._services.clock()):
                    await erase_person(tx, visit.person)
            # A group that was woken meanwhile may have written what it had read before.
            await self._take_out(sessions, visit)
        finally:
            for session in sessions:
                self._crew.go_on(session)
        for session in sessions:
            if (generation := await latest_generation(database.reader, session)) is not None:
                self._crew.refresh(generation.id)
        await self._crew.messenger.edit(visit.audience, message, visit.audience.words.forgotten)

    async def _take_out(self, sessions: tuple[SessionId, ...], visit: Visit) -> None:
        """Take the person's votes out of what groups have learned; their private chat is deleted as a whole."""
        reader = self._services.database.reader
        for session in sessions:
            found = await find_session(reader, session)
            if found is not None and found.chat != visit.chat:
                await self._take_out_of(session, visit.person)

    async def _take_out_of(self, session: SessionId, person: PersonId) -> None:
        database, name = self._services.database, str(person)
        for kept in await states_naming(database.reader, session, f'"{name}"'):
            is_done = False
            while not is_done:
                before = await read_kept(database.reader, kept)
                if before is None:
                    break
                after = await asyncio.to_thread(_without, before, name)
                async with database.transaction() as tx:
                    is_done = await replace_kept(tx, kept, before, after)


def _is_own(visit: Visit, person: int) -> bool:
    """Check that it is the person's own button, in their own chat: its data can be forged."""
    return visit.audience.is_private and visit.person == person


def _without(state: str, voter: str) -> str:
    return evolution.rename_voters(evolution.State.from_json(state), {voter: None}).to_json()
