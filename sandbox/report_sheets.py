"""Draws contact sheets: an album's pictures side by side, with what was voted on each. Knows no figures and no page."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont

from sandbox.guests.ballot import DISLIKE, LIKE
from sandbox.guests.record import Album, Shown

PAPER, INK, SOFT = "#f7f4ee", "#1f1d1a", "#8a8378"
LIKED, DISLIKED = "#2f7d5b", "#b4463c"
THUMB = (
    ((2.0, 10.0), (5.5, 10.0), (5.5, 21.0), (2.0, 21.0)),
    (
        (7.5, 10.5),
        (12.2, 3.0),
        (13.4, 2.6),
        (14.9, 3.9),
        (14.2, 9.2),
        (20.4, 9.2),
        (21.9, 11.2),
        (19.4, 20.2),
        (18.2, 21.0),
        (7.5, 21.0),
    ),
)
"""A hand with its thumb up, as two polygons on a square of 24."""
_CELL_PX, _GAP_PX, _MARGIN_PX, _HEAD_PX, _FOOT_PX = 320, 28, 56, 104, 52
_FINE = 4


def draw_sheet(album: Album) -> bytes:
    """Draw the contact sheet of `album` as PNG bytes, up to four pictures a row."""
    count = len(album.pictures)
    columns = _columns(count)
    rows = -(-count // columns)
    width = 2 * _MARGIN_PX + columns * _CELL_PX + (columns - 1) * _GAP_PX
    height = _MARGIN_PX + _HEAD_PX + rows * (_CELL_PX + _FOOT_PX) + (rows - 1) * _GAP_PX
    sheet = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((_MARGIN_PX, _MARGIN_PX - 8), f"Generation {album.generation}", font=_serif(44), fill=INK)
    draw.text((width - _MARGIN_PX, _MARGIN_PX + 16), _tally(album), font=_sans(20), fill=SOFT, anchor="ra")
    for index, shown in enumerate(album.pictures):
        left = _MARGIN_PX + (index % columns) * (_CELL_PX + _GAP_PX)
        top = _HEAD_PX + _MARGIN_PX // 2 + (index // columns) * (_CELL_PX + _FOOT_PX + _GAP_PX)
        _place(sheet, shown, left, top)
        _mark(sheet, draw, album, index, left, top + _CELL_PX)
    return _png(sheet)


def count_votes(album: Album, index: int) -> tuple[int, int]:
    """Return how many guests like, and how many dislike, the picture at `index`."""
    votes = [judgement.votes[index] for judgement in album.judgements]
    return votes.count(LIKE), votes.count(DISLIKE)


def shrink(data: bytes, long_side_px: int) -> bytes:
    """Return a picture as JPEG bytes with at most `long_side_px` on its long side."""
    with Image.open(io.BytesIO(data)) as picture:
        small = picture.convert("RGB")
    small.thumbnail((long_side_px, long_side_px), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    small.save(kept, "JPEG", quality=86, optimize=True)
    return kept.getvalue()


def _columns(count: int) -> int:
    # Six hang better as two rows of three than as four and two.
    return count if count <= 3 else 3 if count in (5, 6, 9) else 4


def _tally(album: Album) -> str:
    votes = [value for judgement in album.judgements for value in judgement.votes]
    likes, dislikes = votes.count(LIKE), votes.count(DISLIKE)
    return f"{likes} like{'' if likes == 1 else 's'}, {dislikes} dislike{'' if dislikes == 1 else 's'}"


def _place(sheet: Image.Image, shown: Shown, left: int, top: int) -> None:
    with Image.open(io.BytesIO(shown.data)) as picture:
        small = picture.convert("RGB")
    scale = _CELL_PX / max(small.size)
    small = small.resize((round(small.width * scale), round(small.height * scale)), Image.Resampling.LANCZOS)
    sheet.paste(small, (left + (_CELL_PX - small.width) // 2, top + (_CELL_PX - small.height) // 2))


def _mark(sheet: Image.Image, draw: ImageDraw.ImageDraw, album: Album, index: int, left: int, top: int) -> None:
    draw.text((left, top + 28), str(album.pictures[index].number), font=_serif(28), fill=INK, anchor="lm")
    right = left + _CELL_PX
    likes, dislikes = count_votes(album, index)
    for count, colour, is_up in ((dislikes, DISLIKED, False), (likes, LIKED, True)):
        if not count:
            continue
        if len(album.judgements) > 1:
            draw.text((right, top + 29), str(count), font=_sans(20), fill=colour, anchor="rm")
            right -= 20
        hand = _thumb(26, colour, is_up)
        sheet.paste(hand, (right - 26, top + 15), hand)
        right -= 44


@cache
def _thumb(size_px: int, colour: str, is_up: bool) -> Image.Image:
    fine = size_px * _FINE
    hand = Image.new("RGBA", (fine, fine), (0, 0, 0, 0))
    draw = ImageDraw.Draw(hand)
    for polygon in THUMB:
        draw.polygon([(x / 24 * fine, (y if is_up else 24 - y) / 24 * fine) for x, y in polygon], fill=colour)
    return hand.resize((size_px, size_px), Image.Resampling.LANCZOS)


@cache
def _serif(size_px: int) -> ImageFont.FreeTypeFont:
    # The one serif with the air of a catalogue that is on every machine: matplotlib brings it.
    return ImageFont.truetype(Path(mpl.get_data_path()) / "fonts" / "ttf" / "STIXGeneral.ttf", size_px)


@cache
def _sans(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size_px)


def _png(sheet: Image.Image) -> bytes:
    kept = io.BytesIO()
    sheet.save(kept, "PNG", optimize=True)
    return kept.getvalue()
