"""The sessions: the life of all that works for them, and the use cases of a whole session.

A session's phase is in the database, and every step is written before it is acted on, so that a killed process goes on
where it was. Knows nothing of Telegram's updates.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

from telegram.ext import ExtBot, JobQueue

from bot.commons import Commons
from bot.configuring import Configuring
from bot.crew import CLOSE_TIMEOUT_S, COMPANION_GAP_S, Crew
from bot.entrance import Entrance
from bot.generations import Generations
from bot.keeps.keeping import Keeping
from bot.keyboards import stopped_keyboard
from bot.languages import Languages
from bot.messenger import Messenger
from bot.operators.desk import Desk
from bot.outcomes import REPEATED, Outcome
from bot.services import Services
from bot.teaching.schooling import Programs
from bot.teaching.teaching import Teaching
from bot.visits import Visit, enter
from storage.candidates import favourites_of_session
from storage.chats import ensure_chat, rekey_chat, suspend_chat
from storage.generations import AlbumStatus, generations_of_session, latest_generation
from storage.ids import ChatId, MessageId, SessionId
from storage.presences import last_seen
from storage.sessions import (
    Phase,
    Session,
    active_session,
    close_session,
    find_session,
    latest_session,
    unfinished_sessions,
)
from storage.updates import seen_update

log = logging.getLogger(__name__)

# A companion whose votes are older than this was seen as it is; younger ones may have missed their last edit.
REFRESH_WITHIN = timedelta(hours=24)


class Sessions:
    """Starts and stops all work; what a person can do to a session as a whole.

    `entrance` holds the use cases before a session, `generations` those of one generation, `keeping` what is kept,
    `configuring` the settings, `teaching` the lessons of operators, `desk` their other orders; `languages` knows how
    each chat is spoken to, `commons` what people have in common.
    """

    def __init__(
        self,
        services: Services,
        bot: ExtBot[Any],
        *,
        companion_gap_s: float = COMPANION_GAP_S,
        queue: JobQueue[Any] | None = None,
        programs: Programs | None = None,
    ) -> None:
        """Without a `queue` nothing happens by time alone."""
        self.services = services
        self.crew = Crew(services, bot, companion_gap_s, queue)
        self.commons = Commons(services)
        self.entrance = Entrance(services, self.crew, self.commons)
        self.generations = Generations(services, self.crew, self.entrance.offer_styles)
        self.keeping = Keeping(services, self.crew)
        self.languages = Languages()
        self.configuring = Configuring(services, self.crew, self.languages)
        self.teaching = Teaching(services, self.crew.messenger, programs or Programs())
        self.desk = Desk(services, bot, self.crew)

    @property
    def messenger(self) -> Messenger:
        """Whoever speaks to chats."""
        return self.crew.messenger

    async def start(self) -> None:
        """Resume all that a stop or a kill left unfinished."""
        reader, now = self.services.database.reader, self.services.clock()
        await self.languages.load(reader)
        unfinished = await unfinished_sessions(reader)
        for session in unfinished:
            self.crew.go_on(session.id)
            if session.phase is Phase.VOTING and (generation := await latest_generation(reader, session.id)):
                seen = await last_seen(reader, generation.id)
                if seen is not None and now - seen < REFRESH_WITHIN:
                    self.crew.count_votes(generation.id)
        self.crew.timetable.wake()
        await self.desk.start()
        log.info("%d sessions are under way", len(unfinished))
        await self.teaching.start()

    async def stop(self) -> None:
        """End all workers in less than three seconds; `start` goes on from what the database says."""
        await asyncio.gather(self.crew.close(), self.teaching.close(CLOSE_TIMEOUT_S), self.desk.close())

    async def hear(self, visit: Visit, answer: str) -> None:
        """Answer whatever needs no more than words, once."""
        async with self.services.database.transaction() as tx:
            is_new = await enter(tx, visit, self.services.clock())
        if is_new:
            await self.messenger.send(visit.audience, answer)
            await self.wake(visit.chat)

    async def go_on(self, visit: Visit, message: MessageId, session: int) -> Outcome:
        """Bring the vote back to the end of the chat, or have done whatever else the session waits for."""
        words = visit.audience.words
        async with self.services.database.transaction() as tx:
            if not await enter(tx, visit, self.services.clock()):
                return REPEATED
        found = await self._named(visit, session)
        if found is None:
            return Outcome(words.toast_unknown_button)
        if found.phase is Phase.CLOSED:
            return Outcome(words.toast_session_over)
        self.crew.go_on(found.id)

        async def follow_up() -> None:
            generation = await latest_generation(self.services.database.reader, found.id)
            if found.phase is Phase.VOTING and generation is not None and generation.companion_message_id is not None:
                await self.crew.companions.replace(visit.audience, found, generation.id)
            await self.messenger.delete(visit.audience, message)

        return Outcome(words.toast_going_on, follow_up)

    async def retry(self, visit: Visit, session: int) -> Outcome:
        """Try again what a mishap has ended."""
        words, found = visit.audience.words, await self._named(visit, session)
        if found is None:
            return Outcome(words.toast_unknown_button)
        if found.phase not in (Phase.PAINTING, Phase.DELIVERING):
            return Outcome(words.toast_nothing_to_try)
        self.crew.go_on(found.id)
        return Outcome(words.toast_trying_again)

    async def begin_anew(self, visit: Visit, session: int) -> Outcome:
        """Close the session that the button names, if it is still open, and offer the styles."""
        found = await self._named(visit, session)
        if found is None:
            return Outcome(visit.audience.words.toast_unknown_button)
        if found.phase is not Phase.CLOSED and not await self.crew.closing.may_close(visit, found):
            return Outcome(visit.audience.words.toast_not_yours_to_close)
        if await self._close(visit, found) is None:
            return REPEATED
        other = await active_session(self.services.database.reader, visit.chat)
        if other is not None:
            words = visit.audience.words
            return Outcome(words.toast_under_way, lambda: self.entrance.say_under_way(visit.audience, other))
        return Outcome(visit.audience.words.toast_anew, lambda: self.entrance.offer_styles(visit.audience))

    async def end(self, visit: Visit, session: int | None = None) -> Outcome:
        """Close the session that a button names, or the one that is under way; what it has shown stays."""
        words, reader = visit.audience.words, self.services.database.reader
        found = await active_session(reader, visit.chat) if session is None else await self._named(visit, session)
        if found is None:
            return Outcome(words.stop_nothing if session is None else words.toast_unknown_button)
        if found.phase is not Phase.CLOSED and not await self.crew.closing.may_close(visit, found):
            return Outcome(words.toast_not_yours_to_close)
        closed = await self._close(visit, found)
        if closed is None:
            return REPEATED
        if not closed:
            return Outcome(words.toast_nothing_to_stop)
        return Outcome(words.toast_stopped, lambda: self._say_stopped(visit, found))

    async def show_best(self, visit: Visit, session: int | None = None) -> Outcome:
        """Show the best pictures of the session that a button names, or of the chat's last one."""
        words, reader = visit.audience.words, self.services.database.reader
        async with self.services.database.transaction() as tx:
            if not await enter(tx, visit, self.services.clock()):
                return REPEATED
        found = await latest_session(reader, visit.chat) if session is None else await self._named(visit, session)
        if found is None:
            return Outcome(words.nothing_under_way if session is None else words.toast_unknown_button)
        if not await favourites_of_session(reader, found.id, 1):
            return Outcome(words.toast_no_best)
        self.crew.show_best(found.id)
        return Outcome(words.toast_best_coming)

    async def leave(self, visit: Visit) -> None:
        """Suspend a chat that has blocked or removed the bot; its session waits."""
        now = self.services.clock()
        async with self.services.database.transaction() as tx:
            if await seen_update(tx, visit.update_id, now):
                return
            await ensure_chat(tx, visit.chat, visit.kind, visit.title, now)
            await suspend_chat(tx, visit.chat, now)
            session = await active_session(tx, visit.chat)
        if session is not None:
            await self.crew.halt(session.id)

    async def come_back(self, visit: Visit, greeting: str | None = None) -> None:
        """Go on in a chat that has let the bot in again, or greet one that has let it in and has nothing to go on."""
        async with self.services.database.transaction() as tx:
            is_new = await enter(tx, visit, self.services.clock())
            session = await active_session(tx, visit.chat)
        if not is_new:
            return
        if session is None and greeting is not None:
            await self.messenger.send(visit.audience, greeting)
        await self.wake(visit.chat)
        self.crew.timetable.wake()

    async def recount(self, chat: ChatId) -> None:
        """Look anew at who is awaited in a group whose members have changed; it may be complete without them."""
        self.crew.closing.forget_members(chat)
        session = await active_session(self.services.database.reader, chat)
        if session is not None and session.phase is Phase.VOTING:
            generation = await latest_generation(self.services.database.reader, session.id)
            if generation is not None:
                self.crew.count_votes(generation.id)

    async def move(self, old: ChatId, new: ChatId) -> None:
        """Follow a group that became a supergroup."""
        async with self.services.database.transaction() as tx:
            await rekey_chat(tx, old, new, self.services.clock())
        await self.languages.load(self.services.database.reader)
        await self.wake(new)

    async def wake(self, chat: ChatId) -> None:
        """Have done whatever the chat's session waits for, if it has one."""
        session = await active_session(self.services.database.reader, chat)
        if session is not None:
            self.crew.go_on(session.id)

    async def _named(self, visit: Visit, session: int) -> Session | None:
        """Find what a button names; None where there is no such session, or it is another chat's."""
        found = await find_session(self.services.database.reader, SessionId(session))
        return None if found is None or found.chat != visit.chat else found

    async def _close(self, visit: Visit, session: Session) -> bool | None:
        """Close a session, and return whether it was open; None where the update was seen before."""
        now = self.services.clock()
        # The work must not come to its end while it is being ended; where it is not, it goes on.
        await self.crew.halt(session.id)
        try:
            async with self.services.database.transaction() as tx:
                return await close_session(tx, session.id, now) if await enter(tx, visit, now) else None
        finally:
            self.crew.go_on(session.id)

    async def _say_stopped(self, visit: Visit, session: Session) -> None:
        words, reader = visit.audience.words, self.services.database.reader
        generations = await generations_of_session(reader, session.id)
        shown = [generation for generation in generations if generation.album_status is not AlbumStatus.NONE]
        text = words.stopped.format(number=shown[-1].number) if shown else words.stopped_early
        for generation in generations:
            if generation.progress_message_id is not None:
                await self.messenger.delete(visit.audience, generation.progress_message_id)
        await self.messenger.send(visit.audience, text, stopped_keyboard(words, session.id))
        if shown:
            self.crew.refresh(shown[-1].id)
