"""Pictures that are there twice: with the same content, or looking alike.

A twin on both sides of the split makes the held-out loss say less than the truth.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIDE = 16
_MOST_BITS = 12  # of 256 that may differ
_MOST_COLOUR = 14.0  # mean difference of a colour channel, of 255


def fingerprint(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Reduce a picture (h, w, 3) to what is alike in its copies of another size or quality: (16, 17, 3) colours."""
    small = Image.fromarray(pixels).resize((_SIDE + 1, _SIDE), Image.Resampling.LANCZOS)
    return np.asarray(small, dtype=np.float64)


def look_alike(first: NDArray[np.float64], second: NDArray[np.float64]) -> bool:
    """Tell whether two fingerprints are of pictures that look the same: in the course of light, and in their colours.

    Source: the difference hash, a bit for each pixel that is lighter than its neighbour to the right.
    """
    return bool(_alike(first[None], second)[0])


def find_twins(fingerprints: Sequence[NDArray[np.float64]]) -> list[tuple[int, int]]:
    """Find pairs (i, j), i < j, where j looks like i; i is the first that j looks like."""
    pairs = []
    prints = np.array(fingerprints)
    rows = prints.mean(axis=2) if len(prints) else prints
    for j in range(1, len(prints)):
        # Means of rows differ no more than their pixels do in the mean: most pairs need no closer look.
        (near,) = np.nonzero(np.abs(rows[:j] - rows[j]).mean(axis=(1, 2)) <= _MOST_COLOUR)
        alike = near[_alike(prints[near], prints[j])]
        if len(alike):
            pairs.append((int(alike[0]), j))
    return pairs


def _alike(many: NDArray[np.float64], one: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell of each of `many` fingerprints, (n, 16, 17, 3), whether it looks the same as `one`: (n,)."""
    found: NDArray[np.bool_] = np.abs(many - one).mean(axis=(1, 2, 3)) <= _MOST_COLOUR
    near, own = (np.diff(prints.mean(axis=-1), axis=-1) for prints in (many[found], one))
    # A step that is almost none turns over with the least noise: it says nothing.
    firm = (np.abs(near) > 2) | (np.abs(own) > 2)
    found[found] = (((near > 0) != (own > 0)) & firm).sum(axis=(1, 2)) <= _MOST_BITS
    return found
