"""The operators' desk: all that they can order, gathered in one register, with its start and its end."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram.ext import ExtBot

from bot.crew import Crew
from bot.menu import COMMANDS, TEACHING
from bot.operators.bans import Bans
from bot.operators.broadcasting import Broadcasting
from bot.operators.draining import Draining
from bot.operators.gate import Gate
from bot.operators.journal import Journal
from bot.operators.menus import Menus
from bot.operators.queue import Queue
from bot.operators.quotas import Quotas
from bot.operators.register import Register
from bot.operators.stats import Stats
from bot.services import Services

CLOSE_TIMEOUT_S = 2.7


class Desk:
    """Owns the operators' parts; `register` takes further commands until `start`."""

    def __init__(self, services: Services, bot: ExtBot[Any], crew: Crew) -> None:
        self.gate = Gate(services)
        self.menus = Menus(services, bot)
        self.bans = Bans(services, crew)
        self.queue = Queue(services, crew)
        self._draining = Draining(services, crew)
        self._broadcasting = Broadcasting(services, crew)
        self.register = Register()
        self.register.command("queue", self.queue.show)
        self.register.button("giveup", self.queue.cancel)
        self.register.command("stats", Stats(services, crew).show)
        self.register.command("ban", self.bans.ban)
        self.register.command("unban", self.bans.unban)
        self.register.command("quota", Quotas(services).set)
        self.register.command("drain", self._draining.drain)
        self.register.command("resume", self._draining.resume)
        self.register.command("broadcast", self._broadcasting.draft)
        self.register.button("castsend", self._broadcasting.confirm)
        self.register.button("caststop", self._broadcasting.discard)
        self.register.command("audit", Journal(services).show)

    async def start(self) -> None:
        """Show the commands to the operators, and go on with what a stop left unfinished."""
        await self.menus.start((*COMMANDS, *TEACHING, *self.register.commands))
        await self._draining.start()
        await self._broadcasting.start()

    async def close(self) -> None:
        """End all work within three seconds; the database says where to go on."""
        works = (self.menus.workers, self._draining.workers, self._broadcasting.workers)
        await asyncio.gather(*(workers.close(CLOSE_TIMEOUT_S) for workers in works))
