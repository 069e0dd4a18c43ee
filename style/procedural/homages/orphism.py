"""Orphism: discs of pure colour set against one another, so that contrast alone makes light and movement.

Sources: Michel-Eugène Chevreul, "De la loi du contraste simultané des couleurs" (1839); Robert Delaunay, "La Lumière"
(1912); Guillaume Apollinaire, "Les Peintres cubistes" (1913), who gave the movement its name.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution import Chromosome, Continuous, Single
from style.procedural.canvas import Canvas, Point
from style.procedural.grounds import cloud
from style.procedural.homages.homage import Homage
from style.procedural.homages.surface import brushwork, clouded, generator, varied
from style.procedural.palette import Colour, mix

_FEWEST_RINGS, _MOST_RINGS = 2.0, 9.0
_FULL = 0.46  # the radius of a disc that has all the rings of its rhythm
_FAMILIES: dict[str, tuple[Colour, ...]] = {
    "red": ((206, 38, 42), (226, 74, 60), (164, 24, 50), (232, 120, 120)),
    "green": ((36, 128, 76), (96, 164, 86), (20, 96, 84), (150, 196, 130)),
    "blue": ((32, 78, 172), (70, 136, 208), (26, 46, 118), (140, 186, 224)),
    "orange": ((232, 120, 34), (240, 156, 62), (206, 90, 28), (246, 192, 128)),
    "violet": ((108, 56, 150), (146, 98, 180), (78, 40, 110), (188, 152, 206)),
    "yellow": ((244, 204, 50), (248, 222, 104), (228, 180, 30), (250, 236, 168)),
}
_CONTRASTS: dict[str, tuple[str, ...]] = {  # neighbours in a picture alternate between these
    "red and green": ("red", "green"),
    "blue and orange": ("blue", "orange"),
    "violet and yellow": ("violet", "yellow"),
    "warm": ("red", "yellow", "orange"),
    "cool": ("blue", "green", "violet"),
    "all hues": ("red", "green", "yellow", "violet", "orange", "blue"),
}
_GROUNDS: dict[str, tuple[Colour, float]] = {  # a colour, and how far the contrast's own colours go towards it
    "light ground": ((244, 238, 224), 0.74),
    "dark ground": ((28, 26, 40), 0.74),
    "bright ground": ((250, 240, 214), 0.1),
}
_TABLE = (12, 14, 8)  # discs, rings, sectors: more than any picture has


class _Wheel:
    """The colours of one picture: what a ring's sector has, each contrasting with its neighbours."""

    def __init__(self, families: tuple[str, ...], rng: np.random.Generator) -> None:
        """Draw all shades at once, so that another rhythm keeps those that it shares."""
        self._families = families
        self._shades, self._shifts = rng.random(_TABLE), rng.normal(0.0, 0.05, _TABLE)
        self._phases = rng.integers(len(families), size=_TABLE[0])

    def colour(self, disc: int, ring: int, sector: int) -> Colour:
        """Give the colour of a sector; neighbours in the ring and in the next ring are of other families."""
        place = (disc % _TABLE[0], ring % _TABLE[1], sector % _TABLE[2])
        family = _FAMILIES[self._families[int(self._phases[place[0]] + ring + sector) % len(self._families)]]
        return varied(family[int(self._shades[place] * len(family))], float(self._shifts[place]))


@dataclass(frozen=True, slots=True)
class _Disc:
    """A disc or half of one: its place, its radius, its turn, what it fills of the circle, and in how many parts."""

    centre: Point
    radius: float
    turn: float
    sweep: float = 2 * math.pi
    sectors: int = 4
    twist: float = 0.0


def _paint(chromosome: Chromosome, size_px: int, scale: int) -> NDArray[np.uint8]:
    seed, (form,), (ground,) = chromosome.seed, chromosome.words("form"), chromosome.words("ground")
    order, surface = generator(seed, 0), generator(seed, 2)
    wheel = _Wheel(_CONTRASTS[chromosome.words("contrast")[0]], generator(seed, 1))
    rhythm = (chromosome.number("rhythm") + 1) / 2
    paper, share = _GROUNDS[ground]
    canvas = Canvas(clouded(paper, surface, 0.02), size_px, scale)
    _field(canvas, wheel, paper, share, order)
    if form == "windows":
        _windows(canvas, wheel, (paper, share), order, rhythm)
    else:
        for number, disc in enumerate(_FORMS[form](order)):
            _disc(canvas, disc, number, wheel, rhythm)
    return canvas.finish(brushwork(surface, size_px, 3.2) + 6.0 * cloud(surface, size_px, 3))


def _field(canvas: Canvas, wheel: _Wheel, paper: Colour, share: float, rng: np.random.Generator) -> None:
    """Spread the contrast over the ground in wide rays, dimmed as far as the ground asks."""
    centre = (float(rng.uniform(0.4, 0.6)), float(rng.uniform(0.4, 0.6)))
    edges = np.cumsum(rng.uniform(0.5, 1.0, 8))
    angles = float(rng.uniform(0, 2 * math.pi)) + 2 * math.pi * edges / edges[-1]
    for k in range(8):
        start, end = float(angles[k - 1]) - (2 * math.pi if k == 0 else 0.0), float(angles[k])
        canvas.wedge(centre, 1.1, start, end + 0.01, mix(wheel.colour(11, 0, k), paper, share))


def _disc(canvas: Canvas, disc: _Disc, number: int, wheel: _Wheel, rhythm: float) -> None:
    """Draw a disc's rings from the outside in; a more rhythmical one has more of them."""
    full = _FEWEST_RINGS + (_MOST_RINGS - _FEWEST_RINGS) * rhythm
    rings = max(1, round(full * (0.4 + 0.6 * disc.radius / _FULL)))
    for ring in range(rings):
        radius = disc.radius * (1 - ring / rings) ** 0.92
        turn = disc.turn + disc.twist * ring / rings
        part = disc.sweep / disc.sectors
        for sector in range(disc.sectors):
            colour = wheel.colour(number, ring, sector)
            canvas.wedge(disc.centre, radius, turn + sector * part, turn + (sector + 1) * part, colour)


def _large(rng: np.random.Generator) -> list[_Disc]:
    x, y = rng.normal(0.5, 0.035, 2)
    turn, side = float(rng.uniform(0, math.pi / 2)), 1 if rng.random() < 0.5 else -1
    head = 1 if rng.random() < 0.5 else -1
    small = float(rng.uniform(0.13, 0.17))
    return [
        _Disc((0.5 + side * 0.36, 0.5 + head * 0.37), small, turn + 0.4),
        _Disc((0.5 - side * 0.4, 0.5 - head * 0.38), small * 0.8, turn + 1.0),
        _Disc((float(x), float(y)), float(rng.uniform(0.37, 0.42)), turn),
    ]


def _many(rng: np.random.Generator) -> list[_Disc]:
    """Place discs from large to small, each where it has most room of a few tries."""
    discs: list[_Disc] = []
    for radius in (0.23, 0.19, 0.17, 0.145, 0.125, 0.11, 0.095, 0.08):
        tries = rng.uniform(0.08 + radius / 3, 0.92 - radius / 3, (14, 2))
        room = [min([math.dist(place, d.centre) - d.radius - radius for d in discs], default=0.0) for place in tries]
        x, y = tries[int(np.argmax(np.minimum(room, 0.02)))] if discs else tries[0] * 0.6 + 0.2
        turn, sectors = float(rng.uniform(0, math.pi)), 4 if radius > 0.1 else 2
        discs.append(_Disc((float(x), float(y)), radius, turn, sectors=sectors))
    return discs


def _halves(rng: np.random.Generator) -> list[_Disc]:
    """Set half discs to either side of a slanted axis in turn."""
    angle = float(rng.uniform(0.55, 1.0)) * (1 if rng.random() < 0.5 else -1) + math.pi / 2
    along = (math.cos(angle), math.sin(angle))
    place, discs = -0.52, []
    for k in range(5):
        radius = float(rng.uniform(0.2, 0.29)) * (1.0 if k % 2 else 0.9)
        place += radius * 0.5
        centre = (0.5 + along[0] * place, 0.5 + along[1] * place)
        discs.append(_Disc(centre, radius, angle + math.pi * (k % 2), math.pi, 2 if k % 2 else 1))
        place += radius * 0.5
    return discs


def _spiral(rng: np.random.Generator) -> list[_Disc]:
    x, y = rng.normal(0.5, 0.04, 2)
    twist = float(rng.uniform(1.6, 2.4)) * (1 if rng.random() < 0.5 else -1)
    return [_Disc((float(x), float(y)), 0.44, float(rng.uniform(0, math.pi)), sectors=6, twist=twist)]


def _windows(
    canvas: Canvas, wheel: _Wheel, ground: tuple[Colour, float], rng: np.random.Generator, rhythm: float
) -> None:
    """Break the light into slanted panes that fade into the ground; a more rhythmical picture has narrower strips."""
    count, strips = 4, 1 + round(3 * rhythm)
    corners = np.stack(np.meshgrid(np.linspace(-0.06, 1.06, count + 1), np.linspace(-0.06, 1.06, count + 1)), axis=-1)
    corners = corners + rng.normal(0.0, 0.045, corners.shape)
    for i in range(count):
        for j in range(count):
            a, b, c, d = corners[i, j], corners[i, j + 1], corners[i + 1, j + 1], corners[i + 1, j]
            middle = (a + c) / 2 - 0.5
            faded = ground[1] * float(np.clip(3.2 * np.hypot(*middle) - 0.75, 0.0, 1.0))
            a, b, c, d = (a, b, c, d) if rng.random() < 0.5 else (b, c, d, a)
            for k in range(strips):
                low, high = k / strips, (k + 1) / strips
                pane = [a + (b - a) * low, a + (b - a) * high, d + (c - d) * high, d + (c - d) * low]
                colour = mix(wheel.colour(i * count + j, k, i + j), ground[0], faded)
                points = [(float(x), float(y)) for x, y in pane]
                canvas.polygon(points, colour, 0.94, shade=mix(colour, ground[0], 0.25))
    centre, turn = (float(rng.uniform(0.3, 0.7)), float(rng.uniform(0.3, 0.7))), float(rng.uniform(0, 2 * math.pi))
    for k, radius in enumerate((0.44, 0.31, 0.19)):
        start = turn + k * math.pi * 0.55
        veil = mix(wheel.colour(11, k, k), (255, 252, 240), 0.45)
        canvas.slice(centre, radius, start, start + math.pi, veil, 0.42)


_FORMS: dict[str, Callable[[np.random.Generator], list[_Disc]]] = {
    "large circle": _large,
    "many circles": _many,
    "half circles": _halves,
    "spiral": _spiral,
}

ORPHISM = Homage(
    name="orphism",
    title="Orphism (homage)",
    trigger="orphism",
    attributes=(
        Single("form", ("large circle", "many circles", "half circles", "spiral", "windows")),
        Single("contrast", tuple(_CONTRASTS)),
        Single("ground", tuple(_GROUNDS)),
        Continuous("rhythm", -1.0, 1.0),
    ),
    extremes={"rhythm": ("calm", "rhythmic")},
    paint=_paint,
)
