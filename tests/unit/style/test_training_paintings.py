"""A folder of paintings: read with distrust, tagged by its pixels, cut into crops."""

from __future__ import annotations

import json
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from style.errors import BadPicturesError
from style.procedural import draw, random_spec
from style.procedural.palette import PIGMENTS, Colour
from style.training.paintings import Painting, caption, crops, inspect_folder, pixel_tags, read_folder, split


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five drawn paintings of 120 × 100 px with their tags in metadata.jsonl."""
    lines = []
    for k in range(5):
        Image.fromarray(draw(random_spec(k), 120, 1)[:100]).save(tmp_path / f"{k}.png")
        lines.append(json.dumps({"file_name": f"{k}.png", "text": f"kandinsky, curved line,, tag {k} "}))
    (tmp_path / "metadata.jsonl").write_text("\n".join(reversed(lines)), encoding="utf-8")
    return tmp_path


def test_paintings_come_by_name_with_their_tags(folder: Path) -> None:
    """Paintings are in the order of their names; tags are trimmed, empty ones dropped, synonyms replaced."""
    paintings = read_folder(folder, {"curved line": "curve line"})
    assert [painting.name for painting in paintings] == [f"{k}.png" for k in range(5)]
    assert paintings[2].tags == ("kandinsky", "curve line", "tag 2")
    assert paintings[0].pixels.shape == (100, 120, 3)


def test_large_painting_is_reduced(folder: Path) -> None:
    """No side is longer than asked for, and the shape stays."""
    assert read_folder(folder, longest_px=60)[0].pixels.shape == (50, 60, 3)


def test_text_files_do_as_well(folder: Path) -> None:
    """Without a listing, tags come from the .txt beside a picture, and a picture without one has none."""
    (folder / "metadata.jsonl").unlink()
    (folder / "1.txt").write_text("red, circle", encoding="utf-8")
    assert [painting.tags for painting in read_folder(folder)][:2] == [(), ("red", "circle")]


def test_photo_is_turned_as_its_camera_says(folder: Path) -> None:
    """EXIF's orientation is applied to the pixels."""
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.open(folder / "0.png").save(folder / "0.png", exif=exif)
    assert read_folder(folder)[0].pixels.shape == (120, 100, 3)


def test_no_folder_is_refused(tmp_path: Path) -> None:
    """A path that is no folder is named, and what to give instead."""
    with pytest.raises(BadPicturesError, match=r"gone: it is not a folder; give one"):
        read_folder(tmp_path / "gone")


@pytest.mark.parametrize("listed", [True, False])
def test_too_few_pictures_are_refused(folder: Path, listed: bool) -> None:
    """Three pictures are no style; the message counts them and says how many are needed."""
    (folder / "metadata.jsonl").write_text("", encoding="utf-8")
    if not listed:
        (folder / "metadata.jsonl").unlink()
        for k in (3, 4):
            (folder / f"{k}.png").unlink()
    with pytest.raises(BadPicturesError, match=f"holds {0 if listed else 3} pictures; a style needs at least 4"):
        read_folder(folder)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"file_name": "0.png"}',
        '{"file_name": 5, "text": ""}',
        '{"file_name": "a\\u0000.png", "text": ""}',
    ],
)
def test_bad_line_is_named_with_its_number(folder: Path, line: str) -> None:
    """A line that is no JSON, or lacks a field, is told by file and number."""
    (folder / "metadata.jsonl").write_text('{"file_name": "0.png", "text": ""}\n' + line, encoding="utf-8")
    with pytest.raises(BadPicturesError, match=r"metadata\.jsonl, line 2: expected JSON with file_name and text"):
        read_folder(folder)


@pytest.mark.parametrize("name", ["../outside.png", "link.png", "/etc/outside.png"])
def test_picture_outside_of_the_folder_is_refused(folder: Path, name: str) -> None:
    """Neither a path nor a link leads out of the folder."""
    (folder / "link.png").symlink_to(folder.parent / "outside.png")
    (folder / "metadata.jsonl").write_text(json.dumps({"file_name": name, "text": ""}), encoding="utf-8")
    with pytest.raises(BadPicturesError, match=r"line 1: .*outside the folder; move it in"):
        read_folder(folder)


def test_listing_in_another_encoding_is_refused(folder: Path) -> None:
    """Words that are not UTF-8 are told with the file and the cure, in the listing as beside a picture."""
    (folder / "metadata.jsonl").write_bytes(b"\xff\xfe{")
    with pytest.raises(BadPicturesError, match=r"metadata\.jsonl: it cannot be read as text .*UTF-8"):
        read_folder(folder)
    (folder / "metadata.jsonl").unlink()
    (folder / "2.txt").write_bytes(b"caf\xe9")
    with pytest.raises(BadPicturesError, match=r"2\.txt: it cannot be read as text .*UTF-8"):
        read_folder(folder)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"GIF89a" + bytes(100)])
def test_broken_picture_is_named(folder: Path, content: bytes) -> None:
    """What is no picture, or in a form that is not read, is named with its cure."""
    (folder / "3.png").write_bytes(content)
    with pytest.raises(BadPicturesError, match=r"3\.png: it cannot be read as a picture .*save it anew"):
        read_folder(folder)


def test_cut_picture_is_named(folder: Path) -> None:
    """Half a file is no painting."""
    whole = (folder / "3.png").read_bytes()
    (folder / "3.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadPicturesError, match=r"3\.png: it cannot be read as a picture"):
        read_folder(folder)


def test_picture_with_broken_notes_is_named(folder: Path) -> None:
    """EXIF data that Pillow cannot read ends in the same words, not in a traceback."""
    Image.open(folder / "3.png").save(folder / "3.png", exif=b"Exif\x00\x00not a tiff header at all")
    with pytest.raises(BadPicturesError, match=r"3\.png: it cannot be read as a picture"):
        read_folder(folder)


def test_missing_picture_is_named(folder: Path) -> None:
    """A file that the listing names and the folder lacks is told by name."""
    (folder / "4.png").unlink()
    with pytest.raises(BadPicturesError, match=r"line 1: 4\.png is not there; add the file"):
        read_folder(folder)


def test_tiny_picture_is_refused(folder: Path) -> None:
    """A thumbnail teaches nothing: its size is told, and the least one."""
    Image.new("RGB", (300, 95)).save(folder / "1.png")
    with pytest.raises(BadPicturesError, match=r"1\.png: 300×95 px is too small; 96 px"):
        read_folder(folder)


@pytest.mark.parametrize("side", [6400, 10_000, 60_000])
def test_bomb_is_refused_by_its_header(folder: Path, side: int) -> None:
    """A picture that would unfold to more than 40 megapixels is refused before a pixel is decoded."""
    (folder / "1.png").write_bytes(_png_header(side, side))
    with pytest.raises(BadPicturesError, match=r"1\.png.* is too large.*reduce it to 40 MP"):
        read_folder(folder)


def test_all_faults_are_told_at_once(folder: Path) -> None:
    """A broken picture, a missing one, a doubled one and a bad line stand in one message, each with file and cure."""
    rows = (folder / "metadata.jsonl").read_text(encoding="utf-8")
    (folder / "copy.png").write_bytes((folder / "0.png").read_bytes())
    (folder / "1.png").write_bytes(b"broken")
    (folder / "2.png").unlink()
    (folder / "metadata.jsonl").write_text(rows + '\n{"file_name": "copy.png", "text": ""}\n{', encoding="utf-8")
    with pytest.raises(BadPicturesError) as told:
        read_folder(folder)
    lines = str(told.value).splitlines()
    assert lines[0] == f"{folder}: 4 faults:"
    assert [next(word for word in ("1.png", "2.png", "copy.png", "line 7") if word in line) for line in lines[1:]] == [
        "2.png",
        "line 7",
        "1.png",
        "copy.png",
    ]


def test_copy_of_another_size_is_noted(folder: Path) -> None:
    """A picture that looks like another is worth a word and no fault; pictures that differ are not mixed up."""
    with Image.open(folder / "3.png") as picture:
        picture.resize((240, 200)).save(folder / "4.png")
    found = inspect_folder(folder)
    assert [str(note) for note in found.notes if "looks like" in note.what] == [
        "4.png: looks like 3.png; keep one, unless both are meant"
    ]
    assert found.faults == ()


def test_misspelt_tag_is_a_fault_with_its_cure(folder: Path) -> None:
    """A tag that is nearly one the model knows is a fault, unless it is meant; one far from all is noted."""
    listing = folder / "metadata.jsonl"
    listing.write_text(listing.read_text("utf-8").replace("curved line,, tag 4", "tag 4"), encoding="utf-8")
    known = ("curve line", "kandinsky", "circle")
    (fault,) = inspect_folder(folder, known=known).faults
    assert fault.file == "0.png and 3 more"
    assert 'did you mean "curve line"? Give --rename "curved line=curve line"' in fault.what
    for meant in ("curve line", "curved line", "serpentine"):
        assert inspect_folder(folder, {"curved line": meant}, known).faults == ()
    assert '"tag 0": the model does not know this tag' in "\n".join(map(str, inspect_folder(folder, known=known).notes))


def test_what_is_left_out_is_noted(folder: Path) -> None:
    """Pictures in a form that is not read, and those that the listing forgot, are named; hidden files are nobody's."""
    for name in ("scan.tif", "extra.png", ".hidden.png"):
        (folder / name).write_bytes(b"whatever")
    notes = "\n".join(map(str, inspect_folder(folder).notes))
    assert "scan.tif: left out: only JPEG, PNG and WebP" in notes
    assert "extra.png: left out: metadata.jsonl does not name it" in notes
    assert "hidden" not in notes


def test_moving_picture_is_noted(folder: Path) -> None:
    """Of an animation one frame is used, which is said."""
    frames = [Image.new("RGB", (120, 100), colour) for colour in ("red", "blue")]
    frames[0].save(folder / "0.png", save_all=True, append_images=frames[1:])
    assert "0.png: moves: its first frame alone is used" in [str(note) for note in inspect_folder(folder).notes]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_folder_without_rights_is_refused(folder: Path) -> None:
    """A folder that may not be read is told with its cure."""
    folder.chmod(0)
    try:
        with pytest.raises(BadPicturesError, match="cannot be read"):
            read_folder(folder)
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize(
    ("pigment", "tags"),
    [(PIGMENTS["blue"][2], ("blue", "dark")), (PIGMENTS["yellow"][2], ("yellow", "light")), ((204, 40, 40), ("red",))],
)
def test_pixels_tell_hue_and_light(pigment: Colour, tags: tuple[str, ...]) -> None:
    """The hue that covers the picture comes first; the ends of lightness have a word, the middle has none."""
    assert pixel_tags(np.full((100, 100, 3), pigment, np.uint8)) == tags


def test_hue_of_a_small_part_is_no_tag() -> None:
    """A hue on a tenth of the picture is not said, one on a fifth is; never more than asked for."""
    pixels = np.full((100, 100, 3), PIGMENTS["red"][0], np.uint8)
    pixels[:10], pixels[10:30] = PIGMENTS["blue"][0], PIGMENTS["green"][0]
    assert pixel_tags(pixels) == ("red", "green")
    assert pixel_tags(pixels, most=1) == ("red",)


def test_crops_are_squares_from_inside() -> None:
    """Each crop is a square of at least the least share, upright, its corners inside; the first is the middle."""
    y, x = np.mgrid[0:200, 0:240]
    painting = Painting("ramp", (), np.stack([x, y, np.zeros_like(x)], axis=-1).astype(np.uint8))
    cut = crops(painting, 20, 50, seed=3)
    assert {crop.shape for crop in cut} == {(50, 50, 3)}
    for crop in cut:
        across = float(crop[25, -5, 0]) - float(crop[25, 4, 0])
        down = float(crop[-5, 25, 1]) - float(crop[4, 25, 1])
        side = across / 41 * 50
        assert 0.73 * 200 < side < 1.02 * 200
        assert abs(down - across) < 3
    assert abs(float(cut[0][25, 25, 0]) - 120) < 4
    assert len({crop.tobytes() for crop in cut}) == 20


def test_crops_depend_on_their_seed_alone() -> None:
    """The same seed cuts the same crops, another one others; the middle is always there."""
    painting = Painting("drawn", (), draw(random_spec(1), 128, 1))
    first, again, other = (crops(painting, 4, 32, seed=seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert np.array_equal(first[0], other[0])
    assert not np.array_equal(first[1], other[1])


def test_caption_begins_with_the_trigger() -> None:
    """The trigger is always there, once and first; tags are shuffled and left out as often as asked."""
    tags = ("a", "kandinsky", "b", "c", "d")
    rng = np.random.default_rng(0)
    captions = [caption("kandinsky", tags, rng).split(", ") for _ in range(500)]
    assert {words[0] for words in captions} == {"kandinsky"}
    assert all(words.count("kandinsky") == 1 for words in captions)
    assert 0.81 < sum(len(words) - 1 for words in captions) / 2000 < 0.89
    assert len({tuple(words) for words in captions if len(words) == 5}) == 24
    assert sorted(caption("k", ("b", "a"), rng, drop=0.0).split(", ")) == ["a", "b", "k"]


def _png_header(width: int, height: int) -> bytes:
    """A PNG that claims its size and holds no pixels."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"")
    parts = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (chunk, data))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_split_keeps_one_painting_at_least() -> None:
    """Paintings are trained on or held out, never both; the same seed holds out the same ones, another seed others."""
    paintings = [Painting(str(k), (), np.zeros((8, 8, 3), np.uint8)) for k in range(20)]
    train, held = split(paintings, 0.0, seed=1)
    assert (len(train), len(held)) == (19, 1)
    assert {painting.name for painting in (*train, *held)} == {painting.name for painting in paintings}
    halves = [[painting.name for painting in split(paintings, 0.5, seed)[1]] for seed in (2, 2, 3)]
    assert len(halves[0]) == 10
    assert halves[0] == halves[1] != halves[2]
