"""What all homages share: generators by purpose, colours that vary a little, bars, and the painted surface.

Knows nothing of any one movement. Colours are sRGB triples in 0–255, places fractions of the side.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from style.procedural.canvas import Canvas, Point
from style.procedural.grounds import cloud
from style.procedural.palette import Colour, mix

_GROUND_PX = 64


def generator(seed: int, purpose: int) -> np.random.Generator:
    """Open the generator of one purpose (places, colours, surface, …), so that no purpose disturbs another."""
    return np.random.default_rng((seed, 100 + purpose))


def varied(colour: Colour, shift: float) -> Colour:
    """Make a colour lighter (`shift` > 0) or darker; 1 is all the way to white or black."""
    return mix(colour, (255, 255, 255) if shift > 0 else (0, 0, 0), abs(shift))


def bar(start: Point, end: Point, width: float) -> list[Point]:
    """Give the corners of a bar with square ends from `start` to `end`."""
    length = math.hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    across = (-(end[1] - start[1]) / length * width / 2, (end[0] - start[0]) / length * width / 2)
    return [
        (start[0] + across[0], start[1] + across[1]),
        (end[0] + across[0], end[1] + across[1]),
        (end[0] - across[0], end[1] - across[1]),
        (start[0] - across[0], start[1] - across[1]),
    ]


def clouded(colour: Colour, rng: np.random.Generator, depth: float) -> NDArray[np.uint8]:
    """Paint a ground of (64, 64, 3) in one colour, uneven by `depth` (a share of its lightness)."""
    field = 0.6 * cloud(rng, _GROUND_PX, 4) + 0.4 * cloud(rng, _GROUND_PX, 13)
    tinted = np.array(colour, dtype=np.float64) * (1.0 + depth * field[:, :, None])
    return np.clip(tinted, 0, 255).astype(np.uint8)


def brushwork(rng: np.random.Generator, size_px: int, strength: float) -> NDArray[np.float64]:
    """Draw brush marks and weave, (size, size) to add, in levels of 255: streaks both ways, blotches, and grain.

    `strength` is about the deviation of the streaks, in levels.
    """
    level, upright = _streaks(rng, size_px), _streaks(rng, size_px).T
    share = np.clip(0.5 + 1.5 * cloud(rng, size_px, 5), 0.0, 1.0)
    weave = rng.normal(0.0, 1.0, (size_px, size_px))
    marks = share * level + (1 - share) * upright
    return np.asarray(strength * (marks + 0.7 * cloud(rng, size_px, 7) + 0.4 * weave), dtype=np.float64)


def _streaks(rng: np.random.Generator, size_px: int) -> NDArray[np.float64]:
    coarse = Image.fromarray(rng.normal(0.0, 1.0, (72, 7)).astype(np.float32), "F")
    return np.asarray(coarse.resize((size_px, size_px), Image.Resampling.BICUBIC), dtype=np.float64)


def rectangle(canvas: Canvas, box: tuple[float, float, float, float], colour: Colour) -> None:
    """Fill an upright rectangle (left, top, right, bottom)."""
    left, top, right, bottom = box
    canvas.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour)
