"""Shows the operators' commands in the menus of their private chats, and of no others."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.services import Services
from bot.visits import audience_of_chat
from bot.workers import Workers
from storage.audit import actors_of_audit
from storage.ids import ChatId, PersonId

log = logging.getLogger(__name__)


class Menus:
    """One menu an operator; what it shows is no permission, and who is none any more loses it."""

    def __init__(self, services: Services, bot: ExtBot[Any]) -> None:
        self._services = services
        self._bot = bot
        self._names: tuple[str, ...] = ()
        self._shown: set[PersonId] = set()
        self.workers = Workers(self._tell, "menu of operator")

    async def start(self, names: Iterable[str]) -> None:
        """Have the menus set; `names` are those of all commands, in their order."""
        self._names = tuple(names)
        operators = {PersonId(one) for one in self._services.settings.operators}
        for person in operators | await actors_of_audit(self._services.database.reader):
            if person > 0:
                self.workers.wake(person)

    def show(self, person: PersonId) -> None:
        """Have an operator's menu set, where that has not been possible so far: Telegram must know the chat."""
        if person not in self._shown:
            self.workers.wake(person)

    async def _tell(self, key: int) -> None:
        person = PersonId(key)
        audience = await audience_of_chat(self._services.database.reader, ChatId(key))
        words, scope = audience.words, BotCommandScopeChat(key)
        try:
            if key in self._services.settings.operators:
                menu = [BotCommand(name, getattr(words, f"command_{name}")) for name in self._names]
                await self._bot.set_my_commands(menu, scope=scope)
                self._shown.add(person)
            else:
                await self._bot.delete_my_commands(scope=scope)
        except TelegramError as error:
            log.info("the menu of operator %s was not set: %s", key, error)
