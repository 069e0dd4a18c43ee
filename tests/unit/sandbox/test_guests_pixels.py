"""What simulated people measure in pictures."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from sandbox.guests.errors import UnreadablePictureError
from sandbox.guests.pixels import MEASURES, Pixels, measure, open_picture, to_lab

HUES = {
    "white": (250, 248, 240),
    "grey": (128, 128, 128),
    "black": (12, 12, 14),
    "red": (205, 30, 35),
    "orange": (235, 130, 30),
    "yellow": (240, 215, 50),
    "green": (40, 140, 60),
    "blue": (40, 70, 190),
    "violet": (120, 50, 160),
}


def flat(colour: tuple[int, int, int], size: tuple[int, int] = (128, 128)) -> Pixels:
    return np.asarray(Image.new("RGB", size, colour), dtype=np.uint8)


def composition(seed: int) -> Image.Image:
    random = np.random.default_rng(seed)
    picture = Image.new("RGB", (128, 128), tuple(int(part) for part in random.integers(0, 256, 3)))
    draw = ImageDraw.Draw(picture)
    for _ in range(8):
        colour = tuple(int(part) for part in random.integers(0, 256, 3))
        x, y, size = (int(value) for value in random.integers(10, 80, 3))
        draw.ellipse((x, y, x + size, y + size // 2), fill=colour)
        draw.line((x, y, 127 - y, size), fill=colour, width=3)
    return picture


@pytest.mark.parametrize(("name", "colour"), HUES.items())
def test_each_hue_is_called_by_its_name(name: str, colour: tuple[int, int, int]) -> None:
    """A picture of one colour has a share of 1 of that hue and none of any other."""
    found = measure(flat(colour))
    assert {hue: found[hue] for hue in HUES} == {hue: float(hue == name) for hue in HUES}


def test_lab_of_primaries_is_the_published_one() -> None:
    """Red, green and blue of sRGB have the L*a*b* values that every table gives."""
    lab = to_lab(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], dtype=np.uint8))[0]
    known = [[53.24, 80.09, 67.20], [87.73, -86.18, 83.18], [32.30, 79.19, -107.86], [100.0, 0.0, 0.0]]
    assert np.allclose(lab, known, atol=0.1)


def test_number_in_any_corner_is_not_seen() -> None:
    """A badge in a corner changes hardly anything."""
    plain = measure(np.asarray(composition(3).resize((512, 512))))
    for corner in ((0, 0), (448, 0), (0, 448), (448, 448)):
        picture = composition(3).resize((512, 512))
        ImageDraw.Draw(picture).rectangle((*corner, corner[0] + 63, corner[1] + 63), fill="black")
        assert measure(np.asarray(picture)) == pytest.approx(plain, abs=1e-9)


def test_upscaling_and_jpeg_change_little() -> None:
    """What a chat does to a picture moves a measure by far less than pictures differ."""
    before = [measure(np.asarray(composition(seed))) for seed in range(12)]
    after = []
    for seed in range(12):
        kept = io.BytesIO()
        composition(seed).resize((512, 512), Image.Resampling.LANCZOS).save(kept, "JPEG", quality=87)
        after.append(measure(open_picture(kept.getvalue())))
    for name in MEASURES:
        moved = [abs(b[name] - a[name]) for a, b in zip(after, before, strict=True)]
        assert np.median(moved) < 0.2 * np.std([picture[name] for picture in before]), name


def test_straight_edges_are_told_from_curls_and_slants() -> None:
    """Level lines are straight and not slanting, slanting ones both, and little rings neither."""
    pictures = {name: Image.new("L", (256, 256), 230) for name in ("level", "slanting", "curled")}
    draws = {name: ImageDraw.Draw(picture) for name, picture in pictures.items()}
    for place in range(0, 512, 32):
        draws["level"].line((0, place, 255, place), fill=20, width=6)
        draws["slanting"].line((0, place, place, 0), fill=20, width=6)
        for other in range(0, 256, 32):
            draws["curled"].ellipse((place, other, place + 24, other + 24), outline=20, width=5)
    found = {name: measure(np.asarray(picture.convert("RGB"))) for name, picture in pictures.items()}
    assert found["level"]["straightness"] > 0.9
    assert found["slanting"]["straightness"] > 0.9
    assert found["curled"]["straightness"] < 0.5
    assert found["level"]["diagonals"] < 0.1
    assert found["slanting"]["diagonals"] > 0.9


def test_flat_picture_has_no_edges() -> None:
    """One colour has neither edges nor contrast, and its halves are alike."""
    found = measure(flat((90, 120, 40), (300, 200)))
    assert [found[name] for name in ("edges", "straightness", "diagonals", "contrast", "imbalance")] == pytest.approx(
        [0.0] * 5, abs=1e-9
    )


def test_lopsided_picture_is_out_of_balance() -> None:
    """A black half beside a white half is as far out of balance as can be."""
    halves = flat((255, 255, 255)).copy()
    halves[:, :64] = 0
    assert measure(halves)["imbalance"] == pytest.approx(100.0, abs=0.1)


@pytest.mark.parametrize("wrong", [np.zeros((8, 8), np.uint8), np.zeros((8, 8, 4), np.uint8), np.zeros((8, 8, 3))])
def test_other_arrays_are_refused(wrong: Pixels) -> None:
    """Only RGB pixels of eight bits are measured; the error says what came."""
    with pytest.raises(UnreadablePictureError, match=r"expected \(H, W, 3\) of uint8, came"):
        measure(wrong)


def test_bytes_that_are_no_picture_are_refused() -> None:
    """Bytes of something else raise this package's error."""
    with pytest.raises(UnreadablePictureError, match="came 5 bytes"):
        open_picture(b"hello")
