"""Whom operators' affairs speak to when nobody has just acted: a person in private, or a chat."""

from __future__ import annotations

from bot.visits import Audience
from bot.words import words_for
from storage.chats import find_chat
from storage.database import Reader
from storage.ids import ChatId, PersonId
from storage.people import find_person


async def audience_of_person(reader: Reader, person: PersonId | ChatId) -> Audience:
    """Find how a person in private, or a chat, is spoken to: in the chat's language, else in the person's own."""
    chat, found = await find_chat(reader, ChatId(person)), await find_person(reader, PersonId(person))
    chosen = None if chat is None else chat.language
    return Audience(ChatId(person), None, words_for(chosen or (None if found is None else found.language_code)))
