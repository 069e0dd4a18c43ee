"""Measures what is to be seen in a picture, from its pixels alone.

Owns the list of measures with their units. Does not know how a picture was made, who looks at it, or what is liked.

Every measure is taken on a copy whose long side is 128 px, without the four corners (14 % of each side): a number may
be drawn in any of them. So upscaling, JPEG and the number change a measure by far less than pictures differ.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from sandbox.guests.errors import UnreadablePictureError

Pixels = NDArray[np.uint8]
_Plane = NDArray[np.float64]

LONG_SIDE_PX = 128
CORNER = 0.14
_BLOCK_PX = 16
_EDGE_STEP = 4.0
"""A change of L* over one working pixel that reads as an edge; JPEG's ringing stays below it."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that can be measured: what it is, and its unit."""

    meaning: str
    unit: str


MEASURES: Mapping[str, Measure] = {
    "lightness": Measure("mean CIE L*", "L*, 0 black to 100 white"),
    "contrast": Measure("standard deviation of CIE L*", "L*"),
    "chroma": Measure("mean CIE C*ab", "C*ab, 0 grey, about 100 a pure colour"),
    "white": Measure("share that is light and colourless", "0 to 1"),
    "grey": Measure("share that is neither light nor dark, and colourless", "0 to 1"),
    "black": Measure("share that is very dark", "0 to 1"),
    "red": Measure("share with a red hue", "0 to 1"),
    "orange": Measure("share with an orange hue", "0 to 1"),
    "yellow": Measure("share with a yellow hue", "0 to 1"),
    "green": Measure("share with a green hue", "0 to 1"),
    "blue": Measure("share with a blue hue", "0 to 1"),
    "violet": Measure("share with a violet hue", "0 to 1"),
    "edges": Measure("share of pixels that lie on an edge", "0 to 1"),
    "straightness": Measure("how far the edges within a block of 16 px share one direction", "0 curls to 1 straight"),
    "diagonals": Measure("share of the edges' energy that is nearer to a diagonal", "0 to 1"),
    "imbalance": Measure("colour difference of the left and the right half", "Delta E*ab"),
}


def open_picture(data: bytes) -> Pixels:
    """Decode a picture's bytes into `(H, W, 3)` pixels.

    Raises:
        UnreadablePictureError: the bytes are no picture.
    """
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except (UnidentifiedImageError, OSError) as error:
        raise UnreadablePictureError(f"expected a picture, came {len(data)} bytes that are none: {error}") from error


def measure(pixels: Pixels) -> dict[str, float]:
    """Measure `pixels`, `(H, W, 3)` in 0..255 of sRGB; one float for each name of `MEASURES`, in its order.

    Raises:
        UnreadablePictureError: the array has another shape or type.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        raise UnreadablePictureError(f"expected (H, W, 3) of uint8, came {pixels.shape} of {pixels.dtype}")
    small = _working_copy(pixels)
    seen = _mask(small.shape[0], small.shape[1])
    lab = to_lab(small)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    found = {
        "lightness": float(lab[..., 0][seen].mean()),
        "contrast": float(lab[..., 0][seen].std()),
        "chroma": float(chroma[seen].mean()),
        **_hue_shares(small, lab[..., 0], chroma, seen),
        **_edges(lab[..., 0], seen),
        "imbalance": _imbalance(lab, seen),
    }
    return {name: found[name] for name in MEASURES}


def to_lab(pixels: Pixels) -> _Plane:
    """Turn sRGB pixels `(H, W, 3)` into CIE L*a*b* under D65, `(H, W, 3)`.

    Source: IEC 61966-2-1 (transfer curve and matrix of sRGB); CIE 15:2004, 8.2.1 (L*a*b*).
    """
    coded = pixels.astype(np.float64) / 255.0
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratio = (linear @ to_xyz.T) / to_xyz.sum(axis=1)
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


def _working_copy(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = LONG_SIDE_PX / max(height, width)
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    # An area average: the same picture, upscaled beforehand or not, gives nearly the same copy.
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX), dtype=np.uint8)


def _mask(height: int, width: int) -> NDArray[np.bool_]:
    rows, columns = round(height * CORNER), round(width * CORNER)
    seen = np.ones((height, width), dtype=np.bool_)
    for row in (slice(None, rows), slice(height - rows, None)):
        for column in (slice(None, columns), slice(width - columns, None)):
            seen[row, column] = False
    return seen


def _hue_shares(pixels: Pixels, lightness: _Plane, chroma: _Plane, seen: NDArray[np.bool_]) -> dict[str, float]:
    """Name each pixel's colour once: dark, colourless, or one of six hues of the HSV circle."""
    hue = np.asarray(Image.fromarray(pixels).convert("HSV"), dtype=np.float64)[..., 0] * (360.0 / 256.0)
    dark = lightness < 22
    # Near white a little chroma is already a tint that people still call white, as of a canvas.
    colourless = ~dark & (chroma < np.where(lightness > 80, 14.0, 10.0))
    coloured = ~dark & ~colourless
    planes = {
        "white": colourless & (lightness > 78),
        "grey": colourless & (lightness <= 78),
        "black": dark,
        "red": coloured & ((hue < 18) | (hue >= 340)),
        "orange": coloured & (hue >= 18) & (hue < 43),
        "yellow": coloured & (hue >= 43) & (hue < 70),
        "green": coloured & (hue >= 70) & (hue < 170),
        "blue": coloured & (hue >= 170) & (hue < 255),
        "violet": coloured & (hue >= 255) & (hue < 340),
    }
    return {name: float(plane[seen].mean()) for name, plane in planes.items()}


def _edges(lightness: _Plane, seen: NDArray[np.bool_]) -> dict[str, float]:
    """Measure the gradient's size and direction.

    Straightness is the coherence of the structure tensor in blocks of 16 px, weighted by their energy.
    Source: B. Jähne, Digital Image Processing, 6th ed., 13.3 (structure tensor and coherence).
    """
    # A light blur first: what upscaling and JPEG add is as fine as a working pixel, what people call a line is not.
    down, right = np.gradient(_blur(_blur(lightness, 0), 1))
    size = np.hypot(down, right)
    clear = seen & (size > _EDGE_STEP)
    energy = np.where(clear, size**2, 0.0)
    total = float(energy.sum())
    if not clear.any():  # one flat colour: no edge, and no direction
        return {"edges": 0.0, "straightness": 0.0, "diagonals": 0.0}
    # cos 2θ and sin 2θ of the gradient's direction, weighted by its energy
    along = np.where(clear, right**2 - down**2, 0.0)
    across = np.where(clear, 2 * right * down, 0.0)
    coherent = np.hypot(_block_sums(along), _block_sums(across)).sum()
    return {
        "edges": float(clear[seen].mean()),
        "straightness": float(coherent) / total,
        "diagonals": float(energy[np.abs(across) > np.abs(along)].sum()) / total,
    }


def _blur(plane: _Plane, axis: int) -> _Plane:
    before, after = np.roll(plane, 1, axis), np.roll(plane, -1, axis)
    blurred = (before + 2 * plane + after) / 4
    ends = [slice(None), slice(None)]
    for end in (0, -1):  # the roll wrapped around: the borders keep what they had
        ends[axis] = slice(end, end + 1 or None)
        blurred[tuple(ends)] = plane[tuple(ends)]
    return blurred


def _block_sums(plane: _Plane) -> _Plane:
    rows = np.arange(0, plane.shape[0], _BLOCK_PX)
    columns = np.arange(0, plane.shape[1], _BLOCK_PX)
    sums: _Plane = np.add.reduceat(np.add.reduceat(plane, rows, axis=0), columns, axis=1)
    return sums


def _imbalance(lab: _Plane, seen: NDArray[np.bool_]) -> float:
    half = lab.shape[1] // 2
    left = lab[:, :half][seen[:, :half]].mean(axis=0)
    right = lab[:, -half:][seen[:, -half:]].mean(axis=0)
    return float(np.linalg.norm(left - right))
