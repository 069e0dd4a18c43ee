"""Spelling: new words come apart, known ones and those to be kept stay as they are."""

from __future__ import annotations

import pytest
import torch
from transformers import CLIPTextModel, CLIPTokenizer

from evolution import Continuous
from style.decode import ModelInfo
from style.shelf import bundled_pack
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


def test_new_words_come_apart_and_known_ones_stay(encoder: CLIPTextModel) -> None:
    """A few steps change what is spelled more than what is known, and take new words towards their directions."""
    tokenizer, told = build_tokenizer(), list[tuple[int, float, float]]()
    before = build_text_encoder(tokenizer)
    before.load_state_dict(encoder.state_dict())
    run = SpellingRun(steps=30, batch=8, warm_up=1, peak_rate=1e-3)
    teach_spelling(run, encoder, tokenizer, ["tiny, harbour"], lambda *row: told.append(row))
    assert [step for step, _, _ in told] == [0, 29]
    assert told[-1][2] < 0.98 * told[0][2]
    assert told[-1][1] < 0.5 * told[-1][2]
    new, known = ["river, dusk", "zebra, quartz"], ["red, circle", "black, curve line"]
    assert _change(tokenizer, before, encoder, new) > _change(tokenizer, before, encoder, known)
    assert not any(parameter.requires_grad for parameter in encoder.parameters())


def test_the_same_seed_teaches_the_same(encoder: CLIPTextModel) -> None:
    """All that is random comes from the seed."""
    tokenizer, other = build_tokenizer(), build_text_encoder(build_tokenizer())
    other.load_state_dict(encoder.state_dict())
    for one in (encoder, other):
        teach_spelling(SpellingRun(steps=2, batch=2), one, tokenizer)
    assert _change(tokenizer, encoder, other, ["red, harbour"]) == 0.0


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
