"""/settings: one message whose keyboard shows what a chat has chosen and changes it; in groups for administrators.

Each press is checked anew, since keyboards can be pressed by anybody and their data forged. Knows nothing of updates.
"""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callback_data import Setting, write
from bot.choices import LANGUAGE, NONE, Chosen, Field, field_of, fields
from bot.crew import Crew
from bot.hours import next_daily
from bot.languages import Languages
from bot.outcomes import REPEATED, Outcome
from bot.services import Services
from bot.visits import Audience, Visit, enter
from bot.words import Words, words_for
from storage.chat_settings import ChatSettings, save_settings, settings_of_chat
from storage.chats import find_chat, set_language
from storage.database import Reader, Transaction
from storage.due import Due, Kind, arm, disarm
from storage.generations import latest_generation
from storage.ids import ChatId, MessageId
from storage.sessions import Phase, active_session, set_album_size

_IN_ROW = 3


class Configuring:
    """The use cases of the settings."""

    def __init__(self, services: Services, crew: Crew, languages: Languages) -> None:
        self._services = services
        self._crew = crew
        self._languages = languages

    async def open(self, visit: Visit) -> Outcome:
        """Send the menu."""
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
        if not await self._may(visit):
            return Outcome(visit.audience.words.settings_administrators)
        chosen = await self._chosen(self._services.database.reader, visit.chat)

        async def send() -> None:
            words = visit.audience.words
            await self._crew.messenger.send(
                visit.audience, words.settings_title, _menu(words, chosen, is_private=visit.audience.is_private)
            )

        return Outcome(None, send)

    async def press(self, visit: Visit, message: MessageId, wish: Setting) -> Outcome:
        """Show all settings, or the choices of one, or make a choice."""
        words, is_private = visit.audience.words, visit.audience.is_private
        if not await self._may(visit):
            return Outcome(words.toast_administrators_only)
        field = field_of(wish.field, is_private=is_private)
        if wish.field and field is None:
            return Outcome(words.toast_unknown_button)
        if field is not None and not wish.value:
            chosen = await self._chosen(self._services.database.reader, visit.chat)
            return self._showing(visit.audience, message, field.about(words), _options(words, chosen, field))
        if field is not None:
            return await self._choose(visit, message, field, wish.value)
        chosen = await self._chosen(self._services.database.reader, visit.chat)
        return self._showing(visit.audience, message, words.settings_title, _menu(words, chosen, is_private=is_private))

    async def _choose(self, visit: Visit, message: MessageId, field: Field, value: str) -> Outcome:
        now = self._services.clock()
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, now):
                return REPEATED
            before = await self._chosen(tx, visit.chat)
            if value not in field.values(before):
                return Outcome(visit.audience.words.toast_unknown_button)
            if field.name == LANGUAGE:
                await set_language(tx, visit.chat, None if value == NONE else value)
            else:
                await self._keep(tx, visit.chat, before.settings, field.with_value(before.settings, value))
            after = await self._chosen(tx, visit.chat)
        self._languages.learn(visit.chat, after.language)
        self._crew.timetable.wake()
        await self._refresh_open(visit.chat)
        # A new language is spoken at once.
        words = words_for(after.language or visit.language)
        audience = Audience(visit.chat, visit.thread, words)
        shown = _menu(words, after, is_private=audience.is_private)
        toast = words.toast_setting.format(title=field.title(words), value=field.say(words, after, value))
        return self._showing(audience, message, words.settings_title, shown, toast)

    async def _keep(self, tx: Transaction, chat: ChatId, before: ChatSettings, after: ChatSettings) -> None:
        """Write a choice down, with what it changes in a session under way and in what is due."""
        await save_settings(tx, chat, after)
        session = await active_session(tx, chat)
        if session is not None and after.album_size != before.album_size:
            await set_album_size(tx, session.id, after.album_size)
        if session is not None and session.phase is Phase.VOTING and after.time_limit != before.time_limit:
            generation = await latest_generation(tx, session.id)
            if generation is not None:
                await self._crew.closing.opened(tx, session, generation.id)
        daily = next_daily(after, self._services.clock())
        if daily is None:
            await disarm(tx, chat, Kind.DAILY)
        else:
            await arm(tx, Due(chat, Kind.DAILY, daily, None))

    async def _refresh_open(self, chat: ChatId) -> None:
        """Have an open vote show what holds now."""
        reader = self._services.database.reader
        session = await active_session(reader, chat)
        if session is not None and session.phase is Phase.VOTING:
            generation = await latest_generation(reader, session.id)
            if generation is not None:
                self._crew.count_votes(generation.id)

    async def _may(self, visit: Visit) -> bool:
        is_private = visit.audience.is_private
        return is_private or await self._crew.messenger.is_administrator(visit.chat, visit.person)

    async def _chosen(self, reader: Reader, chat: ChatId) -> Chosen:
        found = await find_chat(reader, chat)
        titles = {name: pack.title for name, pack in self._services.shelf.packs.items()}
        return Chosen(await settings_of_chat(reader, chat), None if found is None else found.language, titles)

    def _showing(
        self,
        audience: Audience,
        message: MessageId,
        text: str,
        keyboard: InlineKeyboardMarkup,
        toast: str | None = None,
    ) -> Outcome:
        return Outcome(toast, lambda: self._crew.messenger.edit(audience, message, text, keyboard))


def _menu(words: Words, chosen: Chosen, *, is_private: bool) -> InlineKeyboardMarkup:
    """Lay out all settings, each with what holds now."""
    rows = []
    for field in fields(is_private=is_private):
        said = field.say(words, chosen, field.value(chosen))
        rows.append([_button(f"{field.title(words)}: {said}", Setting(field.name))])
    return InlineKeyboardMarkup(rows)


def _options(words: Words, chosen: Chosen, field: Field) -> InlineKeyboardMarkup:
    """Lay out the choices of a setting, the present one ticked, and the way back."""
    present = field.value(chosen)
    keys = [
        _button(f"{field.say(words, chosen, value)}{' ✓' if value == present else ''}", Setting(field.name, value))
        for value in field.values(chosen)
    ]
    longest = max(len(key.text) for key in keys)
    in_row = 1 if longest > 16 else 2 if longest > 9 else _IN_ROW if longest > 6 else 4
    rows = [keys[at : at + in_row] for at in range(0, len(keys), in_row)]
    return InlineKeyboardMarkup([*rows, [_button(words.button_back, Setting())]])


def _button(text: str, data: Setting) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=write(data))
