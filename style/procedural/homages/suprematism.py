"""Suprematism: plain geometric forms that float, weightless and at an angle, on an empty ground.

Sources: Kazimir Malevich, "From Cubism and Futurism to Suprematism" (1915), "Suprematism: 34 Drawings" (1920),
"The Non-Objective World" (1927).
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
from style.procedural.homages.surface import bar, brushwork, clouded, generator, varied
from style.procedural.palette import Colour, mix

_COLOURS: dict[str, Colour] = {
    "red": (204, 40, 32),
    "yellow": (240, 190, 36),
    "blue": (32, 72, 158),
    "green": (34, 112, 76),
    "orange": (226, 112, 34),
}
_INK, _CHALK = (26, 23, 24), (240, 236, 224)
_GROUNDS: dict[str, tuple[Colour, Colour]] = {  # the ground, and the ink that stands out on it
    "white ground": ((240, 237, 227), _INK),
    "warm ground": ((214, 184, 134), _INK),
    "grey ground": ((164, 166, 166), _INK),
    "black ground": ((32, 30, 33), _CHALK),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A form: kind, place and radius in the order at rest, and by how much its turn strays in motion.

    `across` lays it at a right angle to the axis; `width` is a bar's own, where it is not 0.
    """

    kind: str
    place: Point
    size: float
    colour: Colour
    stray: float
    across: bool = False
    width: float = 0.0
    fading: bool = False


@dataclass(frozen=True, slots=True)
class _Motion:
    """How the whole order is turned and stretched: 0 at rest, parallel to the frame, 1 in full flight."""

    share: float
    slant: float

    def place(self, point: Point) -> Point:
        """Carry a place of the order at rest to where it flies."""
        stretch = 1.0 + 0.16 * self.share
        moved = turned((0.5, 0.5), [(point[0] * (1 - 0.12 * self.share), point[1] * stretch)], self.share * self.slant)
        return moved[0]

    def turn(self, part: _Part) -> float:
        """Say the angle of a part."""
        return self.share * (self.slant + part.stray) + (math.pi / 2 if part.across else 0.0)


def _paint(chromosome: Chromosome, size_px: int, scale: int) -> NDArray[np.uint8]:
    seed, (ground,) = chromosome.seed, chromosome.words("ground")
    order, tones, surface = (generator(seed, purpose) for purpose in range(3))
    paper, ink = _GROUNDS[ground]
    colours = [varied(_COLOURS[word], float(tones.normal(0.0, 0.04))) for word in chromosome.words("colour")]
    if tones.random() < 0.5:
        colours.reverse()
    shapes = list(chromosome.words("shape"))
    if order.random() < 0.5:
        shapes.reverse()
    slant = math.radians(float(order.uniform(26, 52))) * (1 if order.random() < 0.5 else -1)
    motion = _Motion((chromosome.number("dynamism") + 1) / 2, slant)
    canvas = Canvas(clouded(varied(paper, float(tones.normal(0, 0.015))), surface, 0.03), size_px, scale)
    for part in _order(shapes, (ink, *colours), order):
        _FORMS[part.kind](canvas, motion.place(part.place), part, motion.turn(part), paper)
    return canvas.finish(brushwork(surface, size_px, 2.8))


def _order(shapes: list[str], colours: tuple[Colour, ...], rng: np.random.Generator) -> list[_Part]:
    """Set the order at rest about (0, 0): threads, the main form, one laid on it, a series that dies away, sparks."""
    ink, first, second = colours
    side, head = (1 if rng.random() < 0.5 else -1), (1 if rng.random() < 0.6 else -1)
    heavy = rng.random() < 0.55
    body, over, other = (ink, first, second) if heavy else (first, ink, second)
    size = float(rng.uniform(0.155, 0.215))
    x, y = side * float(rng.uniform(0.04, 0.1)), -head * float(rng.uniform(0.1, 0.15))
    main = _Part(shapes[0], (x, y), size, body, float(rng.normal(0.0, 0.08)))
    laid = _Part(
        shapes[1],
        (x - side * size * float(rng.uniform(0.75, 1.0)), y + head * size * float(rng.uniform(0.5, 0.85))),
        size * float(rng.uniform(0.38, 0.72)),
        over,
        float(rng.normal(0.0, 0.14)),
    )
    beam = _Part(
        "bar",
        (side * 0.02, head * float(rng.uniform(0.1, 0.16))),
        float(rng.uniform(0.1, 0.16)),
        other,
        float(rng.normal(0.0, 0.3)),
        True,
        0.033,
    )
    veil = _Part(
        "bar",
        (x - side * float(rng.uniform(0.06, 0.16)), y + head * 0.08),
        0.19,
        second,
        -0.12,
        width=0.19,
        fading=True,
    )
    veils = [veil] if rng.random() < 0.5 else []
    parts = [*veils, *_threads(side, head, (ink, other), rng), main, beam]
    return [
        *parts,
        *_series(shapes[1], side, head, (over, body), rng),
        laid,
        *_sparks(shapes, colours, side, head, rng),
    ]


def _threads(side: int, head: int, colours: tuple[Colour, Colour], rng: np.random.Generator) -> list[_Part]:
    """Stretch one long thin line along the axis, and a few short ones side by side."""
    ink, other = colours
    long = _Part(
        "bar", (-side * float(rng.uniform(0.15, 0.2)), float(rng.uniform(-0.08, 0.08))), 0.25, ink, 0.0, width=0.0125
    )
    x, y = side * float(rng.uniform(0.2, 0.27)), head * float(rng.uniform(0.02, 0.3))
    size, stray, count = float(rng.uniform(0.05, 0.1)), float(rng.normal(0.0, 0.35)), int(rng.integers(2, 5))
    across = rng.random() < 0.4
    steps = [((0.0 if across else side * 0.028 * k), head * 0.028 * k) for k in range(-1, count - 1)]
    short = [
        _Part("bar", (x + right, y + down), size * 0.9**k, other, stray, across, 0.0115)
        for k, (right, down) in enumerate(steps)
    ]
    return [long, *short]


def _series(kind: str, side: int, head: int, colours: tuple[Colour, Colour], rng: np.random.Generator) -> list[_Part]:
    """Set forms of one kind in a row along the axis, each smaller than the one before."""
    count, size, fall = int(rng.integers(3, 5)), float(rng.uniform(0.05, 0.066)), float(rng.uniform(0.72, 0.84))
    x, y, parts = -side * float(rng.uniform(0.0, 0.1)), head * float(rng.uniform(0.16, 0.21)), []
    drift = float(rng.uniform(-0.02, 0.03))
    for k in range(count):
        parts.append(_Part(kind, (x, y), size, colours[k % 2], 0.02 * k, across=True))
        reach = 0.62 if kind == "bar" else 1.15
        x, y = x - side * drift, y + head * size * (1 + fall) * reach
        size *= fall
    return parts


def _sparks(
    shapes: list[str], colours: tuple[Colour, ...], side: int, head: int, rng: np.random.Generator
) -> list[_Part]:
    """Set a few small forms far out, most of them on the lighter side."""
    places = ((-0.3, -0.24), (0.3, 0.33), (-0.34, 0.1), (-0.2, -0.36), (0.33, -0.02))
    parts = []
    for k in range(int(rng.integers(3, 6))):
        x, y = places[k]
        place = (side * x + float(rng.normal(0, 0.025)), head * y + float(rng.normal(0, 0.025)))
        size = float(rng.uniform(0.02, 0.042))
        parts.append(_Part(shapes[k % 2], place, size, colours[(k + 1) % 3], float(rng.normal(0.0, 0.3)), k % 2 == 1))
    return parts


def _bar(canvas: Canvas, centre: Point, part: _Part, angle: float, paper: Colour) -> None:
    reach = part.size * 1.7
    thick = part.width or reach / 2.3
    (start, end) = turned(centre, [(0.0, -reach), (0.0, reach)], angle)
    if part.fading:
        canvas.polygon(bar(start, end, thick), mix(part.colour, paper, 0.25), shade=mix(part.colour, paper, 0.93))
    else:
        canvas.polygon(bar(start, end, thick), part.colour)


def _square(canvas: Canvas, centre: Point, part: _Part, angle: float, paper: Colour) -> None:
    half, lean = part.size * 0.88, 0.06 * part.size * (1 if part.across else -1)
    corners = [(-half, -half + lean), (half, -half), (half - lean, half), (-half + lean, half + lean)]
    canvas.polygon(turned(centre, corners, angle), part.colour)


def _triangle(canvas: Canvas, centre: Point, part: _Part, angle: float, paper: Colour) -> None:
    corners = [(0.0, -1.15 * part.size), (0.95 * part.size, 0.75 * part.size), (-0.95 * part.size, 0.75 * part.size)]
    canvas.polygon(turned(centre, corners, angle), part.colour)


def _circle(canvas: Canvas, centre: Point, part: _Part, angle: float, paper: Colour) -> None:
    canvas.disc(centre, part.size * 0.92, part.colour)


def _cross(canvas: Canvas, centre: Point, part: _Part, angle: float, paper: Colour) -> None:
    for reach, rise, width in ((1.1, 0.0, 0.42), (0.95, math.pi / 2, 0.38)):
        start, end = turned(centre, [(0.0, -part.size * reach), (0.0, part.size * reach)], angle + rise)
        canvas.polygon(bar(start, end, part.size * width * 1.5), part.colour)


_FORMS = {"square": _square, "circle": _circle, "triangle": _triangle, "cross": _cross, "bar": _bar}

SUPREMATISM = Homage(
    name="suprematism",
    title="Suprematism (homage)",
    trigger="suprematism",
    attributes=(
        Multiple("shape", ("square", "circle", "triangle", "cross", "bar"), count=2),
        Multiple("colour", ("red", "yellow", "blue", "green", "orange"), count=2),
        Single("ground", ("white ground", "warm ground", "grey ground", "black ground")),
        Continuous("dynamism", -1.0, 1.0),
    ),
    extremes={"dynamism": ("calm", "dynamic")},
    paint=_paint,
)
