"""The timetable: carries out what falls due, and has itself woken for what is due next.

What is due stands in the database, so that a restart forgets nothing; what fell due meanwhile is done once, at the
start. The job queue holds one job alone, for the next moment. Knows nothing of the rules by which things fall due.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from telegram.error import TelegramError
from telegram.ext import CallbackContext, Job, JobQueue

from bot.closing import Closing, tick
from bot.companions import Companions
from bot.hours import next_daily, span, waking
from bot.messenger import ChatMovedError, ChatUnreachableError, Messenger
from bot.permits import NotPermittedError, check
from bot.services import Services
from bot.visits import audience_of
from bot.workers import Workers
from storage.chat_settings import settings_of_chat
from storage.database import Transaction
from storage.due import Due, Kind, arm, disarm, due_until, next_due
from storage.generations import Generation, find_generation, latest_generation
from storage.ids import GenerationId, SessionId
from storage.presences import turnout
from storage.sessions import Phase, Session, active_session, set_phase

log = logging.getLogger(__name__)

Queue = JobQueue[Any]
GoOn = Callable[[SessionId], None]
Refresh = Callable[[GenerationId], None]
_EVERYTHING = 0


class Timetable:
    """Does what is due; `wake` it after anything was written down to be due."""

    def __init__(
        self, services: Services, messenger: Messenger, closing: Closing, companions: Companions, queue: Queue | None
    ) -> None:
        """Without a `queue` nothing wakes it by itself."""
        self._services = services
        self._messenger = messenger
        self._closing = closing
        self._companions = companions
        self._queue = queue
        self._job: Job[Any] | None = None
        self._looking = Workers(self._look, "timetable")
        self._go_on: GoOn = lambda _: None
        self._refresh: Refresh = lambda _: None

    def serve(self, go_on: GoOn, refresh: Refresh) -> None:
        """Take whoever paints on and whoever redraws companions."""
        self._go_on, self._refresh = go_on, refresh

    def wake(self) -> None:
        """Look at what is due, now."""
        self._looking.wake(_EVERYTHING)

    @property
    def workers(self) -> Workers:
        """The worker that looks."""
        return self._looking

    async def _look(self, _: int) -> None:
        for due in await due_until(self._services.database.reader, self._services.clock()):
            await self._carry_out(due)
        await self._plan()

    async def _plan(self) -> None:
        """Have the job queue wake it at the next moment, and at no other."""
        if self._job is not None:
            self._job.schedule_removal()
            self._job = None
        at = await next_due(self._services.database.reader)
        if at is None or self._queue is None:
            return

        async def call(_: CallbackContext[Any, Any, Any, Any]) -> None:
            self._job = None
            self.wake()

        wait = max(at - self._services.clock(), timedelta(0))
        self._job = self._queue.run_once(call, wait, name="timetable", job_kwargs={"misfire_grace_time": None})

    async def _carry_out(self, due: Due) -> None:
        follow_up = await self._taken(due)
        if follow_up is None:
            return
        try:
            await follow_up()
        except (ChatUnreachableError, ChatMovedError) as error:
            log.info("chat %s: %s", due.chat, error)
        except TelegramError as error:
            log.warning("chat %s, %s: %s", due.chat, due.kind, error)

    async def _taken(self, due: Due) -> Callable[[], Awaitable[None]] | None:
        """Take a thing off the list, with what it does to the database; return what is to be said or done then."""
        now = self._services.clock()
        async with self._services.database.transaction() as tx:
            settings = await settings_of_chat(tx, due.chat)
            session = await active_session(tx, due.chat)
            last = None if session is None else await latest_generation(tx, session.id)
            # Whoever votes now is awake: only what comes unasked waits for the end of the quiet hours.
            if due.kind is not Kind.QUIET and (later := waking(settings, now)) > now:
                await arm(tx, replace(due, at=later))
                return None
            await disarm(tx, due.chat, due.kind)
            if due.kind is Kind.DAILY and (daily := next_daily(settings, now)) is not None:
                await arm(tx, Due(due.chat, Kind.DAILY, daily, None))
            is_open = session is not None and session.phase is Phase.VOTING and last is not None
            if not is_open or (due.generation is not None and last is not None and last.id != due.generation):
                return None
            assert session is not None and last is not None  # noqa: S101, PT018 - just looked at
            if due.kind is Kind.TICK:
                if settings.time_limit is not None:
                    await arm(tx, replace(due, at=now + tick(settings.time_limit)))
            elif due.kind is not Kind.REMINDER and await turnout(tx, last.id):
                try:
                    await check(tx, session.chat, session.started_by, session.album_size, now)
                except NotPermittedError as error:
                    await arm(tx, replace(due, at=error.again_at))
                    return None
                return await self._close(tx, session, last)
        return self._said(due.kind, session, last)

    async def _close(self, tx: Transaction, session: Session, generation: Generation) -> Callable[[], Awaitable[None]]:
        await set_phase(tx, session.id, Phase.VOTING, Phase.PAINTING, self._services.clock())

        async def follow_up() -> None:
            self._go_on(session.id)
            self._refresh(generation.id)

        return follow_up

    def _said(self, kind: Kind, session: Session, generation: Generation) -> Callable[[], Awaitable[None]]:
        async def follow_up() -> None:
            audience = await audience_of(self._services.database.reader, session)
            match kind:
                case Kind.REMINDER:
                    await self._remind(session, generation)
                case Kind.DAILY:
                    # Nobody has voted yet: the album of the day is the one that hangs there.
                    await self._companions.replace(audience, session, generation.id)
                case _:
                    self._refresh(generation.id)

        return follow_up

    async def _remind(self, session: Session, generation: Generation) -> None:
        reader, now = self._services.database.reader, self._services.clock()
        audience, settings = await audience_of(reader, session), await settings_of_chat(reader, session.chat)
        found = await find_generation(reader, generation.id)
        if settings.time_limit is None or found is None or found.voting_at is None or audience.is_private:
            return
        count = await self._closing.turnout(session, found)
        if count.is_complete:
            return
        left = span(audience.words, found.voting_at + settings.time_limit - now)
        text = audience.words.reminder if count.awaited is None else audience.words.reminder_of
        await self._messenger.send(
            audience,
            text.format(voted=count.voted, awaited=count.awaited, left=left),
            reply_to=found.companion_message_id,
        )
