"""Captions, folders and pack texts of the homages: what is said fits what is drawn, and training can read it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from evolution import Continuous, Space
from style.errors import BadPicturesError
from style.pack import load_pack
from style.pack_schema import PackTable
from style.places import BUNDLED_MODEL, BUNDLED_PACKS
from style.procedural.homages import STYLES, pack_toml, write_folder
from style.procedural.homages.__main__ import main
from style.procedural.homages.homage import NAMED_FROM
from style.training.paintings import read_folder


@pytest.mark.parametrize("name", STYLES)
def test_caption_has_the_trigger_first_and_says_what_is_there(name: str) -> None:
    """All that follows the trigger are phrases of the picture, each at most once; about 15 % are left out."""
    style, said, sayable, orders = STYLES[name], 0, 0, set()
    for seed in range(200):
        values = style.random_values(seed)
        trigger, *phrases = style.caption(values, seed).split(", ")
        assert trigger == style.trigger
        assert set(phrases) <= set(style.phrases(values))
        assert len(phrases) == len(set(phrases))
        said, sayable = said + len(phrases), sayable + len(style.phrases(values))
        orders.add(style.caption(style.random_values(0), seed))
    assert 0.8 < said / sayable < 0.9
    assert len(orders) > 10


@pytest.mark.parametrize("name", STYLES)
def test_number_is_named_at_its_ends_only(name: str) -> None:
    """Beyond 0.6 a continuous attribute has the word of its end, below it none."""
    style = STYLES[name]
    for attribute, (low, high) in style.extremes.items():
        for value, word in ((-1.0, low), (-NAMED_FROM, low), (NAMED_FROM, high), (1.0, high)):
            assert style.phrases({**style.random_values(0), attribute: value})[-1] == word
        calm = style.phrases({**style.random_values(0), attribute: 0.59})
        assert not {low, high} & set(calm)


@pytest.mark.parametrize("name", STYLES)
def test_folder_is_what_training_reads(name: str, tmp_path: Path) -> None:
    """Pictures and captions come back as they were drawn and said, in their order."""
    folder = tmp_path / "new" / name
    write_folder(STYLES[name], 4, folder, seed=7, size_px=96)
    paintings = read_folder(folder)
    assert [painting.name for painting in paintings] == [f"00{k}.png" for k in range(4)]
    for k, painting in enumerate(paintings):
        values = STYLES[name].random_values(7 + k)
        assert ", ".join(painting.tags) == STYLES[name].caption(values, 7 + k)
        assert np.array_equal(painting.pixels, STYLES[name].draw(values, 7 + k, 96))


def test_folder_in_use_is_refused(tmp_path: Path) -> None:
    """Pictures of two styles never mix: a folder that holds something, or is a file, is named with the cure."""
    (tmp_path / "000.png").write_bytes(b"")
    for place in (tmp_path, tmp_path / "000.png"):
        with pytest.raises(BadPicturesError, match="not an empty folder; empty it or name another"):
            write_folder(STYLES["orphism"], 1, place, seed=0, size_px=32)
    with pytest.raises(BadPicturesError, match=r"cannot be written .*name another folder"):
        write_folder(STYLES["orphism"], 1, tmp_path / "000.png" / "below", seed=0, size_px=32)
    with pytest.raises(ValueError, match="count is 0; expected 1 or more"):
        write_folder(STYLES["orphism"], 0, tmp_path / "none", seed=0, size_px=32)


def test_command_writes_the_folder(tmp_path: Path) -> None:
    """The command writes as many pictures as it was asked for and ends well."""
    assert main(["de-stijl", "--count", "2", "--size", "32", "--seed", "3", "--out", str(tmp_path / "out")]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["000.png", "001.png", "metadata.jsonl"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cubism"], "invalid choice: 'cubism'"),
        (["orphism", "--count", "0"], "--count must be 1 or more, got 0"),
        (["orphism", "--size", "16"], "--size must be 32 to 2048 pixels, got 16"),
        (["orphism", "--seed", "2147483647"], "--seed must be 0 to 2147483584 for 64 pictures"),
    ],
)
def test_command_refuses_what_it_cannot_draw(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bad input ends with exit code 2 and says what was expected."""
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--out", str(tmp_path / "out")])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_command_tells_of_a_folder_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that holds something ends with exit code 2 and the cure, not with a traceback."""
    (tmp_path / "something").touch()
    assert main(["orphism", "--count", "1", "--size", "32", "--out", str(tmp_path)]) == 2
    assert "empty it or name another" in capsys.readouterr().err


@pytest.mark.parametrize("name", STYLES)
def test_pack_text_makes_a_pack_of_the_same_attributes(name: str, tmp_path: Path) -> None:
    """With its adapters beside it, the text loads as a pack whose space is the style's own."""
    style, folder = STYLES[name], tmp_path / name
    folder.mkdir()
    for adapter in (name, *style.extremes):
        halves = {
            "unet.a.lora_A.weight": np.ones((1, 2), np.float32),
            "unet.a.lora_B.weight": np.ones((2, 1), np.float32),
        }
        save_file(halves, folder / f"{adapter}.safetensors")
    (folder / "style.toml").write_text(pack_toml(style, tuple(style.extremes), samples=()), encoding="utf-8")
    pack = load_pack(folder)
    assert pack.space == Space(style.attributes)
    assert (pack.name, pack.trigger, pack.title) == (name, style.trigger, style.title)
    assert {slider.attribute for slider in pack.sliders} == set(style.extremes)


@pytest.mark.parametrize("name", STYLES)
def test_pack_text_leaves_out_a_number_without_slider(name: str) -> None:
    """While a slider is not trained, the pack has the spoken attributes alone; an unknown slider is refused."""
    table = PackTable.model_validate(tomllib.loads(pack_toml(STYLES[name], ())))
    spoken = [a.name for a in STYLES[name].attributes if not isinstance(a, Continuous)]
    assert [attribute.name for attribute in table.attributes] == spoken
    assert [adapter.name for adapter in table.adapters] == [name]
    with pytest.raises(ValueError, match=f"no continuous attribute of {name} is named brightness; it has"):
        pack_toml(STYLES[name], ("brightness",))


@pytest.mark.parametrize("name", STYLES)
def test_longest_prompt_fits_the_bundled_model(name: str) -> None:
    """Spelled by letters where a word is unknown, the longest prompt is not cut off by the text encoder."""
    from transformers import CLIPTokenizer

    tokenizer = CLIPTokenizer.from_pretrained(BUNDLED_MODEL / "tokenizer", local_files_only=True)
    style = STYLES[name]
    longest = [style.trigger]
    for attribute in style.attributes:
        if not isinstance(attribute, Continuous):
            words = sorted(attribute.values, key=lambda word: len(tokenizer.tokenize(word)))
            longest += words[-getattr(attribute, "count", 1) :]
        else:
            longest.append(max(style.extremes[attribute.name], key=lambda word: len(tokenizer.tokenize(word))))
    assert len(tokenizer(", ".join(longest)).input_ids) <= tokenizer.model_max_length


@pytest.mark.parametrize("name", STYLES)
def test_guideline_names_every_value(name: str) -> None:
    """The pack's README explains each attribute and each of its words, and says that it is an homage."""
    text = (BUNDLED_PACKS / name / "README.md").read_text(encoding="utf-8")
    style = STYLES[name]
    words = {word for a in style.attributes if not isinstance(a, Continuous) for word in a.values}
    names = {attribute.name for attribute in style.attributes}
    assert {word for word in words | names | {style.trigger} if f"`{word}`" not in text} == set()
    assert "homage" in text
