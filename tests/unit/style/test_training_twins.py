"""Twins among many pictures: what a look at all of them finds is what a look at each pair says."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from style.training.twins import find_twins, fingerprint, look_alike

Looks = list[NDArray[np.float64]]


@pytest.fixture(scope="module")
def looks() -> Looks:
    """Fingerprints of 30 pictures, most of them copies of earlier ones: noisier, lighter, turned round."""
    rng = np.random.default_rng(7)
    pictures = [rng.uniform(0, 255, (8, 8, 3)).repeat(8, axis=0).repeat(8, axis=1) for _ in range(6)]
    for k in range(24):
        source = pictures[k % 6].astype(np.float64)
        changed = source + (rng.normal(0, 6, source.shape), np.full(source.shape, 4.0 * (k - 10)), 0.0)[k % 3]
        pictures.append(changed[::-1] if k % 5 == 4 else changed)
    return [fingerprint(np.clip(picture, 0, 255).astype(np.uint8)) for picture in pictures]


def test_each_twin_is_paired_with_the_first_that_it_looks_like(looks: Looks) -> None:
    """The pairs are those that comparing every two pictures gives, some of them and not all."""
    expected = []
    for j, late in enumerate(looks):
        first = next((i for i in range(j) if look_alike(looks[i], late)), None)
        if first is not None:
            expected.append((first, j))
    assert find_twins(looks) == expected
    assert 10 <= len(expected) <= 24


def test_turned_picture_and_other_colours_are_no_twins(looks: Looks) -> None:
    """The course of light and the colours have both to agree."""
    assert not look_alike(looks[0], looks[0][::-1])
    assert not look_alike(looks[0], looks[0][:, :, ::-1])
    assert not look_alike(looks[0], looks[0] + 15.0)
    assert look_alike(looks[0], looks[0] + 13.0)


def test_no_pictures_have_no_twins() -> None:
    """Nothing is found among none or one."""
    assert find_twins([]) == []
    assert find_twins([np.zeros((16, 17, 3))]) == []
