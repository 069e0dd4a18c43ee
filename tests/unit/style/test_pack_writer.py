"""Writing packs: what is written is read back, appears whole or not at all, and a person's edits stay."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import save_file

from evolution import Continuous, Multiple, Single
from style.errors import BadPackError
from style.pack import load_pack
from style.pack_writer import Draft, add_slider, pack_text, quoted, write_pack


def lora(path: Path, seed: int = 0) -> Path:
    """Write a LoRA of one layer."""
    rng = np.random.default_rng(seed)
    tensors = {f"unet.mid.to_q.lora_{half}.weight": rng.normal(size=(4, 4)).astype(np.float16) for half in "AB"}
    save_file(tensors, path)
    return path


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    """A draft with an adapter, a sample, and words that TOML must escape."""
    Image.new("RGB", (64, 64), "red").save(tmp_path / "grid.png")
    return Draft(
        name="rothko",
        title='Mark "Rothko" \\ late',
        trigger="rothko",
        base="bundled",
        licence="MIT",
        credits="Zoë\nand others",
        attributes=(Multiple("hue", ("red", "maroon"), count=1), Single("edge", ("soft", "hard"))),
        adapter=lora(tmp_path / "any name.safetensors"),
        samples=(tmp_path / "grid.png",),
        left_out=(("a\ttag\n[x]", "too long, or with braces"),),
        sampling=(("steps", 12), ("guidance", 2.5)),
    )


def test_written_pack_is_what_was_drafted(tmp_path: Path, draft: Draft) -> None:
    """The pack is read back with the same words, attributes, adapter and sample."""
    pack = write_pack(draft, tmp_path / "data" / "packs")
    assert (pack.title, pack.credits) == (draft.title, draft.credits)
    assert pack.space.attributes == draft.attributes
    assert pack.template == "{trigger}, {hue}, {edge}"
    assert [(adapter.name, adapter.kind, adapter.path.name) for adapter in pack.adapters] == [
        ("rothko", "style", "rothko.safetensors")
    ]
    assert [path.name for path in pack.samples] == ["sample.png"]
    assert (pack.sampling.steps, pack.sampling.guidance) == (12, 2.5)
    assert pack.folder == (tmp_path / "data" / "packs" / "rothko").resolve()


def test_taken_name_is_refused_and_stays(tmp_path: Path, draft: Draft) -> None:
    """Without a place for the old pack, the new one is not written, and nothing is left beside."""
    first = write_pack(draft, tmp_path / "data" / "packs")
    with pytest.raises(BadPackError, match="rothko exists; take another name"):
        write_pack(replace(draft, title="other"), tmp_path / "data" / "packs")
    assert load_pack(first.folder) == first
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["packs"]


def test_new_version_keeps_the_old_one(tmp_path: Path, draft: Draft) -> None:
    """The old pack is moved away whole, a person's edits with it."""
    first = write_pack(draft, tmp_path / "data" / "packs")
    (first.folder / "notes.txt").write_text("mine", encoding="utf-8")
    second = write_pack(replace(draft, title="second"), tmp_path / "data" / "packs", tmp_path / "old" / "rothko")
    assert second.title == "second"
    assert load_pack(tmp_path / "old" / "rothko").title == first.title
    assert (tmp_path / "old" / "rothko" / "notes.txt").exists()


def test_bad_draft_changes_nothing(tmp_path: Path, draft: Draft) -> None:
    """A draft that is no pack is refused before the old pack is touched."""
    first = write_pack(draft, tmp_path / "data" / "packs")
    (tmp_path / "any name.safetensors").write_bytes(b"broken")
    with pytest.raises(BadPackError, match=r"rothko\.safetensors"):
        write_pack(draft, tmp_path / "data" / "packs", tmp_path / "old" / "rothko")
    assert load_pack(first.folder) == first
    assert not (tmp_path / "old").exists()


def test_slider_is_added_to_an_edited_pack(tmp_path: Path, draft: Draft) -> None:
    """A slider brings its attribute and adapter; all that a person wrote stays, comments too."""
    pack = write_pack(draft, tmp_path / "data" / "packs")
    table = pack.folder / "style.toml"
    table.write_text(table.read_text("utf-8").replace("maroon", "crimson") + "# my comment", encoding="utf-8")
    added = add_slider(load_pack(pack.folder), "brightness", lora(tmp_path / "slider.safetensors", 1))
    assert added.space.attributes[-1] == Continuous("brightness", -1.0, 1.0)
    assert "crimson" in added.space.attributes[0].values  # type: ignore[union-attr]  # the hue
    assert [(slider.attribute, slider.adapter, slider.side) for slider in added.sliders] == [
        ("brightness", "brightness", "both")
    ]
    assert "# my comment" in table.read_text("utf-8")


def test_slider_of_the_same_name_is_replaced(tmp_path: Path, draft: Draft) -> None:
    """Trained anew, a slider's file changes and its attribute keeps the range that a person gave it."""
    pack = add_slider(write_pack(draft, tmp_path / "packs"), "glow", lora(tmp_path / "a.safetensors", 1), -2.0, 2.0)
    again = add_slider(pack, "glow", lora(tmp_path / "b.safetensors", 2))
    assert again.space == pack.space
    assert again.adapters[1].digest != pack.adapters[1].digest


def test_slider_that_would_break_a_pack_is_refused(tmp_path: Path, draft: Draft) -> None:
    """The style's own name, an attribute's name or a broken file leave the pack as it was."""
    pack = write_pack(draft, tmp_path / "packs")
    (tmp_path / "broken.safetensors").write_bytes(b"broken")
    for name, file in (("rothko", "any name"), ("hue", "any name"), ("glow", "broken")):
        with pytest.raises(BadPackError):
            add_slider(pack, name, tmp_path / f"{file}.safetensors")
    assert load_pack(pack.folder) == pack


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_text_can_be_quoted(text: str) -> None:
    """TOML reads back what was quoted."""
    assert tomllib.loads(f"a = {quoted(text)}")["a"] == text


@settings(max_examples=60)
@given(tag=st.text(max_size=30))
def test_any_tag_can_stand_in_a_comment(tag: str) -> None:
    """A tag that became no value never breaks the file out of its comment."""
    draft = Draft("a", "a", "a", "bundled", "MIT", "me", (Single("x", ("b", "c")),), left_out=((tag, "rare"),))
    assert set(tomllib.loads(pack_text(draft))) == {
        *("name", "title", "trigger", "prompt", "licence", "credits", "samples", "base", "attributes")
    }
