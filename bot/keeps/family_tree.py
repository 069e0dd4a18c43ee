"""Draws the family tree: a row of thumbnails for each generation, and lines from the liked to those that take after.

What is liked has a frame; what is not is pale.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from PIL import Image

from bot.keeps.drawing import DISLIKED, FAINT, LIKED, PAPER, QUIET, WIDTH_PX, Sheet, blend
from bot.keeps.family import Relative, Row

THUMBNAIL_PX = 192
"""Pictures need not be larger than this to be drawn."""
_MARGIN = 40
_NUMBERS = 64
_GAP_X = 22
_GAP_Y = 92
_MOST_SIDE = 190
_STEPS = 24
_PALE = 0.45


def thumbnail(png: bytes) -> Image.Image:
    """Open a picture small and square, so that many fit in memory."""
    with Image.open(io.BytesIO(png)) as image:
        image.draft("RGB", (THUMBNAIL_PX, THUMBNAIL_PX))
        small = image.convert("RGB")
    side = min(small.size)
    left, top = (small.width - side) // 2, (small.height - side) // 2
    return small.resize(
        (THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.LANCZOS, (left, top, left + side, top + side), reducing_gap=2.0
    )


def draw_family(rows: Sequence[Row], thumbnails: Mapping[str, Image.Image]) -> bytes:
    """Draw the tree as a PNG; a picture that has no thumbnail is an empty square."""
    widest = max(len(row.relatives) for row in rows)
    room = WIDTH_PX - 2 * _MARGIN - _NUMBERS
    side = min(_MOST_SIDE, (room - _GAP_X * (widest - 1)) // widest)
    places = [
        [_place(number, place, row, side, room) for place in range(len(row.relatives))]
        for number, row in enumerate(rows)
    ]
    sheet = Sheet(2 * _MARGIN + side * len(rows) + _GAP_Y * (len(rows) - 1))
    # Pale lines first, so that those that lead to something liked lie upon them.
    for is_liked in (False, True):
        for number, row in enumerate(rows):
            for place, relative in enumerate(row.relatives):
                if bool(relative.likes) is is_liked:
                    _draw_lines(sheet, places, (number, place), relative, side)
    for number, row in enumerate(rows):
        left, top = places[number][0]
        sheet.text(_MARGIN, top + side / 2, str(row.number), 44, QUIET, bold=True)
        for (left, top), relative in zip(places[number], row.relatives, strict=True):
            _draw_relative(sheet, left, top, side, relative, thumbnails.get(relative.picture or ""))
    return sheet.encoded()


def _place(number: int, place: int, row: Row, side: int, room: int) -> tuple[float, float]:
    """Return where a thumbnail's corner is; rows are centred."""
    width = len(row.relatives) * (side + _GAP_X) - _GAP_X
    left = _MARGIN + _NUMBERS + (room - width) / 2
    return left + place * (side + _GAP_X), _MARGIN + number * (side + _GAP_Y)


def _draw_lines(
    sheet: Sheet, places: Sequence[Sequence[tuple[float, float]]], child: tuple[int, int], relative: Relative, side: int
) -> None:
    colour, width = (blend(LIKED, 0.85), 5.0) if relative.likes else (FAINT, 3.0)
    x1, y1 = places[child[0]][child[1]]
    for row, place in relative.kin:
        x0, y0 = places[row][place]
        sheet.line(_curve((x0 + side / 2, y0 + side), (x1 + side / 2, y1)), colour, width)


def _curve(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    """Return points of a curve that leaves downwards and comes from above.

    Source: a cubic Bezier whose inner points lie half way down.
    """
    (x0, y0), (x1, y1) = start, end
    if abs(x1 - x0) < 1:
        return [start, end]
    middle = (y0 + y1) / 2
    points = []
    for step in range(_STEPS + 1):
        t = step / _STEPS
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
        points.append(((a + b) * x0 + (c + d) * x1, a * y0 + (b + c) * middle + d * y1))
    return points


def _draw_relative(
    sheet: Sheet, left: float, top: float, side: int, relative: Relative, picture: Image.Image | None
) -> None:
    if relative.likes:
        sheet.frame(left, top, left + side, top + side, LIKED, 7)
    if picture is None:
        sheet.bar(left, top, left + side, top + side, FAINT)
    else:
        pale = Image.blend(Image.new("RGB", picture.size, PAPER), picture, 1.0 if relative.likes else _PALE)
        sheet.picture(left, top, side, pale)
    if relative.dislikes and not relative.likes:
        sheet.line([(left + 12, top + side - 12), (left + 44, top + side - 44)], DISLIKED, 6)
        sheet.line([(left + 12, top + side - 44), (left + 44, top + side - 12)], DISLIKED, 6)
