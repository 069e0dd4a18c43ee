"""Packs, shelf and decoding: what is read, what is refused and how it is told."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from evolution import Chromosome
from style.adapter import check_adapter_file
from style.decode import ModelInfo, decode
from style.errors import BadPackError, BadRecipeError
from style.pack import load_pack
from style.recipe import AdapterUse
from style.shelf import bundled_pack, load_shelf

MODEL = ModelInfo(id="some-model", digest="d" * 64, width=128, height=96, steps=7, guidance=1.5)

PACK = """
name = "duo"
title = "Duo"
trigger = "duo"
prompt = "{trigger}: {line} with {hue}"
licence = "CC0-1.0"
credits = "nobody"

[base]
model = "some-model"

[[attributes]]
name = "line"
kind = "single"
values = ["curve", "straight"]

[[attributes]]
name = "hue"
kind = "multiple"
count = 2
values = ["red", "green", "blue"]

[[attributes]]
name = "parallel"
kind = "continuous"
low = -1
high = 1
sliders = [
  { adapter = "inner", side = "positive", scale = 2.0 },
  { adapter = "external", side = "negative", scale = 0.5 },
]

[[adapters]]
name = "duo"
file = "duo.safetensors"
kind = "style"
weight = 0.75

[[adapters]]
name = "inner"
file = "sliders/inner.safetensors"
kind = "slider"

[[adapters]]
name = "external"
file = "sliders/external.safetensors"
kind = "slider"
"""

Edit = Callable[[str, str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good pack, with an adapter at each side of one attribute."""
    folder = tmp_path / "shelf" / "duo"
    (folder / "sliders").mkdir(parents=True)
    (folder / "style.toml").write_text(PACK, encoding="utf-8")
    for seed, name in enumerate(("duo", "sliders/inner", "sliders/external")):
        _write_adapter(folder / f"{name}.safetensors", seed)
    return folder


@pytest.fixture
def edit(folder: Path) -> Edit:
    """A function (old, new) that changes the good pack's style.toml, and returns its folder."""

    def change(old: str, new: str) -> Path:
        assert old in PACK
        (folder / "style.toml").write_text(PACK.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


def test_pack_is_read_whole(folder: Path) -> None:
    """All that style.toml says stands in the pack."""
    pack = load_pack(folder)
    assert (pack.name, pack.title, pack.base, pack.trigger) == ("duo", "Duo", "some-model", "duo")
    assert [attribute.name for attribute in pack.space.attributes] == ["line", "hue", "parallel"]
    style = pack.adapters[0]
    assert (style.name, style.kind, style.weight) == ("duo", "style", 0.75)


def test_digest_changes_with_any_file(folder: Path) -> None:
    """A pack's digest holds over the same files, and no longer when one byte is another."""
    before = load_pack(folder).digest
    assert load_pack(folder).digest == before
    (folder / "notes.txt").write_text("one more file")
    assert load_pack(folder).digest != before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "duo"', 'name = "Duo"', "name"),
        ('name = "duo"', 'name = "other"', "folder"),
        ('title = "Duo"', "", "title"),
        ('title = "Duo"', 'title = "Duo"\ncolour = "blue"', "colour"),
        ('title = "Duo"', "title = ", "TOML"),
        ("count = 2", "count = 4", "count"),
        ('"red", "green"', '"red", "red"', "twice"),
        ('name = "hue"', 'name = "line"', "twice"),
        ("low = -1", "low = 2", "below"),
        ("low = -1", "low = nan", "low"),
        ("{line} with", "with", "{line}"),
        ("{line} with", "{line} {line} with", "once"),
        ("{line}", "{line.__class__}", "plainly"),
        ("{line}", "{line!r}", "plainly"),
        ("with {hue}", "with {hue", "prompt"),
        ('adapter = "inner"', 'adapter = "missing"', "missing"),
        ('adapter = "inner"', 'adapter = "external"', "inner"),
        ('file = "duo.safetensors"', 'file = "../duo.safetensors"', "out of the pack"),
        ('file = "duo.safetensors"', 'file = "/etc/passwd"', "inside the pack"),
        ('file = "duo.safetensors"', 'file = "nothing.safetensors"', "not there"),
        ('kind = "slider"', 'kind = "slider"\nweight = 1.0', "slider"),
        ('licence = "CC0-1.0"', 'licence = "CC0-1.0"\nsamples = ["style.toml"]', "sample"),
    ],
)
def test_broken_pack_is_refused_by_file_and_reason(edit: Edit, old: str, new: str, told: str) -> None:
    """Whatever is wrong with a pack, the error names the pack's file and what to look at."""
    folder = edit(old, new)
    with pytest.raises(BadPackError, match=told) as caught:
        load_pack(folder)
    assert "duo" in str(caught.value)


def test_link_out_of_the_pack_is_refused(folder: Path, tmp_path: Path) -> None:
    """A file that is a link to elsewhere is not part of a pack."""
    outside = tmp_path / "outside.safetensors"
    shutil.move(folder / "duo.safetensors", outside)
    (folder / "duo.safetensors").symlink_to(outside)
    with pytest.raises(BadPackError, match="out of the pack"):
        load_pack(folder)


def test_shelf_offers_good_packs_and_tells_of_the_others(folder: Path, tmp_path: Path) -> None:
    """A broken pack beside a good one is a problem in words, and no more."""
    broken = folder.parent / "broken"
    shutil.copytree(folder, broken)
    shelf = load_shelf([folder.parent, tmp_path / "nowhere"], "some-model")
    assert list(shelf.packs) == ["duo"]
    assert len(shelf.problems) == 1
    assert str(broken) in shelf.problems[0]


def test_pack_for_another_base_is_not_offered(folder: Path) -> None:
    """Adapters of another base model would paint noise."""
    shelf = load_shelf([folder.parent], "other-model")
    assert not shelf.packs
    assert "some-model" in shelf.problems[0]


def test_pack_that_does_not_ship_is_refused_with_those_that_do() -> None:
    """A bundled pack is found by its name; another name is answered with the names there are."""
    assert bundled_pack("kandinsky").name == "kandinsky"
    with pytest.raises(BadPackError, match=r"no bundled style is named 'nobody'; there are .*kandinsky"):
        bundled_pack("nobody")


@pytest.mark.parametrize(
    ("parallel", "weights"),
    [
        (0.5, {"duo": 0.75, "inner": 1.0}),
        (-0.5, {"duo": 0.75, "external": 0.25}),
        (0.0, {"duo": 0.75}),
        (-0.0, {"duo": 0.75}),
    ],
)
def test_number_drives_the_adapter_of_its_side(folder: Path, parallel: float, weights: dict[str, float]) -> None:
    """Above zero one adapter, below it the other, each times its scale; at zero neither."""
    recipe = decode(load_pack(folder), _chromosome(parallel=parallel), MODEL)
    assert {use.name: use.weight for use in recipe.adapters} == weights


def test_words_fill_the_template(folder: Path) -> None:
    """The prompt holds the trigger and each spoken gene; what the pack leaves open is the model's default."""
    pack = load_pack(folder)
    recipe = decode(pack, _chromosome(), MODEL)
    assert recipe.prompt == "duo: curve with red, blue"
    assert (recipe.width, recipe.height, recipe.steps, recipe.guidance) == (128, 96, 7, 1.5)
    assert recipe.adapters[0] == AdapterUse("duo", pack.adapters[0].digest, 0.75)


def test_pack_sets_its_own_sampling(edit: Edit) -> None:
    """Size, steps and guidance of the pack come before the model's; a guidance of zero is one."""
    pack = load_pack(edit("[base]", "[sampling]\nsteps = 3\nguidance = 0\nsize_px = [64, 32]\n[base]"))
    recipe = decode(pack, _chromosome(), MODEL)
    assert (recipe.width, recipe.height, recipe.steps, recipe.guidance) == (64, 32, 3, 0.0)


@pytest.mark.parametrize("gene", [{"line": "wavy"}, {"hue": ("red",)}, {"parallel": 1.5}, {"extra": "gene"}])
def test_foreign_chromosome_is_a_bad_recipe(folder: Path, gene: dict[str, str | float | tuple[str, ...]]) -> None:
    """Genes that the pack does not have make no recipe."""
    with pytest.raises(BadRecipeError, match="duo"):
        decode(load_pack(folder), _chromosome(**gene), MODEL)


def test_good_adapter_counts_its_layers(tmp_path: Path) -> None:
    """The check says how many layers an adapter changes."""
    assert check_adapter_file(_write_adapter(tmp_path / "good.safetensors", 0)) == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"unet.a.lora_B.weight": None}, "pairs"),
        ({"unet.a.lora_B.weight": (6, 3)}, "rank"),
        ({"unet.a.lora_A.weight": (0, 6), "unet.a.lora_B.weight": (6, 0)}, "rank"),
        ({"unet.a.lora_A.weight": (2, 6, 3)}, "dimensions"),
        ({"unet.a.lora_magnitude_vector": (6,)}, "plain LoRA"),
        ({"text_encoder.a.lora_A.weight": (2, 6), "text_encoder.a.lora_B.weight": (6, 2)}, "text encoder"),
        ({"unet.c.lora.down.weight": (2, 6), "unet.c.lora.up.weight": (6, 2)}, "notations"),
    ],
)
def test_adapter_of_wrong_shape_is_refused(
    tmp_path: Path, change: dict[str, tuple[int, ...] | None], told: str
) -> None:
    """What is not a plain LoRA of the denoiser alone is refused before anything loads it."""
    file = _write_adapter(tmp_path / "odd.safetensors", 0, change)
    with pytest.raises(BadPackError, match=told):
        check_adapter_file(file)


@pytest.mark.parametrize("dtype", ["F32", "F16", "BF16"])
def test_number_that_is_not_finite_is_refused(tmp_path: Path, dtype: str) -> None:
    """A single infinity in any dtype is found."""
    infinity = {"F32": struct.pack("<f", np.inf), "F16": struct.pack("<e", np.inf), "BF16": b"\x80\x7f"}[dtype]
    good = _raw_adapter(dtype, bytes(len(infinity)))
    bad = _raw_adapter(dtype, infinity)
    file = tmp_path / "raw.safetensors"
    file.write_bytes(good)
    assert check_adapter_file(file) == 1
    file.write_bytes(bad)
    with pytest.raises(BadPackError, match="not finite"):
        check_adapter_file(file)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"\xff" * 64,
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 4) + b"null",
        struct.pack("<Q", 8) + b'{"a":[]}',
    ],
)
def test_file_that_is_no_safetensors_is_refused(tmp_path: Path, content: bytes) -> None:
    """Rubbish is an error with a name, whatever its bytes."""
    file = tmp_path / "rubbish.safetensors"
    file.write_bytes(content)
    with pytest.raises(BadPackError, match="rubbish"):
        check_adapter_file(file)


def test_cut_file_is_refused(tmp_path: Path) -> None:
    """A download that ended early is found."""
    file = _write_adapter(tmp_path / "cut.safetensors", 0)
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(BadPackError, match="cut"):
        check_adapter_file(file)


def test_pickle_is_refused_by_its_name(tmp_path: Path) -> None:
    """Formats that can run code are not even opened."""
    with pytest.raises(BadPackError, match="safetensors"):
        check_adapter_file(tmp_path / "style.pt")


def _chromosome(**genes: str | float | tuple[str, ...]) -> Chromosome:
    return Chromosome({"line": "curve", "hue": ("red", "blue"), "parallel": 0.0, **genes}, seed=5)


def _write_adapter(path: Path, seed: int, change: dict[str, tuple[int, ...] | None] | None = None) -> Path:
    shapes: dict[str, tuple[int, ...] | None] = {
        "unet.a.lora_A.weight": (2, 6),
        "unet.a.lora_B.weight": (6, 2),
        "unet.b.lora_A.weight": (2, 6, 3, 3),
        "unet.b.lora_B.weight": (4, 2, 1, 1),
        **(change or {}),
    }
    random = np.random.default_rng(seed)
    save_file(
        {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items() if shape is not None},
        path,
    )
    return path


def _raw_adapter(dtype: str, number: bytes) -> bytes:
    """A LoRA of rank one with one input and one output, byte by byte."""
    size = len(number)
    header = json.dumps(
        {
            "unet.a.lora_A.weight": {"dtype": dtype, "shape": [1, 1], "data_offsets": [0, size]},
            "unet.a.lora_B.weight": {"dtype": dtype, "shape": [1, 1], "data_offsets": [size, 2 * size]},
        }
    ).encode()
    return struct.pack("<Q", len(header)) + header + bytes(size) + number


def test_shelf_keeps_the_version_that_somebody_began_with(folder: Path, tmp_path: Path) -> None:
    """A pack that takes another's place is offered; the other is still found by its digest, after a restart as well."""
    first = load_pack(folder)
    place = tmp_path / "new" / "duo"
    shutil.copytree(folder, place)
    text = (place / "style.toml").read_text("utf-8")
    (place / "style.toml").write_text(text.replace(first.title, "Another"), encoding="utf-8")
    second = load_pack(place)
    shelf = load_shelf([folder.parent], "some-model").put(second)
    assert shelf.packs["duo"] == second
    assert shelf.find("duo", first.digest) == first
    assert shelf.find("duo", "unknown") == second
    assert shelf.find("other", first.digest) is None
    again = load_shelf([place.parent], "some-model", [folder, tmp_path / "broken"])
    assert again.find("duo", first.digest) == first
    assert again.every_pack() == (second, first)
