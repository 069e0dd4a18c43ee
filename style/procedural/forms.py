"""Planes: points, triangles, squares and circles, each in several guises (rings, grids, wedges, clusters)."""

from __future__ import annotations

import math

import numpy as np

from style.procedural.canvas import Canvas, Point
from style.procedural.palette import Colour, Palette, mix


def turned(centre: Point, points: list[Point], angle: float) -> list[Point]:
    """Turn `points` (relative to the origin) by `angle` and move them to `centre`."""
    c, s = math.cos(angle), math.sin(angle)
    return [(centre[0] + x * c - y * s, centre[1] + x * s + y * c) for x, y in points]


def draw_form(
    canvas: Canvas,
    kind: str,
    centre: Point,
    size: float,
    angle: float,
    palette: Palette,
    rng: np.random.Generator,
    *,
    plain: bool = False,
) -> None:
    """Draw one plane of `kind`, of radius `size` (a fraction of the side), turned by `angle`.

    A `plain` one is whole and of one colour two times of three.
    """
    if plain and kind in _PLAIN and rng.random() < _PLAIN_SHARE:
        _PLAIN[kind](canvas, centre, size, angle, palette.pick(rng))
    else:
        _FORMS[kind](canvas, centre, size, angle, palette, rng)


def _disc(c: Canvas, centre: Point, size: float, _angle: float, colour: Colour) -> None:
    c.disc(centre, size, colour)


def _block(c: Canvas, centre: Point, size: float, angle: float, colour: Colour) -> None:
    half = 0.9 * size
    c.polygon(turned(centre, [(-half, -half), (half, -half), (half, half), (-half, half)], angle), colour)


def _wedge(c: Canvas, centre: Point, size: float, angle: float, colour: Colour) -> None:
    points = [(0.0, -1.05 * size), (0.95 * size, 0.74 * size), (-0.95 * size, 0.74 * size)]
    c.polygon(turned(centre, points, angle), colour)


def _circle(c: Canvas, centre: Point, size: float, angle: float, palette: Palette, rng: np.random.Generator) -> None:
    colour = palette.pick(rng)
    guise = rng.choice(("disc", "rings", "eye", "half", "halo"), p=(0.28, 0.26, 0.2, 0.1, 0.16))
    alpha = float(rng.choice((1.0, 0.85, 0.6), p=(0.5, 0.25, 0.25)))
    if guise == "disc" or size < 0.03:
        c.disc(centre, size, colour, alpha, shade=palette.pick(rng) if rng.random() < 0.2 else None)
        if rng.random() < 0.35 and size > 0.03:
            c.ring(centre, size, 0.012, palette.ink)
    elif guise == "rings":
        steps = int(rng.integers(2, 5))
        for k in range(steps):
            c.disc(centre, size * (1 - k / steps), palette.pick(rng) if k else colour, 1.0)
    elif guise == "eye":
        c.disc(centre, size, palette.ink)
        c.disc(centre, size * float(rng.uniform(0.68, 0.86)), colour)
        shift = size * 0.15
        c.disc(
            (centre[0] + float(rng.normal(0, shift)), centre[1] + float(rng.normal(0, shift))),
            size * 0.36,
            palette.pick(rng),
        )
    elif guise == "half":
        c.slice(centre, size, angle, angle + math.pi, colour, alpha)
        if rng.random() < 0.5:
            c.slice(centre, size * 0.6, angle + math.pi, angle + 2 * math.pi, palette.pick(rng))
    else:
        for k in range(4):
            c.disc(centre, size * (1.0 + 0.34 * (1 - k / 4)), mix(colour, palette.ground, 0.72 - 0.18 * k), 0.8)
        c.disc(centre, size, colour)


def _square(c: Canvas, centre: Point, size: float, angle: float, palette: Palette, rng: np.random.Generator) -> None:
    half_w = size * 0.9
    half_h = half_w * float(rng.choice((1.0, 0.65, 0.32), p=(0.55, 0.3, 0.15)))
    colour = palette.pick(rng)
    guise = rng.choice(("plain", "nested", "board", "stripes"), p=(0.5, 0.2, 0.18, 0.12)) if size > 0.05 else "plain"
    corners = [(-half_w, -half_h), (half_w, -half_h), (half_w, half_h), (-half_w, half_h)]
    alpha = float(rng.choice((1.0, 0.8, 0.6), p=(0.55, 0.25, 0.2)))
    c.polygon(turned(centre, corners, angle), colour, alpha, shade=palette.pick(rng) if rng.random() < 0.15 else None)
    if guise == "nested":
        for share in (0.62, 0.3):
            c.polygon(turned(centre, [(x * share, y * share) for x, y in corners], angle), palette.pick(rng))
    elif guise in ("board", "stripes"):
        columns = int(rng.integers(3, 6))
        rows = 1 if guise == "stripes" else max(2, round(columns * half_h / half_w))
        second = palette.ink if rng.random() < 0.5 else palette.pick(rng)
        for i in range(columns):
            for j in range(rows):
                if (i + j) % 2:
                    x, y, w, h = (
                        -half_w + 2 * half_w * i / columns,
                        -half_h + 2 * half_h * j / rows,
                        2 * half_w / columns,
                        2 * half_h / rows,
                    )
                    c.polygon(turned(centre, [(x, y), (x + w, y), (x + w, y + h), (x, y + h)], angle), second)


def _triangle(c: Canvas, centre: Point, size: float, angle: float, palette: Palette, rng: np.random.Generator) -> None:
    guise = rng.choice(("plain", "wedge", "split", "peaks"), p=(0.42, 0.26, 0.18, 0.14)) if size > 0.05 else "plain"
    direction = angle + math.pi * int(rng.integers(2))
    width = size * (0.42 if guise == "wedge" else float(rng.uniform(0.75, 1.05)))
    tall = size * (1.5 if guise == "wedge" else 1.05)
    colour = palette.pick(rng)
    alpha = float(rng.choice((1.0, 0.8, 0.6), p=(0.6, 0.2, 0.2)))
    points = [(0.0, -tall), (width, tall * 0.7), (-width, tall * 0.7)]
    c.polygon(
        turned(centre, points, direction), colour, alpha, shade=palette.pick(rng) if rng.random() < 0.25 else None
    )
    if guise == "split":
        c.polygon(turned(centre, [(0.0, -tall), (width, tall * 0.7), (0.0, tall * 0.7)], direction), palette.pick(rng))
    elif guise == "peaks":
        for k in (-1, 1):
            offset = turned(centre, [(k * width * 1.1, tall * 0.25)], direction)[0]
            c.polygon(turned(offset, [(x * 0.6, y * 0.6) for x, y in points], direction), palette.pick(rng), 0.9)


def _point(c: Canvas, centre: Point, size: float, angle: float, palette: Palette, rng: np.random.Generator) -> None:
    guise = rng.choice(("cluster", "row", "grid", "single"), p=(0.4, 0.25, 0.15, 0.2))
    dot = float(np.clip(size * 0.16, 0.014, 0.032))
    colour = palette.ink if rng.random() < 0.4 else palette.pick(rng)
    if guise == "single":
        c.disc(centre, dot * 1.3, colour)
        return
    if guise == "cluster":
        places = [
            (float(x), float(y)) for x, y in rng.normal(0.0, max(size, 0.04) * 0.7, (int(rng.integers(5, 13)), 2))
        ]
    elif guise == "row":
        places = [((k - 2.5) * dot * 3.4, 0.0) for k in range(int(rng.integers(4, 8)))]
    else:
        places = [((i - 1) * dot * 3.4, (j - 1) * dot * 3.4) for i in range(3) for j in range(3)]
    for place in turned(centre, places, angle):
        vary = float(rng.uniform(0.6, 1.4)) if guise == "cluster" else 1.0
        c.disc(place, dot * vary, palette.pick(rng) if guise == "cluster" and rng.random() < 0.4 else colour)


_FORMS = {"circle": _circle, "square": _square, "triangle": _triangle, "point": _point}
_PLAIN = {"circle": _disc, "square": _block, "triangle": _wedge}
_PLAIN_SHARE = 2 / 3
