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

_COUNT, _COLUMNS, _GAP_PX, _MOST_PX = 4, 2, 4, 512
_SEED = 7


def paint_sample(settings: Settings, pack: Pack, path: Path, program: Sequence[str] = PROGRAM) -> Path:
    """Paint the sheet into the PNG file `path`.

    Raises:
        StyleError: the model, the pack or the painting failed.
    """
    chromosomes = draw(pack.space, {}, _COUNT, _SEED)
    pictures, _ = asyncio.run(paint_chromosomes(settings, pack, chromosomes, program))
    cells = [_opened(picture.png) for picture in pictures]
    width, height = (max(getattr(cell, side) for cell in cells) for side in ("width", "height"))
    rows = -(-len(cells) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * (width + _GAP_PX) - _GAP_PX, rows * (height + _GAP_PX) - _GAP_PX), "white")
    for number, cell in enumerate(cells):
        row, column = divmod(number, _COLUMNS)
        sheet.paste(cell, (column * (width + _GAP_PX), row * (height + _GAP_PX)))
    sheet.save(path, "PNG", optimize=True)
    return path


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((_MOST_PX, _MOST_PX), Image.Resampling.LANCZOS)
    return picture
