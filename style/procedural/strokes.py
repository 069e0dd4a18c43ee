"""Lines: curved (arcs, waves, whips), angular (zigzags, chevrons, bolts) and straight (rays, bundles, grids)."""

from __future__ import annotations

import math

import numpy as np

from style.procedural.canvas import Canvas, Point
from style.procedural.forms import turned
from style.procedural.palette import Palette


def draw_line(
    canvas: Canvas,
    kind: str,
    centre: Point,
    size: float,
    angle: float,
    palette: Palette,
    rng: np.random.Generator,
    *,
    bold: bool = False,
) -> None:
    """Draw one line, or one bundle of lines, of `kind`, about `size` long from its middle, turned by `angle`.

    A `bold` one is nearly twice as wide, and seldom a bundle.
    """
    colour = palette.ink if rng.random() < 0.65 else palette.pick(rng)
    widths = (0.028, 0.038, 0.05) if bold else (0.014, 0.022, 0.036)
    width = min(float(rng.choice(widths, p=(0.4, 0.37, 0.23))), (0.16 if bold else 0.1) * size)
    count = int(rng.choice((1, 2, 3), p=(0.8, 0.14, 0.06) if bold else (0.6, 0.2, 0.2)))
    path = _PATHS[kind](size, rng)
    gap = max(0.045, 2.3 * width)
    for k in range(count):
        offset = (k - (count - 1) / 2) * gap
        shrink = float(rng.uniform(0.75, 1.0)) if count > 1 else 1.0
        points = turned(
            centre, [(x * shrink, y * (shrink if kind == "curve line" else 1.0) + offset) for x, y in path], angle
        )
        if width > 0.03 and kind != "angular line" and rng.random() < 0.6:
            canvas.tapered(points, width * 1.8, colour)
        else:
            canvas.stroke(points, width, colour)
    if kind == "straight line" and count >= 3 and rng.random() < 0.5:
        for k in range(int(rng.integers(2, 5))):
            x = (k - 1.5) * size * 0.32
            canvas.stroke(turned(centre, [(x, -gap * count * 0.7), (x, gap * count * 0.7)], angle), width, colour)


def _curve(size: float, rng: np.random.Generator) -> list[Point]:
    guise = rng.choice(("arc", "wave", "whip"), p=(0.45, 0.3, 0.25))
    t = np.linspace(0.0, 1.0, 36)
    if guise == "arc":
        sweep = rng.uniform(0.7, 1.5) * math.pi
        radius = size * rng.uniform(0.55, 0.9)
        x, y = radius * np.cos(sweep * (t - 0.5)), radius * np.sin(sweep * (t - 0.5))
        x = x - x.mean()
    elif guise == "wave":
        turns = int(rng.integers(1, 3))
        x, y = size * (2 * t - 1), size * rng.uniform(0.14, 0.3) * np.sin(2 * math.pi * turns * t)
    else:
        bend = rng.uniform(1.6, 2.6) * math.pi
        reach = size * 0.75 * (1 - 0.75 * t)
        x, y = reach * np.cos(bend * t), reach * np.sin(bend * t)
    return [(float(a), float(b)) for a, b in zip(x, y, strict=True)]


def _angular(size: float, rng: np.random.Generator) -> list[Point]:
    guise = rng.choice(("zigzag", "chevron", "bolt"), p=(0.5, 0.25, 0.25))
    if guise == "chevron":
        rise = size * float(rng.uniform(0.4, 0.8))
        return [(-size * 0.7, rise / 2), (0.0, -rise / 2), (size * 0.7, rise / 2)]
    if guise == "bolt":
        return [(-size, 0.12 * size), (0.15 * size, -0.22 * size), (-0.15 * size, 0.22 * size), (size, -0.12 * size)]
    teeth = int(rng.integers(3, 7))
    rise = size * float(rng.uniform(0.16, 0.34))
    return [(-size + 2 * size * k / teeth, rise if k % 2 else -rise) for k in range(teeth + 1)]


def _straight(size: float, rng: np.random.Generator) -> list[Point]:
    return [(-size, 0.0), (size * float(rng.uniform(0.6, 1.0)), 0.0)]


_PATHS = {"curve line": _curve, "angular line": _angular, "straight line": _straight}
