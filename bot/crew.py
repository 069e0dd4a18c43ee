"""The work that goes on behind the chats' backs: painting, delivering, refreshing companions, hanging up the best.

Owns all workers, and what becomes of their errors. What is due is always read from the database, so waking a worker
once too often does nothing. Knows nothing of updates.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from functools import partial
from typing import Any

from telegram.error import TelegramError
from telegram.ext import ExtBot, JobQueue

from bot.ballots import Ballots
from bot.closing import Closing
from bot.companions import Companions
from bot.delivery import Delivery
from bot.gallery import Gallery
from bot.keeps.keepsakes import Keepsake, Keepsakes
from bot.keyboards import retry_keyboard
from bot.messenger import ChatMovedError, ChatUnreachableError, Messenger
from bot.mishaps import mishap_words
from bot.painting import Painting
from bot.room import NoRoomError, Room
from bot.services import Services
from bot.timetable import Timetable
from bot.visits import audience_of
from bot.waiting import Waiting
from bot.workers import Workers
from storage.chats import find_chat
from storage.errors import CorruptPictureError, DiskFullError, MissingPictureError, NotFoundError, WrongPhaseError
from storage.generations import find_generation, latest_generation, set_progress_message
from storage.ids import GenerationId, SessionId
from storage.sessions import Phase, Session, find_session, set_phase

log = logging.getLogger(__name__)

# Between two edits of one companion; taps that come meanwhile are all in the next.
COMPANION_GAP_S = 0.5
# Groups may see 20 edits a minute, against one a second in private.
GROUP_GAP_FACTOR = 6
# Within the three seconds that a stop may take.
CLOSE_TIMEOUT_S = 2.7


class Crew:
    """Wakes and ends the workers of sessions, companions and albums."""

    def __init__(
        self,
        services: Services,
        bot: ExtBot[Any],
        companion_gap_s: float = COMPANION_GAP_S,
        queue: JobQueue[Any] | None = None,
    ) -> None:
        self.messenger = Messenger(services, bot)
        self.closing = Closing(services, self.messenger)
        self.companions = Companions(services, self.messenger, self.closing)
        self.timetable = Timetable(services, self.messenger, self.closing, self.companions, queue)
        self.timetable.serve(self.go_on, self.refresh)
        self._services = services
        self.room = Room(services)
        self._painting = Painting(services, self.messenger, self.room)
        self._waiting = Waiting(services, self.messenger, self.room, self.go_on)
        self.progress = self._painting.progress
        self.ballots = Ballots(services, self.messenger)
        self._delivery = Delivery(services, self.messenger, self.companions, self.closing, self.ballots)
        self._gallery = Gallery(services, self.messenger)
        self._keepsakes = Keepsakes(services, self.messenger)
        self._gap_s = companion_gap_s
        self._sessions = Workers(self._go_on, "session")
        self._companions = Workers(self._refresh, "companion of generation")
        self._votes = Workers(self._count_votes, "votes of generation")
        self._albums = Workers(self._show_again, "album of generation")
        self._galleries = Workers(self._show_best, "best of session")
        self._bringing = {kind: Workers(partial(self._bring, kind), f"{kind} of") for kind in Keepsake}

    def go_on(self, session: SessionId) -> None:
        """Have done whatever the session's phase asks for; nothing, where it waits for votes."""
        self._sessions.wake(session)

    async def halt(self, session: SessionId) -> None:
        """End the session's worker, as a step before a change that it must not meet."""
        await self._sessions.dismiss(session)

    def refresh(self, generation: GenerationId) -> None:
        """Have the generation's companion show what is true now; many wishes make few edits."""
        self._companions.wake(generation)

    def count_votes(self, generation: GenerationId) -> None:
        """Have it seen whether the generation is near its end, and its companion show what is true now."""
        self._votes.wake(generation)
        self.refresh(generation)

    def show_again(self, generation: GenerationId) -> None:
        """Have an album of unknown fate sent once more."""
        self._albums.wake(generation)

    def show_best(self, session: SessionId) -> None:
        """Have the session's best pictures sent."""
        self._galleries.wake(session)

    def bring(self, keepsake: Keepsake, key: int) -> None:
        """Have a keepsake made and sent: an original by its candidate, any other by its session."""
        self._bringing[keepsake].wake(key)

    def paint(self, session: SessionId, count: int) -> None:
        """Have pictures painted and sent in the taste that a session has learned."""
        self._keepsakes.want(session, count)
        self.bring(Keepsake.IMPRESSIONS, session)

    async def rest(self) -> None:
        """Wait until nothing is painted, and no album or keepsake is on its way."""
        works = (self._sessions, self._albums, self._galleries, *self._bringing.values())
        while any(workers.is_busy for workers in works):
            for workers in works:
                await workers.idle()

    async def idle(self) -> None:
        """Wait until everybody rests."""
        for workers in self._all():
            await workers.idle()

    async def close(self) -> None:
        """End all work within three seconds; the database says where to go on."""
        closing = [workers.close(CLOSE_TIMEOUT_S) for workers in self._all()]
        await asyncio.gather(*closing, self._waiting.close(CLOSE_TIMEOUT_S))

    def _all(self) -> tuple[Workers, ...]:
        ordinary = self._sessions, self._companions, self._votes, self._albums, self._galleries
        return *ordinary, self.timetable.workers, *self._bringing.values()

    async def _go_on(self, key: int) -> None:
        try:
            await self._advance(SessionId(key))
        finally:
            # A vote that was opened may have made something due.
            self.timetable.wake()

    async def _advance(self, key: SessionId) -> None:
        has_repainted = False
        while (session := await self._due(key)) is not None:
            try:
                await (self._painting if session.phase is Phase.PAINTING else self._delivery).advance(session)
            except ChatUnreachableError:
                return
            except ChatMovedError:
                continue
            except Exception as error:
                if isinstance(error, MissingPictureError | CorruptPictureError) and not has_repainted:
                    has_repainted = await self._paint_anew(session)
                elif not isinstance(error, WrongPhaseError | NotFoundError) or await self._due(session.id) == session:
                    await self._tell(session, error)
                    if isinstance(error, NoRoomError | DiskFullError):
                        await self._waiting.add(session.id)
                    return

    async def _due(self, session: SessionId) -> Session | None:
        """Return the session if something is to be done for it now."""
        reader = self._services.database.reader
        found = await find_session(reader, session)
        if found is None or found.phase is Phase.CLOSED:
            return None
        chat = await find_chat(reader, found.chat)
        if chat is None or chat.suspended_at is not None:
            return None
        if found.phase is Phase.VOTING:
            generation = await latest_generation(reader, session)
            if generation is None or generation.companion_message_id is not None:
                return None
        return found

    async def _paint_anew(self, session: Session) -> bool:
        """Go back to the brush for a picture that the store has lost; its recipe is still there."""
        log.warning("session %s: a picture is lost, painting anew", session.id)
        async with self._services.database.transaction() as tx:
            await set_phase(tx, session.id, Phase.DELIVERING, Phase.PAINTING, self._services.clock())
        return True

    async def _tell(self, session: Session, error: Exception) -> None:
        """Say what went wrong, with a way out, in place of the card; trying again makes a card of it."""
        audience = await audience_of(self._services.database.reader, session)
        words = mishap_words(audience.words, error)
        if words is None:
            log.error("chat %s: %r", session.chat, error, exc_info=error)
        else:
            log.warning("chat %s: %r", session.chat, error)
        generation = await latest_generation(self._services.database.reader, session.id)
        keyboard = retry_keyboard(audience.words, session.id, None if generation is None else generation.id)

        async def tell() -> None:
            message = await self.messenger.send(audience, words or audience.words.something_failed, keyboard)
            if generation is None or generation.closed_at is not None:
                return
            async with self._services.database.transaction() as tx:
                await set_progress_message(tx, generation.id, message)
            if generation.progress_message_id is not None:
                await self.messenger.delete(audience, generation.progress_message_id)

        await self._errand(session.id, tell())

    async def _refresh(self, key: int) -> None:
        found = await find_generation(self._services.database.reader, GenerationId(key))
        session = None if found is None else await find_session(self._services.database.reader, found.session)
        if session is not None:
            await self._errand(session.id, self.companions.refresh(GenerationId(key)))
            if session.chat < 0:
                audience = await audience_of(self._services.database.reader, session)
                await self._errand(session.id, self.ballots.settle(audience, GenerationId(key)))
            await asyncio.sleep(self._gap_s if session.chat > 0 else self._gap_s * GROUP_GAP_FACTOR)

    async def _count_votes(self, key: int) -> None:
        if await self.closing.voted(GenerationId(key)):
            self.timetable.wake()

    async def _show_again(self, key: int) -> None:
        found = await find_generation(self._services.database.reader, GenerationId(key))
        if found is not None:
            await self._told(found.session, self._delivery.show_again(GenerationId(key)))

    async def _show_best(self, key: int) -> None:
        await self._told(SessionId(key), self._gallery.show(SessionId(key)))

    async def _bring(self, keepsake: Keepsake, key: int) -> None:
        session = await self._keepsakes.owner(keepsake, key)
        if session is not None:
            await self._told(session.id, self._keepsakes.send(keepsake, session, key))

    async def _told(self, session: SessionId, work: Awaitable[object]) -> None:
        """Await a person's wish; tell the person where it could not be fulfilled."""
        if error := await self._errand(session, work):
            found = await find_session(self._services.database.reader, session)
            if found is not None:
                audience = await audience_of(self._services.database.reader, found)
                await self._errand(session, self.messenger.send(audience, audience.words.something_failed))
            log.error("session %s: %r", session, error, exc_info=error)

    async def _errand(self, session: SessionId, work: Awaitable[object]) -> Exception | None:
        """Await work that a session can do without; return an error that is not yet dealt with."""
        try:
            await work
        except ChatUnreachableError:
            pass
        except ChatMovedError:
            self.go_on(session)
        except TelegramError as error:
            log.warning("session %s: %s", session, error)
            return error
        except Exception as error:
            return error
        return None
