"""All words that people read in a chat, one catalogue a language.

Owns the choice of a catalogue by Telegram's `language_code`. Knows nothing of chats or of sending.
"""

from bot.words.catalogue import Words
from bot.words.de import GERMAN
from bot.words.en import ENGLISH
from bot.words.es import SPANISH
from bot.words.ru import RUSSIAN
from bot.words.zh import CHINESE

CATALOGUES: dict[str, Words] = {"en": ENGLISH, "de": GERMAN, "ru": RUSSIAN, "es": SPANISH, "zh": CHINESE}


def words_for(language_code: str | None) -> Words:
    """Choose the catalogue for an IETF language tag such as "pt-br"; English where there is none."""
    language = (language_code or "en").split("-")[0].lower()
    return CATALOGUES.get(language, ENGLISH)


__all__ = ["CATALOGUES", "Words", "words_for"]
