"""What a slider does: whether the attribute of its name follows the weight, what else changes, and what breaks.

Works on pictures of the same seeds at several weights. Knows no models.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.stats import spearmanr

from style.measures.colour import lab, mean_lightness
from style.measures.features import features
from style.measures.order import edges_of, energy, parallel, structure

Pictures = NDArray[np.uint8]
Numbers = NDArray[np.float64]

_FLAT_BELOW = 2.0  # deviation of lightness
_CLIPPED_FROM = 0.9  # share of pixels that are pure black or pure white
_OFF_FROM = 1.5  # times as far from the mean of the unmoved pictures as the farthest of these


def chroma(picture: NDArray[np.uint8]) -> float:
    """Measure the mean chroma of a picture (h, w, 3) in Lab."""
    values = lab(picture)
    return float(np.hypot(values[..., 1], values[..., 2]).mean())


def detail(picture: NDArray[np.uint8]) -> float:
    """Measure how much of a picture (h, w, 3) is edges, 0 to about 0.08."""
    return float(energy(edges_of(picture)).mean())


MEASURES: dict[str, Callable[[NDArray[np.uint8]], float]] = {
    "brightness": mean_lightness,
    "structure": structure,
    "parallel": parallel,
    "chroma": chroma,
    "detail": detail,
}
"""What can be measured of one picture, by the name of the continuous attribute that it goes with."""


@dataclass(frozen=True, slots=True)
class SliderEffect:
    """What a slider does over n seeds.

    `rank` is the mean over seeds of Spearman's correlation of weight and measured attribute, `ordered` the share of
    seeds whose ends are in order, `slope` the attribute's change a unit of weight in its own unit; all NaN where
    nothing measures the attribute. `changes` gives for every measure its change a unit of weight in deviations of that
    measure over the unmoved seeds; `layout` the mean correlation of edge maps, either end against weight nearest 0.
    """

    attribute: str
    pictures: int
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
    own = found.get(attribute)
    return SliderEffect(
        attribute=attribute,
        pictures=int(pictures.shape[0] * pictures.shape[1]),
        rank=float("nan") if own is None else float(np.mean([_rank(at, row) for row in own])),
        ordered=float("nan") if own is None else float((own[:, 0] < own[:, -1]).mean()),
        slope=slopes.get(attribute, float("nan")),
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
