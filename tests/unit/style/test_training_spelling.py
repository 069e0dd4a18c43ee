"""Spelling: new words come apart, known ones and those to be kept stay as they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import CLIPTextModel, CLIPTokenizer

from evolution import Continuous
from style.decode import ModelInfo
from style.errors import BadJobError
from style.shelf import bundled_pack
from style.training.__main__ import main
from style.training.course import Course
from style.training.denoiser import embed
from style.training.model import build_text_encoder, build_tokenizer
from style.training.spelling import SpellingRun, kept_captions, teach_spelling

_MODEL = ModelInfo("bundled", "0" * 64, 256, 256, 8, 1.0)


@pytest.fixture
def encoder() -> CLIPTextModel:
    """An untrained text encoder of the bundled model's form."""
    torch.manual_seed(3)
    return build_text_encoder(build_tokenizer()).eval()


def _change(tokenizer: CLIPTokenizer, before: CLIPTextModel, after: CLIPTextModel, captions: list[str]) -> float:
    with torch.no_grad():
        return float((embed(tokenizer, before, captions) - embed(tokenizer, after, captions)).square().mean().sqrt())


def _copy(encoder: CLIPTextModel) -> CLIPTextModel:
    other = build_text_encoder(build_tokenizer())
    other.load_state_dict(encoder.state_dict())
    return other.eval()


def test_new_words_come_apart_and_known_ones_stay(encoder: CLIPTextModel, tmp_path: Path) -> None:
    """A few steps change what is spelled more than what is known, and take new words towards their directions."""
    tokenizer, before = build_tokenizer(), _copy(encoder)
    run = SpellingRun(tmp_path, steps=1, batch=8, warm_up=1, peak_rate=1e-3)
    teach_spelling(run, _copy(encoder), tokenizer, ["tiny, harbour"])
    run = SpellingRun(tmp_path / "longer", steps=30, batch=8, warm_up=1, peak_rate=1e-3)
    teach_spelling(run, encoder, tokenizer, ["tiny, harbour"])
    first, last = (json.loads((folder / "log.jsonl").read_text()) for folder in (tmp_path, tmp_path / "longer"))
    assert (first["step"], last["step"]) == (1, 30)
    assert last["missing"] < 0.98 * first["missing"]
    assert last["changed"] < 0.5 * last["missing"]
    new, known = ["river, dusk", "zebra, quartz"], ["red, circle", "black, curve line"]
    assert _change(tokenizer, before, encoder, new) > _change(tokenizer, before, encoder, known)
    assert not any(parameter.requires_grad for parameter in encoder.parameters())


def test_a_killed_run_ends_where_another_does(
    encoder: CLIPTextModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two sittings give the weights of one: all that is random comes from the seed and the step."""
    tokenizer, through, killed = build_tokenizer(), _copy(encoder), _copy(encoder)
    teach_spelling(SpellingRun(tmp_path / "through", steps=4, batch=2), through, tokenizer)
    run = SpellingRun(tmp_path / "killed", steps=4, batch=2)
    with monkeypatch.context() as patched:
        patched.setattr(Course, "is_save_due", _saves_then_dies())
        with pytest.raises(KeyboardInterrupt):
            teach_spelling(run, killed, tokenizer)
    again = _copy(encoder)
    teach_spelling(run, again, tokenizer)
    assert _change(tokenizer, again, through, ["red, harbour"]) == 0.0
    assert _change(tokenizer, again, encoder, ["red, harbour"]) > 0.0


def _saves_then_dies() -> Callable[[Course], bool]:
    def is_due(course: Course) -> bool:
        if course.step == 3:
            raise KeyboardInterrupt
        return course.step == 2

    return is_due


def test_a_checkpoint_of_another_run_is_refused(encoder: CLIPTextModel, tmp_path: Path) -> None:
    """Other captions to keep, or another encoder, begin in a new folder; the message says what differs."""
    tokenizer, run = build_tokenizer(), SpellingRun(tmp_path, steps=1, batch=2)
    teach_spelling(run, _copy(encoder), tokenizer)
    with pytest.raises(BadJobError, match=r"kept .* begin in a new folder"):
        teach_spelling(run, _copy(encoder), tokenizer, ["tiny, harbour"])
    torch.manual_seed(4)
    with pytest.raises(BadJobError, match=r"encoder .* begin in a new folder"):
        teach_spelling(run, build_text_encoder(tokenizer), tokenizer)


def test_kept_captions_say_all_words_of_a_style() -> None:
    """Requests as the bot makes them, tags in other orders and numbers, and nothing at all."""
    pack = bundled_pack("kandinsky")
    captions = kept_captions([pack], _MODEL, count=60)
    assert len(captions) == 121
    assert captions[0] == ""
    assert all(caption.startswith(pack.trigger) for caption in captions[1:])
    said = {phrase for caption in captions for phrase in caption.split(", ")}
    for attribute in pack.space.attributes:
        if not isinstance(attribute, Continuous):
            assert set(attribute.values) <= said


def test_the_command_writes_a_text_encoder_that_loads(tmp_path: Path) -> None:
    """The part of `python -m style.training` saves what it trained, in half precision, where it is told to."""
    options = ["--keep", "kandinsky", "--spelling-steps", "1", "--work", str(tmp_path), "--out", str(tmp_path / "out")]
    assert main(["spelling", *options]) == 0
    saved = CLIPTextModel.from_pretrained(tmp_path / "out" / "text_encoder")
    assert saved.dtype == torch.float16
    assert (tmp_path / "spelling" / "checkpoint.pt").exists()
