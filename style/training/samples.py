"""Sample grids: the same prompts and seeds, painted with an adapter at several weights, a row for each weight."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from style.training import adapters
from style.training.events import Stopped
from style.training.trainable import Trainable

_GAP_PX = 4
_MOST_PX = 320  # a picture in a grid is shown no larger


class SampleGrid:
    """Paints the grids of one run; pictures at weight 0, which is the base, are painted once."""

    def __init__(
        self,
        model: Trainable,
        prompts: Sequence[str],
        weights: Sequence[float],
        steps: int,
        guidance: float,
        seed: int,
    ) -> None:
        """Set what is painted: a column for each prompt, a row for each weight."""
        self._model, self._prompts, self._weights = model, tuple(prompts), tuple(weights)
        self._steps, self._guidance, self._seed = steps, guidance, seed
        self._base: dict[int, NDArray[np.uint8]] = {}

    def paint(self, name: str, path: Path, stopped: Stopped) -> bool:
        """Paint the grid of adapter `name` into a PNG file; False, and no file, where it was asked to stop.

        The adapter's weight is 1 afterwards.
        """
        rows = []
        try:
            for weight in self._weights:
                adapters.weigh(self._model.denoiser, name, weight)
                row = []
                for column in range(len(self._prompts)):
                    if stopped():
                        return False
                    row.append(self._picture(column, weight))
                rows.append(row)
        finally:
            adapters.weigh(self._model.denoiser, name, 1.0)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        _joined(rows).save(fresh, format="PNG")
        fresh.replace(path)
        return True

    def _picture(self, column: int, weight: float) -> NDArray[np.uint8]:
        if weight == 0.0 and column in self._base:
            return self._base[column]
        side = self._model.size_px
        painted = self._model.pipeline(
            prompt=self._prompts[column],
            width=side,
            height=side,
            num_inference_steps=self._steps,
            guidance_scale=self._guidance,
            generator=torch.Generator().manual_seed(self._seed * 1000 + column),
            output_type="np",
        ).images[0]
        # A denoiser that went astray paints numbers that are none; they show as black.
        pixels: NDArray[np.uint8] = np.rint(np.nan_to_num(painted) * 255).clip(0, 255).astype(np.uint8)
        if weight == 0.0:
            self._base[column] = pixels
        return pixels


def _joined(rows: Sequence[Sequence[NDArray[np.uint8]]]) -> Image.Image:
    side = min(_MOST_PX, len(rows[0][0]))
    step = side + _GAP_PX
    grid = Image.new("RGB", (step * len(rows[0]) - _GAP_PX, step * len(rows) - _GAP_PX), "white")
    for y, row in enumerate(rows):
        for x, pixels in enumerate(row):
            grid.paste(Image.fromarray(pixels).resize((side, side), Image.Resampling.LANCZOS), (x * step, y * step))
    return grid
