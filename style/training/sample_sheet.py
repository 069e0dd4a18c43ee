"""The sample that a pack shows before it is chosen: four pictures that it paints itself, on one sheet."""

from __future__ import annotations

import io
from pathlib import Path

import torch
from PIL import Image

from evolution import Config, ask, start
from style.decode import decode
from style.engine.batches import Easel, to_picture
from style.engine.model import load_model
from style.pack import Pack
from style.sheet import COUNT, SEED, sheet_of

SAMPLE_FILE = "sample.jpg"


def paint_sample(pack: Pack, model: str, device: str) -> Path:
    """Paint the sheet into `sample.jpg` of the pack's folder, from genes drawn by chance; returns the file.

    Raises:
        StyleError: the model or the adapters cannot be used.
    """
    easel = Easel(load_model(model, device))
    for adapter in pack.adapters:
        easel.adapters.load(adapter.digest, adapter.path)
    _, chromosomes = ask(start(pack.space, SEED, Config(strategy="random")), COUNT)
    recipes = [decode(pack, chromosome, easel.model.info) for chromosome in chromosomes]
    painted: dict[int, torch.Tensor] = {}
    for rows, images in easel.paint(recipes, COUNT, lambda done, total: None):
        painted.update(zip(rows, images, strict=True))
    pictures = [to_picture(painted[row]) for row in range(COUNT)]
    file = pack.folder / SAMPLE_FILE
    sheet_of([Image.open(io.BytesIO(picture.png)) for picture in pictures]).save(file, quality=92, subsampling=0)
    return file
