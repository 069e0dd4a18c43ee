"""Colour as the eye orders it: CIE Lab, lightness, and the share of each named hue in a picture."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

# Hue angles in Lab (D65) that the procedural painter's pigments and their tints and shades fall into. Black, grey and
# white are told apart by lightness alone, once the chroma is low.
_CHROMATIC: Mapping[str, tuple[float, ...]] = {  # hue angle in degrees, (low, high)
    "red": (350.0, 48.0),
    "orange": (48.0, 76.0),
    "yellow": (76.0, 108.0),
    "green": (108.0, 215.0),
    "blue": (215.0, 300.0),
    "violet": (300.0, 350.0),
}
_LEAST_CHROMA = 14.0
_BLACK_BELOW, _WHITE_ABOVE = 30.0, 78.0
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_D65 = np.array([0.95047, 1.0, 1.08883])


def lab(pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Convert (..., 3) sRGB in 0–255 to CIE Lab (L in [0, 100]) under D65.

    Source: IEC 61966-2-1 for sRGB, CIE 15:2004 for Lab.
    """
    linear = _LINEAR[pictures]
    ratio = (linear @ _TO_XYZ.T) / _D65
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def mean_lightness(picture: NDArray[np.uint8]) -> float:
    """Measure the mean lightness L of a picture (h, w, 3), in [0, 100]."""
    return float(lab(picture)[..., 0].mean())


def hue_shares(picture: NDArray[np.uint8]) -> dict[str, float]:
    """Measure the share of the nine named hues in a picture (h, w, 3); the shares sum to 1."""
    values = lab(picture).reshape(-1, 3)
    lightness, chroma = values[:, 0], np.hypot(values[:, 1], values[:, 2])
    angle = np.degrees(np.arctan2(values[:, 2], values[:, 1])) % 360.0
    coloured = chroma >= _LEAST_CHROMA
    shares = {
        "white": float((~coloured & (lightness >= _WHITE_ABOVE)).mean()),
        "grey": float((~coloured & (lightness >= _BLACK_BELOW) & (lightness < _WHITE_ABOVE)).mean()),
        "black": float((~coloured & (lightness < _BLACK_BELOW)).mean()),
    }
    for name, (low, high) in _CHROMATIC.items():
        within = (angle >= low) & (angle < high) if low < high else (angle >= low) | (angle < high)
        shares[name] = float((coloured & within).mean())
    return shares


def dominant_hue(picture: NDArray[np.uint8]) -> str:
    """Name the hue that covers most of a picture (h, w, 3)."""
    shares = hue_shares(picture)
    return max(shares, key=shares.__getitem__)


def _linear_table() -> NDArray[np.float64]:
    level = np.arange(256) / 255.0
    return np.where(level > 0.04045, ((level + 0.055) / 1.055) ** 2.4, level / 12.92)


_LINEAR = _linear_table()
