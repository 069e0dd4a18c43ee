"""Attributes of a lesson: what is proposed, and what can be typed."""

from __future__ import annotations

import pytest

from bot.teaching.attributes import corrected, proposed, said, without
from storage.lessons import LessonPicture

HUE = {"name": "hue", "kind": "multiple", "values": ["red", "blue", "white"], "count": 2}
LINE = {"name": "line", "kind": "single", "values": ["curve line", "straight line"]}


def test_words_and_pixels_propose_together() -> None:
    """A tag counts whether a person gave it or the pixels tell it."""
    pictures = [
        LessonPicture("a", "a.png", "Curve line, red", "red,light"),
        LessonPicture("b", "b.png", "straight line", "blue,red"),
        LessonPicture("c", "c.png", "curve line, straight line", "blue"),
    ]
    assert [said(row) for row in proposed(pictures, "rider")] == ["line: curve line, straight line", "1 hue: blue, red"]


def test_a_line_replaces_or_adds() -> None:
    """What is said can be typed again, with other values."""
    assert corrected([HUE, LINE], said(HUE)) == [HUE, LINE]
    assert corrected([HUE], "line: Curve line, straight line") == [HUE, LINE]
    assert corrected([LINE], "2 hue: red, blue, white\n") == [LINE, HUE]
    assert corrected([HUE], "hue: red, green, blue") == [{**HUE, "values": ["red", "green", "blue"]}]


@pytest.mark.parametrize(
    "text",
    ["words", "hue:", "hue: red", "trigger: a, b", "3 hue: red, blue, red", "9 hue: a, b", "hue: {x}, {y}", ": a, b"],
)
def test_what_cannot_be_an_attribute_is_not_read(text: str) -> None:
    """A name, a colon and two values at least; no braces, no more at once than there are."""
    assert corrected([HUE], text) is None


def test_the_last_attribute_stays() -> None:
    """A style with nothing to vary could not be evolved."""
    assert without([HUE, LINE], 0) == [LINE]
    assert without([HUE], 0) is None
    assert without([HUE, LINE], 2) is None
