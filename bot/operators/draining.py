"""/drain and /resume: finish what runs, take no new work, say when it is safe to stop. A restart forgets neither."""

from __future__ import annotations

import logging

from telegram.error import TelegramError

from bot.crew import Crew
from bot.messenger import ChatMovedError, ChatUnreachableError
from bot.operators.register import Order
from bot.outcomes import Outcome
from bot.services import Services
from bot.visits import audience_of_chat
from bot.workers import Workers
from storage.drains import begin_drain, end_drain, find_drain
from storage.ids import ChatId
from storage.sessions import Phase, unfinished_sessions

log = logging.getLogger(__name__)

_THE_ONE = 0


class Draining:
    """Begins and ends a drain, and watches for its end."""

    def __init__(self, services: Services, crew: Crew) -> None:
        self._services = services
        self._crew = crew
        self.workers = Workers(self._watch, "drain")

    async def start(self) -> None:
        """Go on with a drain that a stop came into."""
        if await find_drain(self._services.database.reader) is not None:
            self.workers.wake(_THE_ONE)

    async def drain(self, order: Order) -> Outcome:
        """Answer /drain."""
        async with self._services.database.transaction() as tx:
            await begin_drain(tx, order.visit.person, self._services.clock())

        async def follow_up() -> None:
            await self._crew.messenger.send(order.visit.audience, order.words.drain_begun)
            self.workers.wake(_THE_ONE)

        return Outcome(None, follow_up)

    async def resume(self, order: Order) -> Outcome:
        """Answer /resume."""
        async with self._services.database.transaction() as tx:
            was_drained = await end_drain(tx)
        if not was_drained:
            return Outcome(order.words.resume_nothing)
        for session in await unfinished_sessions(self._services.database.reader):
            if session.phase is Phase.PAINTING:
                self._crew.go_on(session.id)
        self._crew.timetable.wake()
        return Outcome(order.words.resume_done)

    async def _watch(self, _: int) -> None:
        await self._crew.rest()
        drain = await find_drain(self._services.database.reader)
        if drain is None:
            return
        audience = await audience_of_chat(self._services.database.reader, ChatId(drain.asked_by))
        log.info("drained: nothing is painted or sent, it is safe to stop")
        try:
            await self._crew.messenger.send(audience, audience.words.drain_safe, must_arrive=True)
        except (TelegramError, ChatUnreachableError, ChatMovedError) as error:
            log.warning("operator %s was not told that it is safe to stop: %s", drain.asked_by, error)
