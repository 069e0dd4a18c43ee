"""How the edges of a picture bend and meet: numbers that tell curves, zigzags, straight lines, points and planes apart.

Turning or mirroring a picture does not change them. Knows nothing of words; `style.measures.reader` does.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from style.measures.colour import lab
from style.measures.order import Edges, edges_of, reduced

Numbers = NDArray[np.float64]

_FAINTEST = 0.025  # Lab / 100 a pixel
_MOST_POINTS = 420
_DISTANCES_PX = (1.5, 3.5, 6.0, 10.0, 16.0, 26.0, 42.0)
_ANGLES = 8
_BLOBS_PX = (0.9, 1.3, 1.9, 2.8, 4.1, 6.0)
_BLOB_STEPS = (0.04, 0.1, 0.2)
WIDTH = (len(_DISTANCES_PX) - 1) * (2 * _ANGLES**2 + 1) + len(_BLOBS_PX) * len(_BLOB_STEPS) + 3


def contours(picture: NDArray[np.uint8]) -> Numbers:
    """Describe the contours of a picture (h, w, 3), brought to 128 px on its long side: (`WIDTH`,)."""
    edges = edges_of(picture)
    strength = np.sqrt((edges.along_x**2 + edges.along_y**2).sum(axis=-1))
    y, x, tangent = _points(edges, strength)
    gradient = np.concatenate([edges.along_x[y, x], edges.along_y[y, x]], axis=1)
    amounts = (math.log1p(len(y)) / 5.0, float(strength.mean()) * 20.0, float((strength > _FAINTEST).mean()) * 3.0)
    return np.concatenate([_pairs(y, x, tangent, gradient), _blobs(picture), amounts])


def _points(edges: Edges, strength: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64], Numbers]:
    """Find the pixels where edges are strongest across their direction; of too many, an even draw."""
    products = ((edges.along_x, edges.along_x), (edges.along_y, edges.along_y), (edges.along_x, edges.along_y))
    xx, yy, xy = (ndimage.gaussian_filter((a * b).sum(axis=-1), 0.7) for a, b in products)
    normal = 0.5 * np.arctan2(2.0 * xy, xx - yy)
    step_y, step_x = np.rint(np.sin(normal)).astype(int), np.rint(np.cos(normal)).astype(int)
    rows, columns = np.indices(strength.shape)
    bordered = np.pad(strength, 1, mode="edge")
    ahead = bordered[rows + 1 + step_y, columns + 1 + step_x]
    behind = bordered[rows + 1 - step_y, columns + 1 - step_x]
    y, x = np.nonzero((strength >= ahead) & (strength > behind) & (strength > _FAINTEST))
    if len(y) > _MOST_POINTS:
        kept = np.random.default_rng(len(y)).permutation(len(y))[:_MOST_POINTS]
        y, x = y[kept], x[kept]
    return y, x, normal[y, x] + math.pi / 2


def _pairs(y: NDArray[np.int64], x: NDArray[np.int64], tangent: Numbers, gradient: Numbers) -> Numbers:
    """Count pairs of edge points by distance, by both tangents against the way between them, and by polarity.

    Points of one circle lie at equal and opposite angles, of one straight line at none, of a corner at its own.
    """
    bands = len(_DISTANCES_PX) - 1
    down, right = (np.subtract.outer(v, v).astype(np.float32) for v in (y, x))
    band = np.searchsorted(np.array(_DISTANCES_PX, dtype=np.float32) ** 2, down**2 + right**2) - 1
    i, j = np.nonzero((band >= 0) & (band < bands))
    way = np.arctan2(down[i, j], right[i, j])
    first, second = (((tangent[k] - way) % math.pi * (_ANGLES / math.pi)).astype(int) % _ANGLES for k in (i, j))
    same = ((gradient @ gradient.T)[i, j] > 0).astype(int)
    place = ((band[i, j] * 2 + same) * _ANGLES + first) * _ANGLES + second
    counts = np.bincount(place, minlength=bands * 2 * _ANGLES**2).reshape(bands, 2, _ANGLES, _ANGLES).astype(np.float64)
    counts += counts[:, :, ::-1, ::-1]  # as a mirror shows it
    totals = counts.sum(axis=(1, 2, 3))
    shares = np.sqrt(counts / np.maximum(totals, 1.0)[:, None, None, None])
    return np.concatenate([shares.ravel(), np.log1p(totals / max(1, len(y))) / 4.0])


def _blobs(picture: NDArray[np.uint8]) -> Numbers:
    """Count round spots by size and strength: maxima of the Laplacian over the three channels of Lab."""
    values, found = lab(reduced(picture)) / 100.0, []
    for size in _BLOBS_PX:
        response = [size**2 * ndimage.gaussian_laplace(values[..., channel], size) for channel in range(3)]
        strongest = np.sqrt(np.sum(np.square(response), axis=0))
        peaks = strongest[strongest == ndimage.maximum_filter(strongest, size=2 * round(1.5 * size) + 1)]
        found += [math.log1p(float((peaks > step).sum())) / 3.0 for step in _BLOB_STEPS]
    return np.array(found)
