"""The keyboards under messages: which buttons, in which rows, with which words.

Owns layout alone; what the buttons carry is `bot.callback_data`, what they mean `bot.sessions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callback_data import Data, Mark, Original, Press, StyleChoice, write
from bot.words import Words

NUMBERS_IN_ROW = 5
# Two pictures in a row: four buttons are the most that keep "8 👎 ✓" whole on a narrow phone.
PICTURES_IN_ROW = 2


def style_keyboard(words: Words, name: str, title: str) -> InlineKeyboardMarkup:
    """Offer one style, under its sample."""
    return InlineKeyboardMarkup([[_button(words.button_style.format(title=title), StyleChoice(name))]])


def under_way_keyboard(words: Words, session: int) -> InlineKeyboardMarkup:
    """Offer to go on with a session or to start anew."""
    return InlineKeyboardMarkup(
        [[_button(words.button_go_on, Press("goon", session)), _button(words.button_anew, Press("anew", session))]]
    )


def stopped_keyboard(words: Words, session: int) -> InlineKeyboardMarkup:
    """Offer a new beginning after the end of a session."""
    return InlineKeyboardMarkup([[_button(words.button_anew, Press("anew", session))]])


def cancel_keyboard(words: Words, generation: int) -> InlineKeyboardMarkup:
    """Offer to cancel the painting of a generation."""
    return InlineKeyboardMarkup([[_button(words.button_cancel, Press("cancel", generation))]])


def sure_keyboard(words: Words, generation: int) -> InlineKeyboardMarkup:
    """Ask whether a generation shall be closed though few have voted."""
    return InlineKeyboardMarkup([[_button(words.button_sure, Press("sure", generation))]])


def retry_keyboard(words: Words, session: int, generation: int | None) -> InlineKeyboardMarkup:
    """Offer to try again after a mishap, or to leave it; without a generation yet there is none to go back from."""
    ways_out = [_stop(words, session)]
    if generation is not None:
        ways_out.insert(0, _button(words.button_cancel, Press("cancel", generation)))
    return InlineKeyboardMarkup([[_button(words.button_try_again, Press("retry", session))], ways_out])


def originals_keyboard(words: Words, generation: int, numbers: Sequence[int]) -> InlineKeyboardMarkup:
    """Offer the pictures of a generation as files, by their numbers as drawn (1 and up)."""
    keys = [
        _button(words.button_original.format(number=number), Original(generation, number - 1)) for number in numbers
    ]
    return InlineKeyboardMarkup([keys[at : at + NUMBERS_IN_ROW] for at in range(0, len(keys), NUMBERS_IN_ROW)])


def unshare_keyboard(words: Words, share: int) -> InlineKeyboardMarkup:
    """Offer to stop a link."""
    return InlineKeyboardMarkup([[_button(words.button_unshare, Press("unshare", share))]])


def forget_keyboard(words: Words, person: int) -> InlineKeyboardMarkup:
    """Ask a person once more whether all that is theirs shall be erased."""
    return InlineKeyboardMarkup(
        [[_button(words.button_keep, Press("keep", person))], [_button(words.button_forget, Press("forget", person))]]
    )


def vote_keyboard(
    words: Words,
    generation: int,
    session: int,
    numbers: Sequence[int],
    marks: Mapping[int, int],
    *,
    offers_show_again: bool = False,
) -> InlineKeyboardMarkup:
    """Lay out the companion's buttons.

    `numbers` are the pictures' numbers as drawn (1 and up); `marks` maps a number to +1 or -1 where it shall show.
    """
    rows = [
        [
            button
            for number in numbers[at : at + PICTURES_IN_ROW]
            for button in _pair(words, generation, number, marks.get(number, 0))
        ]
        for at in range(0, len(numbers), PICTURES_IN_ROW)
    ]
    if offers_show_again:
        rows.append([_button(words.button_show_again, Press("show", generation))])
    rows.append([_button(words.button_next, Press("next", generation))])
    rows.append([_button(words.button_best, Press("best", session)), _stop(words, session)])
    return InlineKeyboardMarkup(rows)


def _pair(words: Words, generation: int, number: int, mark: int) -> list[InlineKeyboardButton]:
    like = words.button_like_chosen if mark > 0 else words.button_like
    dislike = words.button_dislike_chosen if mark < 0 else words.button_dislike
    return [
        _button(like.format(number=number), Mark(generation, number - 1, +1)),
        _button(dislike.format(number=number), Mark(generation, number - 1, -1)),
    ]


def _stop(words: Words, session: int) -> InlineKeyboardButton:
    return _button(words.button_stop, Press("stop", session))


def _button(text: str, data: Data) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=write(data))
