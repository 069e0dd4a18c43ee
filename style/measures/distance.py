"""How far two sets of pictures are apart in style: colour, texture and line, and the order of the whole.

Only sets can be judged (30 pictures and more): a painter varies more from picture to picture than most faults do. No
downloaded weights. Distances are Wasserstein distances between marginals, averaged over fixed random projections.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from style.measures.colour import lab

Pictures = NDArray[np.uint8]
_QUANTILES = np.linspace(0.01, 0.99, 60)
_PATCH = 7
_PROJECTIONS = 64
_LEVELS = 3


@dataclass(frozen=True, slots=True)
class StyleDistance:
    """Distances of two sets, each 0 for the same set: colour (Lab), texture, line, composition."""

    colour: float
    texture: float
    line: float
    composition: float


def features(pictures: Pictures) -> dict[str, NDArray[np.float64]]:
    """Describe each picture of (n, h, w, 3): one row of numbers for colour, texture, line and composition each."""
    rows: dict[str, list[NDArray[np.float64]]] = {"colour": [], "texture": [], "line": [], "composition": []}
    for picture in pictures:
        values = lab(picture) / 100.0
        rows["colour"].append(_colour(values))
        rows["texture"].append(_texture(values))
        gradient_y, gradient_x = (np.asarray(part, dtype=np.float64) for part in np.gradient(values[..., 0]))
        rows["line"].append(_line(gradient_x, gradient_y))
        rows["composition"].append(_composition(values, np.hypot(gradient_x, gradient_y)))
    return {name: np.stack(row) for name, row in rows.items()}


def distance(first: Pictures, second: Pictures) -> StyleDistance:
    """Measure how far the mean features of two sets, (n, h, w, 3) and (m, h, w, 3) of one size, are apart."""
    a, b = features(first), features(second)
    return StyleDistance(**{name: float(np.abs(a[name].mean(0) - b[name].mean(0)).mean()) for name in a})


def relative(first: Pictures, second: Pictures, unit: StyleDistance) -> StyleDistance:
    """Measure a distance in units of another: 1 is as far as the two halves of the painter's own work, say."""
    found = distance(first, second)
    names = ("colour", "texture", "line", "composition")
    return StyleDistance(**{name: getattr(found, name) / getattr(unit, name) for name in names})


def overall(found: StyleDistance) -> float:
    """Sum a relative distance up as the geometric mean of its parts."""
    parts = (found.colour, found.texture, found.line, found.composition)
    return math.exp(sum(math.log(max(part, 1e-9)) for part in parts) / len(parts))


def bootstrap(
    generated: Pictures, paintings: Pictures, unit: StyleDistance, draws: int = 200, seed: int = 0
) -> tuple[float, float]:
    """Give the 95 % interval of `overall(relative(...))` over bootstrap draws of both sets.

    Drawing anew adds noise to both means and so distance of its own: the draws lie too far out, most where the sets
    are near. So their middle is moved to the estimate, as a factor.
    """
    a, b, rng = features(generated), features(paintings), np.random.default_rng(seed)

    def whole(i: NDArray[np.int64], j: NDArray[np.int64]) -> float:
        parts = {part: float(np.abs(a[part][i].mean(0) - b[part][j].mean(0)).mean()) for part in a}
        parts = {part: value / getattr(unit, part) for part, value in parts.items()}
        return overall(StyleDistance(**parts))

    n, m = len(generated), len(paintings)
    estimate = whole(np.arange(n), np.arange(m))
    found = [whole(rng.integers(n, size=n), rng.integers(m, size=m)) for _ in range(draws)]
    low, middle, high = np.quantile(found, (0.025, 0.5, 0.975))
    return float(low / middle * estimate), float(high / middle * estimate)


def mean_of(distances: Sequence[StyleDistance]) -> StyleDistance:
    """Average several distances part by part."""
    names = ("colour", "texture", "line", "composition")
    return StyleDistance(**{name: float(np.mean([getattr(one, name) for one in distances])) for name in names})


def _colour(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.quantile(values.reshape(-1, 3), _QUANTILES, axis=0).T.ravel()


def _texture(values: NDArray[np.float64]) -> NDArray[np.float64]:
    found, level = [], values
    for k in range(_LEVELS):
        smaller = _halve(level)
        detail = level[: 2 * smaller.shape[0], : 2 * smaller.shape[1]] - smaller.repeat(2, 0).repeat(2, 1)
        windows = np.lib.stride_tricks.sliding_window_view(detail, (_PATCH, _PATCH), axis=(0, 1))[::3, ::3]
        patches = windows.reshape(-1, 3 * _PATCH * _PATCH)
        found.append(np.quantile(patches @ _projection(k), _QUANTILES, axis=0).T.ravel())
        level = smaller
    return np.concatenate(found)


def _projection(level: int) -> NDArray[np.float64]:
    rng = np.random.default_rng((20240206, level))
    directions = rng.normal(size=(3 * _PATCH * _PATCH, _PROJECTIONS))
    return np.asarray(directions / np.linalg.norm(directions, axis=0), dtype=np.float64)


def _halve(level: NDArray[np.float64]) -> NDArray[np.float64]:
    h, w = level.shape[0] // 2, level.shape[1] // 2
    return np.asarray(level[: 2 * h, : 2 * w].reshape(h, 2, w, 2, 3).mean(axis=(1, 3)), dtype=np.float64)


def _line(gradient_x: NDArray[np.float64], gradient_y: NDArray[np.float64]) -> NDArray[np.float64]:
    strength = np.hypot(gradient_x, gradient_y)
    angle = np.arctan2(gradient_y, gradient_x) % math.pi
    histogram, _ = np.histogram(angle, bins=18, range=(0.0, math.pi), weights=strength)
    spread = np.quantile(strength, np.linspace(0.05, 0.98, 18))
    return np.concatenate([histogram / (histogram.sum() + 1e-9), 10.0 * spread])


def _composition(values: NDArray[np.float64], strength: NDArray[np.float64]) -> NDArray[np.float64]:
    """Radial spread of the edges about their centroid, and the variance of an 8×8 grid of mean colours."""
    total = strength.sum() + 1e-9
    y, x = np.mgrid[0 : strength.shape[0], 0 : strength.shape[1]] / max(strength.shape)
    cy, cx = (y * strength).sum() / total, (x * strength).sum() / total
    radius = np.hypot(y - cy, x - cx)
    radial, _ = np.histogram(radius, bins=10, range=(0.0, 0.75), weights=strength)
    h, w = (side // 8 * 8 for side in strength.shape)
    grid = values[:h, :w].reshape(8, h // 8, 8, w // 8, 3).mean(axis=(1, 3))
    return np.concatenate([radial / total, grid.std(axis=(0, 1)), [abs(cx - 0.5), abs(cy - 0.5)]])
