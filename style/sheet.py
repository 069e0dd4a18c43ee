"""The sheet that shows a style by its pictures: cells in rows, on white. Knows nothing of how they were painted."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

COUNT = 4
"""How many pictures a style's sample has."""
SEED = 7
"""The seed that their genes are drawn from, so that a style trained again shows the same wishes."""
_COLUMNS, _GAP_PX = 2, 4


def sheet_of(pictures: Sequence[Image.Image]) -> Image.Image:
    """Lay out pictures from left to right, two in a row, in cells of the largest one's size."""
    width, height = (max(getattr(picture, side) for picture in pictures) for side in ("width", "height"))
    rows = -(-len(pictures) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * (width + _GAP_PX) - _GAP_PX, rows * (height + _GAP_PX) - _GAP_PX), "white")
    for number, picture in enumerate(pictures):
        row, column = divmod(number, _COLUMNS)
        sheet.paste(picture, (column * (width + _GAP_PX), row * (height + _GAP_PX)))
    return sheet
