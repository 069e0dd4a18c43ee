"""A folder of an homage's pictures with their captions: what style packs are trained on.

The form is the one that training reads: NNN.png, and metadata.jsonl with `file_name` and `text`.
"""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from style.errors import BadPicturesError
from style.procedural.homages.homage import DROP, Homage

LISTING = "metadata.jsonl"


def write_folder(style: Homage, count: int, folder: Path, seed: int, size_px: int, drop: float = DROP) -> None:
    """Write `count` pictures with captions into `folder`, their attributes drawn uniformly; made if it is not there.

    A caption leaves each phrase out with probability `drop`. Picture k has the values, the seed and the caption of
    `seed + k`, so a longer run begins with the shorter one's.

    Raises:
        BadPicturesError: the folder holds something already, or cannot be written.
        ValueError: the count or the size is out of its range.
        BadSeedError: a seed is not in 0 … 2147483647.
    """
    if count < 1:
        raise ValueError(f"count is {count}; expected 1 or more")
    digits = max(3, len(str(count - 1)))
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BadPicturesError(f"{folder} is there and not an empty folder; empty it or name another")
        folder.mkdir(parents=True, exist_ok=True)
        lines = []
        for k in range(count):
            values, name = style.random_values(seed + k), f"{k:0{digits}}.png"
            Image.fromarray(style.draw(values, seed + k, size_px)).save(folder / name)
            lines.append(json.dumps({"file_name": name, "text": style.caption(values, seed + k, drop)}))
        (folder / LISTING).write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadPicturesError(f"{folder} cannot be written ({error.strerror}); name another folder") from error
