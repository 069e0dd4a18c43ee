"""What a person hears when a session's work did not come to its end.

Owns which error is said in which words. Knows nothing of chats; every mishap leaves the session as it was.
"""

from __future__ import annotations

from bot.painting import StyleGoneError
from bot.permits import NotPermittedError, say
from bot.room import NoRoomError
from bot.words import Words
from storage.errors import DiskFullError
from style.errors import BadRecipeError, PainterBusyError, PainterStoppedError


def mishap_words(words: Words, error: Exception) -> str | None:
    """Say what went wrong where the cause is known and can be waited out; None for what only a log explains."""
    match error:
        case NotPermittedError():
            return say(words, error)
        case PainterBusyError():
            return words.painter_busy
        case PainterStoppedError():
            return words.painter_stopped
        case NoRoomError() | DiskFullError():
            return words.no_room
        case BadRecipeError():
            return words.painting_failed
        case StyleGoneError():
            return words.style_gone.format(title=error.title)
    return None
