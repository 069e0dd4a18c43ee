"""De Stijl: planes of primary colour held in balance by straight lines that meet at right angles.

Sources: Piet Mondrian, "Le Néo-Plasticisme" (1920); Theo van Doesburg, "Grundbegriffe der neuen gestaltenden Kunst"
(1925), and his "Elementarism" (1926–27) for the turned grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution import Chromosome, Continuous, Multiple, Single
from style.procedural.canvas import Canvas, Point
from style.procedural.forms import turned
from style.procedural.homages.homage import Homage
from style.procedural.homages.partition import Cell, Line, Partition, divide
from style.procedural.homages.surface import bar, brushwork, clouded, generator, varied
from style.procedural.palette import Colour, mix

_COLOURS: dict[str, Colour] = {
    "red": (200, 34, 30),
    "yellow": (242, 201, 34),
    "blue": (28, 66, 150),
    "black": (30, 28, 30),
    "grey": (152, 156, 160),
}
_WHITES: tuple[Colour, ...] = ((243, 240, 231), (236, 236, 233), (229, 234, 238), (246, 241, 224))
_PAPER, _INK, _WALL = (240, 237, 228), (24, 22, 24), (176, 168, 156)
_THIN, _THICK = 0.0105, 0.032


@dataclass(frozen=True, slots=True)
class _Look:
    """What all cells and lines of one picture share: two colours, the kind of line, and the turn of the grid."""

    colours: tuple[Colour, Colour]
    line: str
    turn: float
    shifts: NDArray[np.float64]  # (64, 3) in [-1, 1], by the number of a cell or line

    def place(self, points: list[Point]) -> list[Point]:
        """Turn points of the grid into the picture; a turned grid is enlarged so that it covers the corners."""
        reach = 1.42 if self.turn else 1.0
        return turned((0.5, 0.5), [((x - 0.5) * reach, (y - 0.5) * reach) for x, y in points], self.turn)


def _paint(chromosome: Chromosome, size_px: int, scale: int) -> NDArray[np.uint8]:
    seed, (order,), (line,) = chromosome.seed, chromosome.words("order"), chromosome.words("line")
    tones, surface = generator(seed, 1), generator(seed, 2)
    drawn = divide(order, generator(seed, 0), chromosome.number("density"))
    pair = [varied(_COLOURS[word], float(tones.normal(0.0, 0.04))) for word in chromosome.words("colour")]
    plain = [word in ("black", "grey") for word in chromosome.words("colour")]
    first = int(tones.random() < (0.5 if plain[0] == plain[1] else 0.0))  # colour, not black, has most of the room
    side = 1 if tones.random() < 0.5 else -1
    look = _Look(
        colours=(pair[first], pair[1 - first]),
        line=line,
        turn=math.pi / 4 * side if order == "diagonal" else 0.0,
        shifts=tones.uniform(-1.0, 1.0, (64, 3)),
    )
    canvas = Canvas(clouded(_PAPER, surface, 0.015), size_px, scale)
    for cell in drawn.cells:
        _cell(canvas, cell, look)
    _lines(canvas, drawn, look)
    if order == "lozenge":
        _corners(canvas, surface)
    return canvas.finish(brushwork(surface, size_px, 2.4))


def _cell(canvas: Canvas, cell: Cell, look: _Look) -> None:
    shift = look.shifts[cell.number]
    left, top, right, bottom = cell.box
    if look.line == "no lines":
        if cell.colour is None and shift[2] < 0.0:
            return
        gap = 0.014 + 0.012 * (shift[0] + 1)
        left, top, right, bottom = left + gap, top + gap, right - gap, bottom - gap
        if min(right - left, bottom - top) < 0.01:
            return
    white = _WHITES[int((shift[1] + 1) / 2 * (len(_WHITES) - 1e-9))]
    if look.line == "no lines":
        white = mix(white, _COLOURS["grey"], 0.22)
    colour = white if cell.colour is None else varied(look.colours[cell.colour], 0.05 * float(shift[0]))
    corners = look.place([(left, top), (right, top), (right, bottom), (left, bottom)])
    canvas.polygon(corners, colour, shade=varied(colour, -0.03))


def _lines(canvas: Canvas, drawn: Partition, look: _Look) -> None:
    if look.line == "no lines":
        return
    if look.line == "coloured lines":
        for line in drawn.lines:
            _stripe(canvas, line, look, _THICK, look.colours[1], 0.0)
        for line in drawn.lines:
            _beads(canvas, line, look)
        return
    minor = [line for line in drawn.lines if look.line != "double lines" or line.number >= drawn.major]
    for line in minor:
        vary = 1.0 + 0.25 * float(look.shifts[line.number][2])
        _stripe(canvas, line, look, (_THICK if look.line == "thick lines" else _THIN) * vary, _INK, 0.0)
    if look.line == "double lines":
        for line in drawn.lines[: drawn.major]:
            _stripe(canvas, line, look, 0.058, _PAPER, 0.0)
        for line in drawn.lines[: drawn.major]:
            for offset in (-0.023, 0.023):
                _stripe(canvas, line, look, 0.0135, _INK, offset)


def _stripe(canvas: Canvas, line: Line, look: _Look, width: float, colour: Colour, offset: float) -> None:
    start, end = look.place(line.ends(offset))
    canvas.polygon(bar(start, end, width), colour)


def _beads(canvas: Canvas, line: Line, look: _Look) -> None:
    """Set small squares along a coloured line, in a beat that never quite repeats."""
    colours = (look.colours[0], (214, 212, 206), varied(look.colours[0], -0.15), _COLOURS["grey"])
    place, k = line.start + 0.5 * _THICK, line.number
    while place < line.end - _THICK:
        shift = look.shifts[k % len(look.shifts)]
        length = _THICK * (1.0 if shift[0] < 0.5 else 1.7)
        start, end = look.place(line.part(place, min(place + length, line.end)))
        canvas.polygon(bar(start, end, _THICK), colours[int((shift[1] + 1) * 1.999)])
        place, k = place + length + _THICK * (1.2 + 1.4 * (shift[2] + 1)), k + 1


def _corners(canvas: Canvas, rng: np.random.Generator) -> None:
    """Cover the four corners with the wall on which a canvas hangs by its corner."""
    wall = varied(_WALL, float(rng.uniform(-0.1, 0.12)))
    for x, y in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)):
        inward = (0.515 if x == 0 else 0.485, 0.515 if y == 0 else 0.485)
        canvas.polygon([(x, y), (inward[0], y), (x, inward[1])], varied(wall, -0.22))
        inward = (0.5, 0.5)
        canvas.polygon([(x, y), (inward[0], y), (x, inward[1])], wall)


DE_STIJL = Homage(
    name="de-stijl",
    title="De Stijl (homage)",
    trigger="de stijl",
    attributes=(
        Multiple("colour", ("red", "yellow", "blue", "black", "grey"), count=2),
        Single("line", ("thin lines", "thick lines", "double lines", "coloured lines", "no lines")),
        Single("order", ("large plane", "open centre", "scattered", "diagonal", "lozenge")),
        Continuous("density", -1.0, 1.0),
    ),
    extremes={"density": ("sparse", "dense")},
    paint=_paint,
)
