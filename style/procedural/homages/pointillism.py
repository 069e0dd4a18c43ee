"""Pointillism: pure colours side by side in points, mixed by the eye; each shadow has the complement of its light.

Sources: Ogden Rood, "Modern Chromatics" (1879); Michel-Eugène Chevreul, "De la loi du contraste simultané des
couleurs" (1839); Paul Signac, "D'Eugène Delacroix au néo-impressionnisme" (1899).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution import Chromosome, Continuous, Single
from style.procedural.canvas import Canvas
from style.procedural.homages.homage import Homage
from style.procedural.homages.scenes import SCENES, SUN, Array, Seen, Sun
from style.procedural.homages.surface import brushwork, generator

_COARSEST, _FINEST = 0.0185, 0.0084  # radius of a point
_UNDER = 40  # the ground is laid in on so many places a side
_MOST_POINTS = 10_000

_LUMA = np.array([0.2126, 0.7152, 0.0722])

# material: lit and in shadow
_MATERIALS = np.array(
    [
        [(190, 214, 232), (120, 160, 206)],  # sky
        [(150, 196, 214), (38, 84, 140)],  # water
        [(170, 190, 84), (30, 78, 66)],  # leaves
        [(232, 196, 122), (98, 70, 82)],  # earth
        [(246, 226, 192), (130, 110, 140)],  # wall
        [(255, 244, 206), (255, 230, 170)],  # sun
    ],
    dtype=np.float64,
)
# contrast: the colour of light, the colour of shadow
_CONTRASTS = {
    "blue and orange": np.array([(248, 160, 64), (36, 78, 170)], dtype=np.float64),
    "violet and yellow": np.array([(250, 222, 84), (98, 58, 150)], dtype=np.float64),
    "red and green": np.array([(226, 92, 80), (24, 108, 84)], dtype=np.float64),
}


@dataclass(frozen=True, slots=True)
class _Light:
    """An hour: what it tints all with, how strongly, how bright it is, how high and large its sun is."""

    tint: tuple[int, int, int]
    share: float
    gain: float
    height: float
    radius: float


_LIGHTS = {
    "dawn": _Light((250, 206, 206), 0.3, 0.98, 0.24, 0.05),
    "noon": _Light((255, 250, 226), 0.16, 1.14, -0.2, 0.0),
    "dusk": _Light((236, 116, 66), 0.36, 0.74, 0.3, 0.08),
    "night": _Light((40, 60, 146), 0.5, 0.84, 0.16, 0.05),
}


def _paint(chromosome: Chromosome, size_px: int, scale: int) -> NDArray[np.uint8]:
    seed, (motif,), (hour,) = chromosome.seed, chromosome.words("motif"), chromosome.words("light")
    pair, light, places = _CONTRASTS[chromosome.words("contrast")[0]], _LIGHTS[hour], generator(seed, 0)
    sun = Sun(float(places.uniform(0.24, 0.76)), light.height + float(places.normal(0, 0.015)), light.radius)

    def local(x: Array, y: Array) -> tuple[Seen, Array]:
        seen = SCENES[motif](x, y, generator(seed, 1), sun)
        return seen, _colours(seen, pair, light)

    grid = (np.arange(_UNDER) + 0.5) / _UNDER
    x, y = np.meshgrid(grid, grid)
    under = local(x, y)[1] * 0.86 + 14.0
    canvas = Canvas(np.clip(under, 0, 255).astype(np.uint8), size_px, scale)
    share = (chromosome.number("fineness") + 1) / 2
    radius = _COARSEST * (_FINEST / _COARSEST) ** share
    framed = places.random() < 0.4
    _points(canvas, radius, local, pair, generator(seed, 3), framed)
    return canvas.finish(brushwork(generator(seed, 2), size_px, 1.6))


def _colours(seen: Seen, pair: NDArray[np.float64], light: _Light) -> Array:
    """Give the colour that the eye mixes at each place, (…, 3) in 0–255."""
    lit = np.clip(seen.light, 0.0, 1.0)[..., None]
    ends = _MATERIALS[seen.material]
    own = ends[..., 1, :] + (ends[..., 0, :] - ends[..., 1, :]) * lit
    contrast = pair[1] + (pair[0] - pair[1]) * (lit * lit * (3 - 2 * lit))
    mixed = own + (contrast - own) * np.where(seen.material == SUN, 0.15, 0.48)[..., None]
    tinted = mixed + (np.array(light.tint, dtype=np.float64) - mixed) * light.share
    shone = np.where((seen.material == SUN)[..., None], mixed, tinted * light.gain)
    return np.asarray(np.clip(shone, 0, 255), dtype=np.float64)


def _points(
    canvas: Canvas,
    radius: float,
    local: Callable[[Array, Array], tuple[Seen, Array]],
    pair: NDArray[np.float64],
    rng: np.random.Generator,
    framed: bool,
) -> None:
    """Set points all over, then some of purer colour between them."""
    for spacing, share, pure in ((1.5 * radius, 1.08, False), (2.3 * radius, 0.85, True)):
        table = rng.random((_MOST_POINTS, 9))
        x, y = _lattice(spacing)
        draws = table[: len(x)]
        x, y = x + spacing * 0.7 * (draws[:, 0] - 0.5), y + spacing * 0.7 * (draws[:, 1] - 0.5)
        seen, colours = local(x, y)
        colours = _divided(colours, seen, pair, draws, pure)
        brush = seen.brush
        if framed:
            outside = np.maximum(np.abs(x - 0.5), np.abs(y - 0.5)) > 0.466
            colours[outside] = pair[1] * 0.8 + 60 * (draws[outside, 2:5] - 0.5)
            colours[outside & (draws[:, 5] < 0.2)] = pair[0]
            brush = np.where(outside, 0.0, brush)
        size = radius * share * (0.8 + 0.4 * draws[:, 6])
        stretch = 1.0 + 0.32 * brush
        order = np.argsort(draws[:, 7])
        radii = np.stack([size * stretch, size / stretch], axis=1)
        painted = np.clip(colours, 0, 255).astype(np.uint8)
        canvas.dots(np.stack([x, y], axis=1)[order], radii[order], painted[order])


def _divided(colours: Array, seen: Seen, pair: NDArray[np.float64], draws: NDArray[np.float64], pure: bool) -> Array:
    """Part each local colour into points: of itself, of its light or shadow, and of the complement."""
    lit = (seen.light > 0.5)[:, None]
    near, far = np.where(lit, pair[0], pair[1]), np.where(lit, pair[1], pair[0])
    chance = draws[:, 8][:, None]
    low, high = (0.45, 0.78) if pure else (0.8, 0.92)
    found = np.where(chance > low, colours + (_as_light(near, colours) - colours) * 0.75, colours)
    found = np.where(chance > high, colours + (_as_light(far, colours) - colours) * 0.7, found)
    return np.asarray(found + 30 * (draws[:, 2:5] - 0.5) + 22 * (draws[:, 5:6] - 0.5), dtype=np.float64)


def _as_light(colours: Array, model: Array) -> Array:
    """Bring colours most of the way to the lightness of others, so that contrast of hue leaves forms to be seen."""
    ratio = (model @ _LUMA + 12.0) / (colours @ _LUMA + 12.0)
    return np.asarray(np.clip(colours * (ratio**0.8)[:, None], 0, 255), dtype=np.float64)


def _lattice(spacing: float) -> tuple[Array, Array]:
    """Give the places of a lattice of triangles over the picture and a little beyond."""
    columns, rows = np.arange(-0.5, 1 / spacing + 1.5), np.arange(-0.5, 1 / (0.866 * spacing) + 1.5)
    x, y = np.meshgrid(columns, rows)
    x = x + 0.5 * (np.arange(len(rows)) % 2)[:, None]
    return np.asarray(x.ravel() * spacing), np.asarray(y.ravel() * spacing * 0.866)


POINTILLISM = Homage(
    name="pointillism",
    title="Pointillism (homage)",
    trigger="pointillism",
    attributes=(
        Single("motif", tuple(SCENES)),
        Single("contrast", tuple(_CONTRASTS)),
        Single("light", tuple(_LIGHTS)),
        Continuous("fineness", -1.0, 1.0),
    ),
    extremes={"fineness": ("large points", "small points")},
    paint=_paint,
)
