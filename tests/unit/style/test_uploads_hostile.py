"""Forty uploads that mean harm, or are only broken: each is refused with its reason, and nothing else happens."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from style.uploads.intake import Kept, Refused, take_in
from style.uploads.reading import read_upload

SIDE = 128


def picture(kind: str = "PNG", size: tuple[int, int] = (SIDE, SIDE), seed: int = 0, **options: object) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (size[1] // 8 + 1, size[0] // 8 + 1, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).resize(size, Image.Resampling.NEAREST).save(out, kind, **options)
    return out.getvalue()


def huge(width: int, height: int) -> bytes:
    """A PNG of one bit a pixel: small as a file, large as pixels."""
    rows = zlib.compress(b"\x00" * ((width + 7) // 8 + 1) * height, 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def archive(entries: dict[str, bytes], *, packed: bool = True) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


def special(name: str, data: bytes, attributes: int = 0, flags: int = 0) -> bytes:
    """A zip with one entry of odd attributes or flags."""
    out = io.BytesIO()
    info = zipfile.ZipInfo(name)
    info.external_attr = attributes << 16
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(info, data)
    raw = bytearray(out.getvalue())
    if flags:
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = raw.index(mark) + offset
            raw[at] |= flags
    return bytes(raw)


def lying_size() -> bytes:
    """An entry that claims a few bytes and holds two megabytes."""
    raw = bytearray(archive({"a.png": b"\x89PNG" + b"\x00" * 2_000_000}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.index(mark) + offset
        raw[at : at + 4] = struct.pack("<I", 500)
    return bytes(raw)


def overlapping() -> bytes:
    """Many entries of the directory that all point at the same data."""
    raw = archive({"a.png": picture()})
    end = raw.rindex(b"PK\x05\x06")
    start = raw.index(b"PK\x01\x02")
    entry = raw[start:end]
    tail = bytearray(raw[end:])
    tail[8:12] = struct.pack("<HH", 100, 100)
    tail[12:16] = struct.pack("<I", 100 * len(entry))
    return raw[:start] + entry * 100 + bytes(tail)


def lying_safetensors() -> bytes:
    return struct.pack("<Q", 2**62) + b'{"a":{"dtype":"F32","shape":[9999999999],"data_offsets":[0,1]}}'


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (SIDE, SIDE), colour) for colour in ("red", "blue", "green")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def long_text_png() -> bytes:
    """A PNG whose text would unpack to a gigabyte."""
    bomb = b"k\x00\x00" + zlib.compress(b"\x00" * 200_000_000, 9)
    whole = picture()
    return whole[:33] + chunk(b"zTXt", bomb) + whole[33:]


HOSTILE: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "an empty file": ("a.png", "not_a_picture", lambda: b""),
    "a text": ("a.png", "not_a_picture", lambda: b"hello"),
    "a pickle as png": ("a.png", "not_a_picture", lambda: pickle.dumps({"__reduce__": 1})),
    "a pickle as zip": ("a.zip", "not_a_picture", lambda: pickle.dumps([1] * 999)),
    "a checkpoint": ("a.ckpt", "not_a_picture", lambda: archive({"archive/data.pkl": pickle.dumps(1)})),
    "a lying safetensors": ("a.png", "not_a_picture", lying_safetensors),
    "a lying safetensors in a zip": ("a.zip", "not_a_picture", lambda: archive({"a.png": lying_safetensors()})),
    "a gif": ("a.gif", "not_a_picture", lambda: moving("GIF")),
    "a gif as png": ("a.png", "not_a_picture", lambda: moving("GIF")),
    "a bmp": ("a.bmp", "not_a_picture", lambda: picture("BMP")),
    "a tiff": ("a.jpg", "not_a_picture", lambda: picture("TIFF")),
    "an svg": ("a.svg", "not_a_picture", lambda: b'<svg xmlns="x"><script>alert(1)</script></svg>'),
    "a postscript": ("a.jpg", "not_a_picture", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run"),
    "a pdf": ("a.png", "not_a_picture", lambda: b"%PDF-1.7\n" + b"0" * 99),
    "a program": ("a.jpg", "not_a_picture", lambda: b"\x7fELF" + b"\x00" * 99),
    "an animated webp": ("a.webp", "moves", lambda: moving("WEBP")),
    "an animated png": ("a.png", "moves", lambda: moving("PNG")),
    "a wave file with a picture's first bytes": ("a.webp", "broken", lambda: b"RIFF\x24\x00\x00\x00WAVEfmt " * 9),
    "half a jpeg": ("a.jpg", "broken", lambda: picture("JPEG")[:900]),
    "half a png": ("a.png", "broken", lambda: picture()[: len(picture()) // 2]),
    "half a webp": ("a.webp", "broken", lambda: picture("WEBP")[:200]),
    "a png with a broken checksum": ("a.png", "broken", lambda: picture()[:40] + b"\xff\xff" + picture()[42:]),
    "a jpeg of noise": ("a.jpg", "broken", lambda: b"\xff\xd8\xff" + np.random.default_rng(0).bytes(9999)),
    "81 megapixels": ("a.png", "too_large", lambda: huge(9000, 9000)),
    "400 megapixels": ("a.png", "too_large", lambda: huge(20_000, 20_000)),
    "a thread": ("a.png", "too_small", lambda: huge(30_000, 8)),
    "one pixel": ("a.png", "too_small", lambda: picture(size=(1, 1))),
    "a text of a gigabyte in a png": ("a.png", "broken", long_text_png),
    "a picture and a zip in one": ("a.jpg", "two_in_one", lambda: picture("JPEG") + archive({"x.txt": b"x"})),
    "a png and a zip in one": ("a.png", "two_in_one", lambda: picture() + archive({"../x.png": picture()})),
    "21 MB": ("a.png", "too_heavy", lambda: picture() + b"\x00" * 21 * 1024 * 1024),
    "a way up": ("a.zip", "bad_name", lambda: archive({"../../up.png": picture()})),
    "a way up with backslashes": ("a.zip", "bad_name", lambda: archive({"..\\..\\up.png": picture()})),
    "an absolute name": ("a.zip", "bad_name", lambda: archive({"/etc/up.png": picture()})),
    "a drive's name": ("a.zip", "bad_name", lambda: archive({"C:/up.png": picture()})),
    "a link": ("a.zip", "a_link", lambda: special("a.png", b"/etc/passwd", 0o120777)),
    "a device": ("a.zip", "a_link", lambda: special("a.png", b"", 0o020666)),
    "a locked entry": ("a.zip", "encrypted", lambda: special("a.png", picture(), flags=1)),
    "ten thousand tiny files": ("a.zip", "too_many", lambda: archive({f"{n}.png": b"" for n in range(10_000)})),
    "a bomb": ("a.zip", "bomb", lambda: archive({"a.png": b"\x00" * 15_000_000})),
    "a heavy entry": ("a.zip", "too_heavy", lambda: archive({"a.png": b"\x00" * 22_000_000})),
    "600 MB": ("a.zip", "too_heavy_together", lambda: archive({f"{n}.png": b"\x00" * 20_000_000 for n in range(30)})),
    "an entry that lies about its size": ("a.zip", "broken", lying_size),
    "a hundred entries in one place": ("a.zip", "known", overlapping),
    "a zip in a zip": ("a.zip", "not_a_picture", lambda: archive({"b.zip": archive({"a.png": picture()})})),
    "an empty zip": ("a.zip", "nothing_in_it", lambda: archive({})),
    "a zip of words alone": ("a.zip", "nothing_in_it", lambda: archive({"a.txt": b"red"})),
    "half a zip": ("a.zip", "broken_zip", lambda: archive({"a.png": picture()})[:200]),
}


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def everything(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*")}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_upload_is_refused(case: str, tmp_path: Path) -> None:
    """It is refused with the reason that fits, and no file lies anywhere that was not there before."""
    name, reason, make = HOSTILE[case]
    folder = tmp_path / "pictures"
    folder.mkdir()
    sent = tmp_path / "sent"
    sent.write_bytes(make())
    found = list(take_in(sent, name, folder))
    assert reason in {one.reason for one in found if isinstance(one, Refused)}, found
    kept = {f"pictures/{one.digest}.png" for one in found if isinstance(one, Kept)}
    assert everything(tmp_path) - {"pictures/looks.json"} == {"pictures", "sent", *kept}
    assert len(kept) <= (case == "a hundred entries in one place")


@pytest.mark.parametrize("case", ["400 megapixels", "600 MB", "a text of a gigabyte in a png", "a bomb"])
async def test_costly_upload_costs_the_caller_nothing(case: str, tmp_path: Path) -> None:
    """It is read in another process; this one grows by less than 40 MB meanwhile."""
    name, _, make = HOSTILE[case]
    (tmp_path / "sent").write_bytes(make())
    before = resident_bytes()
    found = await read_upload(tmp_path / "sent", name, tmp_path / "pictures")
    assert found
    assert all(isinstance(one, Refused) for one in found)
    assert resident_bytes() - before < 40e6


async def test_a_process_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """Time is up: the file is refused as too costly."""
    (tmp_path / "sent").write_bytes(picture())
    program = ("/bin/sh", "-c", "sleep 60")
    found = await read_upload(tmp_path / "sent", "a.png", tmp_path, program=program, timeout_s=0.1)
    assert found == [Refused("a.png", "too_costly", "")]


async def test_good_pictures_are_stored_from_pixels_alone(tmp_path: Path) -> None:
    """Turned by EXIF, without metadata, named by their hash; copies are told, with the first's name."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "secret words"
    sent = picture("JPEG", (160, 128), exif=exif, quality=95)
    again = io.BytesIO()
    with Image.open(io.BytesIO(sent)) as opened:
        opened.resize((320, 256)).save(again, "JPEG", exif=exif, quality=70)
    words = json.dumps({"file_name": "b.png", "text": "red, curve line"}).encode()
    files = {"dir/a.jpg": sent, "b.png": picture(seed=1), "c.jpg": sent, "d.jpg": again.getvalue()}
    (tmp_path / "sent").write_bytes(archive({**files, "metadata.jsonl": words, "__MACOSX/._a.jpg": b"x"}))
    found = await read_upload(tmp_path / "sent", "a.zip", tmp_path / "pictures")
    first, second, copy, alike = found
    assert isinstance(first, Kept)
    assert isinstance(second, Kept)
    assert (first.name, first.width, first.height, second.words) == ("a.jpg", 128, 160, "red, curve line")
    assert [copy, alike] == [Refused("c.jpg", "known", "a.jpg"), Refused("d.jpg", "alike", "a.jpg")]
    stored = (tmp_path / "pictures" / f"{first.digest}.png").read_bytes()
    assert b"secret" not in stored
    assert sorted(path.suffix for path in (tmp_path / "pictures").iterdir()) == [".json", ".png", ".png"]
