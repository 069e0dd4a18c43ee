"""How much the pictures of one set differ from one another, and how many are nearly the same.

In colour and structure, relative to a reference set: a painter's own work, or drawn pictures. Knows no models.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dctn

from style.measures.features import Numbers, Pictures, features

_HASH_PX, _HASH_SIDE = 32, 8
_NEAR_BITS = 6  # of 63: what re-encoding and small shifts change; different pictures differ in about 31


@dataclass(frozen=True, slots=True)
class Diversity:
    """Mean pairwise distances relative to the reference (1: as various as it), and the share of near-duplicates.

    A picture is a near-duplicate if another of its set has almost the same perceptual hash.
    """

    colour: float
    composition: float
    duplicates: float


def diversity(pictures: Pictures, reference: Pictures) -> Diversity:
    """Measure how various (n, h, w, 3) pictures are against a reference set (m, h, w, 3); n and m at least 2."""
    return diversity_of(features(pictures), features(reference), duplicate_rate(pictures))


def diversity_of(rows: dict[str, Numbers], reference: dict[str, Numbers], duplicates: float) -> Diversity:
    """Measure diversity by the `features` of both sets."""
    own, other = ({part: spread(found[part]) for part in ("colour", "composition")} for found in (rows, reference))
    ratio = {part: own[part] / max(other[part], 1e-9) for part in own}
    return Diversity(ratio["colour"], ratio["composition"], duplicates)


def spread(rows: Numbers) -> float:
    """Average the distance of all pairs of rows (n, d), as the mean absolute difference of their numbers."""
    count = len(rows)
    gaps = [np.abs(rows[k + 1 :] - rows[k]).mean(axis=1) for k in range(count - 1)]
    return float(np.concatenate(gaps).mean()) if gaps else 0.0


def perceptual_hash(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Hash a picture (h, w, 3) into 63 bits: which of its slowest waves are above their median.

    Source: the DCT hash ("pHash"): the mean itself is left out, so that brightness does not count.
    """
    grey = Image.fromarray(picture).convert("L").resize((_HASH_PX, _HASH_PX), Image.Resampling.BOX)
    waves = dctn(np.asarray(grey, dtype=np.float64), norm="ortho")[:_HASH_SIDE, :_HASH_SIDE].ravel()[1:]
    return np.asarray(waves > np.median(waves))


def duplicate_rate(pictures: Pictures) -> float:
    """Count the share of pictures that have a near-duplicate in their set."""
    if len(pictures) < 2:
        return 0.0
    hashes = np.stack([perceptual_hash(picture) for picture in pictures])
    apart = (hashes[:, None, :] != hashes[None, :, :]).sum(axis=-1)
    np.fill_diagonal(apart, hashes.shape[1])
    return float((apart.min(axis=1) <= _NEAR_BITS).mean())
