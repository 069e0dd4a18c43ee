"""The keyboards that operators alone see; a press on one is checked again by whoever acts on it."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callback_data import Teach, TeachVerb, write
from bot.words import Words
from storage.trainings import TrainingState


def lesson_keyboard(words: Words, lesson: int) -> InlineKeyboardMarkup:
    """Offer to end the gathering of pictures, or to give the lesson up."""
    return InlineKeyboardMarkup(
        [[_button(words.button_lesson_done, "done", lesson), _button(words.button_discard, "discard", lesson)]]
    )


def attributes_keyboard(words: Words, lesson: int, names: Sequence[str]) -> InlineKeyboardMarkup:
    """Offer to leave out each attribute, and to take them as they are."""
    rows = [[_button(words.button_drop.format(name=name), "drop", lesson, index)] for index, name in enumerate(names)]
    return InlineKeyboardMarkup([*rows, [_button(words.button_attributes_done, "done", lesson)]])


def training_keyboard(words: Words, training: int, state: TrainingState) -> InlineKeyboardMarkup | None:
    """Offer what can be done with a training in its state."""
    discard = _button(words.button_discard, "scrap", training)
    match state:
        case TrainingState.QUEUED | TrainingState.RUNNING | TrainingState.FINISHING:
            return InlineKeyboardMarkup([[_button(words.button_cancel, "cancel", training)]])
        case TrainingState.CANCELLED | TrainingState.FAILED:
            return InlineKeyboardMarkup([[_button(words.button_training_go_on, "go_on", training), discard]])
        case TrainingState.DONE:
            first = [_button(words.button_publish, "publish", training), _button(words.button_try, "try", training)]
            return InlineKeyboardMarkup([first, [_button(words.button_longer, "longer", training), discard]])
    return None


def _button(text: str, verb: TeachVerb, number: int, index: int | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=write(Teach(verb, number, index)))
