"""Makes the copies of pictures that are sent: enlarged where the model paints small, with a number in a corner.

Pure functions over bytes; they take tens of milliseconds a picture, so callers run them in a thread. Knows nothing of
chats or of the store: originals stay there without a number.
"""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFilter, ImageFont

SENT_LONG_SIDE_PX = 512
# Telegram scales photos down to 1280 px and re-encodes them: more would only cost upload time.
SENT_LONG_SIDE_MAX_PX = 1280
JPEG_QUALITY = 95
BADGE_SHARE = 0.105
BADGE_MARGIN_SHARE = 0.025
# Drawn larger and reduced, because Pillow's ellipse has no antialiasing.
SUPERSAMPLING = 4


def numbered(picture: bytes, number: int) -> bytes:
    """Copy a picture (any format that Pillow reads) as a JPEG fit for an album, with `number` small in its top left.

    The long side of the copy is at least 512 px.
    """
    image = _enlarged(_opened(picture))
    badge = _badge(number, round(min(image.size) * BADGE_SHARE))
    margin = round(min(image.size) * BADGE_MARGIN_SHARE)
    image.paste(badge, (margin, margin), badge)
    return _encoded(image)


def plain(picture: bytes) -> bytes:
    """Copy a picture as a JPEG fit for sending, without a number: a style's sample."""
    return _encoded(_enlarged(_opened(picture)))


def _opened(picture: bytes) -> Image.Image:
    with Image.open(io.BytesIO(picture)) as image:
        return image.convert("RGB")


def _enlarged(image: Image.Image) -> Image.Image:
    """Scale by the smallest whole factor that reaches the size, so that every painted pixel is treated alike."""
    long_side = max(image.size)
    if long_side > SENT_LONG_SIDE_MAX_PX:
        image.thumbnail((SENT_LONG_SIDE_MAX_PX, SENT_LONG_SIDE_MAX_PX), Image.Resampling.LANCZOS)
        return image
    factor = -(-SENT_LONG_SIDE_PX // long_side)
    if factor == 1:
        return image
    larger = image.resize((image.width * factor, image.height * factor), Image.Resampling.LANCZOS)
    # Interpolation softens edges over about one painted pixel: give back just that much.
    return larger.filter(ImageFilter.UnsharpMask(radius=factor / 2, percent=70, threshold=2))


def _badge(number: int, height_px: int) -> Image.Image:
    text, height = str(number), height_px * SUPERSAMPLING
    font = ImageFont.load_default(size=height * 0.68)
    width = max(height, round(font.getlength(text) + height * 0.5))
    badge = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(badge)
    draw.rounded_rectangle((0, 0, width - 1, height - 1), radius=height / 2, fill=(255, 255, 255, 235))
    ring = max(1, height // 16)
    draw.rounded_rectangle(
        (ring, ring, width - 1 - ring, height - 1 - ring), radius=height / 2 - ring, fill=(24, 24, 28, 235)
    )
    draw.text((width / 2, height / 2), text, font=font, fill=(255, 255, 255, 255), anchor="mm")
    return badge.resize((width // SUPERSAMPLING, height // SUPERSAMPLING), Image.Resampling.LANCZOS)


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return out.getvalue()
