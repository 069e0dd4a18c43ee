"""One picture file: whatever form it has, the same pixels come out, and bad ones are told apart."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from style.training.decoding import PictureFaultError, decode_picture

SIZE = (120, 100)


def test_grey_of_sixteen_bits_is_scaled(tmp_path: Path) -> None:
    """Half of 65,535 is half of 255, not white."""
    Image.fromarray(np.full((100, 120), 32_768, np.uint16)).save(tmp_path / "a.png")
    assert set(np.unique(decode_picture(tmp_path / "a.png", 640).pixels)) == {128}


def test_colour_of_sixteen_bits_is_read(tmp_path: Path) -> None:
    """A PNG with three channels of 16 bits keeps its colours."""
    (tmp_path / "a.png").write_bytes(_deep_png((65_535, 32_768, 0)))
    pixel = decode_picture(tmp_path / "a.png", 640).pixels[50, 50]
    assert np.abs(pixel.astype(int) - (255, 128, 0)).max() <= 1


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_clear_parts_are_white(tmp_path: Path, mode: str) -> None:
    """What is clear shows white paper, whatever colour hides below."""
    picture = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 60, 100))
    picture.convert(mode).save(tmp_path / "a.png")
    pixels = decode_picture(tmp_path / "a.png", 640).pixels
    assert (tuple(pixels[50, 110]), tuple(pixels[50, 10])) == ((255, 255, 255), (0, 0, 0))


def test_clear_colour_of_a_palette_is_white(tmp_path: Path) -> None:
    """A palette's clear entry shows white, its other entries their colours."""
    picture = Image.new("P", SIZE, 0)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.paste(1, (0, 0, 60, 100))
    picture.save(tmp_path / "a.png", transparency=0)
    pixels = decode_picture(tmp_path / "a.png", 640).pixels
    assert (tuple(pixels[50, 110]), tuple(pixels[50, 10])) == ((255, 255, 255), (0, 0, 255))


def test_half_clear_colour_is_mixed_with_white(tmp_path: Path) -> None:
    """Red at half its strength on white is pink."""
    Image.new("RGBA", SIZE, (255, 0, 0, 128)).save(tmp_path / "a.webp", lossless=True)
    assert np.abs(decode_picture(tmp_path / "a.webp", 640).pixels[5, 5].astype(int) - (255, 127, 127)).max() <= 1


def test_printers_inks_become_colours(tmp_path: Path) -> None:
    """A CMYK photo of yellow ink is yellow, not its negative."""
    Image.new("CMYK", SIZE, (0, 0, 255, 0)).save(tmp_path / "a.jpg", quality=95)
    red, green, blue = (int(value) for value in decode_picture(tmp_path / "a.jpg", 640).pixels[50, 50])
    assert red > 220
    assert green > 220
    assert blue < 60


def test_colour_profile_is_applied(tmp_path: Path) -> None:
    """Numbers that the profile calls linear light come out as sRGB writes them; a broken profile is passed over."""
    Image.new("RGB", SIZE, (55, 55, 55)).save(tmp_path / "a.png", icc_profile=_linear_profile())
    Image.new("RGB", SIZE, (55, 55, 55)).save(tmp_path / "b.png", icc_profile=b"no profile at all")
    assert np.abs(decode_picture(tmp_path / "a.png", 640).pixels[5, 5].astype(int) - 128).max() <= 2
    assert tuple(decode_picture(tmp_path / "b.png", 640).pixels[5, 5]) == (55, 55, 55)


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_moving_picture_gives_its_first_frame(tmp_path: Path, suffix: str) -> None:
    """Of an animation the first frame is read, and it is said that there are more."""
    frames = [Image.new("RGB", SIZE, colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / f"a.{suffix}", save_all=True, append_images=frames[1:], duration=50)
    decoded = decode_picture(tmp_path / f"a.{suffix}", 640)
    assert decoded.is_animated
    assert decoded.pixels[50, 50, 0] > 240 > 15 > decoded.pixels[50, 50, 2]


def test_turned_photo_stands_upright(tmp_path: Path) -> None:
    """Every turn that a camera writes down is undone."""
    upright = Image.new("RGB", SIZE, "white")
    upright.paste((0, 0, 0), (0, 0, 40, 30))
    for turn, transposed in ((3, Image.Transpose.ROTATE_180), (6, Image.Transpose.ROTATE_90)):
        exif = Image.Exif()
        exif[0x0112] = turn
        upright.transpose(transposed).save(tmp_path / "a.png", exif=exif)
        pixels = decode_picture(tmp_path / "a.png", 640).pixels
        assert pixels.shape == (100, 120, 3)
        assert (pixels[5, 5].tolist(), pixels[90, 110].tolist()) == ([0, 0, 0], [255, 255, 255])


@pytest.mark.parametrize(
    "content",
    [b"", b"RIFF\x10\x00\x00\x00WEBPVP8X" + bytes(30), b"\xff\xd8\xff\xe1\x00\x08Exif\x00\x00", b"\x89PNG\r\n\x1a\n"],
)
def test_broken_bytes_are_one_kind_of_error(tmp_path: Path, content: bytes) -> None:
    """Whatever a decoder makes of broken bytes, it is told in the same words."""
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(PictureFaultError, match=r"cannot be read as a picture .*save it anew"):
        decode_picture(tmp_path / "a.png", 640)


def test_cut_files_are_told_at_every_length(tmp_path: Path) -> None:
    """A file that was cut anywhere is a fault or a picture, never another error."""
    buffer = io.BytesIO()
    Image.effect_noise(SIZE, 60).convert("RGB").save(buffer, "WEBP", quality=40)
    whole, told = buffer.getvalue(), 0
    for length in range(0, len(whole), max(1, len(whole) // 40)):
        (tmp_path / "a.webp").write_bytes(whole[:length])
        try:
            decode_picture(tmp_path / "a.webp", 640)
        except PictureFaultError:
            told += 1
    assert told > 30


def _deep_png(colour: tuple[int, int, int]) -> bytes:
    """A PNG of 120 × 100 px of one colour, 16 bits a channel, which Pillow reads but does not write."""
    rows = (b"\x00" + struct.pack(">HHH", *colour) * 120) * 100
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 120, 100, 16, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    parts = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _linear_profile() -> bytes:
    """An ICC profile with sRGB's primaries and a straight curve."""
    columns = {"rXYZ": (0.4361, 0.2225, 0.0139), "gXYZ": (0.3851, 0.7169, 0.0971), "bXYZ": (0.1431, 0.0606, 0.7139)}
    tags = {name: b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in xyz) for name, xyz in columns.items()}
    tags["wtpt"] = b"XYZ \0\0\0\0" + _fixed(0.9642) + _fixed(1.0) + _fixed(0.8249)
    tags |= {name: b"curv" + bytes(8) for name in ("rTRC", "gTRC", "bTRC")}
    table, data, start = b"", b"", 128 + 4 + 12 * len(tags)
    for name, body in tags.items():
        table += name.encode() + struct.pack(">II", start + len(data), len(body))
        data += body
    header = struct.pack(">I4sI4s4s4s", start + len(data), b"none", 0x02400000, b"mntr", b"RGB ", b"XYZ ") + bytes(12)
    header = (header + b"acsp").ljust(68, b"\0") + _fixed(0.9642) + _fixed(1.0) + _fixed(0.8249)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))
