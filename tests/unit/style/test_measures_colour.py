"""Colour read off pixels: Lab, lightness, and the nine named hues."""

from __future__ import annotations

import numpy as np
import pytest

from style.measures.colour import dominant_hue, hue_shares, lab, mean_lightness
from style.procedural import HUES
from style.procedural.palette import PIGMENTS, Colour


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((255, 255, 255), (100.0, 0.0, 0.0)),
        ((0, 0, 0), (0.0, 0.0, 0.0)),
        ((119, 119, 119), (50.03, 0.0, 0.0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
        ((255, 255, 0), (97.14, -21.55, 94.48)),
    ],
)
def test_lab_of_known_colours(colour: Colour, expected: tuple[float, float, float]) -> None:
    """Lab of the primaries, greys and yellow is what colour tables give for sRGB under D65."""
    assert lab(np.array([[colour]], np.uint8))[0, 0] == pytest.approx(expected, abs=0.02)


def test_mean_lightness_is_the_mean_over_the_picture() -> None:
    """Half black, half white is 50; a brighter picture has more."""
    picture = np.zeros((10, 10, 3), np.uint8)
    picture[:5] = 255
    assert mean_lightness(picture) == pytest.approx(50.0, abs=1e-4)
    assert mean_lightness(picture // 2) < 50.0


@pytest.mark.parametrize(("name", "pigment"), [(name, one) for name, some in PIGMENTS.items() for one in some])
def test_pure_pigment_is_named_right(name: str, pigment: Colour) -> None:
    """Each pigment of the painter's palette is seen as the hue that it was mixed for, as a whole."""
    picture = np.full((4, 6, 3), pigment, np.uint8)
    assert dominant_hue(picture) == name
    assert hue_shares(picture)[name] == 1.0


def test_shares_sum_to_one_and_follow_the_area() -> None:
    """Every pixel counts for exactly one of the nine hues."""
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    shares = hue_shares(noise)
    assert set(shares) == set(HUES)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert min(shares.values()) > 0.0
    flag = np.concatenate([np.full((3, 8, 3), PIGMENTS["red"][0]), np.full((1, 8, 3), PIGMENTS["white"][0])])
    assert hue_shares(flag.astype(np.uint8)) == pytest.approx({**dict.fromkeys(HUES, 0.0), "red": 0.75, "white": 0.25})
