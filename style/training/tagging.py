"""Completing the words of a folder with tags read off the pixels, so that a person can go on correcting them.

A tag is proposed once: what was proposed is recorded in the folder, and whoever takes a tag out is not contradicted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from style.errors import BadPicturesError
from style.training.listing import Entry, write_words
from style.training.paintings import Inspection, pixel_tags
from style.words import ENDS

RECORD = "pixel-tags.json"
_LOOK_PX = 128


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one picture's words would become: its tags as they are (after renaming), and those that are added.

    `seen` are all tags that its pixels tell.
    """

    entry: Entry
    name: str
    kept: tuple[str, ...]
    seen: tuple[str, ...]
    added: tuple[str, ...]
    text: str

    @property
    def is_change(self) -> bool:
        """Whether the words would be others than those that stand there."""
        return self.text != self.entry.text


def propose_tags(folder: Path, found: Inspection, renamed: Mapping[str, str] | None = None) -> list[Proposal]:
    """Propose new words for each picture of `found`, the inspection of `folder`; `renamed` maps tags to others.

    Raises:
        BadPicturesError: the record of earlier proposals cannot be read.
    """
    record = _read_record(folder)
    return [
        _propose(entry, entry.path.relative_to(folder).as_posix(), painting.pixels, record, renamed or {})
        for entry, painting in zip(found.entries, found.paintings, strict=True)
    ]


def look_tags(pixels: NDArray[np.uint8]) -> tuple[str, ...]:
    """Read tags off a whole picture, at the size at which a model sees it."""
    small = Image.fromarray(pixels)
    small.thumbnail((_LOOK_PX, _LOOK_PX), Image.Resampling.BOX)
    return pixel_tags(np.asarray(small))


def apply_proposals(folder: Path, proposals: Sequence[Proposal]) -> int:
    """Write the proposals into the folder and record them; returns how many pictures got new words.

    Raises:
        BadPicturesError: the folder cannot be written to.
    """
    record = _read_record(folder)
    for proposal in proposals:
        offered = dict.fromkeys((*record.get(proposal.name, ()), *proposal.seen))
        if offered:
            record[proposal.name] = list(offered)
    changed = {proposal.entry.path: proposal.text for proposal in proposals if proposal.is_change}
    try:
        # The words first: killed in between, the next run finds the tags there, and records them then.
        write_words(folder, changed)
        fresh = folder / f"{RECORD}.new"
        fresh.write_text(json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        fresh.replace(folder / RECORD)
    except OSError as error:
        raise BadPicturesError(f"{folder}: cannot be written to ({error.strerror}); give yourself the right") from error
    return len(changed)


def rename_tags(text: str, renamed: Mapping[str, str]) -> str:
    """Replace whole tags in the words of a picture; all else, spaces included, stays."""
    parts = re.split("([,\n])", text)
    return "".join(
        part.replace(tag, renamed[tag]) if (tag := part.strip()) in renamed and tag else part for part in parts
    )


def _propose(
    entry: Entry, name: str, pixels: NDArray[np.uint8], record: Mapping[str, list[str]], renamed: Mapping[str, str]
) -> Proposal:
    text = rename_tags(entry.text, renamed)
    kept = Entry(entry.path, text).tags
    words = {tag.casefold() for tag in kept}
    offered = record.get(name, ())
    seen = look_tags(pixels)
    added = tuple(tag for tag in seen if tag not in offered and not _is_answered(tag, words))
    before = text.rstrip().rstrip(",").rstrip()
    joined = ", ".join((*((before,) if before else ()), *added))
    return Proposal(entry, name, kept, seen, added, joined if added else text)


def _is_answered(tag: str, words: set[str]) -> bool:
    """Tell whether a person said it already, or its opposite."""
    opposites = {other for ends in ENDS if tag in ends for other in ends}
    return tag in words or not opposites.isdisjoint(words)


def _read_record(folder: Path) -> dict[str, list[str]]:
    path = folder / RECORD
    if not path.exists():
        return {}
    try:
        record = json.loads(path.read_text("utf-8"))
        return {str(name): [str(tag) for tag in tags] for name, tags in record.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise BadPicturesError(f"{path}: cannot be read ({error}); remove it to have all tags proposed anew") from error
