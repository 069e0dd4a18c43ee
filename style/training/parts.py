"""A folder in parts: weights trained on a machine that gives back only small files, and put together again here.

The parts are one tar archive, cut; `parts.json` beside them has their number and the archive's sha256.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path

from style.errors import BadModelError

PART_BYTES = 15 * 1024**2
_LIST = "parts.json"


def split(folder: Path, out: Path, part_bytes: int = PART_BYTES) -> list[Path]:
    """Write all files of `folder` into `out` as parts of at most `part_bytes`, and their list; returns the parts."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.add(file, arcname=str(file.relative_to(folder)), recursive=False)
    whole = buffer.getvalue()
    out.mkdir(parents=True, exist_ok=True)
    parts = []
    for number, start in enumerate(range(0, len(whole), part_bytes)):
        part = out / f"part-{number:03d}"
        part.write_bytes(whole[start : start + part_bytes])
        parts.append(part)
    listing = {"parts": len(parts), "sha256": hashlib.sha256(whole).hexdigest()}
    (out / _LIST).write_text(json.dumps(listing), encoding="utf-8")
    return parts


def join(parts: Path, folder: Path) -> None:
    """Put the parts in the folder `parts` together again, as the files of `folder`.

    Raises:
        BadModelError: a part is missing or damaged.
    """
    try:
        listing = json.loads((parts / _LIST).read_text(encoding="utf-8"))
        whole = b"".join((parts / f"part-{number:03d}").read_bytes() for number in range(int(listing["parts"])))
        digest = str(listing["sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadModelError(f"{parts}: not all parts of a folder are there: {error}; fetch them again") from error
    if hashlib.sha256(whole).hexdigest() != digest:
        raise BadModelError(f"{parts}: the parts do not add up to what was cut; fetch them again")
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        archive.extractall(folder, filter="data")
