"""The order of a picture, off its pixels: structure (acentric … centric) and parallel (external … inner).

Both are read off the edges: where they lie, and which directions they have. Knows nothing of forms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from style.measures.colour import lab

SIDE_PX = 128
_FAINTEST = 0.01  # Lab / 100 a pixel: weaker gradients are grounds and grain
_FULL = 0.09  # a gradient from here on is an edge like any other, so that no single black line outweighs a picture
_FAINTEST_LINE, _FULL_LINE = 0.03, 0.13
_BLUR_PX = 1.0
_NEIGHBOURHOOD_PX = 1.5
_EVEN = math.sqrt(1.0 / 6.0)  # root mean square distance from the middle, when the edges lie evenly over a unit square
_DIRECTIONS = 180
_TOLERANCE = 2.0  # degrees
_ON_MIRROR = 0.05  # more than this, and zigzags are taken for lines of two directions
_OFF_AXIS = 15.0  # degrees: a shared direction nearer to the picture's edges than this is none of its own

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Edges:
    """Gradients of a picture in Lab / 100 a pixel at 128 px on the long side, (h, w, 3) along x and along y."""

    along_x: Numbers
    along_y: Numbers


def reduced(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Bring a picture (h, w, 3) to 128 px on its long side, the size at which contours are measured."""
    longest = max(picture.shape[:2])
    if longest == SIDE_PX:
        return picture
    height, width = (max(8, round(side * SIDE_PX / longest)) for side in picture.shape[:2])
    return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS))


def edges_of(picture: NDArray[np.uint8]) -> Edges:
    """Find the gradients of a picture (h, w, 3), brought to 128 px on its long side."""
    values = lab(reduced(picture)) / 100.0
    sigma = (_BLUR_PX, _BLUR_PX, 0.0)
    along_x, along_y = (ndimage.gaussian_filter(values, sigma, order=order) for order in ((0, 1, 0), (1, 0, 0)))
    return Edges(along_x, along_y)


def energy(edges: Edges) -> Numbers:
    """Weigh each pixel as an edge: (h, w), 0 where there is none."""
    strength = np.sqrt((edges.along_x**2 + edges.along_y**2).sum(axis=-1))
    return np.asarray(np.clip(strength - _FAINTEST, 0.0, _FULL - _FAINTEST))


def structure(picture: NDArray[np.uint8]) -> float:
    """Measure how centric a picture (h, w, 3) is: 1 all edges in the middle, 0 evenly spread, −0.7 all in the corners.

    It is one minus the root mean square distance of the edges from the middle, whose square is the sum of their spread
    about their centroid and of the centroid's distance from the middle; 0 for a picture without edges.
    """
    return structure_of(energy(edges_of(picture)))


def structure_of(weights: Numbers) -> float:
    """Measure `structure` off edge weights (h, w)."""
    total = float(weights.sum())
    if total <= 0.0:
        return 0.0
    y, x = (np.arange(side) / max(1, side - 1) - 0.5 for side in weights.shape)
    square = float((weights.sum(axis=1) * y**2).sum() + (weights.sum(axis=0) * x**2).sum()) / total
    return 1.0 - math.sqrt(square) / _EVEN


def parallel(picture: NDArray[np.uint8]) -> float:
    """Measure whether a picture's directions are parallel to its edges (towards −1) or to one another only (+1).

    Elements that share a direction make the distribution of edge directions symmetric about it: straight lines by
    lying on it, zigzags, triangles and waves by leaning to both sides alike. So it is the best symmetry about a
    direction of its own, at least 15° off the picture's edges, less the symmetry about those edges; 0 without edges.
    """
    return parallel_of(directions(edges_of(picture)))


def parallel_of(shares: Numbers) -> float:
    """Measure `parallel` off shares (180,) of directions.

    The symmetry is the Bhattacharyya coefficient of the distribution and its mirror image, in [0, 1]. What lies on the
    mirror itself, or across it, counts a little more: crossed lines are as symmetric about their diagonal.
    """
    if shares.sum() <= 0.0:
        return 0.0
    smooth = ndimage.gaussian_filter1d(shares, _TOLERANCE, mode="wrap")
    root = np.sqrt(smooth / smooth.sum())
    # Entry m pairs directions i and j with i + j = m: the mirror at (m + 1) / 2 degrees, as bins have their middles.
    # The second term weighs each pair by the cosine of twice the angle between them.
    turn = np.exp(2j * math.pi * np.arange(_DIRECTIONS) / _DIRECTIONS)
    plain, weighed = np.fft.fft(root) ** 2, np.fft.fft(root * turn) * np.fft.fft(root * turn.conj())
    symmetry = np.real(np.fft.ifft(plain + _ON_MIRROR * weighed)) / (1.0 + _ON_MIRROR)
    mirror = (np.arange(_DIRECTIONS) + 1) / 2.0 % 90.0
    off = np.minimum(mirror, 90.0 - mirror)
    return float(symmetry[off > _OFF_AXIS].max() - symmetry[off <= 1.0].max())


def directions(edges: Edges) -> Numbers:
    """Count edges by direction: (180,) shares, one a degree, that sum to 1 (or 0 without edges).

    Source: the structure tensor; coherent neighbourhoods count most, so that corners and textures do not.
    """
    xx, yy, xy = (
        ndimage.gaussian_filter((a * b).sum(axis=-1), _NEIGHBOURHOOD_PX)
        for a, b in ((edges.along_x,) * 2, (edges.along_y,) * 2, (edges.along_x, edges.along_y))
    )
    trace = xx + yy
    coherence = np.hypot(xx - yy, 2.0 * xy) / (trace + 1e-9)
    weights = np.clip(np.sqrt(trace) - _FAINTEST_LINE, 0.0, _FULL_LINE - _FAINTEST_LINE) * coherence**4
    angle = 0.5 * np.arctan2(2.0 * xy, xx - yy) % math.pi
    found, _ = np.histogram(angle, bins=_DIRECTIONS, range=(0.0, math.pi), weights=weights)
    return np.asarray(found / max(float(found.sum()), 1e-9))
