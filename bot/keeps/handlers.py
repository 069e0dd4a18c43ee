"""Telegram's edge of what a person keeps: which command and which button means what."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, CommandHandler, filters

from bot.callback_data import Data, Original
from bot.keeps.keepsakes import Keepsake
from bot.outcomes import Outcome
from bot.sessions import Sessions
from bot.visits import Visit, visit_of

Context = CallbackContext[Any, Any, Any, Any]
App = Application[Any, Any, Any, Any, Any, Any]


def register(application: App, sessions: Sessions) -> None:
    """Add the commands to the application."""
    edge, fresh = _Edge(sessions), filters.UpdateType.MESSAGE
    application.add_handler(CommandHandler("original", edge.original, fresh))
    application.add_handler(CommandHandler("taste", edge.taste, fresh))
    application.add_handler(CommandHandler("lineage", edge.lineage, fresh))


async def press(sessions: Sessions, visit: Visit, data: Data | None) -> Outcome | None:
    """Act on a button of this part; None where it is another's."""
    match data:
        case Original() as wish:
            return await sessions.keeping.pressed_original(visit, wish)
    return None


class _Edge:
    """The commands, with the sessions that they act on."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def original(self, update: Update, context: Context) -> None:
        """Answer /original."""
        if visit := visit_of(update):
            said = " ".join(context.args or ())
            await self._tell(visit, await self._sessions.keeping.original(visit, said))

    async def taste(self, update: Update, _: Context) -> None:
        """Answer /taste."""
        await self._of_session(update, Keepsake.TASTE)

    async def lineage(self, update: Update, _: Context) -> None:
        """Answer /lineage."""
        await self._of_session(update, Keepsake.LINEAGE)

    async def _of_session(self, update: Update, keepsake: Keepsake) -> None:
        if visit := visit_of(update):
            await self._tell(visit, await self._sessions.keeping.of_session(visit, keepsake))

    async def _tell(self, visit: Visit, outcome: Outcome) -> None:
        await self._sessions.messenger.tell(visit.audience, outcome)
