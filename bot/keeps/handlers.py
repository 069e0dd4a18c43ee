"""Telegram's edge of what a person keeps: which command and which button means what."""

from __future__ import annotations

import re
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, CommandHandler, MessageHandler, filters

from bot.callback_data import Data, Original, Press
from bot.keeps.keepsakes import Keepsake
from bot.keeps.sharing import token_of
from bot.outcomes import Outcome
from bot.sessions import Sessions
from bot.visits import Visit
from storage.ids import MessageId
from storage.shares import ShareKind

_IMPORT = re.compile(r"^/import(@\w+)?\b")

Context = CallbackContext[Any, Any, Any, Any]
App = Application[Any, Any, Any, Any, Any, Any]


def register(application: App, sessions: Sessions) -> None:
    """Add the commands to the application."""
    edge, fresh = _Edge(sessions), filters.UpdateType.MESSAGE
    application.add_handler(CommandHandler("original", edge.original, fresh))
    application.add_handler(CommandHandler("paint", edge.paint, fresh))
    application.add_handler(CommandHandler("taste", edge.taste, fresh))
    application.add_handler(CommandHandler("lineage", edge.lineage, fresh))
    application.add_handler(CommandHandler("export", edge.export, fresh))
    application.add_handler(CommandHandler("share", edge.share, fresh))
    application.add_handler(CommandHandler("blend", edge.blend, fresh))
    application.add_handler(CommandHandler("import", edge.take_in, fresh))
    application.add_handler(CommandHandler("forget", edge.forget, fresh))
    captioned = fresh & filters.Document.ALL & filters.CaptionRegex(_IMPORT)
    model = fresh & filters.ChatType.PRIVATE & filters.Document.FileExtension("json")
    application.add_handler(MessageHandler(captioned | model, edge.take_in))


async def press(sessions: Sessions, visit: Visit, message: MessageId, data: Data | None) -> Outcome | None:
    """Act on a button of this part; None where it is another's."""
    match data:
        case Original() as wish:
            return await sessions.keeping.pressed_original(visit, wish)
        case Press("unshare", share):
            return await sessions.keeping.sharing.stop(visit, message, share)
        case Press("forget", person):
            return await sessions.keeping.forgetting.erase(visit, message, person)
        case Press("keep", person):
            return await sessions.keeping.forgetting.keep(visit, message, person)
    return None


async def follow_link(sessions: Sessions, visit: Visit, payload: str) -> bool:
    """Begin with what a link shares; return whether it is such a link at all."""
    token = token_of(payload)
    if token is None:
        return False
    await sessions.messenger.tell(visit.audience, await sessions.keeping.sharing.open(visit, token))
    return True


class _Edge:
    """The commands, with the sessions that they act on."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def original(self, update: Update, context: Context) -> None:
        """Answer /original."""
        if visit := self._sessions.languages.visit(update):
            said = " ".join(context.args or ())
            await self._tell(visit, await self._sessions.keeping.original(visit, said))

    async def paint(self, update: Update, context: Context) -> None:
        """Answer /paint."""
        if visit := self._sessions.languages.visit(update):
            said = " ".join(context.args or ())
            await self._tell(visit, await self._sessions.keeping.paint(visit, said))

    async def taste(self, update: Update, _: Context) -> None:
        """Answer /taste."""
        await self._of_session(update, Keepsake.TASTE)

    async def lineage(self, update: Update, _: Context) -> None:
        """Answer /lineage."""
        await self._of_session(update, Keepsake.LINEAGE)

    async def export(self, update: Update, _: Context) -> None:
        """Answer /export."""
        await self._of_session(update, Keepsake.EXPORT)

    async def share(self, update: Update, _: Context) -> None:
        """Answer /share."""
        await self._offer(update, ShareKind.COPY)

    async def blend(self, update: Update, _: Context) -> None:
        """Answer /blend."""
        await self._offer(update, ShareKind.BLEND)

    async def take_in(self, update: Update, _: Context) -> None:
        """Answer /import: as the caption of a file, in reply to one, or alone; in private a file will do."""
        visit, message = self._sessions.languages.visit(update), update.effective_message
        if visit is None or message is None:
            return
        replied = message.reply_to_message
        document = message.document or (None if replied is None else replied.document)
        if document is None:
            await self._sessions.hear(visit, visit.audience.words.import_how)
            return
        begin = self._sessions.keeping.importing.begin
        await self._tell(visit, await begin(visit, document.file_id, document.file_size))

    async def forget(self, update: Update, _: Context) -> None:
        """Answer /forget."""
        if visit := self._sessions.languages.visit(update):
            await self._tell(visit, await self._sessions.keeping.forgetting.ask(visit))

    async def _offer(self, update: Update, kind: ShareKind) -> None:
        if visit := self._sessions.languages.visit(update):
            await self._tell(visit, await self._sessions.keeping.sharing.offer(visit, kind))

    async def _of_session(self, update: Update, keepsake: Keepsake) -> None:
        if visit := self._sessions.languages.visit(update):
            await self._tell(visit, await self._sessions.keeping.of_session(visit, keepsake))

    async def _tell(self, visit: Visit, outcome: Outcome) -> None:
        await self._sessions.messenger.tell(visit.audience, outcome)
