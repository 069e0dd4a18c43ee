"""The looks of the pictures that a folder holds, by which copies of another size or quality are found."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from style.training.twins import fingerprint, look_alike
from style.uploads.refusals import RefusedError

LOOKS_FILE = "looks.json"


class Looks:
    """By a picture's hash: the name under which it was sent, and its fingerprint in whole numbers."""

    def __init__(self, folder: Path) -> None:
        """Read what the folder holds; one whose picture is no longer there is forgotten."""
        self._path = folder / LOOKS_FILE
        try:
            kept = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            kept = {}
        self._known: dict[str, tuple[str, NDArray[np.float64]]] = {
            digest: (name, np.asarray(look, dtype=np.float64))
            for digest, (name, look) in kept.items()
            if (folder / f"{digest}.png").exists()
        }

    def check(self, digest: str, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Give the fingerprint of a picture that is new.

        Raises:
            RefusedError: the very picture is known, or one that looks like it.
        """
        if digest in self._known:
            raise RefusedError("known", self._known[digest][0])
        look = np.round(fingerprint(pixels))
        for name, other in self._known.values():
            if look_alike(other, look):
                raise RefusedError("alike", name)
        return look

    def add(self, digest: str, name: str, look: NDArray[np.float64]) -> None:
        """Remember a picture that was stored."""
        self._known[digest] = (name, look)
        kept = {one: (called, there.astype(int).tolist()) for one, (called, there) in self._known.items()}
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        fresh.replace(self._path)
