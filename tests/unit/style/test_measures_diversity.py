"""Diversity: sets that repeat themselves have less of it, and near-duplicates are found."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

from style.measures.diversity import diversity, duplicate_rate, perceptual_hash
from style.procedural import draw, random_spec

Pictures = NDArray[np.uint8]


@pytest.fixture(scope="module")
def various() -> Pictures:
    """Twelve drawn pictures."""
    return np.stack([draw(random_spec(seed), 64, 1) for seed in range(12)])


def test_set_is_as_various_as_itself(various: Pictures) -> None:
    """Relative to itself a set has diversity 1 in every part, and no near-duplicates."""
    found = diversity(various, various)
    assert [found.colour, found.composition] == pytest.approx([1.0, 1.0])
    assert found.duplicates == 0.0


def test_repetition_lowers_diversity(various: Pictures) -> None:
    """Two pictures six times each differ less than twelve; all of them are duplicates."""
    found = diversity(np.repeat(various[:2], 6, axis=0), various)
    assert found.colour < 0.9
    assert found.composition < 0.9
    assert found.duplicates == 1.0


def test_lighter_softer_copy_is_a_near_duplicate(various: Pictures) -> None:
    """A picture made a little lighter and re-encoded keeps its hash nearly; another picture has another."""
    lighter = np.asarray(ImageEnhance.Brightness(Image.fromarray(various[0])).enhance(1.1))
    assert (perceptual_hash(lighter) != perceptual_hash(various[0])).sum() <= 6
    assert (perceptual_hash(various[1]) != perceptual_hash(various[0])).sum() > 12
    assert duplicate_rate(np.stack([various[0], lighter, various[1], various[2]])) == 0.5


def test_one_picture_has_no_duplicate(various: Pictures) -> None:
    """A set of one is without duplicates."""
    assert duplicate_rate(various[:1]) == 0.0
