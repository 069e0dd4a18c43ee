"""Distillation: the guided sampler of many steps becomes a student of few, with no guidance pass.

The student is a LoRA on the base (the accelerator), so that style adapters and sliders stay trained on the base and fit
both; or an adapter that is there already and has a teacher of its own; or, to compare, all weights. What it learns is
said in `style.training.targets`.
"""

from __future__ import annotations

import copy
import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import StableDiffusionPipeline, UNet2DConditionModel
from torch import Tensor, nn

from style.accelerator import WEIGHTS_FILE, write_sampling
from style.training import adapters
from style.training.course import check_settings
from style.training.denoiser import Caption, embed
from style.training.encoder import channel_weights
from style.training.loop import MovingAverage, RunFiles, learning_rate
from style.training.targets import (
    Examples,
    Method,
    Teacher,
    Velocity,
    Worse,
    consistency_examples,
    progressive_examples,
    reflow_examples,
    sampler_times,
)

NAME = "accelerator"
_JITTER = 0.3  # how far before a start of the sampler's a pair may be looked at, in big steps


@dataclass(frozen=True, slots=True)
class DistilRun:
    """Settings of one run.

    The student learns to paint in `paint_steps`, each worth `sub_steps` of its teacher's at `guidance`, with `emphasis`
    on the words that its material can mute, and `away` from a worse model where there is one. `batch` counts the
    student's examples of a training step, `judged` the pictures of the few-step error. `rank` 0 trains all weights in
    place of a LoRA.
    """

    folder: Path
    method: Method = "progressive"
    paint_steps: int = 8
    sub_steps: int = 2
    guidance: float = 2.5
    emphasis: float = 3.0
    away: float = 1.0
    steps: int = 3000
    batch: int = 32
    judged: int = 32
    rank: int = 32
    peak_rate: float = 1e-3
    warm_up: int = 20
    average: float = 0.99
    seed: int = 0
    device: str = "cpu"
    bfloat16: bool = False
    save_every_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Material:
    """What runs draw from: `caption` words the rows 0 … `rows` − 1, and `latents` (rows, c, h, w) has their pictures.

    Only the method `consistency` looks at pictures; the others start from noise and need the captions alone. `mute`
    takes the words out of a caption that are to be emphasised.
    """

    caption: Caption
    rows: int
    latents: Tensor | None = None
    mute: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Pupil:
    """An adapter of the pipeline's denoiser that learns on, at the weight that it has, from a network of its own."""

    name: str
    teacher: UNet2DConditionModel
    settings: Mapping[str, object]  # what else must be as it was for a run to go on


def train_student(
    run: DistilRun,
    pipeline: StableDiffusionPipeline,
    material: Material,
    worse: StableDiffusionPipeline | None = None,
    pupil: Pupil | None = None,
) -> None:
    """Train the student, or go on; its averaged weights are left in the pipeline's denoiser, a LoRA at weight 1.

    `worse` is an earlier state of the same model, which the teacher leads away from. A `pupil` is what learns in place
    of a fresh LoRA. A run that was stopped and resumed ends in the same weights as one that was not. The log tells
    `few_step_error`.

    Raises:
        BadJobError: the folder's checkpoint is of a run with other settings.
        ValueError: the method is `consistency`, and there are no latents.
    """
    if run.method == "consistency" and material.latents is None:
        raise ValueError("the method consistency starts from pictures, and there are no latents; give material some")
    files = RunFiles(run.folder)
    course = _Course(run, pipeline, material, worse, pupil)
    if (state := files.load()) is not None:
        check_settings(run.folder, state.get("settings", course.settings), course.settings)
        course.restore(state)
    saved_at = time.monotonic()
    if course.step == 0:
        files.log(step=0, few_step_error=course.judge())
    while course.step < run.steps:
        loss = course.advance()
        if time.monotonic() - saved_at > run.save_every_s or course.step == run.steps:
            files.save(course.state())
            with course.averaged():
                files.log(step=course.step, loss=loss, few_step_error=course.judge())
            saved_at = time.monotonic()
    course.finish()


def save_student(run: DistilRun, pipeline: StableDiffusionPipeline, folder: Path) -> None:
    """Write the accelerator and its sampling into a model's folder; it must be of the base that it was trained on."""
    adapters.save(pipeline, NAME, folder / WEIGHTS_FILE)
    write_sampling(folder, run.paint_steps, 1.0)


class _Course:
    """The student under training: its network, its teacher, the optimiser and the average."""

    def __init__(
        self,
        run: DistilRun,
        pipeline: StableDiffusionPipeline,
        material: Material,
        worse: StableDiffusionPipeline | None,
        pupil: Pupil | None,
    ) -> None:
        self.run, self.pipeline, self.material, self.step = run, pipeline.to(run.device), material, 0
        self.worse = None if worse is None else worse.to(run.device)
        self.unet = pipeline.unet.to(memory_format=torch.channels_last)
        self.times = sampler_times(run.paint_steps).to(run.device)
        self.weights = channel_weights(pipeline.vae).view(1, -1, 1, 1).to(run.device)
        network = copy.deepcopy(self.unet) if pupil is None else pupil.teacher.to(run.device)
        self.teacher = Teacher(network.eval().requires_grad_(False), self.say([""]), run.guidance)
        self.parameters = self._parameters() if pupil is None else adapters.trained_on(self.unet, pupil.name)
        self.optimiser = torch.optim.AdamW(self.parameters, lr=run.peak_rate, weight_decay=0.0, betas=(0.9, 0.99))
        self.average = MovingAverage(self.parameters, run.average)
        self.exam = self._exam()
        self.settings = _settings(run, pupil)

    @torch.no_grad()
    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` gave."""
        self.step = state["step"]
        self.optimiser.load_state_dict(state["optimiser"])
        for parameter, value, mean, kept in zip(
            self.parameters, state["parameters"], self.average.shadow, state["average"], strict=True
        ):
            parameter.copy_(value)
            mean.copy_(kept)

    def advance(self) -> float:
        """Take one step of training; returns the loss."""
        rate = learning_rate(self.step, self.run.steps, self.run.peak_rate, self.run.warm_up, decay_share=0.5)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        # Each in an autocast of its own: within one, kept copies of the averaged weights would serve the student too.
        with self._autocast():
            examples = self._examples()
        with self._autocast():
            velocity = self._velocity(examples.noisy, examples.times, examples.text)
            loss = (self.weights * (velocity - examples.velocity) ** 2).mean()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch ships it untyped
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        self.average.update(self.step)
        self.step += 1
        return loss.item()

    def judge(self) -> float:
        """Measure the few-step error on noise and captions set apart, of the weights that are in the network."""
        noise, text, picture = self.exam
        return few_step_error(self._velocity, noise, text, self.times, picture)

    def say(self, captions: list[str], model: StableDiffusionPipeline | None = None) -> Tensor:
        """Embed captions with the frozen text encoder, or with that of another model."""
        speaker = model or self.pipeline
        with torch.no_grad(), torch.autocast(self.run.device, enabled=False):
            return embed(speaker.tokenizer, speaker.text_encoder, captions)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Have the averaged weights in the network for a while."""
        self.average.swap()
        try:
            yield
        finally:
            self.average.swap()

    def state(self) -> dict[str, Any]:
        """Give all that a resumed run needs."""
        return {
            "settings": self.settings,
            "step": self.step,
            "parameters": [parameter.detach() for parameter in self.parameters],
            "average": self.average.shadow,
            "optimiser": self.optimiser.state_dict(),
        }

    def finish(self) -> None:
        """Leave the averaged weights in the network."""
        self.average.swap()
        self.unet.eval()

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.run.device, dtype=torch.bfloat16, enabled=self.run.bfloat16)

    def _parameters(self) -> list[nn.Parameter]:
        if self.run.rank:
            return adapters.add(self.unet, NAME, self.run.rank, self.run.seed)
        self.unet.requires_grad_(True)
        return list(self.unet.parameters())

    @torch.no_grad()
    def _exam(self) -> tuple[Tensor, Tensor, Tensor]:
        """Make noise, words, and the teacher's pictures of them."""
        count = self.run.judged
        noise = self._noise(count, torch.Generator().manual_seed(1))
        captions = [self.material.caption(row % self.material.rows, 0) for row in range(count)]
        text = self.say(captions)
        return noise, text, self._teacher_of(captions).picture(noise, text, self.times, self.run.sub_steps)

    def _teacher_of(self, captions: list[str]) -> Teacher:
        mute, teacher = self.material.mute, self.teacher
        if self.worse is not None:
            told = self.say(captions, self.worse)
            teacher = teacher.leaving(Worse(self.worse.unet, told, self.run.away))
        if mute is None or not self.run.emphasis:
            return teacher
        return teacher.emphasising(self.say([mute(caption) for caption in captions]), self.run.emphasis)

    def _velocity(self, noisy: Tensor, times: Tensor, text: Tensor) -> Tensor:
        velocity: Tensor = self.unet(noisy, times * 1000.0, text).sample.float()
        return velocity

    def _average_velocity(self, noisy: Tensor, times: Tensor, text: Tensor) -> Tensor:
        with self.averaged():
            return self._velocity(noisy, times, text)

    def _noise(self, count: int, dice: torch.Generator) -> Tensor:
        """Draw noise on the CPU, whatever the device: a seed means the same run everywhere."""
        side = self.unet.config.sample_size
        return torch.randn((count, self.unet.config.in_channels, side, side), generator=dice).to(self.run.device)

    def _examples(self) -> Examples:
        """Draw this step's examples, from the seed and the step alone."""
        run, material = self.run, self.material
        chosen = np.random.default_rng((run.seed, 9, self.step))
        dice = torch.Generator().manual_seed(run.seed * 1_000_003 + self.step)
        count = run.batch if run.method == "consistency" else max(1, run.batch // run.paint_steps)
        rows = chosen.integers(material.rows, size=count)
        captions = [material.caption(int(row), int(chosen.integers(1 << 30))) for row in rows]
        text, teacher = self.say(captions), self._teacher_of(captions)
        noise = self._noise(count, dice)
        if run.method == "progressive":
            return progressive_examples(teacher, noise, text, self.times, run.sub_steps)
        if run.method == "reflow":
            back = _JITTER / run.paint_steps * torch.rand(count * run.paint_steps, generator=dice).to(run.device)
            start = self.times[:-1].repeat_interleave(count) - back
            return reflow_examples(teacher, noise, text, self.times, start, run.sub_steps)
        assert material.latents is not None, "asked for before the run began"  # noqa: S101 - our own bug
        latents = material.latents[torch.from_numpy(rows)].float().to(run.device)
        big = torch.from_numpy(chosen.integers(run.paint_steps, size=count)).to(run.device)
        steps = (self.times[big], self.times[big + 1])
        return consistency_examples(teacher, self._average_velocity, latents, noise, text, steps, run.sub_steps)


def _settings(run: DistilRun, pupil: Pupil | None) -> str:
    """Write down, as JSON, what decides the weights that a run of so many steps ends in."""
    names = ("method", "paint_steps", "sub_steps", "guidance", "emphasis", "away", "batch", "rank", "peak_rate", "seed")
    own = {} if pupil is None else pupil.settings
    return json.dumps({**{name: getattr(run, name) for name in names}, **own}, sort_keys=True)


@torch.no_grad()
def few_step_error(student: Velocity, noise: Tensor, text: Tensor, times: Tensor, picture: Tensor) -> float:
    """Measure how far a student's pictures of `noise` are from its teacher's `picture`: root mean square in latents."""
    noisy, n = noise, len(noise)
    for start, end in itertools.pairwise(times):
        noisy = noisy - (start - end) * student(noisy, start.expand(n), text)
    return float((noisy - picture).square().mean().sqrt())
