"""The use cases of one generation: vote, next, cancel, show again.

Each checks by itself that the press belongs to this chat and to this moment, since buttons grow old and their data can
be forged, and commits before it answers. Knows nothing of Telegram's updates.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.callback_data import Mark
from bot.closing import Turnout
from bot.crew import Crew
from bot.keyboards import sure_keyboard
from bot.outcomes import REPEATED, Outcome
from bot.permits import NotPermittedError, check, say
from bot.services import Services
from bot.visits import Audience, Visit, enter
from bot.voting import toggle
from bot.words import Words
from storage.candidates import candidate_at
from storage.database import Reader, Transaction
from storage.generations import (
    AlbumStatus,
    Generation,
    find_generation,
    latest_generation,
    set_companion_message,
    take_back_generation,
)
from storage.ids import GenerationId, MessageId
from storage.presences import forget_presence, generation_of_message, note_presence
from storage.sessions import Phase, Session, close_session, find_session, set_phase
from storage.votes import votes_of_generation

OfferStyles = Callable[[Audience], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Pressed:
    """A generation that a button named, its session, and whether it is the session's last."""

    session: Session
    generation: Generation
    is_last: bool


class Generations:
    """What a person can do to a generation."""

    def __init__(self, services: Services, crew: Crew, offer_styles: OfferStyles) -> None:
        self._services = services
        self._crew = crew
        self._offer_styles = offer_styles

    async def mark(self, visit: Visit, message: MessageId, mark: Mark) -> Outcome:
        """Like or dislike a picture, or take that back."""
        words, now = visit.audience.words, self._services.clock()
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, now):
                return REPEATED
            pressed = await _pressed(tx, visit, mark.generation)
            candidate = await candidate_at(tx, GenerationId(mark.generation), mark.index)
            if pressed is None or candidate is None:
                return Outcome(words.toast_unknown_button)
            if closed := _why_closed(words, pressed):
                return Outcome(closed)
            value = await toggle(tx, candidate, visit.person, mark.value, now)
            if pressed.generation.companion_message_id != message:
                # Of two companions (a kill came between sending one and writing it down) the one in use is kept true.
                await set_companion_message(tx, pressed.generation.id, message)
        if visit.audience.is_private:
            self._crew.refresh(pressed.generation.id)
        else:
            self._crew.count_votes(pressed.generation.id)
        toast = {1: words.toast_liked, -1: words.toast_disliked, 0: words.toast_taken_back}[value]
        return Outcome(toast.format(number=mark.index + 1))

    async def react(self, visit: Visit, message: MessageId, *, is_there: bool) -> None:
        """Note that somebody who reacted to an album is there, or, with the reaction taken back, no longer."""
        now = self._services.clock()
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, now):
                return
            generation = await generation_of_message(tx, visit.chat, message)
            pressed = None if generation is None else await _pressed(tx, visit, generation)
            if pressed is None or _why_closed(visit.audience.words, pressed):
                return
            if is_there:
                await note_presence(tx, pressed.generation.id, visit.person, now)
            else:
                await forget_presence(tx, pressed.generation.id, visit.person)
        self._crew.count_votes(pressed.generation.id)

    async def next(self, visit: Visit, generation: int) -> Outcome:
        """Close the generation and have the next one painted; where few have voted, ask whether that is meant."""
        pressed = await _pressed(self._services.database.reader, visit, generation)
        if pressed is not None and _why_closed(visit.audience.words, pressed) is None:
            if not await self._crew.closing.may_close(visit, pressed.session):
                return Outcome(visit.audience.words.toast_not_yours_to_close)
            count = await self._crew.closing.turnout(pressed.session, pressed.generation)
            if not visit.audience.is_private and count.is_low:
                return await self._ask_whether(visit, pressed.generation, count)
        return await self._close(visit, generation)

    async def close_anyway(self, visit: Visit, message: MessageId, generation: int) -> Outcome:
        """Close the generation though few have voted: somebody was asked and says yes."""
        pressed = await _pressed(self._services.database.reader, visit, generation)
        if pressed is not None and not await self._crew.closing.may_close(visit, pressed.session):
            return Outcome(visit.audience.words.toast_not_yours_to_close)
        outcome = await self._close(visit, generation)
        return Outcome(outcome.toast, lambda: self._crew.messenger.delete(visit.audience, message))

    async def _ask_whether(self, visit: Visit, generation: Generation, count: Turnout) -> Outcome:
        words = visit.audience.words
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
        text = words.close_sure.format(voted=count.voted, awaited=count.awaited)
        keyboard = sure_keyboard(words, generation.id)

        async def ask() -> None:
            await self._crew.messenger.send(visit.audience, text, keyboard, reply_to=generation.companion_message_id)

        return Outcome(words.toast_few_voted, ask)

    async def _close(self, visit: Visit, generation: int) -> Outcome:
        """Close the generation and have the next one painted; a second press finds it closed."""
        words, now = visit.audience.words, self._services.clock()
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, now):
                return REPEATED
            pressed = await _pressed(tx, visit, generation)
            if pressed is None:
                return Outcome(words.toast_unknown_button)
            if closed := _why_closed(words, pressed):
                return Outcome(closed)
            if why := await _why_not(tx, words, pressed.session, now):
                return Outcome(why)
            has_votes = bool(await votes_of_generation(tx, pressed.generation.id))
            await set_phase(tx, pressed.session.id, Phase.VOTING, Phase.PAINTING, now)
        self._crew.go_on(pressed.session.id)
        self._crew.refresh(pressed.generation.id)
        return Outcome(words.toast_next if has_votes else words.toast_next_without_votes)

    async def cancel(self, visit: Visit, message: MessageId, generation: int) -> Outcome:
        """Give up the painting: back to the vote before it, or to the choice of a style."""
        pressed = await _pressed(self._services.database.reader, visit, generation)
        if pressed is None:
            return Outcome(visit.audience.words.toast_unknown_button)
        if not _is_painting(pressed):
            return self._nothing_to_cancel(visit, message, pressed.generation)
        # The painting must not come to its end while it is being taken back.
        await self._crew.halt(pressed.session.id)
        try:
            return await self._take_back(visit, message, generation)
        finally:
            # Where it was not taken back after all it goes on; else nothing is due.
            self._crew.go_on(pressed.session.id)

    async def show_again(self, visit: Visit, generation: int) -> Outcome:
        """Send an album of unknown fate once more."""
        words = visit.audience.words
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
            pressed = await _pressed(tx, visit, generation)
        if pressed is None:
            return Outcome(words.toast_unknown_button)
        if pressed.generation.album_status is not AlbumStatus.UNKNOWN:
            return Outcome(words.toast_nothing_to_try)
        self._crew.show_again(pressed.generation.id)
        return Outcome(words.toast_showing_again)

    def _nothing_to_cancel(self, visit: Visit, message: MessageId, generation: Generation) -> Outcome:
        toast = visit.audience.words.toast_nothing_to_cancel
        if message == generation.companion_message_id:
            return Outcome(toast)
        # A card that a lost answer, or a kill, left behind.
        return Outcome(toast, lambda: self._crew.messenger.delete(visit.audience, message))

    async def _take_back(self, visit: Visit, message: MessageId, generation: int) -> Outcome:
        words, now = visit.audience.words, self._services.clock()
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, now):
                return REPEATED
            pressed = await _pressed(tx, visit, generation)
            if pressed is None or not _is_painting(pressed):
                return Outcome(words.toast_nothing_to_cancel)
            before = await back_to_voting(tx, pressed.session, pressed.generation, now)

        async def follow_up() -> None:
            if before is None:
                await self._crew.messenger.edit(visit.audience, message, words.cancelled_to_styles)
                await self._offer_styles(visit.audience)
            else:
                text = words.cancelled_to_voting.format(number=before.number)
                await self._crew.messenger.edit(visit.audience, message, text)
                self._crew.refresh(before.id)

        return Outcome(words.toast_cancelled, follow_up)


async def back_to_voting(tx: Transaction, session: Session, generation: Generation, now: datetime) -> Generation | None:
    """Take a session that paints back to the vote before, whose generation is returned; close it where there is none.

    Raises:
        WrongPhaseError: the session does not paint.
    """
    if generation.closed_at is None:
        await take_back_generation(tx, generation.id)
    before = await latest_generation(tx, session.id)
    if before is None:
        await close_session(tx, session.id, now)
    else:
        await set_phase(tx, session.id, Phase.PAINTING, Phase.VOTING, now)
    return before


async def _pressed(reader: Reader, visit: Visit, generation: int) -> _Pressed | None:
    """Find what a button names; None where there is no such generation, or it is another chat's."""
    found = await find_generation(reader, GenerationId(generation))
    session = None if found is None else await find_session(reader, found.session)
    if found is None or session is None or session.chat != visit.chat:
        return None
    last = await latest_generation(reader, session.id)
    return _Pressed(session, found, is_last=last is not None and last.id == found.id)


def _why_closed(words: Words, pressed: _Pressed) -> str | None:
    """Say why the generation takes no votes now; None where it does."""
    if pressed.session.phase is Phase.CLOSED:
        return words.toast_session_over
    if pressed.session.phase is not Phase.VOTING:
        return words.toast_painting_next
    return None if pressed.is_last else words.toast_generation_closed


async def _why_not(tx: Transaction, words: Words, session: Session, now: datetime) -> str | None:
    """Say why the next generation may not be begun now; None where it may."""
    try:
        await check(tx, session.chat, session.started_by, session.album_size, now)
    except NotPermittedError as error:
        return say(words, error)
    return None


def _is_painting(pressed: _Pressed) -> bool:
    return pressed.is_last and pressed.session.phase is Phase.PAINTING
