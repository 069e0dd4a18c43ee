"""What a student of few steps learns from its teacher, the guided sampler of many: three ways, one kind of example.

In each way guidance is folded into the velocity that the student has to give, so that it paints with no guidance pass.
Knows neither how a student is trained nor where captions and latents come from.

Source: progressive distillation (Salimans & Ho, arXiv 2202.00512) on guided models (Meng et al., arXiv 2210.03142);
latent consistency (Luo et al., arXiv 2310.04378); reflow (Liu et al., arXiv 2209.03003).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor

from style.training.model import build_scheduler

Method = Literal["progressive", "consistency", "reflow"]
Velocity = Callable[[Tensor, Tensor, Tensor], Tensor]  # (noisy, times, text) -> velocity


@dataclass(frozen=True, slots=True)
class Examples:
    """What the student sees, (n, c, h, w) `noisy` at `times` (n,) with `text`, and the `velocity` that it has to give.

    An error of the velocity counts the same at all times, since all of the sampler's steps are equally long.
    """

    noisy: Tensor
    times: Tensor
    text: Tensor
    velocity: Tensor


def sampler_times(steps: int) -> Tensor:
    """List the times at which the model's own sampler stands, (steps + 1,) from almost 1 down to 0."""
    scheduler = build_scheduler()
    scheduler.set_timesteps(steps)
    times: Tensor = scheduler.sigmas.clone()
    return times


@dataclass(frozen=True, slots=True)
class Worse:
    """An earlier state of the network, its embedding (n, length, width) of the captions, and the scale of leaving."""

    unet: UNet2DConditionModel
    text: Tensor
    away: float


class Teacher:
    """The slow sampler: a frozen network, guided; all parts of a guided step go through it as one batch.

    Some words weigh little in a picture and are lost among the others. With `emphasis`, each step is also guided away
    from the same caption with those words `muted`: guidance for them alone (composed guidance: Liu et al., arXiv
    2206.01714). And what a network draws unclearly, one that was trained less draws less clearly still: with a `worse`
    one, each step also leads away from it (autoguidance: Karras et al., arXiv 2406.02507).
    """

    def __init__(
        self,
        unet: UNet2DConditionModel,
        unsaid: Tensor,
        guidance: float,
        muted: Tensor | None = None,
        emphasis: float = 0.0,
        worse: Worse | None = None,
    ) -> None:
        """Take the network, the embedding (1, length, width) of no words, and the guidance scale."""
        self._unet, self._unsaid, self._guidance, self._muted, self._emphasis = unet, unsaid, guidance, muted, emphasis
        self._worse = worse

    def emphasising(self, muted: Tensor, emphasis: float) -> Teacher:
        """Give a teacher of the pictures whose captions, words muted, are embedded in `muted` (n, length, width)."""
        return Teacher(self._unet, self._unsaid, self._guidance, muted, emphasis, self._worse)

    def leaving(self, worse: Worse) -> Teacher:
        """Give a teacher that also leads away from what a worse network says of the same captions."""
        return Teacher(self._unet, self._unsaid, self._guidance, self._muted, self._emphasis, worse)

    def velocity(self, noisy: Tensor, times: Tensor, text: Tensor) -> Tensor:
        """Give the guided velocity (n, c, h, w) at `times` (n,)."""
        told = [self._unsaid.expand_as(text), text, *(() if self._muted is None else (self._muted,))]
        parts = self._unet(
            torch.cat([noisy] * len(told)), torch.cat([times] * len(told)) * 1000.0, torch.cat(told)
        ).sample.float()
        unguided, guided, *muted = parts.chunk(len(told))
        mixed: Tensor = unguided + self._guidance * (guided - unguided)
        for part in muted:
            mixed = mixed + self._emphasis * (guided - part)
        if self._worse is not None:
            less = self._worse.unet(noisy, times * 1000.0, self._worse.text).sample.float()
            mixed = mixed + self._worse.away * (guided - less)
        return mixed

    def walk(self, noisy: Tensor, start: Tensor, end: Tensor, text: Tensor, steps: int) -> Tensor:
        """Take `steps` equal Euler steps from the times `start` to the times `end`, both (n,)."""
        stride = (start - end) / steps
        for k in range(steps):
            velocity = self.velocity(noisy, start - k * stride, text)
            noisy = noisy - stride.view(-1, 1, 1, 1) * velocity
        return noisy

    def picture(self, noise: Tensor, text: Tensor, times: Tensor, sub_steps: int) -> Tensor:
        """Paint: walk from `noise` to the picture, with `sub_steps` between each two of the sampler's `times`."""
        noisy, n = noise, len(noise)
        for start, end in itertools.pairwise(times):
            noisy = self.walk(noisy, start.expand(n), end.expand(n), text, sub_steps)
        return noisy


@torch.no_grad()
def progressive_examples(teacher: Teacher, noise: Tensor, text: Tensor, times: Tensor, sub_steps: int) -> Examples:
    """Over each of the sampler's big steps, learn the teacher's mean velocity over `sub_steps` small ones.

    The teacher walks once from `noise` to the picture; each big step from `times[k]` to `times[k + 1]` is an example,
    so a walk of n pictures gives n · (len(times) − 1) of them, each where the student will stand when it paints.
    """
    n, noisy, velocities, states = len(noise), noise, [], []
    for start, end in itertools.pairwise(times):
        reached = teacher.walk(noisy, start.expand(n), end.expand(n), text, sub_steps)
        states.append(noisy)
        velocities.append((noisy - reached) / (start - end))
        noisy = reached
    big_steps = len(states)
    return Examples(
        noisy=torch.cat(states),
        times=times[:-1].repeat_interleave(n),
        text=text.repeat(big_steps, 1, 1),
        velocity=torch.cat(velocities),
    )


@torch.no_grad()
def consistency_examples(
    teacher: Teacher,
    average: Velocity,
    latents: Tensor,
    noise: Tensor,
    text: Tensor,
    steps: tuple[Tensor, Tensor],
    sub_steps: int,
) -> Examples:
    """At the start of a big step, learn the picture that the student's `average` sees at its end.

    `steps` are the times (n,) of start and end. The teacher walks from one to the other in `sub_steps`; at time 0 the
    picture is reached, and the average is not asked.
    """
    start, end = steps
    t, s = start.view(-1, 1, 1, 1), end.view(-1, 1, 1, 1)
    noisy = (1 - t) * latents + t * noise
    earlier = teacher.walk(noisy, start, end, text, sub_steps)
    picture = earlier - s * average(earlier, end, text)
    return Examples(noisy, start, text, (noisy - picture) / t)


@torch.no_grad()
def reflow_examples(
    teacher: Teacher, noise: Tensor, text: Tensor, times: Tensor, start: Tensor, sub_steps: int
) -> Examples:
    """On the straight line from noise to the picture that the teacher makes of it, learn the line's direction.

    `times` are the sampler's; `start`, (k · n,), says where on their lines the n pairs are looked at, pair by pair.
    """
    picture = teacher.picture(noise, text, times, sub_steps)
    each = len(start) // len(noise)
    t = start.view(-1, 1, 1, 1)
    noises, pictures = noise.repeat(each, 1, 1, 1), picture.repeat(each, 1, 1, 1)
    return Examples(
        noisy=(1 - t) * pictures + t * noises,
        times=start,
        text=text.repeat(each, 1, 1),
        velocity=noises - pictures,
    )
