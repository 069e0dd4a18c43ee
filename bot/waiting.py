"""Sessions that wait for room on the disk: goes on with them when there is some, and tells the operators once.

Knows nothing of what a session does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from telegram.error import TelegramError

from bot.messenger import ChatMovedError, ChatUnreachableError, Messenger
from bot.room import NoRoomError, Room, free_bytes
from bot.services import Services
from bot.visits import Audience
from bot.words import words_for
from bot.workers import Workers
from storage.errors import StorageError
from storage.ids import ChatId, PersonId, SessionId
from storage.people import find_person

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 60.0
_DISK = 0


class Waiting:
    """Looks for room now and again, for as long as a session waits for it."""

    def __init__(
        self, services: Services, messenger: Messenger, room: Room, go_on: Callable[[SessionId], None]
    ) -> None:
        self._services = services
        self._messenger = messenger
        self._room = room
        self._go_on = go_on
        self._sessions: set[SessionId] = set()
        self._watch = Workers(self._look, "room on disk")

    async def add(self, session: SessionId) -> None:
        """Go on with a session as soon as there is room; the first to wait is told to the operators."""
        is_news = not self._sessions
        self._sessions.add(session)
        self._watch.wake(_DISK)
        if is_news:
            await self._tell_operators()

    async def close(self, timeout_s: float) -> None:
        """Look no more."""
        await self._watch.close(timeout_s)

    async def _look(self, _: int) -> None:
        while self._sessions:
            await asyncio.sleep(LOOK_AGAIN_S)
            try:
                await self._room.make()
            except (NoRoomError, StorageError) as error:
                log.warning("painting rests: %s", error)
            else:
                sessions, self._sessions = self._sessions, set()
                for session in sessions:
                    self._go_on(session)

    async def _tell_operators(self) -> None:
        settings = self._services.settings
        free = f"{free_bytes(settings.data) / 1e9:.1f}"
        for operator in settings.operators:
            person = await find_person(self._services.database.reader, PersonId(operator))
            words = words_for(None if person is None else person.language_code)
            said = words.no_room_operators.format(free=free, budget=f"{settings.disk_budget / 1e9:g}")
            try:
                await self._messenger.send(Audience(ChatId(operator), None, words), said)
            except (TelegramError, ChatUnreachableError, ChatMovedError) as error:
                log.warning("operator %d was not told that the disk is full: %s", operator, error)
