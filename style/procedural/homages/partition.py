"""A square divided by upright and level lines into cells, step by step: a denser division goes on where a sparse ends.

Knows orders of balance, not colours or widths.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from style.procedural.canvas import Point

FEWEST_CUTS, MOST_CUTS = 1, 15
_LEAST_SIDE = 0.055

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell (left, top, right, bottom); `colour` is 0, 1 or None for white; `number` counts cells as they came."""

    box: Box
    colour: int | None
    number: int
    sealed: bool = False

    @property
    def width(self) -> float:
        """The cell's width."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        """The cell's height."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Line:
    """A line at `at`, from `start` to `end`: level (`at` is y) or upright (`at` is x)."""

    level: bool
    at: float
    start: float
    end: float
    number: int

    def part(self, start: float, end: float, offset: float = 0.0) -> list[Point]:
        """Give the ends of a part of the line, moved sideways by `offset`."""
        at = self.at + offset
        return [(start, at), (end, at)] if self.level else [(at, start), (at, end)]

    def ends(self, offset: float = 0.0) -> list[Point]:
        """Give the ends of the line, moved sideways by `offset`."""
        return self.part(self.start, self.end, offset)


@dataclass(frozen=True, slots=True)
class Partition:
    """All cells and lines of a picture; the first `major` lines cross all of it."""

    cells: tuple[Cell, ...]
    lines: tuple[Line, ...]
    major: int


def divide(order: str, rng: np.random.Generator, density: float) -> Partition:
    """Divide the unit square; `density` in [-1, 1] decides how many cuts follow the first crossing.

    A denser division of the same generator has all lines of the sparser one.
    """
    cells, lines = _opening(order, rng)
    major = len(lines)
    chance = 0.55 if order == "scattered" else 0.3
    for _ in range(round(FEWEST_CUTS + (MOST_CUTS - FEWEST_CUTS) * (density + 1) / 2)):
        _cut(cells, lines, rng, chance)
    return Partition(tuple(cells), tuple(lines), major)


def _opening(order: str, rng: np.random.Generator) -> tuple[list[Cell], list[Line]]:
    """Draw the lines that cross the whole square, and colour the cells that give the order its name."""
    sides, (u, v, s, t) = rng.random(2) < 0.5, rng.random(4)
    if order == "open centre":
        xs, ys = [0.13 + 0.11 * u, 0.78 + 0.1 * s], [0.13 + 0.11 * v, 0.78 + 0.1 * t]
    elif order == "scattered":
        xs, ys = [0.36 + 0.28 * u], [0.36 + 0.28 * v]
    else:
        near, room = {"diagonal": (0.26, 0.22), "lozenge": (0.33, 0.13)}.get(order, (0.22, 0.13))
        xs, ys = [near + room * u], [near + room * v]
    xs = [1 - x for x in reversed(xs)] if sides[0] else xs
    ys = [1 - y for y in reversed(ys)] if sides[1] else ys
    lines = [Line(False, x, 0.0, 1.0, k) for k, x in enumerate(xs)]
    lines += [Line(True, y, 0.0, 1.0, len(xs) + k) for k, y in enumerate(ys)]
    columns, rows = [0.0, *xs, 1.0], [0.0, *ys, 1.0]
    boxes = [(left, top, right, bottom) for top, bottom in pairwise(rows) for left, right in pairwise(columns)]
    cells = [Cell(box, None, k) for k, box in enumerate(boxes)]
    return _coloured(order, cells, int(rng.integers(4))), lines


def _coloured(order: str, cells: list[Cell], turn: int) -> list[Cell]:
    by_size = sorted(cells, key=lambda cell: cell.width * cell.height, reverse=True)
    if order == "open centre":
        corners = [0, 2, 8, 6]
        chosen = {corners[turn]: 0, corners[(turn + 2) % 4]: 1, (1, 5, 7, 3)[turn]: 1}
        sealed = {by_size[0].number}
    elif order == "scattered":
        chosen, sealed = {by_size[3].number: 0, by_size[2].number: 1}, set()
    else:
        chosen = {by_size[0].number: 0, by_size[3].number: 1}
        sealed = set() if order == "diagonal" else {by_size[0].number}
    return [replace(cell, colour=chosen.get(cell.number), sealed=cell.number in sealed) for cell in cells]


def _cut(cells: list[Cell], lines: list[Line], rng: np.random.Generator, chance: float) -> None:
    """Cut one of the larger cells in two; the larger part keeps its colour, the smaller may take one."""
    u = rng.random(6)
    draws = rng.random(64)
    sizes = [
        0.0 if cell.sealed else cell.width * cell.height * (0.35 + 0.65 * draws[cell.number % 64]) for cell in cells
    ]
    chosen = int(np.argmax(sizes))
    cell = cells[chosen]
    level = cell.height > cell.width * (0.75 + 0.5 * u[0])
    left, top, right, bottom = cell.box
    start, end = (top, bottom) if level else (left, right)
    if cell.sealed or end - start < 2 * _LEAST_SIDE:
        return
    share = 0.26 + 0.16 * u[1]
    share = share if u[2] < 0.5 else 1 - share
    at = float(np.clip(start + share * (end - start), start + _LEAST_SIDE, end - _LEAST_SIDE))
    lines.append(Line(level, at, left if level else top, right if level else bottom, len(lines)))
    parts = (
        [(left, top, right, at), (left, at, right, bottom)]
        if level
        else [(left, top, at, bottom), (at, top, right, bottom)]
    )
    larger, smaller = parts if share > 0.5 else parts[::-1]
    colour = None if u[3] > chance else int(u[4] < 0.5) if cell.colour is None else 1 - cell.colour
    cells[chosen] = replace(cell, box=larger)
    cells.append(Cell(smaller, colour, len(cells)))
