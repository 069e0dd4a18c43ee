"""What a picture adds to its set's style: rows of numbers for colour, texture, line and composition.

Colour, texture and line are quantiles: the difference of two sets' mean rows is the Wasserstein-1 distance of the
distributions of an average picture of each (sliced, for texture: over fixed random projections of patches of a
Laplacian pyramid). Distances of the pooled distributions were tried and saw faults less well. No downloaded weights.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from style.measures.colour import lab
from style.measures.order import Edges, directions, edges_of, energy, parallel_of, structure_of

PARTS = ("colour", "texture", "line", "composition")

Pictures = NDArray[np.uint8]
Numbers = NDArray[np.float64]

_QUANTILES = np.linspace(0.01, 0.99, 60)
_PATCH, _EVERY, _LEVELS = 7, 3, 3
_PROJECTIONS = 64
_DIRECTIONS = 18
_GRID = 8


def features(pictures: Pictures) -> dict[str, Numbers]:
    """Describe each picture of (n, h, w, 3): one row for each of `PARTS`, (n, d) with a d of its own."""
    rows: dict[str, list[Numbers]] = {part: [] for part in PARTS}
    for picture in pictures:
        values, edges = lab(picture) / 100.0, edges_of(picture)
        rows["colour"].append(_quantiles(values.reshape(-1, 3)))
        rows["texture"].append(_texture(values))
        rows["line"].append(_line(values[..., 0]))
        rows["composition"].append(_composition(values, edges))
    return {part: np.stack(row) for part, row in rows.items()}


def _quantiles(values: Numbers) -> Numbers:
    """Give the quantiles of each column of (n, k) values: (60 k,)."""
    return np.asarray(np.quantile(values, _QUANTILES, axis=0).T.ravel())


def _texture(values: Numbers) -> Numbers:
    """Project the patches of a Laplacian pyramid; each level weighs the same."""
    found, level = [], values
    for k in range(_LEVELS):
        smaller = _halve(level)
        detail = level[: 2 * smaller.shape[0], : 2 * smaller.shape[1]] - smaller.repeat(2, 0).repeat(2, 1)
        windows = np.lib.stride_tricks.sliding_window_view(detail, (_PATCH, _PATCH), axis=(0, 1))[::_EVERY, ::_EVERY]
        found.append(_quantiles(windows.reshape(-1, 3 * _PATCH * _PATCH) @ _PROJECTION[k]))
        level = smaller
    return np.concatenate(found)


def _halve(level: Numbers) -> Numbers:
    h, w = level.shape[0] // 2, level.shape[1] // 2
    return np.asarray(level[: 2 * h, : 2 * w].reshape(h, 2, w, 2, 3).mean(axis=(1, 3)))


def _line(lightness: Numbers) -> Numbers:
    """Share the gradients of lightness out by direction, and give the quantiles of their strength."""
    along_y, along_x = (np.asarray(part, dtype=np.float64) for part in np.gradient(lightness))
    strength = np.hypot(along_x, along_y)
    angle = np.arctan2(along_y, along_x) % math.pi
    shares, _ = np.histogram(angle, bins=_DIRECTIONS, range=(0.0, math.pi), weights=strength)
    spread = np.quantile(strength, np.linspace(0.05, 0.98, _DIRECTIONS))
    return np.concatenate([shares / (shares.sum() + 1e-9), 10.0 * spread])


def _composition(values: Numbers, edges: Edges) -> Numbers:
    """Say where edges and colours lie: radii, balance, structure, parallel, and how colours change with distance."""
    weights = energy(edges)
    total = float(weights.sum()) + 1e-9
    y, x = (np.arange(side) / max(1, side - 1) - 0.5 for side in weights.shape)
    cy, cx = float((weights.sum(axis=1) * y).sum()) / total, float((weights.sum(axis=0) * x).sum()) / total
    radius = np.hypot(y[:, None] - cy, x[None, :] - cx)
    radial, _ = np.histogram(radius, bins=10, range=(0.0, 0.75), weights=weights)
    order = (abs(cx), abs(cy), 0.5 * structure_of(weights), 0.3 * parallel_of(directions(edges)))
    return np.concatenate([np.cumsum(radial / total) * 0.5, order, _spread(values), _middle_and_rim(values)])


def _spread(values: Numbers) -> Numbers:
    """Correlate the mean colours of cells 1, 2 and 4 apart, of 8×8: near ones are alike where things have a place."""
    cells = _cells(values)
    centred = cells - cells.mean(axis=(0, 1))
    variance = float((centred**2).sum(axis=-1).mean()) + 1e-6
    found = []
    for gap in (1, 2, 4):
        pairs = [(centred[gap:] * centred[:-gap]).sum(-1).mean(), (centred[:, gap:] * centred[:, :-gap]).sum(-1).mean()]
        found.append(0.3 * float(np.mean(pairs)) / variance)
    return np.array([*found, math.sqrt(variance / (float(values.var(axis=(0, 1)).sum()) + 1e-6))])


def _middle_and_rim(values: Numbers) -> Numbers:
    """Compare the mean colour of the inner quarter with that of the rim."""
    cells = _cells(values)
    inner = cells[_GRID // 4 : -_GRID // 4, _GRID // 4 : -_GRID // 4].mean(axis=(0, 1))
    rim = np.concatenate([cells[0], cells[-1], cells[1:-1, 0], cells[1:-1, -1]]).mean(axis=0)
    return np.asarray(inner - rim)


def _cells(values: Numbers) -> Numbers:
    h, w = (side // _GRID * _GRID for side in values.shape[:2])
    return np.asarray(values[:h, :w].reshape(_GRID, h // _GRID, _GRID, w // _GRID, 3).mean(axis=(1, 3)))


def _directions_of(count: int, width: int, seed: int) -> Numbers:
    """Draw `count` fixed directions of unit length: (width, count)."""
    drawn = np.random.default_rng((20240206, seed)).normal(size=(width, count))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=0), dtype=np.float64)


_PROJECTION = tuple(_directions_of(_PROJECTIONS, 3 * _PATCH * _PATCH, level) for level in range(_LEVELS))
