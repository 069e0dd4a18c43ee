"""A folder of paintings: read with distrust, completed with tags off the pixels, cut into square crops.

The folder is an imagefolder with `metadata.jsonl` (`file_name`, `text`), or pictures with a .txt beside each. All that
is wrong with it is found at once.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from style.errors import BadPicturesError
from style.measures.colour import hue_shares, mean_lightness
from style.training.decoding import PictureFaultError, decode_picture
from style.training.listing import Entry, Finding, Listing, read_listing
from style.training.twins import find_twins, fingerprint
from style.words import near_word

LEAST = 4
_FEW = 20
_TAG_FROM = 0.12  # a hue that covers this share of a painting is worth a tag


@dataclass(frozen=True, slots=True)
class Painting:
    """One painting: its file's name, its tags in words, its pixels (h, w, 3) uint8."""

    name: str
    tags: tuple[str, ...]
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a folder holds: its paintings by name, the faults that forbid training on it, and what is worth knowing.

    `entries` are the paintings' places and the words that stand there, in the same order.
    """

    paintings: tuple[Painting, ...]
    entries: tuple[Entry, ...]
    faults: tuple[Finding, ...]
    notes: tuple[Finding, ...]

    def require(self, folder: Path) -> list[Painting]:
        """Give the paintings of a folder that has no fault.

        Raises:
            BadPicturesError: there are faults; the message lists all of them, each with file and cure.
        """
        if self.faults:
            count = f"{len(self.faults)} fault{'' if len(self.faults) == 1 else 's'}"
            raise BadPicturesError("\n  ".join((f"{folder}: {count}:", *map(str, self.faults))))
        return list(self.paintings)


def read_folder(folder: Path, synonyms: Mapping[str, str] | None = None, longest_px: int = 640) -> list[Painting]:
    """Read all paintings of `folder` in the order of their names, reduced to at most `longest_px`.

    `synonyms` replaces tags ("curved line" → "curve line").

    Raises:
        BadPicturesError: no folder, too few pictures, broken, tiny, huge or doubled ones; the message lists all faults.
    """
    return inspect_folder(folder, synonyms, longest_px=longest_px).require(folder)


def inspect_folder(
    folder: Path,
    synonyms: Mapping[str, str] | None = None,
    known: Sequence[str] | None = None,
    longest_px: int = 640,
) -> Inspection:
    """Read all that can be read of a folder of paintings, and find all that is wrong with it.

    `known` are the words that the model understands: a tag that is nearly one of them is a fault, as it was probably
    misspelt; one that is far from all of them is worth a note. What `synonyms` leads to is meant as it is.
    """
    listing = read_listing(folder)
    paintings, entries, faults, notes = _read_all(folder, listing, synonyms, longest_px)
    if folder.is_dir() and len(listing.entries) < LEAST:
        faults.insert(0, _too_few(folder, len(listing.entries)))
    return Inspection(
        paintings=tuple(paintings),
        entries=tuple(entries),
        faults=(*listing.faults, *faults, *_misspelt(paintings, synonyms or {}, known)),
        notes=(*listing.notes, *notes, *_alike(paintings), *_strange(paintings, synonyms or {}, known)),
    )


def _read_all(
    folder: Path, listing: Listing, synonyms: Mapping[str, str] | None, longest_px: int
) -> tuple[list[Painting], list[Entry], list[Finding], list[Finding]]:
    paintings, entries, seen = list[Painting](), list[Entry](), dict[str, str]()
    faults, notes = list[Finding](), list[Finding]()
    for entry in listing.entries:
        name = entry.path.relative_to(folder).as_posix()
        try:
            decoded = decode_picture(entry.path, longest_px)
            content = hashlib.sha256(entry.path.read_bytes()).hexdigest()
        except (PictureFaultError, OSError) as error:
            faults.append(Finding(name, str(error)))
            continue
        if content in seen:
            faults.append(Finding(name, f"the same file as {seen[content]}; take one out"))
            continue
        seen[content] = name
        if decoded.is_animated:
            notes.append(Finding(name, "moves: its first frame alone is used"))
        paintings.append(Painting(entry.path.name, _tags(entry, synonyms), decoded.pixels))
        entries.append(entry)
    if LEAST <= len(paintings) < _FEW:
        notes.append(Finding(str(folder), f"{len(paintings)} pictures are few for a style; 20 to 100 are better"))
    return paintings, entries, faults, notes


def _tags(entry: Entry, synonyms: Mapping[str, str] | None) -> tuple[str, ...]:
    renamed = synonyms or {}
    return tuple(dict.fromkeys(renamed.get(tag, tag) for tag in entry.tags))


def _too_few(folder: Path, count: int) -> Finding:
    return Finding(str(folder), f"holds {count} pictures; a style needs at least {LEAST}, better 20 to 100")


def _alike(paintings: Sequence[Painting]) -> list[Finding]:
    pairs = find_twins([fingerprint(painting.pixels) for painting in paintings])
    return [
        Finding(paintings[late].name, f"looks like {paintings[first].name}; keep one, unless both are meant")
        for first, late in pairs
    ]


def _misspelt(paintings: Sequence[Painting], synonyms: Mapping[str, str], known: Sequence[str] | None) -> list[Finding]:
    found = []
    for tag, files in _unknown(paintings, synonyms, known).items():
        if near := near_word(tag, known or ()):
            cure = f'did you mean "{near}"? Give --rename "{tag}={near}", or --rename "{tag}={tag}" to keep it'
            found.append(Finding(_first_of(files), f'the model does not know the tag "{tag}": {cure}'))
    return found


def _strange(paintings: Sequence[Painting], synonyms: Mapping[str, str], known: Sequence[str] | None) -> list[Finding]:
    unknown = _unknown(paintings, synonyms, known)
    far = [tag for tag in unknown if not near_word(tag, known or ())]
    words = "the model does not know this tag, and will learn it from these pictures alone"
    return [Finding(_first_of(unknown[tag]), f'"{tag}": {words}') for tag in far]


def _unknown(
    paintings: Sequence[Painting], synonyms: Mapping[str, str], known: Sequence[str] | None
) -> dict[str, list[str]]:
    """Find the tags that the model does not know, each with the files that have it; those in all files are triggers."""
    if known is None:
        return {}
    counts = Counter(tag for painting in paintings for tag in painting.tags)
    odd = [tag for tag, n in counts.items() if tag.casefold() not in known and tag not in synonyms.values()]
    odd = [tag for tag in odd if len(paintings) < LEAST or counts[tag] < len(paintings)]
    return {tag: [painting.name for painting in paintings if tag in painting.tags] for tag in odd}


def _first_of(files: Sequence[str]) -> str:
    return files[0] if len(files) == 1 else f"{files[0]} and {len(files) - 1} more"


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


def split(paintings: Sequence[Painting], share: float, seed: int) -> tuple[list[Painting], list[Painting]]:
    """Split paintings into those to train on and those held out, one at least, deterministic in `seed`."""
    order = np.random.default_rng((seed, 4)).permutation(len(paintings))
    count = max(1, round(share * len(paintings)))
    held = set(order[:count].tolist())
    train = [painting for k, painting in enumerate(paintings) if k not in held]
    return train, [painting for k, painting in enumerate(paintings) if k in held]


def caption(trigger: str, tags: Sequence[str], rng: np.random.Generator, drop: float = 0.15) -> str:
    """Write a caption: the trigger first, then the tags in random order, each left out with probability `drop`."""
    kept = [tag for tag in tags if tag != trigger and rng.random() >= drop]
    rng.shuffle(kept)
    return ", ".join([trigger, *kept])
