"""A zip, read entry by entry with distrust: nothing is unpacked to disk, and no name in it becomes a path.

What an entry claims of its size is checked before it is read, and what it turns out to hold while it is read.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from style.uploads.limits import MOST_BYTES, MOST_FILE_BYTES, MOST_FILES, MOST_RATIO
from style.uploads.refusals import RefusedError

_BLOCK = 64 * 1024
_MOST_NAME = 200
_ENCRYPTED = 0x1


def read_zip(path: Path) -> Iterator[tuple[str, bytes | RefusedError]]:
    """Give each file of a zip as its name, without folders, and what it holds, or why it is not taken.

    Raises:
        RefusedError: the whole zip: broken, too many files, or more data than such a file may hold.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as opened:
            yield from _entries(opened, path.stat().st_size)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise RefusedError("broken_zip") from error


def _entries(opened: zipfile.ZipFile, packed_bytes: int) -> Iterator[tuple[str, bytes | RefusedError]]:
    files = [info for info in opened.infolist() if not info.is_dir() and not _is_clutter(info.filename)]
    if len(files) > MOST_FILES:
        raise RefusedError("too_many")
    if sum(info.file_size for info in files) > MOST_BYTES:
        raise RefusedError("too_heavy_together")
    left = min(MOST_BYTES, MOST_RATIO * packed_bytes)
    for info in files:
        name = PurePosixPath(info.filename.replace("\\", "/")).name or "?"
        try:
            data = _read(opened, info, left)
        except RefusedError as error:
            if error.reason == "too_heavy_together":
                raise
            yield name, error
            continue
        left -= len(data)
        yield name, data


def _is_clutter(name: str) -> bool:
    """Tell whether a system has put a file there by itself."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or bool(parts and parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini"))


def _read(opened: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    _check(info)
    try:
        with opened.open(info) as file:
            return _read_at_most(file, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise RefusedError("broken") from error


def _check(info: zipfile.ZipInfo) -> None:
    """Refuse what an entry's own words already forbid."""
    parts = PurePosixPath(info.orig_filename.replace("\\", "/")).parts
    if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0]:
        raise RefusedError("bad_name")
    if len(info.orig_filename) > _MOST_NAME or not info.orig_filename.isprintable():
        raise RefusedError("bad_name")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise RefusedError("a_link")
    if info.flag_bits & _ENCRYPTED:
        raise RefusedError("encrypted")
    if info.file_size > MOST_FILE_BYTES:
        raise RefusedError("too_heavy")
    if info.file_size > MOST_RATIO * max(1, info.compress_size):
        raise RefusedError("bomb")


def _read_at_most(file: IO[bytes], left: int) -> bytes:
    data = bytearray()
    while block := file.read(_BLOCK):
        data += block
        if len(data) > MOST_FILE_BYTES:
            raise RefusedError("too_heavy")
        if len(data) > left:
            raise RefusedError("too_heavy_together")
    return bytes(data)
