"""What a style's pictures are worth, on pictures whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evolution import Chromosome, Continuous, Multiple, Single, Space
from style.evaluation import measure_attributes, measure_distance, squares
from style.procedural import draw, random_spec
from style.procedural.palette import PIGMENTS


def drawn(seeds: range, brightness: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Draw pictures of 64 px with one brightness."""
    return np.stack([draw(replace(random_spec(seed), brightness=brightness), 64, 1) for seed in seeds])


def test_pictures_like_the_painter_s_are_nearer() -> None:
    """A style that paints like the painter is nearer than a model that does not, its whole interval too."""
    paintings, like = drawn(range(8), -0.8), drawn(range(100, 108), -0.8)
    unlike = np.random.default_rng(0).integers(0, 256, like.shape, dtype=np.uint8)
    found = measure_distance(like, unlike, paintings)
    low, high = found["interval"]
    assert found["after"] < 0.7 * found["before"]
    assert low < high < found["before"]
    assert set(found["parts"]) >= {"colour", "texture", "line", "composition"}


def test_hues_that_are_obeyed_are_told_from_chance() -> None:
    """Where each picture shows the hue that was asked for, all are followed, and others' only by chance."""
    space = Space((Multiple("hue", ("red", "blue", "green"), count=1), Single("line", ("a", "b"))))
    hues = ("red", "blue", "green", "blue")
    chromosomes = [Chromosome({"hue": (hue,), "line": "a"}, seed) for seed, hue in enumerate(hues)]
    pictures = [np.full((32, 32, 3), PIGMENTS[hue][0], np.uint8) for hue in hues]
    assert measure_attributes(space, chromosomes, pictures) == {
        "hue": {"followed": 1.0, "by_chance": pytest.approx(2 / 12)}
    }


def test_slider_is_judged_by_rank() -> None:
    """Brightness that follows its value has rank correlation 1; pictures all alike say nothing."""
    space = Space((Continuous("brightness", -1.0, 1.0),))
    chromosomes = [Chromosome({"brightness": value}, 1) for value in (-1.0, 0.5, 0.0, 1.0)]
    pictures = [np.full((16, 16, 3), round(120 + 100 * value), np.uint8) for value in (-1.0, 0.5, 0.0, 1.0)]
    assert measure_attributes(space, chromosomes, pictures)["brightness"]["rank_correlation"] == pytest.approx(1.0)
    assert measure_attributes(space, chromosomes, pictures[:1] * 4) == {}


def test_middle_squares_are_cut() -> None:
    """Of a wide picture the middle is taken, at the size that was asked for."""
    pixels = np.zeros((100, 300, 3), np.uint8)
    pixels[:, 100:200] = 255
    assert (squares([pixels], 50)[0, :, 4:-4] > 250).all()
