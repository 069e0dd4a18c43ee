"""Measures of one picture: each sees what it is named after."""

from __future__ import annotations

import numpy as np
import pytest

from style.measures.attributes import chroma, detail, slant, smoothness

Y, X = np.indices((128, 128))


def picture(bright: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Paint white where it is bright, on dark grey: (128, 128, 3)."""
    return np.where(bright[..., None], 230, 40).astype(np.uint8).repeat(3, axis=2)


def test_slant_tells_diagonals_from_the_frame_s_directions() -> None:
    """Diagonal stripes are off the frame's directions, upright and level ones are not, and nothing has none."""
    assert slant(picture((X + Y) // 16 % 2 == 0)) > 0.9
    for nearly_upright in (X, X + Y / 10, X - Y / 10):
        assert slant(picture(nearly_upright // 16 % 2 == 0)) < 0.05
    assert slant(picture(Y // 16 % 2 == 0)) < 0.05
    assert slant(picture(X < 0)) == 0.0


def test_smoothness_tells_areas_from_grain() -> None:
    """Areas that lie in the blocks are smooth, single pixels are not; one colour is smooth."""
    assert smoothness(picture(X // 16 % 2 == 0)) == pytest.approx(1.0)
    assert smoothness(picture((X + Y) % 2 == 0)) < 0.01
    assert 0.5 < smoothness(picture(X // 18 % 2 == 0)) < 0.95
    assert smoothness(picture(X < 0)) == 1.0


def test_detail_and_chroma_grow_with_edges_and_colour() -> None:
    """More stripes are more edges; grey has no chroma, red has."""
    assert detail(picture(X // 8 % 2 == 0)) > 1.5 * detail(picture(X // 32 % 2 == 0)) > 0.0
    assert chroma(picture(X // 8 % 2 == 0)) < 0.1
    assert chroma(np.full((16, 16, 3), (200, 30, 30), np.uint8)) > 50.0
