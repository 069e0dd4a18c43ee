"""Telegram's edge of teaching: commands, pictures and lines of text of operators."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Message, Update
from telegram.ext import (
    Application,
    ApplicationHandlerStop,
    CallbackContext,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.callback_data import Teach
from bot.menu import TEACHING
from bot.outcomes import REPEATED, Outcome
from bot.sessions import Sessions
from bot.teaching.teaching import Teaching
from bot.visits import Audience, Visit
from storage.lessons import NewLessonFile

Context = CallbackContext[Any, Any, Any, Any]
App = Application[Any, Any, Any, Any, Any, Any]
Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

_GROUP = -1
_MOST_WORDS = 1000


def register(application: App, sessions: Sessions) -> None:
    """Add the handlers; what they take goes no further."""
    edge, fresh = _Edge(sessions), filters.UpdateType.MESSAGE
    for command in TEACHING:
        application.add_handler(CommandHandler(command, edge.answering(command), fresh), group=_GROUP)
    sent = (filters.PHOTO | filters.Document.ALL | filters.TEXT) & ~filters.COMMAND
    operators = filters.User(user_id=sorted(sessions.services.settings.operators))
    wanted = fresh & filters.ChatType.PRIVATE & operators & sent
    application.add_handler(MessageHandler(wanted, edge.message), group=_GROUP)


async def press(sessions: Sessions, update: Update, visit: Visit, teach: Teach) -> Outcome:
    """Act on an operator's button, whoever presses it and wherever it was forwarded to."""
    details = {"subject": str(teach.id), "value": "" if teach.index is None else str(teach.index)}
    admitted = await sessions.desk.gate.admit(update, visit, f"button {teach.verb}", details, enters=False)
    if isinstance(admitted, str):
        return Outcome(admitted)
    return await sessions.teaching.press(visit, teach) if admitted else REPEATED


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
                await self._tell(visit.audience, await self._obey(update, visit, command, list(context.args or ())))
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

    async def _obey(self, update: Update, visit: Visit, command: str, typed: list[str]) -> Outcome:
        gate = self._sessions.desk.gate
        admitted = await gate.admit(update, visit, f"/{command}", {"text": " ".join(typed)}, enters=False)
        if isinstance(admitted, str):
            return Outcome(admitted)
        return await self._teaching.command(visit, command, typed) if admitted else REPEATED

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
