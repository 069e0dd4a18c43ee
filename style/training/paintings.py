"""A folder of paintings: read with distrust, completed with tags off the pixels, cut into square crops.

The folder is an imagefolder with `metadata.jsonl` (`file_name`, `text`), or pictures with a .txt beside each.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from style.errors import BadPicturesError
from style.measures.colour import hue_shares, mean_lightness

FORMATS = ("JPEG", "PNG", "WEBP")
LEAST = 4
MOST_PIXELS = 40_000_000
SMALLEST_PX = 96
_TAG_FROM = 0.12  # a hue that covers this share of a painting is worth a tag


@dataclass(frozen=True, slots=True)
class Painting:
    """One painting: its file's name, its tags in words, its pixels (h, w, 3) uint8."""

    name: str
    tags: tuple[str, ...]
    pixels: NDArray[np.uint8]


def read_folder(folder: Path, synonyms: Mapping[str, str] | None = None, longest_px: int = 640) -> list[Painting]:
    """Read all paintings of `folder` in the order of their names, reduced to at most `longest_px`.

    `synonyms` replaces tags ("curved line" → "curve line").

    Raises:
        BadPicturesError: no folder, too few pictures, a broken, tiny or huge one; the message names file and cure.
    """
    if not folder.is_dir():
        raise BadPicturesError(f"{folder} is not a folder; give one with pictures and a metadata.jsonl")
    entries = _entries(folder)
    if len(entries) < LEAST:
        raise BadPicturesError(
            f"{folder} holds {len(entries)} pictures; a style needs at least {LEAST}, better 20 to 100"
        )
    renamed = synonyms or {}
    found = []
    for path, text in entries:
        tags = tuple(renamed.get(tag, tag) for tag in (part.strip() for part in text.split(",")) if tag)
        found.append(Painting(path.name, tags, _read(path, longest_px)))
    return found


def _entries(folder: Path) -> list[tuple[Path, str]]:
    listing = folder / "metadata.jsonl"
    if not listing.exists():
        pictures = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp"))
        texts = [p.with_suffix(".txt") for p in pictures]
        return [(p, _words(text) if text.exists() else "") for p, text in zip(pictures, texts, strict=True)]
    entries, root = [], folder.resolve()
    for number, line in enumerate(_words(listing).splitlines(), 1):
        try:
            row = json.loads(line)
            path, text = folder / row["file_name"], str(row["text"])
            inside = path.resolve().is_relative_to(root)
        except (ValueError, KeyError, TypeError) as error:
            raise BadPicturesError(
                f"{listing}, line {number}: expected JSON with file_name and text ({error})"
            ) from error
        if not inside:
            raise BadPicturesError(f"{listing}, line {number}: {row['file_name']} lies outside the folder; move it in")
        entries.append((path, text))
    return sorted(entries)


def _words(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise BadPicturesError(f"{path} cannot be read as text ({error}); save it anew as UTF-8") from error


def _read(path: Path, longest_px: int) -> NDArray[np.uint8]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise BadPicturesError(
                        f"{path}: {opened.width}×{opened.height} px is too large; reduce it to 40 MP"
                    )
                if min(opened.size) < SMALLEST_PX:
                    raise BadPicturesError(
                        f"{path}: {opened.width}×{opened.height} px is too small; {SMALLEST_PX} px at least"
                    )
                picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicturesError(f"{path} is too large ({error}); reduce it to 40 MP") from error
    except (OSError, ValueError, SyntaxError) as error:  # Pillow says SyntaxError of broken chunks
        raise BadPicturesError(f"{path} cannot be read as a picture ({error}); save it anew as PNG or JPEG") from error
    picture.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    return np.asarray(picture)


def pixel_tags(pixels: NDArray[np.uint8], most: int = 3) -> tuple[str, ...]:
    """Read tags off the pixels (h, w, 3): the hues that cover most, and "light" or "dark" at the ends."""
    shares = hue_shares(pixels)
    ranked = sorted(shares, key=shares.__getitem__, reverse=True)[:most]
    hues = tuple(hue for hue in ranked if shares[hue] >= _TAG_FROM)
    lightness = mean_lightness(pixels)
    return (*hues, *(("light",) if lightness > 76 else ("dark",) if lightness < 38 else ()))


def crops(
    painting: Painting, count: int, side_px: int, seed: int, least_share: float = 0.75
) -> list[NDArray[np.uint8]]:
    """Cut `count` square crops of at least `least_share` of the short side, never mirrored; the first is the middle.

    Returns (side_px, side_px, 3) uint8 each; deterministic in `seed`.
    """
    rng = np.random.default_rng((seed, 3))
    height, width = painting.pixels.shape[:2]
    short, image, cut = min(height, width), Image.fromarray(painting.pixels), []
    for k in range(count):
        side = short if k == 0 else round(short * float(rng.uniform(least_share, 1.0)))
        left = (width - side) // 2 if k == 0 else int(rng.integers(0, width - side + 1))
        top = (height - side) // 2 if k == 0 else int(rng.integers(0, height - side + 1))
        box = (left, top, left + side, top + side)
        cut.append(np.asarray(image.resize((side_px, side_px), Image.Resampling.LANCZOS, box=box)))
    return cut


def caption(trigger: str, tags: Sequence[str], rng: np.random.Generator, drop: float = 0.15) -> str:
    """Write a caption: the trigger first, then the tags in random order, each left out with probability `drop`."""
    kept = [tag for tag in tags if tag != trigger and rng.random() >= drop]
    rng.shuffle(kept)
    return ", ".join([trigger, *kept])
