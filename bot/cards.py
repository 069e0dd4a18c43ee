"""The progress message of a painting: one message, edited about once a second.

Owns its text and the rhythm of its edits. Knows nothing of who paints or of what comes after.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.words import Words
from style.painter import Progress

EDIT_GAP_S = 1.0
BAR_CELLS = 12


def card_text(words: Words, number: int, progress: Progress | None) -> str:
    """Say where the painting of generation `number` stands; None: nothing is known yet."""
    if progress is None:
        return words.card_starting.format(number=number)
    if progress.phase == "queued":
        if progress.done == 0:
            return words.card_next_in_line.format(number=number)
        return words.card_queued.format(number=number, ahead=progress.done)
    share = min(1.0, progress.done / progress.total) if progress.total else 0.0
    filled = int(share * BAR_CELLS)
    bar = "▰" * filled + "▱" * (BAR_CELLS - filled)
    return words.card_painting.format(number=number, bar=bar, percent=int(share * 100))


class Card:
    """Shows the newest progress through `edit`, never faster than `gap_s`, never the same text twice."""

    def __init__(
        self, words: Words, number: int, edit: Callable[[str], Awaitable[None]], gap_s: float = EDIT_GAP_S
    ) -> None:
        """Begin with the text that the message already shows: `card_text` with no progress."""
        self._words = words
        self._number = number
        self._edit = edit
        self._gap_s = gap_s
        self._shown = self._text = card_text(words, number, None)
        self._changed = asyncio.Event()

    def show(self, progress: Progress) -> None:
        """Take the newest progress; a painter calls this as often as it likes."""
        self._text = card_text(self._words, self._number, progress)
        if self._text != self._shown:
            self._changed.set()

    async def run(self) -> None:
        """Edit the message whenever there is news, until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._text != self._shown:
                self._shown = self._text
                await self._edit(self._shown)
                await asyncio.sleep(self._gap_s)
