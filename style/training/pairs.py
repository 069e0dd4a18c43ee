"""Pairs of pictures for sliders: two ends of one attribute, alike in all else.

They are drawn by the procedural painter, or read from files: one pair, or two folders. Knows no objective.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from style.errors import BadPicturesError
from style.procedural import Spec, draw, phrases_of, random_spec
from style.training.decoding import SUFFIXES, PictureFaultError, decode_picture
from style.training.paintings import Painting, crops
from style.training.trainable import Trainable

_FIRST_SEED = 10_000_000  # far from the pictures that the base model was trained on


@dataclass(frozen=True, slots=True)
class Pairs:
    """Latents (n, c, h, w) of the two ends, and the captions of what both show."""

    low: Tensor
    high: Tensor
    captions: list[str]


@dataclass(frozen=True, slots=True)
class _Ends:
    """How the painter draws both ends of an attribute, and the words of the ends, which stay unsaid."""

    of: Callable[[Spec], tuple[Spec, Spec]]
    words: tuple[str, str]


def _brightness(spec: Spec) -> tuple[Spec, Spec]:
    return replace(spec, brightness=-1.0), replace(spec, brightness=1.0)


def _structure(spec: Spec) -> tuple[Spec, Spec]:
    # Another structure may lean the shared slant another way, which only inner parallels follow.
    kept = replace(spec, parallel=-abs(spec.parallel))
    return replace(kept, structure=-1.0), replace(kept, structure=1.0)


def _parallel(spec: Spec) -> tuple[Spec, Spec]:
    return replace(spec, parallel=-1.0), replace(spec, parallel=1.0)


_ENDS = {
    "brightness": _Ends(_brightness, ("dark", "light")),
    "structure": _Ends(_structure, ("acentric", "centric")),
    "parallel": _Ends(_parallel, ("external parallel", "inner parallel")),
}


def drawn_specs(attribute: str, count: int, seed: int) -> list[tuple[Spec, Spec]]:
    """Choose compositions, and give each with the low and the high end of `attribute`, its elements the same."""
    ends = _ENDS[attribute].of
    return [ends(random_spec(_FIRST_SEED + seed * 100_000 + k)) for k in range(count)]


def drawn_pairs(model: Trainable, attribute: str, count: int, seed: int) -> Pairs:
    """Draw pairs of `attribute` (brightness, structure or parallel) with the procedural painter.

    None is a study: an order of things shows where there are many of them.
    """
    specs, unsaid = drawn_specs(attribute, count, seed), _ENDS[attribute].words
    low, high = (
        torch.cat([model.encode_pictures(draw(both[end], model.size_px, studies=False)[None]) for both in specs])
        for end in (0, 1)
    )
    captions = [", ".join(phrase for phrase in phrases_of(both[0]) if phrase not in unsaid) for both in specs]
    return Pairs(low, high, captions)


def pairs_of_files(model: Trainable, base: Path, changed: Path, caption: str, count: int, seed: int) -> Pairs:
    """Cut `count` pairs of crops from two picture files, or from two folders paired in the order of their names.

    Both pictures of a pair are cut at the same places; a changed one of another size is first brought to the base's.

    Raises:
        BadPicturesError: missing or broken files, or folders that do not pair; the message names file and cure.
    """
    low, high = list[Tensor](), list[Tensor]()
    paired = _paired(base, changed)
    shares = np.diff(np.linspace(0, count, len(paired) + 1).round().astype(int))
    for k, ((first, second), share) in enumerate(zip(paired, shares, strict=True)):
        whole = _read(first, 2 * model.size_px)
        other = np.asarray(
            Image.fromarray(_read(second, 2 * model.size_px)).resize(
                (whole.shape[1], whole.shape[0]), Image.Resampling.LANCZOS
            )
        )
        for end, pixels in ((low, whole), (high, other)):
            cut = crops(Painting(first.name, (), pixels), max(1, int(share)), model.size_px, seed * 1000 + k)
            end.append(model.encode_pictures(np.stack(cut)))
    latents = torch.cat(low), torch.cat(high)
    return Pairs(*latents, [caption] * len(latents[0]))


def _paired(base: Path, changed: Path) -> list[tuple[Path, Path]]:
    if base.is_dir() != changed.is_dir():
        raise BadPicturesError(
            f"{base} and {changed}: one is a folder, the other is not; give two files or two folders"
        )
    if not base.is_dir():
        return [(base, changed)]
    both = [sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES) for folder in (base, changed)]
    if len(both[0]) != len(both[1]) or not both[0]:
        raise BadPicturesError(
            f"{base} holds {len(both[0])} pictures and {changed} {len(both[1])}; "
            "give as many in both, at least one, whose names are in the same order"
        )
    return list(zip(*both, strict=True))


def _read(path: Path, longest_px: int) -> NDArray[np.uint8]:
    try:
        return decode_picture(path, longest_px).pixels
    except PictureFaultError as error:
        raise BadPicturesError(f"{path}: {error}") from error
