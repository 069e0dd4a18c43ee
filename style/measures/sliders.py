"""What a slider does: whether a measured attribute follows the weight, what else changes, and what breaks.

Works on pictures of the same seeds at several weights. A slider that is named like a measure is judged by it; for any
other the measure that its ends differ in most is found on half of the seeds, and judged on the other half, so that what
chance found is not taken for what the slider does. Knows no models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.stats import spearmanr

from style.measures.attributes import MEASURES
from style.measures.colour import lab
from style.measures.features import features
from style.measures.order import edges_of, energy

Pictures = NDArray[np.uint8]
Numbers = NDArray[np.float64]

LEAST_SEEDS = 4  # for a slider whose measure has to be found: two to find it on, two to judge it on
NO_MEASURE = "none"

_FLAT_BELOW = 2.0  # deviation of lightness
_CLIPPED_FROM = 0.9  # share of pixels that are pure black or pure white
_OFF_FROM = 1.5  # times as far from the mean of the unmoved pictures as the farthest of these


@dataclass(frozen=True, slots=True)
class SliderEffect:
    """What a slider does over n seeds.

    `measured` names the measure that it is judged by, on `judged` of the seeds: its own, or one that was found on the
    others. `rank` is the mean over seeds of Spearman's correlation of weight and measure, `slope` the measure's change
    a unit of weight in its own unit; of a measure that was found, both may well be negative. `ordered` is the share of
    seeds whose ends are in order: rising, or as on the seeds that it was found on. All NaN, and `measured` "none",
    where the ends do not differ or the seeds are too few. `changes` gives for every measure its change a unit of weight
    in deviations of that measure over the unmoved seeds; `layout` the mean correlation of edge maps, either end against
    weight nearest 0.
    """

    attribute: str
    measured: str
    pictures: int
    judged: int
    rank: float
    ordered: float
    slope: float
    changes: dict[str, float]
    layout: float


@dataclass(frozen=True, slots=True)
class Breakage:
    """Shares of broken pictures: flat, clipped to black or white, off (far from all unmoved ones), any of them."""

    ends: str
    pictures: int
    flat: float
    clipped: float
    off: float
    broken: float


def slider_effect(attribute: str, weights: Sequence[float], pictures: Pictures) -> SliderEffect:
    """Measure a slider on (seeds, weights, h, w, 3) pictures; `weights` ascend and hold 0 or come near it."""
    at, middle = np.asarray(weights, dtype=np.float64), int(np.abs(weights).argmin())
    found = {name: np.array([[measure(p) for p in row] for row in pictures]) for name, measure in MEASURES.items()}
    slopes = {name: _slope(at, values) for name, values in found.items()}
    measured, direction, chosen = _own(attribute, found)
    own = found[measured][chosen] if measured in found else np.empty((0, len(at)))
    nan = float("nan")
    return SliderEffect(
        attribute=attribute,
        measured=measured,
        pictures=int(pictures.shape[0] * pictures.shape[1]),
        judged=len(own),
        rank=float(np.mean([_rank(at, row) for row in own])) if len(own) else nan,
        ordered=float((direction * (own[:, -1] - own[:, 0]) > 0).mean()) if len(own) else nan,
        slope=_slope(at, own) if len(own) else nan,
        changes={name: slopes[name] / max(float(values[:, middle].std()), 1e-9) for name, values in found.items()},
        layout=float(np.mean([layout_kept(row[middle], row[end]) for row in pictures for end in (0, -1)])),
    )


def layout_kept(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    """Correlate the softened edge maps of two pictures of one size: 1 the same layout, about 0 another; 0 if flat."""
    a, b = (ndimage.gaussian_filter(energy(edges_of(picture)), 2.0).ravel() for picture in (first, second))
    if a.std() < 1e-9 or b.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def breakage(ends: str, pictures: Pictures, unmoved: Pictures) -> Breakage:
    """Count the broken ones of (n, h, w, 3) pictures painted at the `ends` of sliders, against unmoved ones."""
    lightness = np.stack([lab(picture)[..., 0] for picture in pictures])
    pure = ((pictures <= 1).all(axis=-1) | (pictures >= 254).all(axis=-1)).mean(axis=(1, 2))
    flat, clipped = lightness.std(axis=(1, 2)) < _FLAT_BELOW, pure > _CLIPPED_FROM
    off = _remoteness(pictures, unmoved) > _OFF_FROM
    shares = [float(fault.mean()) for fault in (flat, clipped, off, flat | clipped | off)]
    return Breakage(ends, len(pictures), *shares)


def _own(attribute: str, found: Mapping[str, Numbers]) -> tuple[str, float, slice]:
    """Say by which measure a slider is judged, which way it goes (1 rises, -1 falls), and on which of the seeds."""
    if attribute in found:
        return attribute, 1.0, slice(None)
    if len(next(iter(found.values()))) < LEAST_SEEDS:
        return NO_MEASURE, 1.0, slice(0, 0)
    ends = {name: _correlation_at_ends(values[::2]) for name, values in found.items()}
    best = max(ends, key=lambda name: abs(ends[name]))
    if ends[best] == 0.0:
        return NO_MEASURE, 1.0, slice(0, 0)
    return best, float(np.sign(ends[best])), slice(1, None, 2)


def _correlation_at_ends(values: Numbers) -> float:
    """Correlate (seeds, weights) values at the ends with the end that they are from; 0 where all are alike."""
    ends = values[:, [0, -1]]
    return 0.0 if np.ptp(ends) < 1e-9 else float(np.corrcoef(ends.ravel(), np.tile([-1.0, 1.0], len(ends)))[0, 1])


def _remoteness(pictures: Pictures, unmoved: Pictures) -> Numbers:
    """Give each picture's texture distance from the mean of unmoved ones, in units of the farthest of these."""
    rows, reference = (features(found)["texture"] for found in (pictures, unmoved))
    centre = reference.mean(axis=0)
    farthest = float(np.abs(reference - centre).mean(axis=1).max())
    return np.asarray(np.abs(rows - centre).mean(axis=1) / max(farthest, 1e-9))


def _rank(weights: Numbers, values: Numbers) -> float:
    return 0.0 if np.ptp(values) == 0.0 else float(spearmanr(weights, values).statistic)


def _slope(weights: Numbers, values: Numbers) -> float:
    centred = weights - weights.mean()
    return float((values.mean(axis=0) * centred).sum() / (centred**2).sum())
