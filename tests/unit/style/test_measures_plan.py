"""The plan of an evaluation: how many pictures, and which words stand alone."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from style.decode import ModelInfo
from style.measures.evaluation import Plan
from style.measures.studio import Studio
from style.pack import load_pack
from style.painter import Painter


@pytest.fixture
def studio(tiny_pack: Path) -> Studio:
    """The tiny pack: a line of three, two hues of four, one slider; nothing here paints."""
    return Studio(cast(Painter, None), ModelInfo("tiny-model", "0" * 64, 64, 64, 3, 1.0), load_pack(tiny_pack))


def test_plan_asks_for_the_words_of_the_attributes_it_names(studio: Studio) -> None:
    """Named attributes alone give words, in their order; without names all do."""
    hues = Plan(alone_of=("hue",)).words(studio)
    assert hues == (("hue", "red"), ("hue", "green"), ("hue", "blue"), ("hue", "white"))
    assert len(Plan().words(studio)) == 7


def test_pictures_of_a_plan_are_counted(studio: Studio) -> None:
    """Mixed requests twice, each word alone, five weights of each slider, and pairs where there are two sliders."""
    plan = Plan(mixed=10, alone=3, slider=4, pair=2)
    assert plan.pictures(studio) == 2 * 10 + 3 * 7 + 5 * 4
    assert Plan(mixed=10, alone=3, slider=4, pair=2, alone_of=("hue",)).pictures(studio) == 2 * 10 + 3 * 4 + 5 * 4
