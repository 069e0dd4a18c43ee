import io

import pytest
from PIL import Image, ImageChops

from bot.pictures import numbered, plain


def _png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 120, 40)).save(out, "PNG")
    return out.getvalue()


def _open(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture))


@pytest.mark.parametrize(("width", "height"), [(128, 128), (192, 160), (96, 128), (512, 512), (2000, 1000)])
def test_a_copy_is_at_least_512_px_long_and_keeps_its_shape(width: int, height: int) -> None:
    """Small pictures are enlarged, huge ones reduced, none is distorted."""
    copy = _open(numbered(_png(width, height), 3))
    assert 512 <= max(copy.size) <= 1280
    assert copy.width / copy.height == pytest.approx(width / height, rel=0.01)


def test_the_number_is_small_and_in_the_top_left_corner() -> None:
    """Outside a seventh of the picture nothing is drawn, and different numbers differ."""
    one, two = _open(numbered(_png(128, 128), 1)), _open(numbered(_png(128, 128), 2))
    box = ImageChops.difference(one, two).getbbox()
    assert box is not None
    assert max(box) < 512 / 7
    drawn = ImageChops.difference(one, _open(plain(_png(128, 128)))).point(lambda level: 255 if level > 24 else 0)
    assert drawn.getbbox() is not None
    assert max(drawn.getbbox() or (0,)) < 512 / 7
