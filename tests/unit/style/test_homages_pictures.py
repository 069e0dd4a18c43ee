"""The homages' pictures: what is asked for is seen, and a continuous attribute changes itself alone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import spearmanr

from evolution import Attribute, Chromosome, Continuous, Gene, Multiple, Single, Space
from evolution.errors import BadChromosomeError, BadSeedError
from style.measures.colour import hue_shares, lab, mean_lightness
from style.procedural.homages import STYLES

Picture = NDArray[np.uint8]

CHOICES = [
    (name, attribute.name)
    for name, style in STYLES.items()
    for attribute in style.attributes
    if not isinstance(attribute, Continuous)
]


def drawn(name: str, seed: int, size_px: int = 64, scale: int = 2, /, **genes: Gene) -> Picture:
    """Draw a picture with random values but for those given."""
    style = STYLES[name]
    return style.draw({**style.random_values(seed), **genes}, seed, size_px, scale)


def genes_of(attribute: Attribute) -> st.SearchStrategy[Gene]:
    """Draw an allowed gene."""
    if isinstance(attribute, Continuous):
        return st.floats(attribute.low, attribute.high)
    if isinstance(attribute, Single):
        return st.sampled_from(attribute.values)
    return st.permutations(attribute.values).map(lambda words: tuple(words[: attribute.count]))


@pytest.mark.parametrize("name", STYLES)
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_all_that_may_be_asked_is_drawn_bit_for_bit_again(name: str, data: st.DataObject) -> None:
    """Any allowed values and seed give the same picture again, and the order of several words means nothing."""
    style = STYLES[name]
    values = {attribute.name: data.draw(genes_of(attribute)) for attribute in style.attributes}
    seed = data.draw(st.integers(0, 2**31 - 1))
    picture = style.draw(values, seed, 32, 1)
    turned = {key: gene[::-1] if isinstance(gene, tuple) else gene for key, gene in values.items()}
    assert picture.shape == (32, 32, 3)
    assert picture.dtype == np.uint8
    assert np.array_equal(picture, style.draw(turned, seed, 32, 1))


@pytest.mark.parametrize("name", STYLES)
def test_each_seed_is_another_composition(name: str) -> None:
    """The same values with other seeds are other pictures, not the same one with another grain."""
    values = STYLES[name].random_values(0)
    pictures = [STYLES[name].draw(values, seed, 48, 1) for seed in range(6)]
    assert min(_distance(a, b) for a, b in combinations(pictures, 2)) > 6


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize(
    ("change", "seed", "size_px", "scale", "error", "message"),
    [
        ({"unknown": "red"}, 0, 64, 1, BadChromosomeError, "unknown"),
        ({}, -1, 64, 1, BadSeedError, "seed"),
        ({}, 0, 31, 1, ValueError, "size_px is 31; expected 32 to 2048"),
        ({}, 0, 64, 0, ValueError, "scale is 0; expected 1 to 8"),
    ],
)
def test_impossible_picture_is_refused(
    name: str, change: dict[str, Gene], seed: int, size_px: int, scale: int, error: type[Exception], message: str
) -> None:
    """A gene too many, and a seed, size or scale out of its range are told by name."""
    with pytest.raises(error, match=message):
        STYLES[name].draw({**STYLES[name].random_values(0), **change}, seed, size_px, scale)


@pytest.mark.parametrize(("name", "attribute"), [(n, a.name) for n, s in STYLES.items() for a in s.attributes])
@pytest.mark.parametrize("gene", ["cubism", ("red", "red"), 1.01, float("nan")])
def test_wrong_gene_is_refused_by_name(name: str, attribute: str, gene: Any) -> None:
    """A word that a style does not know, a word twice, a number out of range: each is told with its attribute."""
    with pytest.raises(BadChromosomeError, match=attribute):
        STYLES[name].draw({**STYLES[name].random_values(0), attribute: gene}, 0, 64)


def test_attributes_keep_to_the_form_of_a_pack() -> None:
    """One to three choices of three to nine words, one or two numbers from -1 to 1, each end with its own word."""
    for name, style in STYLES.items():
        numbers = [a for a in style.attributes if isinstance(a, Continuous)]
        choices = [a for a in style.attributes if not isinstance(a, Continuous)]
        assert style.name == name
        assert 1 <= len(numbers) <= 2
        assert 1 <= len(choices) <= 3
        assert all(3 <= len(choice.values) <= 9 for choice in choices)
        assert all((number.low, number.high) == (-1.0, 1.0) for number in numbers)
        assert set(style.extremes) == {number.name for number in numbers}


@pytest.mark.parametrize("name", STYLES)
def test_random_values_are_allowed_and_all_come_up(name: str) -> None:
    """Values depend on their seed alone, the style allows them, and every word comes up."""
    style = STYLES[name]
    found = [style.random_values(seed) for seed in range(150)]
    assert found == [style.random_values(seed) for seed in range(150)]
    for values in found:
        Space(style.attributes).check(Chromosome(values, 0))
    for attribute in style.attributes:
        if not isinstance(attribute, Continuous):
            chromosomes = [Chromosome(values, 0) for values in found]
            assert {word for c in chromosomes for word in c.words(attribute.name)} == set(attribute.values)


@pytest.mark.parametrize(("name", "attribute"), CHOICES)
def test_every_value_is_seen(name: str, attribute: str) -> None:
    """Of one composition, any two values of an attribute are pictures that differ to the eye."""
    (asked,) = (a for a in STYLES[name].attributes if a.name == attribute)
    assert isinstance(asked, Single | Multiple)
    pictures = []
    for k, word in enumerate(asked.values):
        others = tuple(asked.values[(k + 1 + i) % len(asked.values)] for i in range(getattr(asked, "count", 1) - 1))
        gene: Gene = (word, *others) if isinstance(asked, Multiple) else word
        pictures.append([drawn(name, seed, 48, 1, **{attribute: gene}) for seed in range(4)])
    for one, other in combinations(pictures, 2):
        assert np.mean([_distance(a, b) for a, b in zip(one, other, strict=True)]) > 1.5


@pytest.mark.parametrize("name", ["de-stijl", "suprematism"])
def test_colours_asked_are_there_and_others_are_not(name: str) -> None:
    """Each of the two hues that were asked covers more than where it was not asked."""
    (asked,) = (a for a in STYLES[name].attributes if a.name == "colour")
    assert isinstance(asked, Multiple)
    pairs = list(combinations(asked.values, 2))
    shares = {pair: _mean_shares([drawn(name, seed, 48, 1, colour=pair) for seed in range(6)]) for pair in pairs}
    for hue in set(asked.values) - {"black"}:  # lines and forms are black anyway
        there = min(shares[pair][hue] for pair in pairs if hue in pair)
        assert there > max(shares[pair][hue] for pair in pairs if hue not in pair) + 0.01


@pytest.mark.parametrize("name", ["pointillism", "orphism"])
def test_contrast_decides_the_hues(name: str) -> None:
    """A pair of complements covers more of the picture where it was asked than where another pair was."""
    pairs = {"red and green": ("red", "green"), "violet and yellow": ("violet", "yellow")}
    shares = {
        pair: _mean_shares([drawn(name, seed, 48, 1, contrast=pair) for seed in range(5)])
        for pair in (*pairs, "blue and orange")
    }
    for pair, hues in pairs.items():
        own = sum(shares[pair][hue] for hue in hues)
        assert all(own > 1.4 * sum(shares[other][hue] for hue in hues) for other in shares if other != pair)


def test_lines_of_de_stijl_have_the_weight_asked() -> None:
    """Thick lines have more black than double ones, these more than thin ones, and no lines have none."""
    genes: dict[str, Gene] = {"colour": ("red", "yellow"), "density": 0.0, "order": "scattered"}
    black = [
        _mean_shares([drawn("de-stijl", seed, line=line, **genes) for seed in range(6)])["black"]
        for line in ("no lines", "thin lines", "double lines", "thick lines")
    ]
    assert black == sorted(black)
    assert black[0] < 0.005
    assert black[3] > 2 * black[1] > 0.05


def test_orders_of_de_stijl_are_what_they_are_called() -> None:
    """An open centre is white, a large plane coloured, a diagonal turned by 45°, a lozenge leaves the corners."""
    genes: dict[str, Gene] = {"colour": ("red", "blue"), "line": "thick lines"}
    of = {
        order: [drawn("de-stijl", seed, order=order, **genes) for seed in range(6)]
        for order in ("open centre", "large plane", "scattered", "diagonal", "lozenge")
    }
    assert np.mean([hue_shares(p[24:40, 24:40])["white"] for p in of["open centre"]]) > 0.95
    assert np.mean([max(hue_shares(p)[hue] for hue in ("red", "blue")) for p in of["large plane"]]) > 0.4
    assert np.mean([_off_frame(p) for p in of["diagonal"]]) > 0.6 > 0.2 > _off_frame(of["scattered"][0])
    assert all(np.ptp(p[:10, :10].astype(int)) < 60 for p in of["lozenge"])


def test_ground_has_its_lightness() -> None:
    """From white over warm and grey to black, and from light over bright to dark, the picture darkens."""
    for name, grounds in (
        ("suprematism", ("white ground", "warm ground", "grey ground", "black ground")),
        ("orphism", ("light ground", "bright ground", "dark ground")),
    ):
        for seed in range(4):
            light = [mean_lightness(drawn(name, seed, 48, 1, ground=ground)) for ground in grounds]
            assert light == sorted(light, reverse=True)


def test_hours_have_their_light() -> None:
    """Noon is the lightest, then dawn, dusk and night, in every motif."""
    for seed in range(6):
        light = [
            mean_lightness(drawn("pointillism", seed, 48, 1, light=hour, fineness=-1.0))
            for hour in ("noon", "dawn", "dusk", "night")
        ]
        assert light == sorted(light, reverse=True)


@pytest.mark.parametrize(
    ("name", "attribute", "least"),
    [
        ("de-stijl", "density", 0.9),
        ("suprematism", "dynamism", 0.95),
        ("pointillism", "fineness", 0.95),
        ("orphism", "rhythm", 0.95),
    ],
)
def test_continuous_attribute_rises_all_along(name: str, attribute: str, least: float) -> None:
    """Over 12 seeds the attribute and what is measured of it rise together."""
    steps = (-1.0, -0.33, 0.33, 1.0)
    found = []
    for seed in range(12):
        measured = [_MEASURES[attribute](drawn(name, seed, 64, 2, **{attribute: step})) for step in steps]
        assert measured[-1] > measured[0]
        found.append(spearmanr(steps, measured).statistic)
    assert np.mean(found) >= least


@pytest.mark.parametrize("attribute", ["density", "fineness", "rhythm"])
def test_continuous_pair_keeps_its_elements(attribute: str) -> None:
    """The ends of an attribute are more alike than two strangers: colours and places stay."""
    (name,) = (n for n, style in STYLES.items() if attribute in style.extremes)
    own, strange = [], []
    for seed in range(8):
        low, high = (drawn(name, seed, 48, 1, **{attribute: value}) for value in (-1.0, 1.0))
        other = drawn(name, seed + 50, 48, 1, **{attribute: 1.0})
        own.append(_distance(_blocks(low), _blocks(high)))
        strange.append(_distance(_blocks(low), _blocks(other)))
    assert np.mean(own) < 0.75 * np.mean(strange)


def test_dynamism_turns_the_same_forms() -> None:
    """At rest and in flight the same colours cover the same shares: nothing comes, nothing goes, forms turn."""
    for seed in range(8):
        rest, flight = (hue_shares(drawn("suprematism", seed, 64, 2, dynamism=value)) for value in (-1.0, 1.0))
        assert max(abs(rest[hue] - flight[hue]) for hue in rest) < 0.06


@pytest.mark.parametrize("name", STYLES)
def test_composition_does_not_depend_on_the_size(name: str) -> None:
    """64 and 128 px show the same picture: one reduced is the other, up to its grain."""
    for seed in range(3):
        small, large = drawn(name, seed, 64, 4), drawn(name, seed, 128, 2)
        reduced = large.reshape(64, 2, 64, 2, 3).mean(axis=(1, 3))
        assert np.corrcoef(small.ravel(), reduced.ravel())[0, 1] > 0.95


def _distance(first: Picture, second: Picture) -> float:
    """The mean distance in Lab."""
    return float(np.linalg.norm(lab(first) - lab(second), axis=-1).mean())


def _blocks(picture: Picture, side_px: int = 8) -> Picture:
    """Reduce a picture to the means of its blocks."""
    count = len(picture) // side_px
    means = picture.reshape(count, side_px, count, side_px, 3).mean(axis=(1, 3))
    return np.asarray(means, dtype=np.uint8)


def _mean_shares(pictures: list[Picture]) -> dict[str, float]:
    shares = [hue_shares(picture) for picture in pictures]
    return {hue: float(np.mean([share[hue] for share in shares])) for hue in shares[0]}


def _edge_energy(picture: Picture) -> float:
    down, across = np.gradient(picture.mean(axis=2))
    return float(np.hypot(down, across).mean())


def _off_frame(picture: Picture) -> float:
    """The share of strong edges' energy that lies more than 5 degrees off upright and level."""
    down, across = np.gradient(picture.mean(axis=2))
    strength = np.hypot(down, across)
    strength = strength * (strength > 12)
    turn = np.degrees(np.arctan2(down, across)) % 90.0
    return float(strength[(turn > 5) & (turn < 85)].sum() / strength.sum())


def _smoothness(picture: Picture) -> float:
    """How little neighbouring blocks of four pixels differ: finer points are mixed within a block."""
    blocks = _blocks(picture, 4).astype(np.float64)
    return -float(np.abs(np.diff(blocks, axis=0)).mean() + np.abs(np.diff(blocks, axis=1)).mean())


_MEASURES: dict[str, Callable[[Picture], float]] = {
    "density": _edge_energy,
    "dynamism": _off_frame,
    "fineness": _smoothness,
    "rhythm": _edge_energy,
}
