import dataclasses
import string

import pytest

from bot.words import CATALOGUES, Words, words_for
from bot.words.en import ENGLISH


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_language_says_everything_with_the_same_blanks(language: str) -> None:
    """No sentence is empty, and each fills in what English fills in."""
    for field in dataclasses.fields(Words):
        said, english = getattr(CATALOGUES[language], field.name), getattr(ENGLISH, field.name)
        assert said.strip()
        assert _placeholders(said) == _placeholders(english), field.name


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_toasts_fit_telegrams_two_hundred_characters(language: str) -> None:
    """A longer toast would be refused, and the tap would look unanswered."""
    toasts = {name: text for name, text in dataclasses.asdict(CATALOGUES[language]).items() if name.startswith("toast")}
    assert {name: len(text) for name, text in toasts.items() if len(text) > 150} == {}


def test_an_unknown_language_hears_english() -> None:
    """A missing or foreign tag is no error."""
    assert words_for(None) is words_for("xx-YY") is words_for("en-GB") is ENGLISH
