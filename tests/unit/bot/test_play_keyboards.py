import pytest
from telegram import InlineKeyboardButton

from bot.callback_data import Mark, read
from bot.keyboards import vote_keyboard
from bot.words import words_for

WORDS = words_for("en")


def _buttons(count: int, marks: dict[int, int]) -> list[InlineKeyboardButton]:
    rows = vote_keyboard(WORDS, 5, 3, range(1, count + 1), marks).inline_keyboard
    assert all(len(row) <= 4 for row in rows)
    return [button for row in rows for button in row]


@pytest.mark.parametrize("count", [2, 4, 5, 6, 7, 8, 10])
def test_every_picture_has_a_like_and_a_dislike_that_begin_with_its_number(count: int) -> None:
    """Each number has exactly one 👍 and one 👎, which carry that picture's index and sign."""
    buttons = _buttons(count, {})
    for number in range(1, count + 1):
        mine = [button for button in buttons if button.text.startswith(f"{number} ")]
        carried = [read(str(button.callback_data)) for button in mine]
        assert carried == [Mark(5, number - 1, +1), Mark(5, number - 1, -1)]
        assert ["👍" in button.text for button in mine] == [True, False]
        assert ["👎" in button.text for button in mine] == [False, True]


def test_the_choices_of_a_generation_are_named_in_words() -> None:
    """Next generation, Best so far and Stop are there by these words."""
    texts = " | ".join(button.text for button in _buttons(6, {}))
    assert all(name in texts for name in ("Next generation", "Best so far", "Stop"))


def test_a_chosen_button_shows_it() -> None:
    """A like shows on the like's button, a dislike on the dislike's, and on no other."""
    chosen = [button.text for button in _buttons(6, {1: 1, 4: -1}) if "✓" in button.text]
    assert chosen == ["1 👍 ✓", "4 👎 ✓"]
