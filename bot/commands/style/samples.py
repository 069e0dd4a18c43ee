"""The sample of a new pack: four pictures that the pack itself paints, drawn by chance, on one sheet."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from bot.commands.paint import draw, paint_chromosomes
from bot.settings import Settings
from style.engine.process import PROGRAM
from style.pack import Pack
from style.painter import Picture
from style.sheet import COUNT, SEED, sheet_of

_MOST_PX = 512


def paint_sample(settings: Settings, pack: Pack, path: Path, program: Sequence[str] = PROGRAM) -> Path:
    """Paint the sheet into the PNG file `path`.

    Raises:
        StyleError: the model, the pack or the painting failed.
    """
    chromosomes = draw(pack.space, {}, COUNT, SEED)
    pictures, _ = asyncio.run(paint_chromosomes(settings, pack, chromosomes, program))
    return sheet(pictures, path)


def sheet(pictures: Sequence[Picture], path: Path) -> Path:
    """Lay painted pictures out on one sheet, the PNG file `path`."""
    sheet_of([_opened(picture.png) for picture in pictures]).save(path, "PNG", optimize=True)
    return path


def two_rows(rows: Sequence[Sequence[Picture]], path: Path) -> None:
    """Lay rows of painted pictures out, one above the other, as the PNG file `path`."""
    sheets = [[_opened(picture.png) for picture in row] for row in rows]
    width, height = sheets[0][0].size
    whole = Image.new("RGB", (width * len(sheets[0]), height * len(sheets)), "white")
    for top, row in enumerate(sheets):
        for left, picture in enumerate(row):
            whole.paste(picture.resize((width, height)), (left * width, top * height))
    whole.save(path, "PNG", optimize=True)


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((_MOST_PX, _MOST_PX), Image.Resampling.LANCZOS)
    return picture
