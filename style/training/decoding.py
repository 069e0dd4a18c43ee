"""One picture file, opened with distrust and made plain: upright, RGB, eight bits, on white where it is clear.

Knows nothing of the folder that it lies in.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
MOST_PIXELS = 40_000_000
SMALLEST_PX = 96


class PictureFaultError(Exception):
    """What is wrong with a picture, and the cure; the caller adds the file's name."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture made plain: its pixels (h, w, 3) uint8, and whether more frames than this first one are in its file."""

    pixels: NDArray[np.uint8]
    is_animated: bool


def decode_picture(source: Path | BinaryIO, longest_px: int) -> Decoded:
    """Read a picture, turned as its camera says, its clear parts on white, reduced to at most `longest_px`.

    Raises:
        PictureFaultError: no picture, a broken one, or one whose size is out of bounds; told before a pixel is decoded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=FORMATS) as opened:
                _check_size(opened)
                animated = bool(getattr(opened, "is_animated", False))
                picture = _plain(ImageOps.exif_transpose(opened))
    except PictureFaultError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureFaultError(f"it is too large ({error}); reduce it to 40 MP") from error
    except PermissionError as error:
        raise PictureFaultError("it cannot be read (permission denied); give yourself the right to read it") from error
    except Exception as error:  # broken bytes lead Pillow's decoders to errors of every kind
        raise PictureFaultError(f"it cannot be read as a picture ({error}); save it anew as PNG or JPEG") from error
    picture.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    return Decoded(np.asarray(picture), animated)


def _check_size(opened: Image.Image) -> None:
    size = f"{opened.width}×{opened.height} px"
    if opened.width * opened.height > MOST_PIXELS:
        raise PictureFaultError(f"{size} is too large; reduce it to 40 MP")
    if min(opened.size) < SMALLEST_PX:
        raise PictureFaultError(f"{size} is too small; {SMALLEST_PX} px at least, find a larger copy")


def _plain(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # sixteen bits of grey, which Pillow would cut off at 255 instead of scaling
        grey = np.clip(np.asarray(picture, dtype=np.int64) / 257.0, 0, 255)
        return Image.fromarray(grey.round().astype(np.uint8)).convert("RGB")
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return _in_srgb(picture)


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Convert colours by the profile that the file brings, if it can be read; else as if it were sRGB or plain inks."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")
