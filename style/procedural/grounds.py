"""Grounds: the painted surface under a composition, from flat paper to clouded and vignetted colour fields."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from style.procedural.palette import Palette

_GRID = 48  # grounds are soft: they are painted small and stretched


def cloud(rng: np.random.Generator, size: int, cells: int) -> NDArray[np.float64]:
    """Draw soft noise: (size, size), mean near 0, about within [-1, 1], with `cells` blotches along a side."""
    coarse = rng.uniform(0, 255, (cells + 1, cells + 1)).astype(np.uint8)
    smooth = Image.fromarray(coarse, "L").resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(smooth, dtype=np.float64) / 127.5 - 1.0


def ground(palette: Palette, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Paint a ground of (48, 48, 3) uint8 in the palette's ground colour."""
    y, x = np.mgrid[0:_GRID, 0:_GRID] / (_GRID - 1.0)
    base = np.array(palette.ground, dtype=np.float64)
    field = np.broadcast_to(base, (_GRID, _GRID, 3)).copy()
    kind = rng.choice(("flat", "run", "vignette", "halo", "fields"), p=(0.34, 0.2, 0.2, 0.14, 0.12))
    second = np.array(palette.pick(rng), dtype=np.float64)
    if kind == "run":
        angle = rng.uniform(0, 2 * np.pi)
        along = np.clip((x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle) + 0.5, 0, 1)
        field += along[:, :, None] * (second - base) * rng.uniform(0.15, 0.5)
    elif kind in ("vignette", "halo"):
        cx, cy = rng.uniform(0.35, 0.65, 2)
        distance = np.hypot(x - cx, y - cy)
        reach = np.clip((distance - 0.3) / 0.5, 0, 1) if kind == "vignette" else np.exp(-((distance / 0.3) ** 2))
        toward = base * 0.6 if kind == "vignette" else second
        field += reach[:, :, None] * (toward - base) * rng.uniform(0.3, 0.7)
    elif kind == "fields":
        edge, slope = rng.uniform(0.3, 0.7), rng.normal(0, 0.4)
        side = (x + slope * (y - 0.5)) > edge
        field[side] += (second - base) * rng.uniform(0.35, 0.8)
    mottle = 0.7 * cloud(rng, _GRID, int(rng.integers(3, 7))) + 0.3 * cloud(rng, _GRID, 16)
    field *= 1.0 + mottle[:, :, None] * rng.uniform(0.01, 0.09)
    return np.clip(field, 0, 255).astype(np.uint8)


def grain(rng: np.random.Generator, size_px: int) -> NDArray[np.float64]:
    """Draw the weave of paper or canvas: (size, size) to add, in levels of 255, a few levels strong."""
    strength = rng.uniform(0.0, 3.5)
    return np.asarray(rng.normal(0.0, 1.0, (size_px, size_px)) * strength, dtype=np.float64)
