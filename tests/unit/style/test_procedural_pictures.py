"""The painter's pictures: they show what they were asked to show, and the same picture at any time and size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import spearmanr

from style.measures.colour import hue_shares, mean_lightness
from style.procedural import HUES, draw, random_spec
from style.procedural.canvas import Canvas

Picture = NDArray[np.uint8]


def test_same_composition_is_the_same_picture_bit_for_bit() -> None:
    """A picture depends on its composition alone: no clock, no global random state."""
    first = draw(random_spec(7), 64)
    np.random.seed(1)  # noqa: NPY002 - the global state that must not matter
    assert np.array_equal(first, draw(random_spec(7), 64))
    assert first.shape == (64, 64, 3)
    assert first.dtype == np.uint8


def test_each_seed_is_another_picture() -> None:
    """The seed alone, with all attributes equal, changes the composition everywhere, not in its grain only."""
    pictures = [draw(replace(random_spec(0), seed=seed), 48, 2) for seed in range(12)]
    alike = [_correlation(_edges(a), _edges(b)) for k, a in enumerate(pictures) for b in pictures[:k]]
    assert max(alike) < 0.5


def test_studies_are_most_pictures_and_can_be_left_out() -> None:
    """Six of ten are drawn otherwise without studies, simpler with them; the others are the same either way."""
    specs = [random_spec(seed) for seed in range(60)]
    pairs = [(draw(spec, 48, 2), draw(spec, 48, 2, studies=False)) for spec in specs]
    studies = [(study, crowded) for study, crowded in pairs if not np.array_equal(study, crowded)]
    assert 0.4 < len(studies) / len(pairs) < 0.8
    assert np.mean([_edges(crowded).mean() / _edges(study).mean() for study, crowded in studies]) > 1.2


@pytest.mark.parametrize("hue", HUES)
def test_hue_asked_alone_covers_most(hue: str) -> None:
    """A hue that is asked alone covers the picture far more than where another one is asked."""
    shares: dict[bool, list[float]] = {True: [], False: []}
    for seed in range(5):
        for other in (hue, HUES[(HUES.index(hue) + 1 + seed) % len(HUES)]):
            spec = replace(random_spec(seed), hues=(other,), brightness=0.2 * (seed - 2))
            shares[other == hue].append(hue_shares(draw(spec, 48, 2))[hue])
    assert np.mean(shares[True]) > 0.5
    assert np.mean(shares[True]) > 3 * np.mean(shares[False])


def test_brighter_pair_is_lighter_and_keeps_its_forms() -> None:
    """Of each pair the one with more brightness is lighter, by much, and its edges lie where they lay."""
    for seed in range(24):
        dark, light = (draw(replace(random_spec(seed), brightness=value), 48, 2) for value in (-1.0, 1.0))
        assert mean_lightness(light) - mean_lightness(dark) > 15
        assert _correlation(_edges(dark), _edges(light)) > 0.7


def test_brightness_rises_all_along() -> None:
    """Five steps of brightness are five of lightness; where ink turns from light to dark on the way, one may fall."""
    ranks, steps = [], (-1.0, -0.5, 0.0, 0.5, 1.0)
    for seed in range(24):
        values = [draw(replace(random_spec(seed), brightness=value), 48, 2) for value in steps]
        ranks.append(spearmanr(steps, [mean_lightness(picture) for picture in values]).statistic)
    assert min(ranks) > 0.4
    assert np.mean(np.array(ranks) > 0.99) > 0.75


def test_parallel_pair_keeps_its_elements() -> None:
    """Turned another way, the same elements stay in their places: the pair is more alike than two strangers."""
    own, strange = [], []
    for seed in range(16):
        ends = [draw(replace(random_spec(seed), parallel=value), 48, 2) for value in (-1.0, 1.0)]
        own.append(_correlation(_edges(ends[0]), _edges(ends[1])))
        strange.append(_correlation(_edges(ends[0]), _edges(draw(random_spec(seed + 100), 48, 2))))
    assert np.mean(own) > np.mean(strange) + 0.2


def test_parallel_turns_edges_off_the_frame() -> None:
    """External parallel runs along the picture's edges, inner parallel at an angle to them."""
    along = {
        value: np.mean(
            [_share_along_frame(draw(replace(random_spec(seed), parallel=value), 64, 2)) for seed in range(16)]
        )
        for value in (-1.0, 1.0)
    }
    assert along[-1.0] > along[1.0] + 0.1


def test_centric_gathers_and_acentric_scatters() -> None:
    """More structure brings the elements nearer to the middle."""
    reach = {
        value: np.mean([_reach(draw(replace(random_spec(seed), structure=value), 48, 2)) for seed in range(32)])
        for value in (-1.0, 1.0)
    }
    assert reach[1.0] < 0.9 * reach[-1.0]


def test_edge_is_antialiased() -> None:
    """A slanted edge runs through many levels of grey, not from black to white in one step."""
    canvas = Canvas(np.full((8, 8, 3), 255, np.uint8), 64)
    canvas.polygon([(0.1, 0.1), (0.9, 0.24), (0.9, 0.9), (0.1, 0.9)], (0, 0, 0))
    levels = np.unique(canvas.finish()[2:24, 8:56])
    assert len(levels) >= 8
    rough = Canvas(np.full((8, 8, 3), 255, np.uint8), 64, scale=1)
    rough.polygon([(0.1, 0.1), (0.9, 0.24), (0.9, 0.9), (0.1, 0.9)], (0, 0, 0))
    assert len(np.unique(rough.finish())) == 2


def test_translucent_fill_lets_the_ground_through() -> None:
    """Half-transparent ink on white is the grey between them; fully outside the canvas it is nothing."""
    canvas = Canvas(np.full((8, 8, 3), 255, np.uint8), 32)
    canvas.disc((0.5, 0.5), 0.4, (0, 0, 0), alpha=0.5)
    canvas.disc((3.0, 3.0), 0.2, (255, 0, 0))
    finished = canvas.finish()
    assert abs(int(finished[16, 16, 0]) - 127) <= 1
    assert finished[0, 0].tolist() == finished[-1, -1].tolist() == [255, 255, 255]


def test_composition_does_not_depend_on_the_size() -> None:
    """128 and 256 px show the same composition: one reduced is the other, up to its grain."""
    for seed in range(3):
        small, large = draw(random_spec(seed), 128), draw(random_spec(seed), 256)
        reduced = large.reshape(128, 2, 128, 2, 3).mean(axis=(1, 3))
        assert _correlation(small.astype(np.float64), reduced) > 0.97


def _grey(picture: Picture) -> NDArray[np.float64]:
    return np.asarray(picture.mean(axis=2), dtype=np.float64)


def _gradients(picture: Picture) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    down, across = np.gradient(_grey(picture))
    return np.asarray(down), np.asarray(across)


def _edges(picture: Picture) -> NDArray[np.float64]:
    down, across = _gradients(picture)
    return np.asarray(np.hypot(down, across), dtype=np.float64)


def _correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def _share_along_frame(picture: Picture) -> float:
    """The share of edge energy within 12 degrees of upright or level."""
    down, across = _gradients(picture)
    turn = np.degrees(np.arctan2(down, across)) % 90.0
    strength = np.hypot(down, across)
    return float(strength[(turn < 12) | (turn > 78)].sum() / strength.sum())


def _reach(picture: Picture) -> float:
    """The mean distance of edge energy from the middle, in sides."""
    strength = _edges(picture)
    y, x = np.mgrid[0 : len(picture), 0 : len(picture)] / (len(picture) - 1.0) - 0.5
    return float((np.hypot(x, y) * strength).sum() / strength.sum())
