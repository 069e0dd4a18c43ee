"""How far two sets of pictures are apart in style, in units of a painter's distance from himself, with intervals.

Only sets can be judged (30 pictures and more): a painter varies more from picture to picture than most faults do.
What is compared is in `style.measures.features`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from style.measures.features import PARTS, Numbers, Pictures, features

__all__ = [
    "Progress", "StyleDistance", "apart", "bootstrap", "distance", "features", "interval", "mean_of", "overall",
    "progress", "relative", "scaled", "unit_of",
]  # fmt: skip

Features = dict[str, Numbers]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StyleDistance:
    """Distances of two sets, each 0 for the same set: colour (Lab), texture, line, composition."""

    colour: float
    texture: float
    line: float
    composition: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the way from the base to the paintings a LoRA goes: 0 none, 1 all of it; a 95 % interval."""

    value: float
    low: float
    high: float


def distance(first: Pictures, second: Pictures) -> StyleDistance:
    """Measure how far the mean features of two sets, (n, h, w, 3) and (m, h, w, 3) of one size, are apart."""
    return apart(features(first), features(second))


def apart(first: Features, second: Features) -> StyleDistance:
    """Measure the distance of two sets by their `features`."""
    return StyleDistance(**{part: float(np.abs(first[part].mean(0) - second[part].mean(0)).mean()) for part in PARTS})


def unit_of(
    paintings: Features, sizes: tuple[int, int] | None = None, draws: int = 10, seed: int = 13
) -> StyleDistance:
    """Measure a painter's distance from himself: the mean distance of two random halves of the work.

    Smaller sets are farther apart by chance alone, as the root of 1/n + 1/m. `sizes` (n, m) of the sets that are to be
    measured brings the unit to them: then 1 is as far as the painter's own sets of these sizes would be.
    """
    count = len(paintings[PARTS[0]])
    middle, rng = count // 2, np.random.default_rng(seed)
    halves = [rng.permutation(count) for _ in range(draws)]
    unit = mean_of([apart(_taken(paintings, half[:middle]), _taken(paintings, half[middle:])) for half in halves])
    if sizes is None:
        return unit
    factor = math.sqrt((1 / sizes[0] + 1 / sizes[1]) / (1 / middle + 1 / (count - middle)))
    return StyleDistance(**{part: getattr(unit, part) * factor for part in PARTS})


def relative(first: Pictures, second: Pictures, unit: StyleDistance) -> StyleDistance:
    """Measure a distance in units of another: 1 is as far as the two halves of the painter's own work, say."""
    return scaled(distance(first, second), unit)


def scaled(found: StyleDistance, unit: StyleDistance) -> StyleDistance:
    """Give a distance in units of another."""
    return StyleDistance(**{part: getattr(found, part) / max(getattr(unit, part), 1e-9) for part in PARTS})


def overall(found: StyleDistance) -> float:
    """Sum a relative distance up as the geometric mean of its parts."""
    return math.exp(sum(math.log(max(getattr(found, part), 1e-9)) for part in PARTS) / len(PARTS))


def bootstrap(
    generated: Pictures, paintings: Pictures, unit: StyleDistance, draws: int = 200, seed: int = 0
) -> tuple[float, float]:
    """Give the 95 % interval of `overall(relative(...))` over bootstrap draws of both sets."""
    return interval(features(generated), features(paintings), unit, draws, seed)


def interval(
    generated: Features, paintings: Features, unit: StyleDistance, draws: int = 200, seed: int = 0
) -> tuple[float, float]:
    """Give the 95 % interval of the overall relative distance over bootstrap draws of both sets.

    Drawing anew adds noise to both means and so distance of its own: the draws lie too far out, most where the sets
    are near. So their middle is moved to the estimate, as a factor.
    """
    n, m, rng = len(generated[PARTS[0]]), len(paintings[PARTS[0]]), np.random.default_rng(seed)
    whole = _wholes(paintings, unit)
    estimate = whole(generated, np.arange(n), np.arange(m))
    found = [whole(generated, rng.integers(n, size=n), rng.integers(m, size=m)) for _ in range(draws)]
    low, middle, high = np.quantile(found, (0.025, 0.5, 0.975))
    return float(low / middle * estimate), float(high / middle * estimate)


def progress(
    base: Features, adapted: Features, paintings: Features, unit: StyleDistance, draws: int = 200, seed: int = 0
) -> Progress:
    """Measure (d_base − d_adapted) / (d_base − 1): the share of the way to the painter that an adapter goes.

    `base` and `adapted` are painted from the same prompts and seeds, row by row, and are drawn anew together. The
    draws of each distance are moved to its estimate, as in `interval`. NaN where the base is no farther than 1.
    """
    n, m, rng = len(base[PARTS[0]]), len(paintings[PARTS[0]]), np.random.default_rng(seed)
    whole = _wholes(paintings, unit)
    first, second = (whole(rows, np.arange(n), np.arange(m)) for rows in (base, adapted))
    if first <= 1.0:
        return Progress(math.nan, math.nan, math.nan)
    drawn = []
    for _ in range(draws):
        i, j = rng.integers(n, size=n), rng.integers(m, size=m)
        drawn.append((whole(base, i, j), whole(adapted, i, j)))
    moved = np.array(drawn) / np.median(drawn, axis=0) * (first, second)
    shares = (moved[:, 0] - moved[:, 1]) / np.maximum(moved[:, 0] - 1.0, 1e-3)
    low, high = np.quantile(shares, (0.025, 0.975))
    return Progress((first - second) / (first - 1.0), float(low), float(high))


def mean_of(distances: Sequence[StyleDistance]) -> StyleDistance:
    """Average several distances part by part."""
    return StyleDistance(**{part: float(np.mean([getattr(one, part) for one in distances])) for part in PARTS})


def _wholes(paintings: Features, unit: StyleDistance) -> Callable[[Features, Rows, Rows], float]:
    def whole(rows: Features, i: Rows, j: Rows) -> float:
        return overall(scaled(apart(_taken(rows, i), _taken(paintings, j)), unit))

    return whole


def _taken(rows: Features, chosen: Rows) -> Features:
    return {part: rows[part][chosen] for part in PARTS}
