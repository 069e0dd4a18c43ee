"""Where an operator is spoken to when it was not they who spoke: their private chat, in its language."""

from __future__ import annotations

from bot.visits import Audience
from bot.words import words_for
from storage.chats import find_chat
from storage.database import Reader
from storage.ids import ChatId, PersonId
from storage.people import find_person


async def audience_in(reader: Reader, chat: ChatId) -> Audience:
    """Find how an operator's private chat is spoken to: in the language it chose, else in the person's own."""
    known, person = await find_chat(reader, chat), await find_person(reader, PersonId(chat))
    chosen = None if known is None else known.language
    return Audience(chat, None, words_for(chosen or (None if person is None else person.language_code)))
