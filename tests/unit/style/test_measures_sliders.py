"""Sliders: a good one moves its own attribute in order and little else; broken pictures are counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from style.measures.sliders import breakage, layout_kept, slider_effect
from style.procedural import draw, random_spec

Pictures = NDArray[np.uint8]
WEIGHTS = (-1.0, 0.0, 1.0)
SEEDS = (0, 2, 3, 4, 5, 6)


@pytest.fixture(scope="module")
def strips() -> Pictures:
    """Six seeds whose ink does not turn, drawn dark, middling and light: (6, 3, 48, 48, 3)."""
    return np.stack([np.stack([draw(replace(random_spec(k), brightness=b), 48, 2) for b in WEIGHTS]) for k in SEEDS])


def test_good_slider_is_in_order_and_keeps_the_layout(strips: Pictures) -> None:
    """The painter's own brightness ranks 1, rises, and changes lightness more than structure."""
    found = slider_effect("brightness", WEIGHTS, strips)
    assert found.rank == pytest.approx(1.0)
    assert found.ordered == 1.0
    assert found.slope > 5.0
    assert found.changes["brightness"] > 3 * abs(found.changes["structure"])
    assert 0.6 < found.layout < 0.999
    assert (found.pictures, found.measured, found.judged) == (18, "brightness", 6)


def test_slider_the_other_way_round_is_told(strips: Pictures) -> None:
    """With its ends exchanged a slider ranks -1 and falls."""
    found = slider_effect("brightness", WEIGHTS, strips[:, ::-1])
    assert found.rank == pytest.approx(-1.0)
    assert found.ordered == 0.0
    assert found.slope < -5.0


def test_slider_that_does_nothing_is_told(strips: Pictures) -> None:
    """Three times the same picture: no rank, no slope, the whole layout."""
    found = slider_effect("brightness", WEIGHTS, strips[:, [1, 1, 1]])
    assert [found.rank, found.ordered, found.slope] == pytest.approx([0.0] * 3)
    assert found.layout == pytest.approx(1.0)


def test_slider_of_any_name_is_judged_by_what_its_ends_differ_in(strips: Pictures) -> None:
    """A slider called anything that makes light is judged by brightness, on the seeds that did not choose it."""
    found = slider_effect("mood", WEIGHTS, strips)
    assert (found.measured, found.judged) == ("brightness", 3)
    assert [found.rank, found.ordered] == pytest.approx([1.0, 1.0])
    assert found.slope > 5.0
    falling = slider_effect("mood", WEIGHTS, strips[:, ::-1])
    assert falling.measured == "brightness"
    assert [falling.rank, falling.ordered] == pytest.approx([-1.0, 1.0])
    assert falling.slope < -5.0


def test_what_half_of_the_seeds_show_by_chance_is_not_believed(strips: Pictures) -> None:
    """Where only the seeds that choose the measure change, the slider does not follow."""
    chance = strips.copy()
    chance[1::2] = chance[1::2, [1]]
    found = slider_effect("mood", WEIGHTS, chance)
    assert found.measured == "brightness"
    assert [found.rank, found.ordered, found.slope] == pytest.approx([0.0] * 3)


def test_slider_without_a_measure_still_shows_what_changed(strips: Pictures) -> None:
    """With too few seeds, or ends that are alike, nothing is claimed but the changes."""
    for few in (strips[:3], strips[:, [1, 1, 1]]):
        found = slider_effect("mood", WEIGHTS, few)
        assert (found.measured, found.judged) == ("none", 0)
        assert np.isnan([found.rank, found.ordered, found.slope]).all()
    assert slider_effect("mood", WEIGHTS, strips[:3]).changes["brightness"] > 0.2


def test_other_layout_correlates_less(strips: Pictures) -> None:
    """Pictures of one seed share their edges, of two seeds they do not."""
    assert layout_kept(strips[0, 0], strips[0, 2]) > layout_kept(strips[0, 0], strips[1, 0]) + 0.2
    assert layout_kept(strips[0, 0], np.full((48, 48, 3), 9, np.uint8)) == 0.0


def test_broken_pictures_are_counted(strips: Pictures) -> None:
    """A flat one, a white one and one of noise are broken, each in its way; the unmoved ones are not."""
    unmoved = strips[:, 1]
    flat, white = np.full_like(unmoved[0], 120), np.full_like(unmoved[0], 255)
    noise = np.random.default_rng(0).integers(0, 256, unmoved[0].shape).astype(np.uint8)
    found = breakage("ends", np.stack([flat, white, noise, unmoved[0]]), unmoved)
    assert (found.flat, found.clipped, found.broken) == (0.5, 0.25, 0.75)
    strange = breakage("ends", np.stack([noise, unmoved[0]]), unmoved)
    assert (strange.flat, strange.clipped, strange.off, strange.broken) == (0.0, 0.0, 0.5, 0.5)
    assert breakage("none", unmoved, unmoved).broken == 0.0
