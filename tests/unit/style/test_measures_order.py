"""Order read off pixels: where the edges lie, and which directions they share."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from style.measures.order import directions, edges_of, parallel, structure
from style.procedural import draw, random_spec

Picture = NDArray[np.uint8]


def _discs(places: list[tuple[float, float]], side: int = 128) -> Picture:
    image = Image.new("RGB", (side, side), "white")
    for x, y in places:
        ImageDraw.Draw(image).ellipse([(v - 0.05) * side for v in (x, y)] + [(v + 0.05) * side for v in (x, y)], "red")
    return np.asarray(image)


def _hatching(*degrees: float, side: int = 128) -> Picture:
    """Lines at each of these angles, drawn large and reduced so that their directions are exact."""
    image = Image.new("RGB", (4 * side, 4 * side), "white")
    for turn in degrees:
        c, s = math.cos(math.radians(turn)) * 1.2 * side, math.sin(math.radians(turn)) * 1.2 * side
        for k in range(-1, 2):
            x, y = 2 * side - k * 0.4 * s, 2 * side + k * 0.4 * c
            ImageDraw.Draw(image).line((x - c, y - s, x + c, y + s), "black", 12)
    return np.asarray(image.resize((side, side), Image.Resampling.BOX))


def test_structure_rises_towards_the_middle() -> None:
    """Corners, an even spread, and a heap in the middle are in this order; moved off the middle is less centric."""
    corners = _discs([(0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)])
    even = _discs([(x, y) for x in (0.1, 0.5, 0.9) for y in (0.1, 0.5, 0.9)])
    aside, middle = _discs([(0.75, 0.5)]), _discs([(0.5, 0.5)])
    found = [structure(picture) for picture in (corners, even, aside, middle)]
    assert found == sorted(found)
    assert found[0] < -0.3
    assert found[-1] > 0.8


def test_structure_is_the_same_at_any_size() -> None:
    """A picture four times as large has the same structure up to rounding; an empty one has 0."""
    large = _discs([(0.3, 0.4), (0.6, 0.7)], side=512)
    assert structure(large) == pytest.approx(structure(_discs([(0.3, 0.4), (0.6, 0.7)])), abs=0.02)
    assert structure(np.full((32, 48, 3), 90, np.uint8)) == 0.0


@pytest.mark.parametrize("slant", [25.0, 40.0, 60.0, 115.0, 155.0])
def test_own_directions_are_inner_and_the_edges_external(slant: float) -> None:
    """Lines along the picture's edges are below zero, lines along one another at an angle above."""
    external, inner = parallel(_hatching(0.0, 90.0)), parallel(_hatching(slant))
    crossed = parallel(_hatching(slant, slant + 90.0))
    assert external < -0.05
    assert inner > 0.05
    assert crossed > 0.05


def test_parallel_of_an_empty_picture_is_zero() -> None:
    """No edges, no direction."""
    assert parallel(np.full((64, 64, 3), 200, np.uint8)) == 0.0


def test_direction_of_lines_is_found_to_the_degree() -> None:
    """The gradient of lines at 30 degrees points at 120; the shares sum to 1."""
    shares = directions(edges_of(_hatching(30.0)))
    assert abs(int(shares.argmax()) - 120) <= 2
    assert shares.sum() == pytest.approx(1.0)


@pytest.mark.parametrize(("attribute", "least"), [("structure", 11), ("parallel", 8)])
def test_painter_is_measured_in_order(attribute: str, least: int) -> None:
    """Of twelve seeds, drawn at both ends of an attribute, nearly all are in order."""
    specs = [random_spec(300 + k) for k in range(12)]
    measure = {"structure": structure, "parallel": parallel}[attribute]

    def value(seed: int, end: float) -> float:
        spec = specs[seed]
        moved = replace(spec, structure=end) if attribute == "structure" else replace(spec, parallel=end)
        return measure(draw(moved, 128, 2))

    assert sum(value(k, -1.0) < value(k, 1.0) for k in range(12)) >= least
