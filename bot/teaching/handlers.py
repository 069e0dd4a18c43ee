"""Telegram's edge of teaching: commands, pictures and lines of text of operators."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from telegram import BotCommand, BotCommandScopeChat, Message, Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    ApplicationHandlerStop,
    CallbackContext,
    CommandHandler,
    ExtBot,
    MessageHandler,
    filters,
)

from bot.outcomes import Outcome
from bot.sessions import Sessions
from bot.teaching.audience import audience_in
from bot.teaching.teaching import Teaching
from bot.visits import Audience
from bot.words import Words
from storage.database import Reader
from storage.ids import ChatId
from storage.lessons import NewLessonFile

Context = CallbackContext[Any, Any, Any, Any]
App = Application[Any, Any, Any, Any, Any, Any]
Menu = Callable[[Words], Sequence[BotCommand]]
Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

COMMANDS = ("newstyle", "done", "train", "slider", "try", "publish", "rollback", "retrain", "styles")
_GROUP = -1
_MOST_WORDS = 1000


def register(application: App, sessions: Sessions) -> None:
    """Add the handlers; what they take goes no further."""
    edge, fresh = _Edge(sessions), filters.UpdateType.MESSAGE
    for command in COMMANDS:
        application.add_handler(CommandHandler(command, edge.answering(command), fresh), group=_GROUP)
    sent = (filters.PHOTO | filters.Document.ALL | filters.TEXT) & ~filters.COMMAND
    operators = filters.User(user_id=sorted(sessions.services.settings.operators))
    wanted = fresh & filters.ChatType.PRIVATE & operators & sent
    application.add_handler(MessageHandler(wanted, edge.message), group=_GROUP)


async def tell_commands(bot: ExtBot[Any], reader: Reader, operators: frozenset[int], everybodys: Menu) -> list[str]:
    """Show each operator the commands in their private chat; returns what Telegram said where it refused."""
    problems = []
    for operator in sorted(operators):
        words = (await audience_in(reader, ChatId(operator))).words
        own = [BotCommand(name, getattr(words, f"command_{name}")) for name in COMMANDS]
        try:
            await bot.set_my_commands([*everybodys(words), *own], BotCommandScopeChat(operator))
        except TelegramError as error:
            problems.append(f"operator {operator}: {error}")
    return problems


class _Edge:
    """The handlers, with the sessions that they act on."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @property
    def _teaching(self) -> Teaching:
        return self._sessions.teaching

    def answering(self, command: str) -> Handler:
        """Make the handler of a command."""

        async def answer(update: Update, context: Context) -> None:
            if visit := self._sessions.languages.visit(update):
                outcome = await self._teaching.command(visit, command, list(context.args or ()))
                await self._tell(visit.audience, outcome)
            raise ApplicationHandlerStop

        return answer

    async def message(self, update: Update, _: Context) -> None:
        """Take what an operator sends while a lesson goes on; all else is for the other handlers."""
        visit, message = self._sessions.languages.visit(update), update.effective_message
        lesson = None if visit is None else await self._teaching.open_lesson(visit)
        if visit is None or message is None or lesson is None:
            return
        if (new := file_of(message)) is not None:
            await self._teaching.lessons.receive(visit, lesson, new)
        else:
            await self._tell(visit.audience, await self._teaching.lessons.hear(visit, lesson, message.text or ""))
        raise ApplicationHandlerStop

    async def _tell(self, audience: Audience, outcome: Outcome) -> None:
        """Answer a command: what a press would hear as a toast, then what follows."""
        if outcome.toast is not None:
            await self._sessions.messenger.send(audience, outcome.toast)
        if outcome.then is not None:
            await outcome.then()


def file_of(message: Message) -> NewLessonFile | None:
    """Read the file out of a message: a document, or a photo in its largest size."""
    words = (message.caption or "")[:_MOST_WORDS]
    if message.document is not None:
        document = message.document
        name = document.file_name or "file"
        return NewLessonFile(document.file_id, name[:100], document.file_size, message.media_group_id, words)
    if message.photo:
        photo = message.photo[-1]
        name = f"photo {message.message_id}"
        return NewLessonFile(photo.file_id, name, photo.file_size, message.media_group_id, words)
    return None
