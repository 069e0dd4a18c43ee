"""The operators' desk: all that they can order, gathered in one register, with its start and its end."""

from __future__ import annotations

from typing import Any

from telegram.ext import ExtBot

from bot.menu import COMMANDS
from bot.operators.gate import Gate
from bot.operators.journal import Journal
from bot.operators.menus import Menus
from bot.operators.register import Register
from bot.services import Services

CLOSE_TIMEOUT_S = 2.7


class Desk:
    """Owns the operators' parts; `register` takes further commands until `start`."""

    def __init__(self, services: Services, bot: ExtBot[Any]) -> None:
        self.gate = Gate(services)
        self.menus = Menus(services, bot)
        self.register = Register()
        self.register.command("audit", Journal(services).show)

    async def start(self) -> None:
        """Show the commands to the operators, and go on with what a stop left unfinished."""
        await self.menus.start((*COMMANDS, *self.register.commands))

    async def close(self) -> None:
        """End all work within three seconds."""
        await self.menus.workers.close(CLOSE_TIMEOUT_S)
