"""Digests: the sha256 of a file, and of a folder as the sorted list of its files and theirs.

Knows nothing of what the files mean.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

_BLOB_NAME = re.compile(r"[0-9a-f]{64}")


def file_digest(path: Path) -> str:
    """Compute the sha256 of a file's content, in hexadecimal.

    A file of a model hub's cache is a link to a blob that is named by its own sha256: that name is taken, since
    hashing many gigabytes at each start would take longer than loading them.
    """
    target = path.resolve()
    if target.parent.name == "blobs" and _BLOB_NAME.fullmatch(target.name):
        return target.name
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_digest(folder: Path, files: Iterable[Path]) -> str:
    """Compute the sha256 over names (relative to `folder`) and contents of `files`, in any order given."""
    total = hashlib.sha256()
    for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in files):
        total.update(f"{name}\0{file_digest(path)}\n".encode())
    return total.hexdigest()
