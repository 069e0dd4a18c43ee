"""The distance of two sets in style: nothing to itself, more for every fault, with an interval around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from style.measures.distance import (
    StyleDistance,
    bootstrap,
    distance,
    features,
    mean_of,
    overall,
    progress,
    relative,
    unit_of,
)
from style.procedural import draw, random_spec

Pictures = NDArray[np.uint8]
PARTS = ("colour", "texture", "line", "composition")


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    """Thirty-two drawn pictures of one palette."""
    return np.stack([draw(replace(random_spec(seed), hues=("red", "yellow")), 48, 2) for seed in range(32)])


@pytest.fixture(scope="module")
def unit(pictures: Pictures) -> StyleDistance:
    """How far the halves of one painter's work are apart."""
    halves = (np.random.default_rng(k).permutation(len(pictures)) for k in range(3))
    return mean_of([distance(pictures[half[:16]], pictures[half[16:]]) for half in halves])


def _turned_hue(pictures: Pictures) -> Pictures:
    return np.ascontiguousarray(pictures[..., [1, 2, 0]])


def _darker(pictures: Pictures) -> Pictures:
    return np.asarray(pictures * 0.5, dtype=np.uint8)


def _blurred(pictures: Pictures) -> Pictures:
    return np.stack([np.asarray(Image.fromarray(p).filter(ImageFilter.GaussianBlur(1.2))) for p in pictures])


def _noisy(pictures: Pictures) -> Pictures:
    noise = np.random.default_rng(0).normal(0, 20, pictures.shape)
    return np.clip(pictures + noise, 0, 255).astype(np.uint8)


def test_set_is_at_no_distance_from_itself(pictures: Pictures) -> None:
    """The same pictures, in whatever order, are at distance 0 in all parts."""
    found = distance(pictures[:8], pictures[:8][::-1])
    assert [getattr(found, part) for part in PARTS] == pytest.approx([0.0] * 4, abs=1e-12)


def test_distance_is_symmetric(pictures: Pictures) -> None:
    """It does not matter which set comes first; the sets may differ in number."""
    assert distance(pictures[:6], pictures[6:16]) == distance(pictures[6:16], pictures[:6])


@pytest.mark.parametrize(
    ("fault", "part"), [(_turned_hue, "colour"), (_darker, "colour"), (_blurred, "texture"), (_noisy, "texture")]
)
def test_fault_is_farther_than_a_painter_from_himself(
    pictures: Pictures, unit: StyleDistance, fault: Callable[[Pictures], Pictures], part: str
) -> None:
    """Hue, darkness, blur and noise each move a set well beyond the halves of one work."""
    found = relative(pictures, fault(pictures), unit)
    assert getattr(found, part) > 1.5


def test_distance_grows_with_the_fault(pictures: Pictures) -> None:
    """Twice as much darkness or noise is farther."""
    few = pictures[:10]
    dark = [distance(few, np.asarray(few * share, dtype=np.uint8)).colour for share in (0.9, 0.7, 0.5)]
    noise = np.random.default_rng(0).normal(0, 1, few.shape)
    rough = [distance(few, np.clip(few + noise * s, 0, 255).astype(np.uint8)).texture for s in (8, 16, 32)]
    assert dark == sorted(dark)
    assert rough == sorted(rough)


def test_own_unit_is_one(pictures: Pictures) -> None:
    """A distance in units of itself is 1 in every part and as a whole."""
    found = distance(pictures[:5], pictures[5:10])
    assert relative(pictures[:5], pictures[5:10], found) == StyleDistance(1.0, 1.0, 1.0, 1.0)
    assert overall(StyleDistance(1.0, 1.0, 4.0, 4.0)) == pytest.approx(2.0)


def test_bootstrap_interval_holds_the_estimate(pictures: Pictures, unit: StyleDistance) -> None:
    """The interval lies about the estimate, for sets that are near and for sets that are far, and is reproducible."""
    # These two halves are near: their resampled distances lie above the measured one nearly all.
    order = np.random.default_rng(0).permutation(len(pictures))
    first, second = pictures[order[:16]], pictures[order[16:]]
    for other in (second, _darker(second)):
        low, high = bootstrap(first, other, unit, draws=60)
        assert low < overall(relative(first, other, unit)) < high
        assert (low, high) == bootstrap(first, other, unit, draws=60)


def test_bootstrap_of_equal_pictures_is_no_error(pictures: Pictures, unit: StyleDistance) -> None:
    """Sets without any difference give an interval next to 0."""
    same = np.stack([pictures[0]] * 3)
    assert bootstrap(same, same, unit, draws=10)[1] < 1e-6


def test_composition_alone_sees_shuffled_tiles(pictures: Pictures, unit: StyleDistance) -> None:
    """Quarters that change places leave the colours and move the composition."""
    h = pictures.shape[1] // 4
    tiles = [pictures[:, y * h : (y + 1) * h, x * h : (x + 1) * h] for y in range(4) for x in range(4)]
    order = np.random.default_rng(2).permutation(16)
    rows = [np.concatenate([tiles[order[4 * y + x]] for x in range(4)], axis=2) for y in range(4)]
    shuffled = np.concatenate(rows, axis=1)
    found = relative(pictures, shuffled, unit)
    assert found.colour < 0.2
    assert found.composition > 1.5


def test_unit_grows_as_the_sets_shrink(pictures: Pictures) -> None:
    """Sets of 4 are by chance twice as far apart as sets of 16; the halves' own sizes change nothing."""
    rows = features(pictures)
    own, small = unit_of(rows), unit_of(rows, (4, 4))
    assert small.colour == pytest.approx(2.0 * own.colour)
    assert unit_of(rows, (16, 16)).texture == pytest.approx(own.texture)


def test_progress_is_the_share_of_the_way(pictures: Pictures) -> None:
    """A set half as dark is on its way; the paintings themselves are past the end; no change is no progress."""
    rows = features(pictures)
    unit = unit_of(rows)
    base, half = (features(np.asarray(pictures * share, dtype=np.uint8)) for share in (0.3, 0.75))
    some, none = (progress(base, other, rows, unit, draws=40) for other in (half, base))
    assert 0.2 < some.value < progress(base, rows, rows, unit, draws=5).value
    assert some.low < some.value < some.high
    assert (none.value, none.low, none.high) == (0.0, 0.0, 0.0)
    assert np.isnan(progress(rows, half, rows, unit, draws=5).value)
