"""The paintings that a style is measured against: squares of the model's size, and those that its training held out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from style.measures.evaluation import Paintings, Pictures
from style.training.paintings import Painting, crops, read_folder


def read_paintings(folder: Path, size_px: int, share: float = 0.15, seed: int = 0) -> Paintings:
    """Read the middle squares of a folder's paintings, split as `style.training.lora` does with `share` and `seed`.

    Raises:
        BadPicturesError: the folder cannot be used; the message names file and cure.
    """
    from style.training.lora import split  # brings torch along, which nothing else here needs

    paintings = read_folder(folder)
    _, held = split(paintings, share, seed)

    def squares(chosen: Sequence[Painting]) -> Pictures:
        return np.stack([crops(painting, 1, size_px, 0)[0] for painting in chosen])

    return Paintings(squares(paintings), squares(held))
