"""Spelling: the bundled text encoder learns to tell words apart that its base was not trained on.

Such words are spelled by letters. The base's captions hold made-up words that mean nothing, so that its text encoder
learned to see past all that is spelled: whatever a style calls its own, two such words come out almost the same, and no
adapter of the denoiser can give them two meanings. Here each gets a direction of its own, the mean of random vectors of
its pieces, while all that is said in known words, and in captions that are to be kept, comes out as before.

Source: the hashing trick (Weinberger et al., arXiv 0902.2206), learned by distillation so that the encoder stays a
stock one.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer

from evolution import Config, Continuous, ask, start
from style.decode import ModelInfo, decode
from style.pack import Pack
from style.procedural import caption_of, random_spec
from style.training.course import Course
from style.training.denoiser import token_ids
from style.training.events import ignore
from style.training.loop import RunFiles, learning_rate
from style.training.model import vocabulary

_LETTERS, _SPECS = "abcdefghijklmnopqrstuvwxyz", 1_000_000
_SYLLABLES = ("ba", "da", "en", "er", "ing", "li", "mo", "on", "or", "pi", "ra", "st", "ti", "u", "wi")


@dataclass(frozen=True, slots=True)
class SpellingRun:
    """Settings: `batch` captions of each kind a step; `apart` is how far a new word goes towards its own direction.

    `folder` takes the checkpoint and the log.
    """

    folder: Path
    steps: int = 2500
    batch: int = 32
    apart: float = 0.5
    peak_rate: float = 2e-3
    warm_up: int = 50
    seed: int = 0


def teach_spelling(
    run: SpellingRun, encoder: CLIPTextModel, tokenizer: CLIPTokenizer, kept: Sequence[str] = ()
) -> None:
    """Train `encoder` in its place, on the CPU in float32, or go on; captions `kept` come out as they do now.

    The log tells the step and two root mean squares, over channels: of what `changed` in captions of known words, and
    of what is `missing` to the directions of new ones.

    Raises:
        BadJobError: the checkpoint in `run.folder` is of another encoder, other captions to keep or other settings.
        TrainingError: the loss is no number.
    """
    before = copy.deepcopy(encoder).eval().requires_grad_(False)
    directions = _directions(len(tokenizer), encoder, run.seed)
    encoder.train().requires_grad_(True)
    files, settings = RunFiles(run.folder), _settings(run, encoder, kept)
    course = Course(files, list(encoder.parameters()), lambda step: _rate(run, step), 0.0, settings, run.seed)
    pace = course.pace(ignore, run.steps)
    while course.step < run.steps:
        rng = course.dice().choices
        known = [_known_caption(rng) for _ in range(run.batch)]
        known += [str(rng.choice(kept)) for _ in range(run.batch)] if kept else []
        new = [_new_caption(rng) for _ in range(run.batch)]
        ids = token_ids(tokenizer, [*known, *new])
        with torch.no_grad():
            target: Tensor = before(ids).last_hidden_state.clone()
            spelled = _spelled(tokenizer, ids)
            spelled[: len(known)] = False
            own = _own(ids, spelled, directions, encoder)
            target[spelled] = torch.lerp(target, own, run.apart)[spelled]
        error = (encoder(ids).last_hidden_state - target).square().mean(-1)
        held, learned = error[~spelled].mean(), error[spelled].mean()
        # A change of what is known is what must not be: it counts more.
        course.advance(4.0 * held + 2.0 * error[~spelled].topk(len(ids)).values.mean() + learned, pace)
        if course.step % 100 == 0 or course.step == run.steps:
            files.log(step=course.step, changed=held.item() ** 0.5, missing=learned.item() ** 0.5)
        if course.is_save_due() or course.step == run.steps:
            course.save({})
    encoder.eval().requires_grad_(False)


def kept_captions(packs: Iterable[Pack], model: ModelInfo, count: int = 400, seed: int = 0) -> list[str]:
    """Write what is said to styles that are to stay as they are: `count` requests of each, and as many odd captions.

    The empty caption, which guidance leads away from, is one of them.
    """
    captions, rng = [""], np.random.default_rng((seed, 12))
    for pack in packs:
        _, chromosomes = ask(start(pack.space, seed, Config(strategy="random")), count)
        captions += [decode(pack, chromosome, model).prompt for chromosome in chromosomes]
        spoken = (a for a in pack.space.attributes if not isinstance(a, Continuous))
        words = [word for attribute in spoken for word in attribute.values]
        for _ in range(count):
            chosen = rng.permutation(words)[: rng.integers(0, 9)]
            captions.append(", ".join([pack.trigger, *map(str, chosen)]))
    return captions


def _rate(run: SpellingRun, step: int) -> float:
    return learning_rate(step, run.steps, run.peak_rate, run.warm_up, decay_share=0.6)


def _settings(run: SpellingRun, encoder: CLIPTextModel, kept: Sequence[str]) -> dict[str, float | str]:
    """Write down what decides the weights that a run of so many steps ends in."""
    weights, captions = hashlib.sha256(), hashlib.sha256("\n".join(kept).encode())
    for value in encoder.state_dict().values():
        weights.update(value.numpy().tobytes())
    settings = {name: getattr(run, name) for name in ("batch", "apart", "peak_rate", "warm_up", "seed")}
    return {**settings, "encoder": weights.hexdigest()[:12], "kept": captions.hexdigest()[:12]}


def _directions(tokens: int, encoder: CLIPTextModel, seed: int) -> Tensor:
    dice = torch.Generator().manual_seed(seed)
    return torch.randn(tokens, encoder.config.hidden_size, generator=dice)


def _spelled(tokenizer: CLIPTokenizer, ids: Tensor) -> Tensor:
    """Say at which positions (n, length) a piece of a word stands that has no token of its own."""
    alone = torch.zeros(len(tokenizer), dtype=torch.bool)
    alone[list(tokenizer.all_special_ids)] = True
    for word in (*vocabulary(), ",", "."):
        pieces = tokenizer(word, add_special_tokens=False).input_ids
        alone[pieces] |= len(pieces) == 1
    return ~alone[ids]


def _own(ids: Tensor, spelled: Tensor, directions: Tensor, encoder: CLIPTextModel) -> Tensor:
    """Give each piece's target, (n, length, width): the mean of its run of pieces so far, as the last norm gives it."""
    vectors = directions[ids] * spelled.unsqueeze(-1)
    sums = torch.zeros_like(vectors)
    running = torch.zeros_like(vectors[:, 0])
    for place in range(ids.shape[1]):
        running = (running + vectors[:, place]) * spelled[:, place, None]
        sums[:, place] = running
    norm = encoder.text_model.final_layer_norm if hasattr(encoder, "text_model") else encoder.final_layer_norm
    own: Tensor = norm(sums)
    return own


def _known_caption(rng: np.random.Generator) -> str:
    row, seed = int(rng.integers(_SPECS)), int(rng.integers(1 << 30))
    return ", ".join(part for part in caption_of(random_spec(row), seed).split(", ") if _is_known(part))


def _is_known(phrase: str) -> bool:
    return all(word in _WORDS for word in phrase.split())


_WORDS = frozenset(vocabulary())


def _new_caption(rng: np.random.Generator) -> str:
    """Write a caption of which some phrases are new, or a new word beside a known one."""
    phrases = _known_caption(rng).split(", ")[: int(rng.integers(0, 5))]
    for _ in range(int(rng.integers(1, 5))):
        words = [_new_word(rng)]
        if rng.random() < 0.4:
            words.insert(int(rng.integers(2)), str(rng.choice(sorted(_WORDS))))
        elif rng.random() < 0.2:
            words.append(_new_word(rng))
        phrases.insert(int(rng.integers(len(phrases) + 1)), " ".join(words))
    return ", ".join(phrases)


def _new_word(rng: np.random.Generator) -> str:
    word = ""
    while len(word) < rng.integers(3, 9):
        word += str(rng.choice(_SYLLABLES)) if rng.random() < 0.3 else str(rng.choice(list(_LETTERS)))
    return word
