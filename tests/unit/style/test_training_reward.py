"""The reward for forms: readers learn to see them in latents, and a picture that shows what was asked costs less."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from style.procedural import LINES, PLANES, Spec, random_spec
from style.training.reward import ReaderRun, accuracy, fit_readers, form_loss, read_readers, reward_of, roughened

SEEN = 8.0  # a logit that says: it is there


def _latents(specs: list[Spec], seed: int) -> Tensor:
    """Latents (n, 8, 8, 8) in noise: each line and each plane lights a channel of its own, in a block by chance."""
    dice = torch.Generator().manual_seed(seed)
    latents = 0.3 * torch.randn((len(specs), 8, 8, 8), generator=dice)
    for picture, spec in zip(latents, specs, strict=True):
        for word in (spec.line, *spec.planes):
            y, x = torch.randint(6, (2,), generator=dice).tolist()
            picture[(*LINES, *PLANES).index(word), y : y + 2, x : x + 2] += 3.0
    return latents


def _logits(*words: str) -> Tensor:
    return torch.tensor([[SEEN if word in words else -SEEN for word in (*LINES, *PLANES)]])


def test_readers_see_what_is_drawn_and_reward_it() -> None:
    """Readers, fitted in seconds, name lines and planes of latents held out; captions that lie cost more."""
    specs = [random_spec(seed) for seed in range(600)]
    readers = fit_readers(ReaderRun(readers=2, steps=240, batch=32), _latents(specs[:500], 0), specs[:500])
    held = _latents(specs[500:], 1)
    assert min(accuracy(readers, held, specs[500:]).values()) > 0.75
    assert not any(parameter.requires_grad for reader in readers for parameter in reader.parameters())
    reward, true = reward_of(readers), [", ".join((spec.line, *spec.planes)) for spec in specs[500:]]
    asked = held.clone().requires_grad_(True)
    costs = [reward(asked, said, torch.Generator().manual_seed(2)) for said in (true, [*true[1:], true[0]])]
    assert costs[0] < 0.6 * costs[1]
    (slope,) = torch.autograd.grad(costs[1], asked)
    assert slope.abs().sum() > 0


def test_kept_readers_judge_as_before() -> None:
    """Readers come back from a checkpoint as they were."""
    specs = [random_spec(seed) for seed in range(40)]
    latents = _latents(specs, 0)
    readers = fit_readers(ReaderRun(readers=2, steps=2, batch=8, bfloat16=True), latents, specs)
    again = read_readers([reader.state_dict() for reader in readers])
    assert all(
        torch.allclose(one(latents), other(latents), atol=1e-5) for one, other in zip(readers, again, strict=True)
    )
    assert not torch.allclose(readers[0](latents), readers[1](latents), atol=1e-2)
    assert not any(parameter.requires_grad for reader in again for parameter in reader.parameters())


def test_same_dice_give_the_same_verdict() -> None:
    """A run that goes on after a break judges as one that was not broken off."""
    specs = [random_spec(seed) for seed in range(40)]
    reward = reward_of(fit_readers(ReaderRun(readers=1, steps=2, batch=8), _latents(specs, 0), specs))
    said = [spec.line for spec in specs]
    verdicts = [reward(_latents(specs, 0), said, torch.Generator().manual_seed(seed)).item() for seed in (1, 1, 2)]
    assert verdicts[0] == verdicts[1] != verdicts[2]


def test_forms_that_are_seen_cost_little() -> None:
    """Named and seen is cheap, named and missing dear, seen and not named a little, and no form named is not judged."""
    said = ["red, circle, curve line"]
    assert form_loss(_logits("circle", "curve line"), said) < 0.01
    assert form_loss(_logits("circle", "straight line"), said) > SEEN / 2
    assert form_loss(_logits("square", "curve line"), said) > SEEN / 2
    more = form_loss(_logits("circle", "square", "curve line"), said)
    assert 0.1 < more < SEEN / 4
    assert form_loss(_logits("circle"), ["red, study"]) == 0
    assert form_loss(_logits("circle"), [""]) == 0


def test_line_is_one_of_three_and_a_picture_without_words_does_not_dilute() -> None:
    """The verdict is the mean over what was named, in whichever pictures."""
    logits = torch.cat([_logits("curve line"), _logits("curve line")])
    wanted = functional.cross_entropy(logits[:1, :3], torch.tensor([1])).item()
    assert form_loss(logits, ["angular line", "red"]).item() == pytest.approx(wanted)


def test_roughened_latents_keep_what_they_show() -> None:
    """Shifted, blurred and noised by chance, but near what they were, and no picture like another."""
    latents = _latents([random_spec(1)], 0).repeat(64, 1, 1, 1)
    rough = roughened(latents, torch.Generator().manual_seed(0))
    assert rough.shape == latents.shape
    brightest = rough.amax(dim=(2, 3)).mean(dim=0)
    shown = latents[0].amax(dim=(1, 2)) > 2
    assert brightest[shown].min() > brightest[~shown].max() + 0.5
    assert len({round(picture.sum().item(), 4) for picture in rough}) == 64
