"""The sample that a pack shows before it is chosen: four pictures that it paints itself, on one sheet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from evolution import Config, ask, start
from style.decode import decode
from style.engine.batches import Easel
from style.engine.model import load_model
from style.pack import Pack

SAMPLE_FILE = "sample.jpg"
_COUNT, _COLUMNS, _GAP_PX = 4, 2, 6


def paint_sample(pack: Pack, model: str, device: str, seed: int = 7) -> Path:
    """Paint the sheet into `sample.jpg` of the pack's folder, from genes drawn by chance; returns the file.

    Raises:
        StyleError: the model or the adapters cannot be used.
    """
    easel = Easel(load_model(model, device))
    for adapter in pack.adapters:
        easel.adapters.load(adapter.digest, adapter.path)
    _, chromosomes = ask(start(pack.space, seed, Config(strategy="random")), _COUNT)
    recipes = [decode(pack, chromosome, easel.model.info) for chromosome in chromosomes]
    painted: dict[int, torch.Tensor] = {}
    for rows, images in easel.paint(recipes, _COUNT, lambda done, total: None):
        painted.update(zip(rows, images, strict=True))
    file = pack.folder / SAMPLE_FILE
    _sheet([painted[row] for row in range(_COUNT)]).save(file, quality=92, subsampling=0)
    return file


def _sheet(images: list[torch.Tensor]) -> Image.Image:
    pictures = [(image.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).numpy() for image in images]
    height, width = pictures[0].shape[:2]
    rows = len(pictures) // _COLUMNS
    sheet = np.full((rows * (height + _GAP_PX) - _GAP_PX, _COLUMNS * (width + _GAP_PX) - _GAP_PX, 3), 255, np.uint8)
    for number, picture in enumerate(pictures):
        top, left = (
            place * (side + _GAP_PX) for place, side in zip(divmod(number, _COLUMNS), (height, width), strict=True)
        )
        sheet[top : top + height, left : left + width] = picture
    return Image.fromarray(sheet)
