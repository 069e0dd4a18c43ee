"""What a slider's LoRA is asked for, in four ways; all train on the same pairs.

x0_shift    on one noisy input, at weight s, the base's own picture moved by s times half the pair's difference
concept     at +1 the changed picture, at -1 the base picture, out of the same noise
addift      at ±0.25 on the one picture what the base says of the other, its velocity moved by the difference; in turns
two_pass    first a helper learns the base picture; with it on, the slider learns the changed one

Sources: Gandikota et al., Concept Sliders (arXiv 2311.12092), visual pairs, for `concept`; arXiv 2402.06389 for
`two_pass`. `addift` as published asks for the base's prediction as it is, which on a velocity turns the slider round.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from style.training import adapters
from style.training.course import Dice
from style.training.lora import style_loss
from style.training.pairs import Pairs
from style.training.process import Process
from style.training.trainable import Conditioning, Trainable

_ADDIFT_WEIGHT = 0.25


@dataclass(frozen=True, slots=True)
class Batch:
    """The pairs of one step: latents (n, c, h, w) of both ends, one noise for both, times (n,), captions embedded.

    `turn` is the number of the step; methods that take turns do it by its second bit, so that each turn comes with the
    style on as often as with it off.
    """

    low: Tensor
    high: Tensor
    noise: Tensor
    times: Tensor
    conditioning: Conditioning
    dice: Dice
    turn: int


@dataclass(frozen=True, slots=True)
class Task:
    """The network that is trained: the slider's name in it, the helper's for `two_pass`, the strength of a shift."""

    model: Trainable
    slider: str
    helper: str
    strength: float
    steps: int


Objective = Callable[[Task, Batch], Tensor]


def draw_batch(model: Trainable, pairs: Pairs, count: int, dice: Dice, turn: int) -> Batch:
    """Choose `count` pairs, and noise and times for them."""
    rows = torch.from_numpy(dice.choices.integers(len(pairs.low), size=count))
    low, high = (end[rows].to(model.device) for end in (pairs.low, pairs.high))
    times = torch.rand(count, generator=dice.noise) * 0.98 + 0.01
    noise = torch.randn(low.shape, generator=dice.noise)
    words = model.embed([pairs.captions[row] for row in rows.tolist()])
    return Batch(low, high, noise.to(model.device), times.to(model.device), words, dice, turn)


def x0_shift(task: Task, batch: Batch) -> Tensor:
    """Ask for the base's own picture, moved; both signs are trained, and weight 0 is the base exactly."""
    model, times = task.model, batch.times
    middle, half = (batch.low + batch.high) / 2, (batch.high - batch.low) / 2
    place = (torch.rand((len(times), 1, 1, 1), generator=batch.dice.noise) * 2 - 1).to(model.device)
    weight = float(batch.dice.choices.uniform(-1.0, 1.0))
    noisy = model.process.add_noise(middle + place * half, batch.noise, times)
    base = _base_says(task, noisy, batch)
    target = model.process.moved(base, weight * task.strength * half, times)
    adapters.weigh(model.denoiser, task.slider, weight)
    made = model.predict(noisy, times, batch.conditioning)
    # The error of the picture counts, not that of the prediction.
    loss: Tensor = (model.process.picture_weights(times) * (made - target) ** 2).mean()
    return loss


def concept(task: Task, batch: Batch) -> Tensor:
    """Ask for the changed picture at +1 and for the base picture at -1, in one step."""
    losses = []
    for weight, latents in ((1.0, batch.high), (-1.0, batch.low)):
        adapters.weigh(task.model.denoiser, task.slider, weight)
        losses.append(style_loss(task.model, latents, batch.noise, batch.times, batch.conditioning))
    return losses[0] + losses[1]


def addift(task: Task, batch: Batch) -> Tensor:
    """Ask, at ±0.25 on one end, for the picture that the base sees in the other, moved by the pair's difference."""
    model, times = task.model, batch.times
    is_up = (batch.turn // 2) % 2 == 0
    here, there = (batch.high, batch.low) if is_up else (batch.low, batch.high)
    process = model.process
    taught = _base_says(task, process.add_noise(there, batch.noise, times), batch)
    target = carried_over(process, taught, there, here, batch.noise, times)
    adapters.weigh(model.denoiser, task.slider, _ADDIFT_WEIGHT if is_up else -_ADDIFT_WEIGHT)
    made = model.predict(process.add_noise(here, batch.noise, times), times, batch.conditioning)
    loss: Tensor = (process.weights(times) * (made - target) ** 2).mean()
    return loss


def carried_over(
    process: Process, prediction: Tensor, there: Tensor, here: Tensor, noise: Tensor, times: Tensor
) -> Tensor:
    """Turn a prediction on noisy `there` into the one on noisy `here` whose picture differs as the two do.

    The noise is the same on both, so a velocity differs by the whole difference of the pictures, the noise by none.
    """
    return prediction + process.target(here, noise, times) - process.target(there, noise, times)


def two_pass(task: Task, batch: Batch) -> Tensor:
    """Overfit the low end with the helper in the first half of the steps, the high end on top of it in the second."""
    is_first = batch.turn < task.steps // 2
    adapters.weigh(task.model.denoiser, task.helper, 1.0)
    adapters.weigh(task.model.denoiser, task.slider, 0.0 if is_first else 1.0)
    latents = batch.low if is_first else batch.high
    return style_loss(task.model, latents, batch.noise, batch.times, batch.conditioning)


OBJECTIVES: dict[str, Objective] = {
    "x0_shift": x0_shift,
    "concept": concept,
    "addift": addift,
    "two_pass": two_pass,
}


@torch.no_grad()
def _base_says(task: Task, noisy: Tensor, batch: Batch) -> Tensor:
    adapters.weigh(task.model.denoiser, task.slider, 0.0)
    return task.model.predict(noisy, batch.times, batch.conditioning)
