"""What the drawn keepsakes share: paper and ink, letters, and lines without steps.

Drawn larger and reduced, because Pillow's shapes have no antialiasing. It takes some tenths of a second, so callers
run it in a thread. Pictures hold no sentences, so that every language can read them.
"""

from __future__ import annotations

import importlib.util
import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH_PX = 1080
"""As wide as Telegram shows photos; on a phone that is 390 points wide, 36 px are 13 points."""
SCALE = 2
_SMALLEST_PX = 26

PAPER = (250, 247, 241)
INK = (29, 29, 36)
FAINT = (224, 218, 208)
QUIET = (138, 131, 121)
LIKED = (24, 126, 104)
DISLIKED = (196, 74, 52)

Colour = tuple[int, int, int]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=16)
def font(size_px: int, *, is_bold: bool = False) -> Font:
    """Return letters of that height: matplotlib's, which know Greek and Cyrillic, without importing it."""
    found = importlib.util.find_spec("matplotlib")
    for folder in found.submodule_search_locations or () if found is not None else ():
        file = Path(folder, "mpl-data", "fonts", "ttf", "DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf")
        if file.is_file():
            return ImageFont.truetype(file, size_px * SCALE)
    return ImageFont.load_default(size_px * SCALE)


def blend(colour: Colour, share: float) -> Colour:
    """Mix a colour into the paper."""
    red, green, blue = (round(paper + (one - paper) * share) for one, paper in zip(colour, PAPER, strict=True))
    return red, green, blue


class Sheet:
    """A sheet of paper that is drawn on; all lengths are in pixels of the finished picture."""

    def __init__(self, height_px: int, width_px: int = WIDTH_PX) -> None:
        self._image = Image.new("RGB", (width_px * SCALE, height_px * SCALE), PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size_px: int,
        colour: Colour = INK,
        *,
        anchor: str = "lm",
        bold: bool = False,
    ) -> None:
        """Write a line of text; `anchor` is Pillow's."""
        self._draw.text((x * SCALE, y * SCALE), text, colour, font(size_px, is_bold=bold), anchor)

    def fitted(
        self, x: float, y: float, text: str, size_px: int, room_px: float, colour: Colour = INK, *, bold: bool = False
    ) -> None:
        """Write a line of text, smaller or cut short where it would need more room."""

        def is_too_long() -> bool:
            return font(size_px, is_bold=bold).getlength(text) > room_px * SCALE

        while size_px > _SMALLEST_PX and is_too_long():
            size_px -= 2
        while len(text) > 1 and is_too_long():
            text = text[:-2].rstrip() + "…"
        self.text(x, y, text, size_px, colour, bold=bold)

    def bar(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """Fill a bar with round ends."""
        radius = min(right - left, bottom - top) / 2 * SCALE
        box = (left * SCALE, top * SCALE, right * SCALE - 1, bottom * SCALE - 1)
        self._draw.rounded_rectangle(box, radius, colour)

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Fill a circle, with a rim of paper."""
        for size, fill in ((radius + 4, PAPER), (radius, colour)):
            box = ((x - size) * SCALE, (y - size) * SCALE, (x + size) * SCALE, (y + size) * SCALE)
            self._draw.ellipse(box, fill)

    def line(self, points: list[tuple[float, float]], colour: Colour, width: float) -> None:
        """Draw a line through points."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, colour, round(width * SCALE), joint="curve")

    def area(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """Fill the area within points."""
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], colour)

    def frame(self, left: float, top: float, right: float, bottom: float, colour: Colour, width: float) -> None:
        """Draw a frame around a picture."""
        box = ((left - width) * SCALE, (top - width) * SCALE, (right + width) * SCALE, (bottom + width) * SCALE)
        self._draw.rounded_rectangle(box, width * SCALE * 1.5, colour)

    def picture(self, left: float, top: float, side_px: int, picture: Image.Image) -> None:
        """Paste a picture into a square."""
        sized = picture.resize((side_px * SCALE, side_px * SCALE), Image.Resampling.LANCZOS)
        self._image.paste(sized, (round(left * SCALE), round(top * SCALE)))

    def encoded(self) -> bytes:
        """Return the finished picture as a PNG."""
        out = io.BytesIO()
        self._image.reduce(SCALE).save(out, "PNG")
        return out.getvalue()
