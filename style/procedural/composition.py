"""The composition: ground, large translucent fields, a main form, a company of smaller ones, and lines across.

Most pictures are studies: few forms, large and whole, so that a model sees what the words of form mean.

Source: the order of layers follows what one sees in Kandinsky's Bauhaus years; no picture is copied.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from style.procedural.canvas import Canvas
from style.procedural.forms import draw_form, turned
from style.procedural.grounds import grain, ground
from style.procedural.layout import Layout, layout_of
from style.procedural.palette import Palette, mix, palette_of
from style.procedural.spec import Spec
from style.procedural.strokes import draw_line

_STUDIES = 0.6  # share of the pictures


def draw(spec: Spec, size_px: int = 128, scale: int = 3, *, studies: bool = True) -> NDArray[np.uint8]:
    """Draw a composition: (size_px, size_px, 3) uint8 sRGB, antialiased by `scale`-fold supersampling.

    Deterministic in `spec`, whose seed also decides whether it is a study; without `studies` none is. The same seed
    with another brightness, structure or parallel keeps the elements and changes the attribute, which makes pairs for
    sliders: the number of random draws does not depend on those three.
    """
    colours, surface, order, crowd, things = (np.random.default_rng((spec.seed, purpose)) for purpose in range(10, 15))
    palette = palette_of(spec, colours)
    layout = layout_of(spec, order)
    canvas = Canvas(ground(palette, surface), size_px, scale)
    density = float(crowd.uniform(0.2, 0.9))
    planes = [str(plane) for plane in crowd.permutation(spec.planes)]
    if crowd.random() < _STUDIES and studies:
        _study(canvas, layout, palette, things, planes, spec.line, int(crowd.integers(0, 4)))
        return canvas.finish(grain(surface, size_px))
    _fields(canvas, layout, palette, things, int(crowd.integers(0, 3)))
    _main_form(canvas, layout, palette, things, planes[0])
    _lines(canvas, layout, palette, things, spec.line, 1 + int(crowd.integers(0, 2)), 0.48)
    for k in range(round(2 + 4 * density)):
        size = float(things.uniform(0.08, 0.16))
        draw_form(
            canvas, planes[k % len(planes)], layout.place(things, size), size, layout.turn(things), palette, things
        )
    _lines(canvas, layout, palette, things, spec.line, round(1 + 2 * density), 0.3)
    for k in range(round(1 + 4 * density)):
        size = float(things.uniform(0.03, 0.06))
        draw_form(
            canvas, planes[k % len(planes)], layout.place(things, size), size, layout.turn(things), palette, things
        )
    return canvas.finish(grain(surface, size_px))


def _study(
    canvas: Canvas,
    layout: Layout,
    palette: Palette,
    rng: np.random.Generator,
    planes: list[str],
    line: str,
    company: int,
) -> None:
    """Draw a few forms, large and whole, and a bold line or two: what the words mean, with nothing in the way."""
    clear = replace(palette, seen_from=130, inked=0.5)
    hues = [replace(clear, hues=(hue,)) for hue in clear.hues]
    sizes = [float(rng.uniform(0.2, 0.34)), float(rng.uniform(0.13, 0.2))]
    for k, (plane, size) in enumerate(zip(planes, sizes, strict=False)):
        colours = hues[k % len(hues)]
        for _ in range(3 if plane == "point" else 1):
            draw_form(canvas, plane, layout.place(rng, size), size, layout.turn(rng), colours, rng, plain=True)
    for k in range(company):
        size, colours = float(rng.uniform(0.06, 0.1)), hues[(k + 1) % len(hues)]
        draw_form(canvas, planes[k % len(planes)], layout.place(rng, size), size, layout.turn(rng), colours, rng)
    for _ in range(1 + int(rng.integers(0, 2))):
        reach = float(rng.uniform(0.28, 0.44))
        draw_line(canvas, line, layout.place(rng, reach * 0.6), reach, layout.turn(rng), clear, rng, bold=True)


def _fields(canvas: Canvas, layout: Layout, palette: Palette, rng: np.random.Generator, count: int) -> None:
    for _ in range(count):
        colour = mix(palette.pick(rng), palette.ground, float(rng.uniform(0.25, 0.6)))
        half_w, half_h = float(rng.uniform(0.2, 0.5)), float(rng.uniform(0.08, 0.22))
        corners = [(-half_w, -half_h), (half_w, -half_h * 0.6), (half_w, half_h), (-half_w, half_h * 0.7)]
        canvas.polygon(turned(layout.place(rng, 0.3), corners, layout.turn(rng)), colour, float(rng.uniform(0.45, 0.8)))


def _main_form(canvas: Canvas, layout: Layout, palette: Palette, rng: np.random.Generator, kind: str) -> None:
    size = float(rng.uniform(0.2, 0.34))
    places = 4 if kind == "point" else 1
    for _ in range(places):
        draw_form(canvas, kind, layout.place(rng, size), size, layout.turn(rng), palette, rng)


def _lines(
    canvas: Canvas, layout: Layout, palette: Palette, rng: np.random.Generator, kind: str, count: int, reach: float
) -> None:
    for _ in range(count):
        size = float(rng.uniform(0.65, 1.0)) * reach
        draw_line(canvas, kind, layout.place(rng, size * 0.5), size, layout.turn(rng), palette, rng)
