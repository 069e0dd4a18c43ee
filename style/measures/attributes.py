"""What can be measured of one picture, by name: each measure gives one number. Knows no models and no sliders."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from style.measures.colour import lab, mean_lightness
from style.measures.order import directions, edges_of, energy, parallel, reduced, structure

Picture = NDArray[np.uint8]

_OFF_FRAME = 15  # degrees: a direction nearer to the frame's than this is one of its own
_BLOCK_PX = 4


def chroma(picture: Picture) -> float:
    """Measure the mean chroma of a picture (h, w, 3) in Lab."""
    values = lab(picture)
    return float(np.hypot(values[..., 1], values[..., 2]).mean())


def detail(picture: Picture) -> float:
    """Measure the edge energy per area of a picture (h, w, 3): how much of it is edges, 0 to about 0.08."""
    return float(energy(edges_of(picture)).mean())


def slant(picture: Picture) -> float:
    """Measure the share of a picture's edges (h, w, 3) that lie 15° and more off its frame's directions, in [0, 1]."""
    degrees = np.arange(180) % 90
    return float(directions(edges_of(picture))[(degrees >= _OFF_FRAME) & (degrees < 90 - _OFF_FRAME)].sum())


def smoothness(picture: Picture) -> float:
    """Measure how even blocks of 4 px are at 128 px on the long side: the share of lightness's variance between them.

    1 where each block has one lightness (a picture of one colour too), 0 where only neighbouring pixels differ.
    """
    lightness = lab(reduced(picture))[..., 0]
    h, w = (side // _BLOCK_PX for side in lightness.shape)
    blocks = lightness[: h * _BLOCK_PX, : w * _BLOCK_PX].reshape(h, _BLOCK_PX, w, _BLOCK_PX)
    whole = float(blocks.var())
    return 1.0 - float(blocks.var(axis=(1, 3)).mean()) / whole if whole > 1e-9 else 1.0


MEASURES: Mapping[str, Callable[[Picture], float]] = {
    "brightness": mean_lightness,
    "structure": structure,
    "parallel": parallel,
    "chroma": chroma,
    "detail": detail,
    "slant": slant,
    "smoothness": smoothness,
}
"""All measures, by the name of the continuous attribute that they go with."""
