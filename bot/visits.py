"""A visit: one update, reduced to who did something where; and the audience that an answer speaks to.

Owns how Telegram's chats and people become rows. Knows nothing of what the visitor wants.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from telegram import Update

from bot.words import Words, words_for
from storage.chats import ChatKind, ensure_chat, find_chat, revive_chat
from storage.database import Reader, Transaction
from storage.ids import ChatId, PersonId, ThreadId
from storage.people import ensure_person, find_person
from storage.sessions import Session
from storage.updates import seen_update


@dataclass(frozen=True, slots=True)
class Audience:
    """Where to speak, and in which words."""

    chat: ChatId
    thread: ThreadId | None
    words: Words

    @property
    def is_private(self) -> bool:
        """Whether it is one person's own chat; Telegram gives those positive ids."""
        return self.chat > 0


@dataclass(frozen=True, slots=True)
class Visit:
    """One update: who acted, in which chat. Somebody who acts as a chat has that chat's id and title.

    `language` is the person's own, `spoken` the chat's choice, where it has made one.
    """

    update_id: int
    chat: ChatId
    kind: ChatKind
    title: str
    thread: ThreadId | None
    person: PersonId
    first_name: str
    language: str | None
    spoken: str | None = None

    @property
    def audience(self) -> Audience:
        """Where to answer the visitor: in the chat's language, else in the visitor's own."""
        return Audience(self.chat, self.thread, words_for(self.spoken or self.language))


def visit_of(update: Update) -> Visit | None:
    """Read the visit out of an update; None where it has no chat or nobody acted (a channel's post, for one)."""
    chat, user, message = update.effective_chat, update.effective_user, update.effective_message
    # An anonymous administrator writes as the group; a press, unlike a message, names the person in any case.
    writes_as = message.sender_chat if message is not None and update.callback_query is None else None
    if update.message_reaction is not None:
        writes_as = update.message_reaction.actor_chat
    if chat is None or (user is None and writes_as is None):
        return None
    thread = message.message_thread_id if message is not None and message.is_topic_message else None
    title = chat.title or chat.first_name or chat.username or str(chat.id)
    if writes_as is not None:
        person, name, language = writes_as.id, writes_as.title or str(writes_as.id), None
    else:
        assert user is not None  # noqa: S101 checked above
        person, name, language = user.id, user.first_name, user.language_code
    return Visit(
        update_id=update.update_id,
        chat=ChatId(chat.id),
        kind=ChatKind(chat.type),
        title=title,
        thread=None if thread is None else ThreadId(thread),
        person=PersonId(person),
        first_name=name,
        language=language,
    )


async def enter(tx: Transaction, visit: Visit, at: datetime) -> bool:
    """Make chat and person known; return whether the update is new. Part of the transaction that acts on it.

    A visit that is seen, but whose transaction fails, was never there: Telegram's repetition is then acted on.
    """
    if await seen_update(tx, visit.update_id, at):
        return False
    await ensure_chat(tx, visit.chat, visit.kind, visit.title, at)
    await ensure_person(tx, visit.person, visit.first_name, visit.language, at)
    await revive_chat(tx, visit.chat)
    return True


async def audience_of(reader: Reader, session: Session) -> Audience:
    """Find where a session speaks: in the chat's own language, else in that of whoever started it."""
    chat = await find_chat(reader, session.chat)
    language = None if chat is None else chat.language
    if language is None and session.started_by is not None:
        person = await find_person(reader, session.started_by)
        language = None if person is None else person.language_code
    return Audience(session.chat, session.message_thread_id, words_for(language))


async def audience_of_chat(reader: Reader, chat: ChatId) -> Audience:
    """Find how a chat is spoken to when nobody has just acted: in its own language, else in that of its person."""
    known, person = await find_chat(reader, chat), await find_person(reader, PersonId(chat))
    chosen = None if known is None else known.language
    return Audience(chat, None, words_for(chosen or (None if person is None else person.language_code)))
