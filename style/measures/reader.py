"""The reader: which line and which planes a picture shows, as a linear model sees them in its contours.

Its weights are the project's own, trained by `style.measures.reader_training` on the procedural painter's pictures, as
drawn and as the bundled autoencoder gives them back. It is often wrong about a single picture: compare rates over sets
with its rate on the painter's own pictures (`style.measures.adherence` does). Runs on numpy and scipy alone.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from style.measures.contours import WIDTH, contours
from style.procedural.spec import LINES, PLANES

WEIGHTS = Path(__file__).with_name("reader.safetensors")

Pictures = NDArray[np.uint8]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reading:
    """What is seen in n pictures.

    `lines` (n, 3) are probabilities in the order of `LINES` and sum to 1; `planes` (n, 4), in the order of `PLANES`,
    are each a probability of its own.
    """

    lines: Numbers
    planes: Numbers

    def line_of(self, picture: int) -> str:
        """Name the line that a picture shows."""
        return LINES[int(self.lines[picture].argmax())]

    def planes_of(self, picture: int) -> tuple[str, ...]:
        """Name the planes that a picture shows: each that is more likely there than not."""
        return tuple(plane for plane, seen in zip(PLANES, self.planes[picture], strict=True) if seen > 0.5)


def read(pictures: Pictures | Sequence[Pictures]) -> Reading:
    """Read pictures, (n, h, w, 3) uint8 or a sequence of (h, w, 3)."""
    rows = np.stack([contours(picture) for picture in pictures]) if len(pictures) else np.zeros((0, WIDTH))
    return read_contours(rows, _weights())


def read_contours(rows: Numbers, weights: dict[str, Numbers]) -> Reading:
    """Read `contours` of pictures, (n, `WIDTH`): scores are linear in the rows, centred and over their deviation."""
    scores = (rows - weights["mean"]) / weights["deviation"] @ weights["weight"] + weights["bias"]
    lines, planes = scores[:, : len(LINES)], scores[:, len(LINES) :]
    likely = np.exp(lines - lines.max(axis=1, keepdims=True))
    return Reading(likely / likely.sum(axis=1, keepdims=True), 1.0 / (1.0 + np.exp(-planes)))


@functools.cache
def _weights() -> dict[str, Numbers]:
    return {name: value.astype(np.float64) for name, value in load_file(WEIGHTS).items()}
