"""What a style's pictures are worth, in numbers: how near they come to the painter's, and whether they obey.

Compares arrays of pixels and the genes that they were painted from; how they were painted is for the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.stats import spearmanr

from evolution import Attribute, Chromosome, Continuous, Multiple, Space
from style.measures.colour import hue_shares, mean_lightness
from style.measures.distance import StyleDistance, bootstrap, distance, mean_of, overall, relative
from style.procedural.spec import HUES

Pictures = NDArray[np.uint8]
LEAST_PAINTINGS = 8
_SPLITS = 8
_ASKED_SHARE = 0.06  # a hue that was asked for and covers this share of a picture was obeyed


def measure_distance(with_style: Pictures, without: Pictures, paintings: Pictures) -> dict[str, Any]:
    """Measure how far two sets of pictures, (n, h, w, 3) each, are from the painter's; 1 is half against half of these.

    Gives `before` and `after`, the 95 % `interval` of the latter, and its `parts`, such as colour and line.
    """
    unit = _unit(paintings)
    after = relative(with_style, paintings, unit)
    low, high = bootstrap(with_style, paintings, unit)
    return {
        "before": overall(relative(without, paintings, unit)),
        "after": overall(after),
        "interval": [low, high],
        "parts": asdict(after),
        "paintings": len(paintings),
    }


def measure_attributes(
    space: Space, chromosomes: Sequence[Chromosome], pictures: Sequence[Pictures]
) -> dict[str, dict[str, float]]:
    """Measure whether pictures show what their chromosomes ask for, attribute by attribute.

    What cannot be read off pixels is left out. Of hues: `followed`, the share of those asked for that are there, and
    `by_chance`, the same in the pictures of other chromosomes. Of `brightness`: `rank_correlation` of its value with
    the pictures' lightness.
    """
    found = {}
    for attribute in space.attributes:
        if (measured := _measure(attribute, chromosomes, pictures)) is not None:
            found[attribute.name] = measured
    return found


def squares(paintings: Sequence[NDArray[np.uint8]], side_px: int) -> Pictures:
    """Cut the middle square of each picture, at one size: (n, side, side, 3)."""
    cut = []
    for pixels in paintings:
        height, width = pixels.shape[:2]
        short = min(height, width)
        left, top = (width - short) // 2, (height - short) // 2
        box = (left, top, left + short, top + short)
        cut.append(np.asarray(Image.fromarray(pixels).resize((side_px, side_px), Image.Resampling.LANCZOS, box=box)))
    return np.stack(cut)


def _unit(paintings: Pictures) -> StyleDistance:
    halves = []
    for seed in range(_SPLITS):
        order = np.random.default_rng((seed, 11)).permutation(len(paintings))
        middle = len(order) // 2
        halves.append(distance(paintings[order[:middle]], paintings[order[middle:]]))
    return mean_of(halves)


def _measure(
    attribute: Attribute, chromosomes: Sequence[Chromosome], pictures: Sequence[Pictures]
) -> dict[str, float] | None:
    if isinstance(attribute, Continuous):
        if attribute.name != "brightness" or len(pictures) < 3:
            return None
        values = [chromosome.values[attribute.name] for chromosome in chromosomes]
        lightness = [mean_lightness(picture) for picture in pictures]
        if len(set(lightness)) < 2:
            return None
        return {"rank_correlation": float(spearmanr(values, lightness).statistic)}
    if not isinstance(attribute, Multiple) or not set(attribute.values) <= set(HUES):
        return None
    shares = [hue_shares(picture) for picture in pictures]
    asked = [chromosome.values[attribute.name] for chromosome in chromosomes]
    own, others = list[float](), list[float]()
    for i, hues in enumerate(asked):
        assert isinstance(hues, tuple), "a multiple attribute's gene"  # noqa: S101 - the space made it
        for j, share in enumerate(shares):
            (own if i == j else others).append(_followed(hues, share))
    return {"followed": float(np.mean(own)), "by_chance": float(np.mean(others)) if others else float("nan")}


def _followed(hues: Sequence[str], shares: Mapping[str, float]) -> float:
    return sum(shares[hue] >= _ASKED_SHARE for hue in hues) / len(hues)
