"""A style as a LoRA: the base model learns from a folder of paintings what their painter does.

The checkpoint is chosen by the loss on held-out paintings at fixed noise and times; the training loss says little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from style.training import adapters
from style.training.course import Course, Dice, Outcome
from style.training.events import OnEvent, Stopped, ignore, never
from style.training.job import StyleJob
from style.training.loop import MovingAverage, RunFiles, learning_rate
from style.training.paintings import Painting, caption, crops, pixel_tags, split
from style.training.samples import SampleGrid
from style.training.trainable import Conditioning, Trainable, usual_rate

WEIGHTS = (0.0, 0.5, 1.0)  # of the samples
PROMPTS = 4
_AVERAGED = 0.99
_WARM_UP = 50


@dataclass(frozen=True, slots=True)
class _Examples:
    latents: Tensor
    tags: list[tuple[str, ...]]


def train_style(
    job: StyleJob,
    folder: Path,
    model: Trainable,
    paintings: Sequence[Painting],
    on_event: OnEvent = ignore,
    stopped: Stopped = never,
) -> Outcome:
    """Train the LoRA `job.name` on the model's denoiser, or go on; the best one by validation is left in it.

    Checkpoint and samples lie in `folder`. `stopped` is asked between steps; where it says True, the run ends with a
    checkpoint. The events are those that `style.training.job` lists, from "started" to the last "samples".

    Raises:
        BadJobError: the folder's checkpoint is of a run with other settings.
        TrainingError: the loss is no number.
    """
    train, held = split(paintings, job.held_out, job.seed)
    rate = job.rate or usual_rate(model, 5e-4, 1e-4)
    parameters = adapters.add(model.denoiser, job.name, job.rank, job.seed)
    course = Course(
        RunFiles(folder),
        parameters,
        lambda step: learning_rate(step, job.steps, rate, _WARM_UP, decay_share=0.5),
        weight_decay=0.01,
        settings={
            "rank": job.rank,
            "rate": rate,
            "batch": job.batch,
            "seed": job.seed,
            "trigger": job.trigger,
            "base": model.digest,
        },
        seed=job.seed,
    )
    told = {"pictures": len(paintings), "held_out": len(held)}
    on_event({"event": "started", "steps": job.steps, "step": course.step, **told})
    run = _StyleRun(job, folder, model, course, parameters, on_event)
    run.prepare(train, held)
    return run.go(stopped)


class _StyleRun:
    """A run with what it measures: the averaged weights, the best of them so far, samples."""

    def __init__(
        self,
        job: StyleJob,
        folder: Path,
        model: Trainable,
        course: Course,
        parameters: list[nn.Parameter],
        on_event: OnEvent,
    ) -> None:
        self.job, self.folder, self.model, self.course = job, folder, model, course
        self.parameters, self.on_event = parameters, on_event
        self.average = MovingAverage(parameters, _AVERAGED)
        self.curve = list[tuple[int, float]]()
        self.best: list[Tensor] = []
        if course.kept:
            self.curve = [(int(step), float(loss)) for step, loss in course.kept["curve"]]
            self.best = course.kept["best"]
            self.average.shadow = [mean.to(parameters[0].device) for mean in course.kept["average"]]

    def prepare(self, train: Sequence[Painting], held: Sequence[Painting]) -> None:
        self.examples = _examples(self.model, train, self.job)
        held_out = _examples(self.model, held, self.job)
        self.check = _Validation(self.model, held_out, self.job)
        prompts = self.job.prompts or tuple(dict.fromkeys(self.check.captions[:: self.job.crops_each]))
        self.grid = SampleGrid(
            self.model, prompts[:PROMPTS], WEIGHTS, self.job.sample_steps, self.job.sample_guidance, self.job.seed
        )

    def go(self, stopped: Stopped) -> Outcome:
        job, course = self.job, self.course
        pace = course.pace(self.on_event, job.steps)
        while True:
            self._measure(stopped)
            if course.step >= job.steps:
                break
            if stopped():
                self._save()
                return Outcome(course.step, self._best_step(), is_cancelled=True)
            dice = course.dice()
            course.advance(self._loss(dice), pace)
            self.average.update(course.step - 1)
            if course.is_save_due():
                self._save()
        self._finish()
        return Outcome(course.step, self._best_step(), is_cancelled=False)

    def _measure(self, stopped: Stopped) -> None:
        step, is_last = self.course.step, self.course.step >= self.job.steps
        if (step % self.job.validate_every == 0 or is_last) and step not in dict(self.curve):
            self._validate()
        file = f"samples/step-{step:06d}.png"
        is_due = step > 0 and (step % self.job.samples_every == 0 or is_last)
        if is_due and not (self.folder / file).exists():
            self._save()
            self.average.swap()
            painted = self.grid.paint(self.job.name, self.folder / file, stopped)
            self.average.swap()
            if painted:
                self.on_event({"event": "samples", "step": step, "file": file})

    def _validate(self) -> None:
        """Measure the averaged weights, keep them if they are the best yet, and write a checkpoint."""
        step = self.course.step
        self.average.swap()
        loss = self.check.loss()
        self.average.swap()
        # The base without the LoRA is measured to be compared with, never kept.
        is_best = step > 0 and all(loss < value for at, value in self.curve if at > 0)
        if is_best:
            self.best = [mean.clone() for mean in self.average.shadow]
        self.curve.append((step, loss))
        # Told first, kept then: a kill in between makes it told twice, not never.
        self.on_event({"event": "validation", "step": step, "loss": loss, "best": is_best})
        self._save()

    def _loss(self, dice: Dice) -> Tensor:
        job, examples = self.job, self.examples
        rows = dice.choices.integers(len(examples.latents), size=job.batch)
        words = [
            ""
            if dice.choices.random() < job.no_caption
            else caption(job.trigger, examples.tags[row], dice.choices, job.no_tag)
            for row in rows
        ]
        latents = examples.latents[torch.from_numpy(rows)]
        noise = torch.randn(latents.shape, generator=dice.noise)
        times = self.model.process.draw_times(job.batch, dice.noise)
        latents, noise, times = (tensor.to(self.model.device) for tensor in (latents, noise, times))
        return style_loss(self.model, latents, noise, times, self.model.embed(words))

    def _save(self) -> None:
        curve = [list(point) for point in self.curve]
        self.course.save({"curve": curve, "average": self.average.shadow, "best": self.best})

    @torch.no_grad()
    def _finish(self) -> None:
        for parameter, value in zip(self.parameters, self.best, strict=True):
            parameter.copy_(value)
        losses = dict(self.curve)
        if losses.get(0, float("inf")) <= losses[self._best_step()]:
            text = "on held-out paintings no step was better than the base model: give more paintings, or a lower rate"
            self.on_event({"event": "warning", "text": text})

    def _best_step(self) -> int:
        return min(((loss, step) for step, loss in self.curve if step > 0), default=(0.0, 0))[1]


def style_loss(model: Trainable, latents: Tensor, noise: Tensor, times: Tensor, conditioning: Conditioning) -> Tensor:
    """Give the mean squared error of the prediction at `times` (n,) in (0, 1), as the model's process counts it."""
    process = model.process
    made = model.predict(process.add_noise(latents, noise, times), times, conditioning)
    loss: Tensor = (process.weights(times) * (made - process.target(latents, noise, times)) ** 2).mean()
    return loss


def _examples(model: Trainable, paintings: Sequence[Painting], job: StyleJob) -> _Examples:
    latents, tags = [], []
    for k, painting in enumerate(paintings):
        cut = crops(painting, job.crops_each, model.size_px, seed=job.seed * 1000 + k)
        latents.append(model.encode_pictures(np.stack(cut)))
        read = (pixel_tags(crop) if job.pixel_tags else () for crop in cut)
        tags += [tuple(dict.fromkeys((*painting.tags, *more))) for more in read]
    return _Examples(torch.cat(latents), tags)


class _Validation:
    """The loss on held-out paintings at fixed noise, times and captions, of the weights that are in the network."""

    def __init__(self, model: Trainable, examples: _Examples, job: StyleJob) -> None:
        self._model, self._latents, self._batch = model, examples.latents, 4 * job.batch
        generator = torch.Generator().manual_seed(job.seed + 7)
        self._noise = torch.randn(self._latents.shape, generator=generator)
        count = len(self._latents)
        self._times = torch.linspace(0.05, 0.95, count)[torch.randperm(count, generator=generator)]
        rng = np.random.default_rng((job.seed, 6))
        self.captions = [caption(job.trigger, tags, rng, drop=0.0) for tags in examples.tags]

    @torch.no_grad()
    def loss(self) -> float:
        total = 0.0
        for k in range(0, len(self._times), self._batch):
            part = slice(k, k + self._batch)
            moved = (tensor[part].to(self._model.device) for tensor in (self._latents, self._noise, self._times))
            latents, noise, times = moved
            loss = style_loss(self._model, latents, noise, times, self._model.embed(self.captions[part]))
            total += loss.item() * len(times)
        return total / len(self._times)
