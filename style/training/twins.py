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
    bits = [np.diff(one.mean(axis=2), axis=1) for one in (first, second)]
    # A step that is almost none turns over with the least noise: it says nothing.
    firm = (np.abs(bits[0]) > 2) | (np.abs(bits[1]) > 2)
    differing = int(((bits[0] > 0) != (bits[1] > 0))[firm].sum())
    return differing <= _MOST_BITS and float(np.abs(first - second).mean()) <= _MOST_COLOUR


def find_twins(fingerprints: Sequence[NDArray[np.float64]]) -> list[tuple[int, int]]:
    """Find pairs (i, j), i < j, where j looks like i; i is the first that j looks like."""
    pairs = []
    for j, late in enumerate(fingerprints):
        first = next((i for i in range(j) if look_alike(fingerprints[i], late)), None)
        if first is not None:
            pairs.append((first, j))
    return pairs
