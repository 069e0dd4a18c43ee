"""What a composition is asked to be, and the words that are said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from style.procedural import HUES, LINES, PLANES, Spec, caption_of, phrases_of, random_spec
from style.procedural.captions import FILLERS

WORDS = {*LINES, *PLANES, *HUES, "dark", "light", "acentric", "centric", "external parallel", "inner parallel"}
SPEC = Spec("curve line", ("circle", "point"), ("red", "blue"), brightness=0.9, structure=-0.8, parallel=0.1, seed=5)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("line", "wavy line"),
        ("planes", ()),
        ("planes", ("circle", "circle")),
        ("planes", ("circle", "point", "square")),
        ("hues", ("pink",)),
        ("hues", ("red", "blue", "green", "white")),
        ("brightness", 1.01),
        ("structure", -1.01),
        ("parallel", float("nan")),
    ],
)
def test_impossible_composition_is_refused_by_name(field: str, value: Any) -> None:
    """What cannot be drawn is refused before it is drawn; the message names the attribute and what came."""
    with pytest.raises(ValueError, match=rf"^{field} is .*expected"):
        replace(SPEC, **{field: value})


def test_random_composition_depends_on_its_seed_alone() -> None:
    """The same seed gives the same attributes, other seeds others, and all values come up."""
    specs = [random_spec(seed) for seed in range(200)]
    assert specs == [random_spec(seed) for seed in range(200)]
    assert len({replace(spec, seed=0) for spec in specs}) == 200
    assert {spec.line for spec in specs} == set(LINES)
    assert {plane for spec in specs for plane in spec.planes} == set(PLANES)
    assert {hue for spec in specs for hue in spec.hues} == set(HUES)
    assert {(len(spec.planes), len(spec.hues)) for spec in specs} == {(p, h) for p in (1, 2) for h in (1, 2, 3)}


def test_phrases_name_all_words_and_extremes_only() -> None:
    """Line, planes and hues are always named; a number only where it is far from the middle."""
    assert phrases_of(SPEC) == ("curve line", "circle", "point", "red", "blue", "light", "acentric")
    calm = replace(SPEC, brightness=-0.39, structure=0.39, parallel=-1.0)
    assert phrases_of(calm)[5:] == ("external parallel",)


def test_caption_says_nothing_that_is_not_there() -> None:
    """All known words of a caption are phrases of its composition, each at most once."""
    for seed in range(100):
        spec = random_spec(seed)
        said = [phrase for phrase in caption_of(spec, seed).split(", ") if phrase in WORDS]
        assert set(said) <= set(phrases_of(spec))
        assert len(said) == len(set(said))


def test_caption_with_nothing_dropped_says_all() -> None:
    """With no phrase left out, all are there, in an order that changes with the seed."""
    orders = set()
    for seed in range(20):
        said = [phrase for phrase in caption_of(SPEC, seed, drop=0.0).split(", ") if phrase in WORDS]
        assert sorted(said) == sorted(phrases_of(SPEC))
        orders.add(tuple(said))
    assert len(orders) > 15


def test_caption_leaves_out_a_fifth_of_the_phrases() -> None:
    """Partial prompts are learned because a phrase is left out with the probability that was asked for."""
    said = [phrase for seed in range(600) for phrase in caption_of(SPEC, seed).split(", ") if phrase in WORDS]
    assert 0.77 < len(said) / (600 * len(phrases_of(SPEC))) < 0.83


def test_half_of_the_captions_hold_one_filler_word() -> None:
    """A word that means nothing stands in about half of the captions, a known or an invented one, never two."""
    captions = [caption_of(SPEC, seed, drop=0.0).split(", ") for seed in range(400)]
    fillers = [[word for word in words if word not in WORDS] for words in captions]
    assert {len(found) for found in fillers} == {0, 1}
    words = [found[0] for found in fillers if found]
    assert 0.42 < len(words) / len(captions) < 0.58
    assert 0.6 < sum(word in FILLERS for word in words) / len(words) < 0.8


def test_caption_is_the_same_for_the_same_seed() -> None:
    """A caption comes from its picture and its own seed, nothing else."""
    assert caption_of(SPEC, 3) == caption_of(SPEC, 3)
    assert len({caption_of(SPEC, seed) for seed in range(30)}) > 25
