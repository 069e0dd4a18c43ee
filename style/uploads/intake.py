"""Takes what was sent into a folder of pictures: each is stored as a PNG of its pixels alone, named by their hash.

Knows no chat; runs in the process that `style.uploads.__main__` is.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from style.training.decoding import MOST_PIXELS, SMALLEST_PX, PictureFaultError, decode_picture
from style.training.tagging import look_tags
from style.uploads.archive import read_zip
from style.uploads.limits import MOST_FILE_BYTES, MOST_WORDS_BYTES, STORED_PX
from style.uploads.looks import Looks
from style.uploads.refusals import Reason, RefusedError

_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
_WORDS = (".txt", ".jsonl")
_MOST_WORDS = 1000


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that was taken in: its name as it was sent, its hash, its size in pixels, its words.

    `seen` are the tags that its pixels tell.
    """

    name: str
    digest: str
    width: int
    height: int
    words: str
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken, and why; `other` names the picture that it is a copy of."""

    name: str
    reason: Reason
    other: str


def take_in(path: Path, name: str, folder: Path) -> Iterator[Kept | Refused]:
    """Take in a picture, or each of a zip, from the file `path` that was called `name` into `folder`."""
    looks = Looks(folder)
    try:
        if path.stat().st_size > MOST_FILE_BYTES:
            raise RefusedError("too_heavy")
        with path.open("rb") as file:
            is_zip = file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
        if is_zip:
            yield from _take_zip(path, folder, looks)
        else:
            yield _tried(path.read_bytes(), name, "", folder, looks)
    except RefusedError as error:
        yield Refused(name, error.reason, error.other)
    except MemoryError:
        yield Refused(name, "too_costly", "")


def _take_zip(path: Path, folder: Path, looks: Looks) -> Iterator[Kept | Refused]:
    words = _words_in(path)
    count = 0
    for name, data in read_zip(path):
        inner = PurePosixPath(name)
        if inner.suffix.lower() in _WORDS and not isinstance(data, RefusedError):
            continue
        count += 1
        if isinstance(data, RefusedError):
            yield Refused(name, data.reason, data.other)
        else:
            yield _tried(data, name, words.get(name, words.get(inner.stem, "")), folder, looks)
    if not count:
        raise RefusedError("nothing_in_it")


def _words_in(path: Path) -> dict[str, str]:
    """Read the words of a zip's pictures: by the file's name from a metadata.jsonl, by its stem from a .txt."""
    found: dict[str, str] = {}
    for name, data in read_zip(path):
        kind = PurePosixPath(name).suffix.lower()
        if kind not in _WORDS or isinstance(data, RefusedError) or len(data) > MOST_WORDS_BYTES:
            continue
        text = data.decode("utf-8-sig", errors="replace")
        if kind == ".txt":
            found[PurePosixPath(name).stem] = text
            continue
        for line in text.split("\n"):
            try:
                row = json.loads(line)
                found[PurePosixPath(str(row["file_name"])).name] = str(row["text"])
            except (ValueError, KeyError, TypeError, RecursionError):
                continue
    return found


def _tried(data: bytes, name: str, words: str, folder: Path, looks: Looks) -> Kept | Refused:
    try:
        return _take(data, name, words, folder, looks)
    except RefusedError as error:
        return Refused(name, error.reason, error.other)
    except MemoryError:
        return Refused(name, "too_costly", "")


def _take(data: bytes, name: str, words: str, folder: Path, looks: Looks) -> Kept:
    pixels = _pixels(data)
    height, width = pixels.shape[:2]
    digest = hashlib.sha256(f"{width}x{height}".encode() + pixels.tobytes()).hexdigest()
    look = looks.check(digest, pixels)
    png = io.BytesIO()
    Image.fromarray(pixels).save(png, "PNG", compress_level=3)
    fresh = folder / f".{digest}.new"
    fresh.write_bytes(png.getvalue())
    fresh.replace(folder / f"{digest}.png")
    looks.add(digest, name, look)
    return Kept(name, digest, width, height, " ".join(words.split())[:_MOST_WORDS], look_tags(pixels))


def _pixels(data: bytes) -> NDArray[np.uint8]:
    """Decode a picture; all else that its file holds is left behind.

    Raises:
        RefusedError: no picture of the three formats, a broken, moving, tiny or huge one, or an archive as well.
    """
    if not data.startswith(_MAGIC):
        raise RefusedError("not_a_picture")
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise RefusedError("two_in_one")
    try:
        decoded = decode_picture(io.BytesIO(data), STORED_PX)
    except PictureFaultError as error:
        raise RefusedError(_why(data)) from error
    if decoded.is_animated:
        raise RefusedError("moves")
    return decoded.pixels


def _why(data: bytes) -> Reason:
    """Tell a picture whose size is out of bounds from a broken one, by its header alone."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return "too_large"
            return "too_small" if min(opened.size) < SMALLEST_PX else "broken"
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "too_large"
    except Exception:  # broken bytes lead Pillow's decoders to errors of every kind
        return "broken"
