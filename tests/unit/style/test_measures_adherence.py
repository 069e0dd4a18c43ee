"""Adherence: pictures that show what was asked count high, others do not, and the ceiling is the painter's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from style.measures.adherence import Asked, WordAdherence, adherence, spec_of, unjudged
from style.procedural import HUES, draw, random_spec
from style.procedural.palette import PIGMENTS

Pictures = NDArray[np.uint8]
WORDS: tuple[Asked, ...] = tuple({"colour": (hue,)} for hue in ("red", "green", "blue", "violet") for _ in range(6))


@pytest.fixture(scope="module")
def followed() -> Pictures:
    """What the painter draws when asked for one hue, at middling brightness."""
    specs = [replace(spec_of(wish, 400 + k), brightness=0.0) for k, wish in enumerate(WORDS)]
    return np.stack([draw(spec, 48, 1) for spec in specs])


def _by_word(rows: tuple[WordAdherence, ...]) -> dict[str, WordAdherence]:
    return {row.word: row for row in rows}


def test_pictures_that_follow_reach_the_ceiling(followed: Pictures) -> None:
    """The painter's own pictures are seen as asked, and not as unasked."""
    rows = _by_word(adherence(followed, WORDS))
    assert set(rows) == {"red", "green", "blue", "violet"}
    for row in rows.values():
        assert row.asked > 0.8
        assert row.unasked < 0.2
        assert row.balanced > 0.8
        assert row.ceiling > 0.6
        assert (row.attribute, row.pictures) == ("colour", 6)
        assert row.chance == pytest.approx(1 / len(HUES))


def test_pictures_that_do_not_follow_count_low(followed: Pictures) -> None:
    """The same pictures with their requests exchanged are seen as unasked; the ceiling does not change."""
    shifted = WORDS[6:] + WORDS[:6]
    rows, true = _by_word(adherence(followed, shifted)), _by_word(adherence(followed, WORDS))
    assert max(row.asked for row in rows.values()) < 0.2
    assert rows["red"].share < true["red"].share


def test_word_is_seen_among_the_strongest_as_many_as_were_asked() -> None:
    """Of a flag of red, blue and a little green, blue is seen where two hues were asked, not where one was."""
    areas = {"red": 6, "blue": 3, "green": 1}
    flag = np.concatenate([np.full((rows, 10, 3), PIGMENTS[hue][0]) for hue, rows in areas.items()]).astype(np.uint8)
    for wished, word, seen in (
        (("blue",), "blue", 0.0),
        (("blue", "green"), "blue", 1.0),
        (("red", "green"), "green", 0.0),
        (("red",), "red", 1.0),
    ):
        assert _by_word(adherence(flag[None], [{"hue": wished}]))[word].asked == seen


def test_dark_white_has_a_low_ceiling() -> None:
    """White asked together with darkness is hardly white with the painter himself."""
    blank = np.zeros((8, 16, 16, 3), np.uint8)
    light, dark = (
        adherence(blank, [{"hue": "white", "brightness": brightness}] * 8)[0].ceiling for brightness in (1.0, -1.0)
    )
    assert light > dark + 0.3


def test_several_words_of_a_kind_share_the_places(followed: Pictures) -> None:
    """Of three hues asked, each is by chance among the three strongest in a third of the pictures."""
    rows = adherence(followed[:4], [{"hue": ("red", "green", "blue")}] * 4)
    assert [row.chance for row in rows] == pytest.approx([1 / 3] * 3)
    assert all(np.isnan(row.unasked) for row in rows)


def test_unknown_words_are_named() -> None:
    """What no measure can see is not judged and is told."""
    asked: list[Asked] = [{"mood": "gloomy", "hue": ("red",), "brightness": 0.5}]
    assert unjudged(asked) == ("gloomy",)
    assert [row.word for row in adherence(np.zeros((1, 8, 8, 3), np.uint8), asked)] == ["red"]
    assert adherence(np.zeros((0, 8, 8, 3), np.uint8), []) == ()


def test_request_becomes_what_the_painter_draws() -> None:
    """Words and numbers of a request stand in the spec; what it leaves open comes from the seed."""
    spec = spec_of({"line": "curve line", "hue": ("red", "blue"), "brightness": -3.0}, 5)
    assert (spec.line, spec.hues, spec.brightness) == ("curve line", ("red", "blue"), -1.0)
    assert (spec.planes, spec.parallel) == (random_spec(5).planes, random_spec(5).parallel)
