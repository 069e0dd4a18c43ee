"""The use cases of what a person keeps: each checks that what is asked for belongs to this chat, then has it made.

Knows nothing of Telegram's updates, nor of how a keepsake is made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from bot.callback_data import Original
from bot.crew import Crew
from bot.keeps.forgetting import Forgetting
from bot.keeps.importing import Importing
from bot.keeps.impressions import MOST, USUAL
from bot.keeps.keepsakes import Keepsake
from bot.keeps.sharing import Sharing
from bot.keyboards import originals_keyboard
from bot.outcomes import REPEATED, Outcome
from bot.permits import NotPermittedError, say, take
from bot.services import Services
from bot.visits import Visit, enter
from storage.candidates import candidate_at, candidates_of_generation
from storage.generations import (
    AlbumStatus,
    Generation,
    find_generation,
    generation_by_number,
    generations_of_session,
)
from storage.ids import GenerationId
from storage.sessions import Session, find_session, latest_session

# "3", or "2.3": picture 3 of generation 2.
_WHICH = re.compile(r"(?:(\d{1,6})[ .:/,-]+)?(\d{1,2})", re.ASCII)


class Keeping:
    """What a person can ask to keep; `importing` begins with it, `sharing` hands it on, `forgetting` erases."""

    def __init__(self, services: Services, crew: Crew) -> None:
        self._services = services
        self._crew = crew
        self.importing = Importing(services, crew)
        self.sharing = Sharing(services, crew, self.importing)
        self.forgetting = Forgetting(services, crew)

    async def original(self, visit: Visit, said: str) -> Outcome:
        """Send a picture of the chat's last session as a file; with no number said, ask which."""
        words, session = visit.audience.words, await self._session(visit)
        if not isinstance(session, Session):
            return session
        which = _WHICH.fullmatch(said.strip())
        if said.strip() and which is None:
            return Outcome(words.original_how)
        reader = self._services.database.reader
        if which is not None and which[1]:
            generation = await generation_by_number(reader, session.id, int(which[1]))
        else:
            shown = [each for each in await generations_of_session(reader, session.id) if _was_shown(each)]
            generation = shown[-1] if shown else None
        if generation is None or not _was_shown(generation):
            return Outcome(words.original_no_generation)
        candidates = await candidates_of_generation(reader, generation.id)
        numbers = [candidate.position + 1 for candidate in candidates]
        if which is None:
            return Outcome(None, partial(self._ask_which, visit, generation, numbers))
        if int(which[2]) not in numbers:
            return Outcome(words.original_no_picture.format(generation=generation.number, last=len(numbers)))
        self._crew.bring(Keepsake.ORIGINAL, candidates[int(which[2]) - 1].id)
        return Outcome(None)

    async def pressed_original(self, visit: Visit, wish: Original) -> Outcome:
        """Send the picture that a button names as a file."""
        words, reader = visit.audience.words, self._services.database.reader
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
        generation = await find_generation(reader, GenerationId(wish.generation))
        session = None if generation is None else await find_session(reader, generation.session)
        candidate = await candidate_at(reader, GenerationId(wish.generation), wish.index)
        if session is None or session.chat != visit.chat or candidate is None or candidate.picture is None:
            return Outcome(words.toast_unknown_button)
        self._crew.bring(Keepsake.ORIGINAL, candidate.id)
        return Outcome(words.toast_original_coming)

    async def of_session(self, visit: Visit, keepsake: Keepsake) -> Outcome:
        """Send a keepsake of the chat's last session."""
        session = await self._session(visit)
        if not isinstance(session, Session):
            return session
        self._crew.bring(keepsake, session.id)
        return Outcome(None)

    async def paint(self, visit: Visit, said: str) -> Outcome:
        """Paint in the taste of the chat's last session; `said` is how many pictures, if anything."""
        session = await self._session(visit)
        if not isinstance(session, Session):
            return session
        if said and not (said.isdecimal() and 1 <= int(said[:3]) <= MOST):
            return Outcome(visit.audience.words.paint_how.format(most=MOST))
        count, now = int(said) if said else USUAL, self._services.clock()
        try:
            async with self._services.database.transaction() as tx:
                await take(tx, session.chat, visit.person, count, now)
        except NotPermittedError as error:
            return Outcome(say(visit.audience.words, error))
        self._crew.paint(session.id, count)
        return Outcome(None)

    async def _ask_which(self, visit: Visit, generation: Generation, numbers: Sequence[int]) -> None:
        words = visit.audience.words
        text = words.original_which.format(generation=generation.number)
        await self._crew.messenger.send(visit.audience, text, originals_keyboard(words, generation.id, numbers))

    async def _session(self, visit: Visit) -> Session | Outcome:
        """Let the visitor in, and find the chat's last session; else what to answer."""
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
        found = await latest_session(self._services.database.reader, visit.chat)
        return Outcome(visit.audience.words.nothing_under_way) if found is None else found


def _was_shown(generation: Generation) -> bool:
    return generation.album_status is not AlbumStatus.NONE
