"""The words of a folder of pictures: `metadata.jsonl` (`file_name`, `text`), or a .txt beside each picture.

Reads them without opening a picture, and writes words back so that all a person wrote stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from style.training.decoding import SUFFIXES

LISTING = "metadata.jsonl"
_OTHER_PICTURES = (".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif", ".svg", ".jfif")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about a file: what it is, and the cure where it is a fault."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture that belongs to the folder, and the words that a person gave it."""

    path: Path
    text: str

    @property
    def tags(self) -> tuple[str, ...]:
        """The words as tags: trimmed, in order, each once."""
        return tuple(dict.fromkeys(filter(None, (part.strip() for part in re.split("[,\n]", self.text)))))


@dataclass(frozen=True, slots=True)
class Listing:
    """All pictures of a folder in the order of their paths, what is wrong with its words, and what is left out."""

    entries: tuple[Entry, ...]
    faults: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()


def read_listing(folder: Path) -> Listing:
    """List the pictures of a folder with their words; every fault is in the listing, none is raised."""
    if not folder.is_dir():
        return Listing((), (Finding(str(folder), "it is not a folder; give one with pictures"),))
    try:
        names = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        return Listing((), (Finding(str(folder), f"cannot be read ({error.strerror}); give yourself the right to"),))
    listing = _from_rows(folder) if (folder / LISTING).exists() else _from_texts(folder, names)
    listed = {entry.path for entry in listing.entries}
    notes = [_other(path, listed) for path in names if path.is_file()]
    return Listing(listing.entries, listing.faults, (*listing.notes, *(note for note in notes if note)))


def _other(path: Path, listed: set[Path]) -> Finding | None:
    if path.suffix.lower() in _OTHER_PICTURES:
        return Finding(path.name, "left out: only JPEG, PNG and WebP are read; save it as PNG")
    if path.suffix.lower() in SUFFIXES and path not in listed:
        return Finding(path.name, f"left out: {LISTING} does not name it; add a line for it")
    return None


def _from_texts(folder: Path, names: list[Path]) -> Listing:
    entries, faults = [], []
    for path in names:
        if path.suffix.lower() in SUFFIXES:
            beside = path.with_suffix(".txt")
            text = read_words(beside) if beside.exists() else ""
            if isinstance(text, Finding):
                faults.append(text)
            entries.append(Entry(path, text if isinstance(text, str) else ""))
    return Listing(tuple(entries), tuple(faults))


def _from_rows(folder: Path) -> Listing:
    text = read_words(folder / LISTING)
    if isinstance(text, Finding):
        return Listing((), (text,))
    entries: dict[Path, Entry] = {}
    faults, root = [], folder.resolve()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        place = f"{LISTING}, line {number}"
        try:
            row = json.loads(line)
            path, words = folder / row["file_name"], str(row["text"])
            inside, there = path.resolve().is_relative_to(root), path.is_file()
        except (ValueError, KeyError, TypeError, OSError, RecursionError) as error:
            faults.append(Finding(place, f"expected JSON with file_name and text ({error}); correct the line"))
            continue
        if not inside:
            faults.append(Finding(place, f"{row['file_name']} lies outside the folder; move it in"))
        elif not there:
            faults.append(Finding(place, f"{row['file_name']} is not there; add the file or take the line out"))
        elif path in entries:
            faults.append(Finding(place, f"{row['file_name']} is named a second time; take one line out"))
        else:
            entries[path] = Entry(path, words)
    return Listing(tuple(entries[path] for path in sorted(entries)), tuple(faults))


def read_words(path: Path) -> str | Finding:
    """Read a text file in UTF-8, with a byte order mark or without; or say what is wrong with it."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        return Finding(path.name, f"it cannot be read as text ({error}); save it anew as UTF-8")


def write_words(folder: Path, changed: Mapping[Path, str]) -> None:
    """Give pictures new words where the folder keeps them: lines and files of others stay as they are, byte for byte.

    Raises:
        OSError: a file cannot be written; each that was is whole.
    """
    if not (folder / LISTING).exists():
        for path, text in changed.items():
            _replace(path.with_suffix(".txt"), text.rstrip("\n") + "\n")
        return
    lines = (folder / LISTING).read_bytes().decode("utf-8-sig").split("\n")
    _replace(folder / LISTING, "\n".join(_new_line(folder, line, changed) for line in lines))


def _new_line(folder: Path, line: str, changed: Mapping[Path, str]) -> str:
    row: dict[str, Any] = json.loads(line) if line.strip() else {}
    text = changed.get(folder / row["file_name"]) if row else None
    if text is None or text == row["text"]:
        return line
    end = line[len(line.rstrip("\r")) :]
    return json.dumps({**row, "text": text}, ensure_ascii=False) + end


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(text.encode())
    fresh.replace(path)
