"""The paintings that a style is measured against: squares of the model's size, and those that its training held out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from style.measures.evaluation import Paintings, Pictures
from style.training.paintings import Painting, crops, pixel_tags, read_folder, split

HELD_OUT_SHARE, SPLIT_SEED = 0.15, 0
"""How the trainings of the styles that ship hold pictures out."""
LEAST_PAINTINGS = 8
"""Fewer paintings give no distance: their halves say nothing of how far a painter is from himself."""
LEAST_HELD_OUT = 4
"""Fewer held-out paintings say nothing of their painter."""


def read_paintings(
    folder: Path,
    size_px: int,
    share: float = HELD_OUT_SHARE,
    seed: int = SPLIT_SEED,
    synonyms: Mapping[str, str] | None = None,
) -> Paintings:
    """Read the middle squares of a folder's paintings, split as a training with `share` and `seed` does.

    Raises:
        BadPicturesError: the folder cannot be used; the message names file and cure.
    """
    paintings = read_folder(folder, synonyms)
    return cut_paintings(paintings, split(paintings, share, seed)[1], size_px)


def cut_paintings(paintings: Sequence[Painting], held: Sequence[Painting], size_px: int) -> Paintings:
    """Cut the middle squares of paintings, `size_px` a side; `held` are those held out of training, maybe none.

    Their words are their tags and those that their pixels tell, as in training.
    """

    def squares(chosen: Sequence[Painting]) -> Pictures:
        return np.stack([crops(painting, 1, size_px, 0)[0] for painting in chosen])

    everything = squares(paintings)
    words = tuple(
        tuple(dict.fromkeys((*painting.tags, *pixel_tags(square))))
        for painting, square in zip(paintings, everything, strict=True)
    )
    return Paintings(everything, squares(held) if held else None, words)
