"""A slider as a difference LoRA: one signed weight that moves a picture along the way from one end to the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from style.training import adapters
from style.training.course import Course, Outcome
from style.training.events import OnEvent, Stopped, ignore, never
from style.training.job import SliderJob
from style.training.loop import RunFiles, learning_rate
from style.training.objectives import OBJECTIVES, Task, draw_batch
from style.training.pairs import Pairs
from style.training.samples import SampleGrid
from style.training.trainable import Trainable, usual_rate

WEIGHTS = (-1.0, 0.0, 1.0)  # of the samples
PROMPTS = 4
STYLE = "the_style"  # the name in the network of the style's adapter that is on in half of the steps
_HELPER = "the_helper"
_WARM_UP = 20
_UNSURE = (
    "on a model that predicts noise, addift learns from what little the base errs by, and its direction is not sure: "
    "look at the samples, or use x0_shift"
)


def train_slider(
    job: SliderJob,
    folder: Path,
    model: Trainable,
    pairs: Pairs,
    on_event: OnEvent = ignore,
    stopped: Stopped = never,
) -> Outcome:
    """Train the slider LoRA `job.name` on the model's denoiser, or go on; it is left there at weight 1.

    Checkpoint and samples lie in `folder`. `stopped` is asked between steps; where it says True, the run ends with a
    checkpoint. The events are those that `style.training.job` lists, from "started" to the last "samples".

    Raises:
        BadPackError: the style's adapter cannot be used.
        BadJobError: the folder's checkpoint is of a run with other settings.
        TrainingError: the loss is no number.
    """
    if job.style is not None:
        adapters.load(model.pipeline, model.denoiser, STYLE, Path(job.style))
    run = _SliderRun(job, folder, model, pairs)
    sizes = {"pictures": 2 * len(pairs.low), "held_out": 0}
    on_event({"event": "started", "steps": job.steps, "step": run.course.step, **sizes})
    if job.method == "addift" and getattr(model.process, "prediction", None) == "epsilon":
        on_event({"event": "warning", "text": _UNSURE})
    return run.go(on_event, stopped)


class _SliderRun:
    """A run: the slider's parameters and, for `two_pass`, the helper's, which are trained in the first half."""

    def __init__(self, job: SliderJob, folder: Path, model: Trainable, pairs: Pairs) -> None:
        self.job, self.folder, self.model, self.pairs = job, folder, model, pairs
        self.has_passes = job.method == "two_pass"
        rate = job.rate or usual_rate(model, 1e-3, 2e-4)
        self.helping = adapters.add(model.denoiser, _HELPER, job.rank, job.seed + 1) if self.has_passes else []
        self.sliding = adapters.add(model.denoiser, job.name, job.rank, job.seed)
        settings: dict[str, Any] = {
            "rank": job.rank,
            "rate": rate,
            "batch": job.batch,
            "seed": job.seed,
            "method": job.method,
            "base": model.digest,
        }
        if self.has_passes:
            settings["steps"] = job.steps  # they say where the second pass begins
        files, parameters = RunFiles(folder), [*self.helping, *self.sliding]
        self.course = Course(files, parameters, self._rate_course(rate), 0.0, settings, job.seed)
        prompts = job.prompts or tuple(dict.fromkeys(pairs.captions))
        self.grid = SampleGrid(model, prompts[:PROMPTS], WEIGHTS, job.sample_steps, job.sample_guidance, job.seed)

    def go(self, on_event: OnEvent, stopped: Stopped) -> Outcome:
        job, course = self.job, self.course
        pace = course.pace(on_event, job.steps)
        task = Task(self.model, job.name, _HELPER, job.strength, job.steps)
        while True:
            self._paint_samples(on_event, stopped)
            if stopped() or course.step >= job.steps:
                break
            self._switch()
            batch = draw_batch(self.model, self.pairs, job.batch, course.dice(), course.step)
            course.advance(OBJECTIVES[job.method](task, batch), pace)
            if course.is_save_due():
                course.save({})
        course.save({})
        self._settle()
        return Outcome(course.step, course.step, is_cancelled=course.step < job.steps)

    def _rate_course(self, peak: float) -> Callable[[int], float]:
        if not self.has_passes:
            return lambda step: learning_rate(step, self.job.steps, peak, _WARM_UP, decay_share=0.5)
        first = self.job.steps // 2
        second = self.job.steps - first

        def rate(step: int) -> float:
            if step < first:
                return learning_rate(step, first, peak, _WARM_UP, decay_share=0.5)
            return learning_rate(step - first, second, peak, _WARM_UP, decay_share=0.5)

        return rate

    def _switch(self) -> None:
        """Choose for this step which parameters learn, and whether the style is on."""
        step = self.course.step
        is_first = self.has_passes and step < self.job.steps // 2
        for parameter in self.helping:
            parameter.requires_grad_(is_first)
        for parameter in self.sliding:
            parameter.requires_grad_(not is_first)
        if self.job.style is not None:
            adapters.weigh(self.model.denoiser, STYLE, float(step % 2))

    def _paint_samples(self, on_event: OnEvent, stopped: Stopped) -> None:
        step, steps = self.course.step, self.job.steps
        file = f"samples/step-{step:06d}.png"
        is_due = step > 0 and (step % self.job.samples_every == 0 or step >= steps)
        if not is_due or (self.folder / file).exists():
            return
        self.course.save({})
        self._settle()
        if self.grid.paint(self.job.name, self.folder / file, stopped):
            on_event({"event": "samples", "step": step, "file": file})

    def _settle(self) -> None:
        """Leave slider and style on, the helper off, as pictures are painted."""
        adapters.weigh(self.model.denoiser, self.job.name, 1.0)
        for name, weight in ((STYLE, 1.0), (_HELPER, 0.0)):
            adapters.weigh(self.model.denoiser, name, weight)
