"""Landscapes as functions of a place: what lies there, how lit it is, and which way the brush goes.

Knows no colours. Places are arrays of fractions of the side, y downwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SKY, WATER, LEAVES, EARTH, WALL, SUN = range(6)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen at each place: a material, its light in [0, 1], and the brush (1 level, 0 round, -1 upright)."""

    material: NDArray[np.int64]
    light: Array
    brush: Array

    def cover(self, where: NDArray[np.bool_], material: int, light: Array | float, brush: float) -> None:
        """Put something in front of what is seen at some places."""
        self.material[where] = material
        self.light[where] = np.broadcast_to(light, where.shape)[where]
        self.brush[where] = brush


@dataclass(frozen=True, slots=True)
class Sun:
    """Where the sun or the moon stands, and its radius; 0 means out of sight."""

    x: float
    y: float
    radius: float


Scene = Callable[[Array, Array, np.random.Generator, Sun], Seen]


def _sky(x: Array, y: Array, horizon: float, sun: Sun, rng: np.random.Generator) -> Seen:
    bands = _wave(x, y, rng, 0.8, 4.0)
    glow = np.exp(-(((x - sun.x) ** 2 + (y - sun.y) ** 2) / 0.09))
    light = 0.6 + 0.2 * y / max(horizon, 0.1) + 0.1 * bands + 0.3 * glow
    seen = Seen(np.full(x.shape, SKY), light, np.full(x.shape, 0.4))
    seen.cover(np.hypot(x - sun.x, y - sun.y) < sun.radius, SUN, 1.0, 0.0)
    return seen


def _wave(x: Array, y: Array, rng: np.random.Generator, across: float, down: float) -> Array:
    """Sum a few slanted waves: a soft texture, about within [-1, 1]."""
    total = np.zeros_like(x)
    for k in range(1, 4):
        phase, lean = rng.uniform(0, 2 * np.pi), rng.normal(0.0, 1.0)
        total = total + np.sin(2 * np.pi * (across * k * x + (down + lean) * k * 0.7 * y) + phase) / k
    return np.asarray(total / 1.6)


def _outline(x: Array, rng: np.random.Generator, base: float, rise: float, waves: float) -> Array:
    """Draw the outline of a ridge: y as a function of x."""
    total = np.zeros_like(x)
    for k in (1.0, 2.3, 4.1):
        total = total + np.sin(2 * np.pi * waves * k * x + rng.uniform(0, 2 * np.pi)) / k**1.3
    return np.asarray(base - rise * total / 1.7)


def _water(seen: Seen, x: Array, y: Array, where: NDArray[np.bool_], sun: Sun, rng: np.random.Generator) -> None:
    ripple = np.sin(2 * np.pi * (26 * y + 0.8 * np.sin(7 * x + 9 * y) + rng.uniform())) * 0.5
    path = np.exp(-(((x - sun.x) / (0.05 + 0.12 * y)) ** 2)) * (0.5 + ripple) * (sun.radius > 0)
    seen.cover(where, WATER, 0.42 + 0.2 * ripple + 0.55 * np.clip(path, 0, 1), 1.0)


def _blob(
    seen: Seen,
    x: Array,
    y: Array,
    place: tuple[float, float],
    size: tuple[float, float],
    sun: Sun,
    ragged: float,
    seed: float,
) -> None:
    """Put a crown of leaves, lit from the sun's side."""
    u, v = (x - place[0]) / size[0], (y - place[1]) / size[1]
    angle = np.arctan2(v, u)
    edge = 1.0 + ragged * (np.sin(5 * angle + seed) + 0.6 * np.sin(9 * angle + 2.3 * seed))
    toward = np.sign(sun.x - place[0]) or 1.0
    light = 0.5 + 0.32 * toward * u - 0.3 * v
    seen.cover(np.hypot(u, v) < edge, LEAVES, np.clip(light, 0.05, 0.95), -0.3)


def sea(x: Array, y: Array, rng: np.random.Generator, sun: Sun) -> Seen:
    """Open water under a high sky, a headland, and sails."""
    horizon = float(rng.uniform(0.36, 0.5))
    seen = _sky(x, y, horizon, sun, rng)
    side = 1 if rng.random() < 0.5 else -1
    from_edge = x if side > 0 else 1 - x
    _water(seen, x, y, y > horizon, sun, rng)
    cliff = horizon - 0.14 * np.clip(1 - from_edge / rng.uniform(0.25, 0.4), 0, 1) ** 0.6
    seen.cover((y > cliff) & (y < horizon + 0.004), EARTH, 0.42 + 1.6 * (horizon - y), 0.2)
    for _ in range(3):
        mast, foot, height = rng.uniform(0.2, 0.85), horizon + rng.uniform(0.05, 0.3), rng.uniform(0.1, 0.2)
        height = height * (0.6 + 1.2 * (foot - horizon) / 0.3)
        up = (foot - y) / height
        sail = (up > 0.06) & (up < 1) & (x > mast) & (x - mast < 0.42 * height * (1 - up) + 0.004)
        seen.cover(sail, WALL, 0.75 + 0.2 * up, -0.6)
        hull = (
            (y > foot - 0.06 * height) & (y < foot + 0.1 * height) & (np.abs(x - mast - 0.1 * height) < 0.34 * height)
        )
        seen.cover(hull, EARTH, 0.12, 1.0)
    return seen


def harbour(x: Array, y: Array, rng: np.random.Generator, sun: Sun) -> Seen:
    """A row of houses, masts in front of it, and all of it in the water."""
    quay = float(rng.uniform(0.46, 0.54))
    mirrored = np.where(y > quay, quay - 0.85 * (y - quay) + 0.012 * np.sin(70 * y + 8 * x), y)
    seen = _sky(x, mirrored, quay, sun, rng)
    edges = np.cumsum(rng.uniform(0.07, 0.15, 12)) - 0.05
    tops, tones = rng.uniform(0.08, 0.24, 12), rng.uniform(0.12, 0.62, 12)
    house = np.minimum(np.searchsorted(edges, x), 11)
    start = np.concatenate([[-0.1], edges])[house]
    gable = 0.03 * np.abs((x - start) / (edges[house] - start) - 0.5)
    roof = quay - tops[house] + gable
    seen.cover(mirrored > roof, WALL, tones[house], -0.4)
    seen.cover((mirrored > roof) & (mirrored < roof + 0.04), EARTH, 0.4 + 0.5 * tones[house], 0.4)
    for _ in range(5):
        at, top = rng.uniform(0.06, 0.94), rng.uniform(0.08, 0.24)
        seen.cover((np.abs(x - at) < 0.009) & (mirrored > top), EARTH, 0.08, -1.0)
        hull = (np.abs(x - at) < 0.085 - 0.5 * np.abs(mirrored - quay)) & (mirrored > quay - 0.04)
        seen.cover(hull, EARTH, 0.22, 1.0)
    water = y > quay
    seen.light[water] = 0.82 * seen.light[water] + 0.12 * np.sin(2 * np.pi * 24 * y[water] + 5 * x[water])
    seen.brush[water] = 1.0
    seen.material[water & (seen.material == SKY)] = WATER
    return seen


def trees(x: Array, y: Array, rng: np.random.Generator, sun: Sun) -> Seen:
    """Tall trees in a row on a meadow, with long shadows."""
    horizon = float(rng.uniform(0.58, 0.68))
    seen = _sky(x, y, horizon, sun, rng)
    far = _outline(x, rng, horizon - 0.05, 0.025, 1.6)
    seen.cover(y > far, LEAVES, 0.34 + 0.1 * _wave(x, y, rng, 5.0, 3.0), 0.0)
    meadow = 0.62 + 0.12 * _wave(x, y, rng, 1.5, 6.0)
    seen.cover(y > horizon, LEAVES, meadow, 0.7)
    places = np.linspace(0.12, 0.88, 5) + rng.normal(0, 0.03, 5)
    chosen = rng.permutation(5)[:4]
    lean = -np.sign(sun.x - 0.5) or 1.0
    sizes, feet = rng.uniform(0.075, 0.105, 5), horizon + rng.uniform(0.03, 0.16, 5)
    for k in chosen:
        down = y - feet[k]
        shade = (down > -0.01) & (down < 0.1) & (np.abs(x - places[k] - lean * 2.2 * down) < 0.05)
        seen.cover(shade, LEAVES, 0.2, 0.8)
    for k in chosen[np.argsort(feet[chosen])]:
        trunk = (np.abs(x - places[k]) < 0.013) & (y > 0.4) & (y < feet[k])
        seen.cover(trunk, EARTH, 0.22, -1.0)
        crown = float(rng.uniform(0.2, 0.27))
        _blob(seen, x, y, (float(places[k]), feet[k] - 0.12 - crown), (float(sizes[k]), crown), sun, 0.06, float(k))
    return seen


def field(x: Array, y: Array, rng: np.random.Generator, sun: Sun) -> Seen:
    """Rows of a ploughed or ripe field that run to a point on the horizon, and stacks of straw."""
    horizon, at = float(rng.uniform(0.34, 0.44)), float(rng.uniform(0.25, 0.75))
    seen = _sky(x, y, horizon, sun, rng)
    seen.cover(y > _outline(x, rng, horizon - 0.02, 0.03, 1.3), LEAVES, 0.35, 0.2)
    depth = np.maximum(y - horizon, 1e-3)
    rows = np.sin(9.0 * (x - at) / (depth + 0.07) + rng.uniform(0, 6))
    seen.cover(y > horizon, EARTH, 0.64 + 0.26 * rows, 0.3)
    seen.material[(y > horizon) & (rows < -0.55)] = LEAVES
    side = 1 if at < 0.5 else -1
    for k, (off, down, size) in enumerate(((0.3, 0.3, 0.16), (0.08, 0.14, 0.08), (-0.22, 0.1, 0.06))):
        cx, foot = at + side * (off + rng.uniform(-0.04, 0.04)), horizon + down
        toward = np.sign(sun.x - cx) or 1.0
        shade = ((x - cx + toward * size * 1.1) / (1.3 * size)) ** 2 + ((y - foot) / (0.22 * size)) ** 2 < 1
        seen.cover(shade, LEAVES, 0.15, 1.0)
        up = (foot - y) / (1.35 * size)
        stack = (up > -0.06) & (up < 1) & (np.abs(x - cx) < size * np.where(up < 0.5, 0.85, 1.75 * (1 - up)))
        seen.cover(stack, EARTH, np.clip(0.6 + toward * 0.4 * (x - cx) / size + 0.06 * k, 0.1, 1.0), -0.5)
    return seen


def river(x: Array, y: Array, rng: np.random.Generator, sun: Sun) -> Seen:
    """Water that winds from the horizon to the beholder between banks with bushes."""
    horizon = float(rng.uniform(0.3, 0.4))
    seen = _sky(x, y, horizon, sun, rng)
    seen.cover(y > _outline(x, rng, horizon - 0.03, 0.04, 1.4), LEAVES, 0.36, 0.1)
    seen.cover(y > horizon, LEAVES, 0.6 + 0.14 * _wave(x, y, rng, 2.0, 5.0), 0.6)
    depth = np.clip((y - horizon) / (1 - horizon), 0, 1)
    side = 1 if rng.random() < 0.5 else -1
    middle = 0.5 + side * (0.17 * np.sin(2 * np.pi * depth**0.65 * 0.95 + 0.4) - 0.04)
    half = 0.02 + 0.3 * depth**1.25
    _water(seen, x, y, (y > horizon) & (np.abs(x - middle) < half), sun, rng)
    edge = (y > horizon) & (np.abs(np.abs(x - middle) - half) < 0.012 + 0.02 * depth)
    seen.cover(edge, EARTH, 0.6, 0.8)
    for k, down in enumerate((0.06, 0.16, 0.34)):
        bank = -1 if k % 2 else 1
        size = 0.05 + 0.22 * down
        cx = float(0.5 + bank * (0.24 + 0.35 * down)) + float(rng.normal(0, 0.03))
        _blob(seen, x, y, (cx, horizon + down - size * 0.7), (size, size * 1.15), sun, 0.08, 1.7 * k)
    return seen


def hills(x: Array, y: Array, rng: np.random.Generator, sun: Sun) -> Seen:
    """Ridge behind ridge, darker the nearer they come."""
    seen = _sky(x, y, 0.35, sun, rng)
    for k, base in enumerate((0.36, 0.48, 0.62, 0.78)):
        ridge = _outline(x, rng, base + float(rng.normal(0, 0.015)), 0.1 - 0.012 * k, 0.7 + 0.25 * k)
        slope = np.cos(2 * np.pi * (2.2 * x + 1.5 * (y - ridge)) + rng.uniform(0, 6))
        light = 0.8 - 0.12 * k - 0.42 * np.clip((y - ridge) / 0.15, 0, 1) + 0.1 * slope
        seen.cover(y > ridge, (EARTH, LEAVES)[k % 2], np.clip(light, 0.06, 0.95), 0.4)
        crest = (y > ridge - 0.012) & (y < ridge + 0.012)
        seen.cover(crest, LEAVES, 0.3 - 0.06 * k, 0.6)
    return seen


SCENES: dict[str, Scene] = {
    "sea": sea,
    "harbour": harbour,
    "river": river,
    "trees": trees,
    "field": field,
    "hills": hills,
}
