"""The languages that chats have chosen, held in memory, since every update asks for its chat's."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from bot.visits import Visit, visit_of
from storage.chats import languages_of_chats
from storage.database import Reader
from storage.ids import ChatId


class Languages:
    """Which chat is spoken to in which language; a chat that has chosen none is spoken to in each person's own."""

    def __init__(self) -> None:
        self._chosen: dict[ChatId, str] = {}

    async def load(self, reader: Reader) -> None:
        """Read all choices."""
        self._chosen = await languages_of_chats(reader)

    def learn(self, chat: ChatId, language: str | None) -> None:
        """Remember a choice, or that it was taken back."""
        if language is None:
            self._chosen.pop(chat, None)
        else:
            self._chosen[chat] = language

    def visit(self, update: Update) -> Visit | None:
        """Read the visit out of an update, as `visit_of` does, to be answered in the chat's language."""
        visit = visit_of(update)
        return None if visit is None else replace(visit, spoken=self._chosen.get(visit.chat))
