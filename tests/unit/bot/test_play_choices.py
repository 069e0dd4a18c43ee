"""What a chat can choose: each choice is one that holds, is said in every language, and fits a button."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.callback_data import MAX_BYTES, Setting, read, write
from bot.choices import LANGUAGE, Chosen, Field, field_of, fields
from bot.words import CATALOGUES
from storage.chat_settings import ChatSettings

CHOSEN = Chosen(ChatSettings(), None, {"kandinsky": "Kandinsky, Bauhaus years", "de-stijl": "De Stijl (homage)"})
FIELDS = {field.name: field for field in fields(is_private=False)}


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_each_choice_holds_once_it_is_made(field: Field) -> None:
    """Chosen and read back it is the same; what a chat begins with is among its choices."""
    assert field.value(CHOSEN) in field.values(CHOSEN)
    for value in field.values(CHOSEN):
        if field.name == LANGUAGE:
            made = replace(CHOSEN, language=None if value == "none" else value)
        else:
            made = replace(CHOSEN, settings=field.with_value(CHOSEN.settings, value))
        assert field.value(made) == value


@pytest.mark.parametrize("language", sorted(CATALOGUES))
@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_choices_are_said_in_every_language_and_fit_their_buttons(field: Field, language: str) -> None:
    """No two choices of a setting are called the same, and each press comes back as it was written."""
    said = [field.say(CATALOGUES[language], CHOSEN, value) for value in field.values(CHOSEN)]
    assert all(text.strip() for text in said)
    assert len(set(said)) == len(said)
    for value in field.values(CHOSEN):
        data = Setting(field.name, value)
        assert len(write(data).encode()) <= MAX_BYTES
        assert read(write(data)) == data


def test_clocks_of_half_hours_are_said_as_such() -> None:
    """India is 5:30 ahead of UTC, Newfoundland 3:30 behind."""
    clock, words = FIELDS["clock"], CATALOGUES["en"]
    assert [clock.say(words, CHOSEN, value) for value in ("p330", "m210", "p0")] == ["UTC+5:30", "UTC-3:30", "UTC+0"]


def test_one_person_alone_has_no_settings_of_groups() -> None:
    """Who may close, and how many are enough, is asked in groups alone."""
    alone = {field.name for field in fields(is_private=True)}
    assert set(FIELDS) - alone == {"quorum", "closers", "counts", "mode"}
    assert field_of("quorum", is_private=True) is None
