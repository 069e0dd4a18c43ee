"""Telegram's edge: reads updates into visits and presses, calls the use case, and says what came of it.

Owns which update means what, and the last resort when something fails. Knows nothing of how anything is done.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, PollAnswer, Update
from telegram.error import NetworkError, TelegramError
from telegram.ext import (
    Application,
    ApplicationHandlerStop,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    MessageReactionHandler,
    PollAnswerHandler,
    TypeHandler,
    filters,
)

from bot.ballots import Answer
from bot.callback_data import Mark, Operate, Press, Setting, StyleChoice, Teach, read
from bot.keeps import handlers as keeps
from bot.menu import operators_help
from bot.messenger import ChatMovedError, ChatUnreachableError
from bot.operators import handlers as operators
from bot.outcomes import Outcome
from bot.sessions import Sessions
from bot.teaching import handlers as teaching
from bot.visits import Audience, Visit
from bot.words import words_for
from storage.ids import ChatId, MessageId, PersonId

log = logging.getLogger(__name__)

# A failure that hits every update of a chat is told once in this time.
TELL_AGAIN_AFTER = timedelta(minutes=1)
# Before that of operators' handlers, which is before all others.
_GATE_GROUP = -2
_ABSENT = (ChatMember.LEFT, ChatMember.BANNED)

Context = CallbackContext[Any, Any, Any, Any]
App = Application[Any, Any, Any, Any, Any, Any]


def register(application: App, sessions: Sessions) -> None:
    """Add all handlers, and the one for errors, to the application."""
    edge = _Edge(sessions)
    fresh = filters.UpdateType.MESSAGE
    private = fresh & filters.ChatType.PRIVATE
    application.add_handler(TypeHandler(Update, edge.admit), group=_GATE_GROUP)
    application.add_handler(CallbackQueryHandler(edge.press))
    application.add_handler(CommandHandler("start", edge.start, fresh))
    application.add_handler(CommandHandler("new", edge.new, fresh))
    application.add_handler(CommandHandler("style", edge.style, fresh))
    application.add_handler(CommandHandler("best", edge.best, fresh))
    application.add_handler(CommandHandler("stop", edge.stop, fresh))
    application.add_handler(CommandHandler("settings", edge.settings, fresh))
    application.add_handler(CommandHandler("help", edge.help, fresh))
    keeps.register(application, sessions)
    operators.register(application, sessions)
    teaching.register(application, sessions)
    application.add_handler(MessageHandler(fresh & filters.StatusUpdate.MIGRATE, edge.migrate))
    application.add_handler(ChatMemberHandler(edge.membership, ChatMemberHandler.MY_CHAT_MEMBER))
    # Administrators hear of every change; every bot sees at least what the group itself is told.
    moves = filters.StatusUpdate.LEFT_CHAT_MEMBER | filters.StatusUpdate.NEW_CHAT_MEMBERS
    application.add_handler(ChatMemberHandler(edge.recount, ChatMemberHandler.CHAT_MEMBER))
    application.add_handler(MessageHandler(fresh & moves, edge.recount))
    application.add_handler(
        MessageReactionHandler(edge.react, message_reaction_types=MessageReactionHandler.MESSAGE_REACTION_UPDATED)
    )
    application.add_handler(PollAnswerHandler(edge.answer))
    application.add_handler(MessageHandler(private & filters.COMMAND, edge.unknown_command))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, edge.plain_text))
    application.add_error_handler(edge.fail)


class _Edge:
    """The handlers, with the sessions that they act on."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._told: dict[int, datetime] = {}

    async def admit(self, update: Update, _: Context) -> None:
        """Turn away the banned, and chats that are not on the list of the allowed, where there is one.

        Operators are always let in.
        """
        if await self._sessions.desk.bans.stops(update, self._sessions.languages.visit(update)):
            raise ApplicationHandlerStop
        settings, chat = self._sessions.services.settings, update.effective_chat
        if not settings.allowed_chats or chat is None or chat.id in settings.allowed_chats | settings.operators:
            return
        visit = self._sessions.languages.visit(update)
        if visit is not None:
            await self._turn_away(update, visit)
        raise ApplicationHandlerStop

    async def start(self, update: Update, context: Context) -> None:
        """Answer /start, or follow a link that somebody shared."""
        if visit := self._sessions.languages.visit(update):
            if context.args and await keeps.follow_link(self._sessions, visit, context.args[0]):
                return
            await self._sessions.entrance.greet(visit)

    async def new(self, update: Update, _: Context) -> None:
        """Answer /new."""
        if visit := self._sessions.languages.visit(update):
            await self._sessions.entrance.begin(visit, asks_style=False)

    async def style(self, update: Update, _: Context) -> None:
        """Answer /style."""
        if visit := self._sessions.languages.visit(update):
            await self._sessions.entrance.begin(visit, asks_style=True)

    async def best(self, update: Update, _: Context) -> None:
        """Answer /best."""
        if visit := self._sessions.languages.visit(update):
            outcome = await self._sessions.show_best(visit)
            await self._sessions.messenger.tell(visit.audience, outcome)

    async def stop(self, update: Update, _: Context) -> None:
        """Answer /stop."""
        if visit := self._sessions.languages.visit(update):
            await self._sessions.messenger.tell(visit.audience, await self._sessions.end(visit))

    async def settings(self, update: Update, _: Context) -> None:
        """Answer /settings."""
        if visit := self._sessions.languages.visit(update):
            await self._sessions.messenger.tell(visit.audience, await self._sessions.configuring.open(visit))

    async def help(self, update: Update, _: Context) -> None:
        """Answer /help."""
        if visit := self._sessions.languages.visit(update):
            words = visit.audience.words
            text = words.help.format(person=visit.person)
            is_operator = visit.person in self._sessions.services.settings.operators
            if is_operator and visit.audience.is_private:
                text += f"\n\n{operators_help(words, self._sessions.desk.register.commands)}"
            await self._sessions.hear(visit, text)

    async def unknown_command(self, update: Update, _: Context) -> None:
        """Answer a command that there is not."""
        if visit := self._sessions.languages.visit(update):
            await self._sessions.hear(visit, visit.audience.words.unknown_command)

    async def plain_text(self, update: Update, _: Context) -> None:
        """Answer whatever else is written or sent in a private chat; of an album, its first item alone."""
        message, visit = update.effective_message, self._sessions.languages.visit(update)
        if visit is not None and message is not None and (message.media_group_id is None or message.caption):
            await self._sessions.hear(visit, visit.audience.words.plain_text)

    async def migrate(self, update: Update, _: Context) -> None:
        """Follow a group to its new id; both chats get a message about it."""
        message = update.effective_message
        if message is None:
            return
        if message.migrate_to_chat_id is not None:
            await self._sessions.move(ChatId(message.chat_id), ChatId(message.migrate_to_chat_id))
        elif message.migrate_from_chat_id is not None:
            await self._sessions.move(ChatId(message.migrate_from_chat_id), ChatId(message.chat_id))

    async def membership(self, update: Update, _: Context) -> None:
        """Hear that the bot was blocked or removed, or let in again."""
        visit, change = self._sessions.languages.visit(update), update.my_chat_member
        if visit is None or change is None:
            return
        if _is_absent(change):
            await self._sessions.leave(visit)
        else:
            is_new = change.old_chat_member.status in _ABSENT and not visit.audience.is_private
            await self._sessions.come_back(visit, visit.audience.words.group_greeting if is_new else None)

    async def recount(self, update: Update, _: Context) -> None:
        """Hear that somebody has come or gone, or is somebody else in the group now."""
        if update.effective_chat is not None:
            await self._sessions.recount(ChatId(update.effective_chat.id))

    async def react(self, update: Update, _: Context) -> None:
        """Hear of a reaction: whoever gives one to an album is there."""
        visit, reaction = self._sessions.languages.visit(update), update.message_reaction
        if visit is not None and reaction is not None:
            message, is_there = MessageId(reaction.message_id), bool(reaction.new_reaction)
            await self._sessions.generations.react(visit, message, is_there=is_there)

    async def answer(self, update: Update, _: Context) -> None:
        """Hear of an answer to a poll, by a person or by whoever acts as a chat."""
        if update.poll_answer is not None and (answer := _answer(update.update_id, update.poll_answer)) is not None:
            generation = await self._sessions.crew.ballots.take(answer)
            if generation is not None:
                self._sessions.crew.count_votes(generation)

    async def press(self, update: Update, _: Context) -> None:
        """Act on a button, answer the press, then do what follows."""
        began = time.monotonic()
        query, visit = update.callback_query, self._sessions.languages.visit(update)
        if query is None:
            return
        if visit is None or query.message is None:
            # An inline message's button, or a message too old for Telegram to name its chat: none of ours.
            words = words_for(query.from_user.language_code)
            await self._sessions.messenger.answer(query.id, words.toast_unknown_button)
            return
        outcome = await self._act(update, visit, query, MessageId(query.message.message_id))
        await self._sessions.messenger.answer(query.id, outcome.toast)
        self._sessions.services.meters.tap(time.monotonic() - began)
        if outcome.then is not None:
            await outcome.then()

    async def fail(self, update: object, context: Context) -> None:
        """Log what nobody has dealt with, and tell the person that nothing is lost."""
        error, visit = context.error, self._sessions.languages.visit(update) if isinstance(update, Update) else None
        if isinstance(error, ChatUnreachableError | ChatMovedError):
            log.info("chat %s: %s", None if visit is None else visit.chat, error)
            return
        self._sessions.services.meters.failure()
        if visit is None or not isinstance(update, Update):
            log.error("not in a chat: %r", error, exc_info=None if isinstance(error, NetworkError) else error)
            return
        log.error("chat %s: %r", visit.chat, error, exc_info=error)
        words, now = visit.audience.words, self._sessions.services.clock()
        if update.callback_query is not None:
            await self._sessions.messenger.answer(update.callback_query.id, words.something_failed)
        elif now - self._told.get(visit.chat, now - TELL_AGAIN_AFTER) >= TELL_AGAIN_AFTER:
            self._told = {chat: at for chat, at in self._told.items() if now - at < TELL_AGAIN_AFTER}
            self._told[visit.chat] = now
            await self._try_to_send(visit.audience, words.something_failed)

    async def _act(self, update: Update, visit: Visit, query: CallbackQuery, message: MessageId) -> Outcome:
        sessions, generations = self._sessions, self._sessions.generations
        data = read(query.data)
        if isinstance(data, Operate):
            return await operators.press(sessions, update, visit, message, data)
        if (outcome := await keeps.press(sessions, visit, message, data)) is not None:
            return outcome
        match data:
            case Mark() as mark:
                return await generations.mark(visit, message, mark)
            case Setting() as wish:
                return await sessions.configuring.press(visit, message, wish)
            case Teach() as teach:
                return await teaching.press(sessions, update, visit, teach)
            case StyleChoice(name):
                return await sessions.entrance.choose(visit, name)
            case Press("next", generation):
                return await generations.next(visit, generation)
            case Press("sure", generation):
                return await generations.close_anyway(visit, message, generation)
            case Press("cancel", generation):
                return await generations.cancel(visit, message, generation)
            case Press("show", generation):
                return await generations.show_again(visit, generation)
            case Press("best", session):
                return await sessions.show_best(visit, session)
            case Press("stop", session):
                return await sessions.end(visit, session)
            case Press("retry", session):
                return await sessions.retry(visit, session)
            case Press("goon", session):
                return await sessions.go_on(visit, message, session)
            case Press("anew", session):
                return await sessions.begin_anew(visit, session)
        log.info("chat %s: a button that is none of ours", visit.chat)
        return Outcome(visit.audience.words.toast_unknown_button)

    async def _turn_away(self, update: Update, visit: Visit) -> None:
        words, message = visit.audience.words, update.message
        if update.callback_query is not None:
            await self._sessions.messenger.answer(update.callback_query.id, words.toast_not_allowed)
        elif message is not None and (visit.audience.is_private or (message.text or "").startswith("/")):
            await self._try_to_send(visit.audience, words.not_allowed.format(chat=visit.chat))

    async def _try_to_send(self, audience: Audience, text: str) -> None:
        try:
            await self._sessions.messenger.send(audience, text)
        except (TelegramError, ChatUnreachableError, ChatMovedError) as error:
            log.info("chat %s was not told: %s", audience.chat, error)


def _answer(update_id: int, said: PollAnswer) -> Answer | None:
    options = tuple(said.option_ids)
    if said.user is not None:
        user = said.user
        return Answer(update_id, said.poll_id, PersonId(user.id), user.first_name, user.language_code, options)
    if said.voter_chat is not None:
        chat = said.voter_chat
        return Answer(update_id, said.poll_id, PersonId(chat.id), chat.title or str(chat.id), None, options)
    return None


def _is_absent(change: ChatMemberUpdated) -> bool:
    return change.new_chat_member.status in _ABSENT
