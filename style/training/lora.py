"""A style as a LoRA: the base model learns from a folder of paintings what their painter does.

The checkpoint is chosen by the loss on held-out paintings at fixed noise and times; the training loss says little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from torch import Tensor, nn

from style.training import adapters
from style.training.autoencoder import encode
from style.training.denoiser import draw_times, embed, flow_loss
from style.training.loop import MovingAverage, RunFiles, learning_rate
from style.training.paintings import Painting, caption, crops, pixel_tags


@dataclass(frozen=True, slots=True)
class StyleRun:
    """Settings of one run. `held_out` is the share of paintings kept for validation."""

    folder: Path
    name: str
    trigger: str
    steps: int = 800
    batch: int = 8
    rank: int = 16
    peak_rate: float = 5e-4
    crops_each: int = 10
    held_out: float = 0.15
    no_caption: float = 0.1
    seed: int = 0
    validate_every: int = 100


@dataclass(frozen=True, slots=True)
class _Examples:
    latents: Tensor
    tags: list[tuple[str, ...]]


def split(paintings: Sequence[Painting], share: float, seed: int) -> tuple[list[Painting], list[Painting]]:
    """Split paintings into those to train on and those held out, deterministic in `seed`."""
    order = np.random.default_rng((seed, 4)).permutation(len(paintings))
    count = max(1, round(share * len(paintings)))
    held = set(order[:count].tolist())
    train = [painting for k, painting in enumerate(paintings) if k not in held]
    return train, [painting for k, painting in enumerate(paintings) if k in held]


def train_style(
    run: StyleRun, pipeline: StableDiffusionPipeline, paintings: Sequence[Painting]
) -> list[tuple[int, float]]:
    """Train the LoRA `run.name` on the pipeline's denoiser; the best one by validation is left in it.

    Returns the validation losses by step, the first at step 0: the base without the LoRA. Resumes from its checkpoint.
    """
    train, held = split(paintings, run.held_out, run.seed)
    unet, files = pipeline.unet, RunFiles(run.folder)
    parameters = adapters.add(unet, run.name, run.rank, run.seed)
    size = unet.config.sample_size * pipeline.vae_scale_factor
    examples = _examples(pipeline, train, run, size)
    course = _Course(run, parameters, files)
    check = _Validation(pipeline, _examples(pipeline, held, run, size), run)
    while course.step < run.steps:
        if course.step % run.validate_every == 0 and course.step not in dict(course.curve):
            course.note(check)
        course.advance(_batch_loss(pipeline, examples, run, course))
    if course.step not in dict(course.curve):
        course.note(check)
    course.finish()
    return course.curve


def _examples(pipeline: StableDiffusionPipeline, paintings: Sequence[Painting], run: StyleRun, size: int) -> _Examples:
    cut, tags = [], []
    for k, painting in enumerate(paintings):
        for crop in crops(painting, run.crops_each, size, seed=run.seed * 1000 + k):
            cut.append(crop)
            tags.append(tuple(dict.fromkeys((*painting.tags, *pixel_tags(crop)))))
    return _Examples(encode(pipeline.vae, np.stack(cut)), tags)


class _Course:
    """The optimiser's state, its checkpoint, and the best weights by validation so far."""

    def __init__(self, run: StyleRun, parameters: list[nn.Parameter], files: RunFiles) -> None:
        self.run, self.parameters, self.files = run, parameters, files
        self.optimiser = torch.optim.AdamW(parameters, lr=run.peak_rate, weight_decay=0.01)
        self.average = MovingAverage(parameters, 0.99)
        self.step, self.curve = 0, list[tuple[int, float]]()
        self.best: list[Tensor] = []
        if (state := files.load()) is not None:
            self._restore(state)
        self.chosen = np.random.default_rng((run.seed, 5, self.step))
        self.dice = torch.Generator().manual_seed(run.seed * 1_000_003 + self.step)

    def advance(self, loss: Tensor) -> None:
        rate = learning_rate(self.step, self.run.steps, self.run.peak_rate, 50, decay_share=0.5)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch ships it untyped
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        self.average.update(self.step)
        self.step += 1

    def note(self, check: _Validation) -> None:
        """Measure the averaged weights, keep them if they are the best yet, and write a checkpoint."""
        self.average.swap()
        loss = check.loss()
        self.average.swap()
        if not self.curve or loss < min(value for _, value in self.curve):
            self.best = [mean.clone() for mean in self.average.shadow]
        self.curve.append((self.step, loss))
        self.files.log(step=self.step, validation=loss)
        self.files.save(
            {
                "step": self.step,
                "curve": [list(point) for point in self.curve],
                "parameters": [parameter.detach() for parameter in self.parameters],
                "average": self.average.shadow,
                "best": self.best,
                "optimiser": self.optimiser.state_dict(),
            }
        )

    @torch.no_grad()
    def finish(self) -> None:
        for parameter, value in zip(self.parameters, self.best, strict=True):
            parameter.copy_(value)

    @torch.no_grad()
    def _restore(self, state: dict[str, Any]) -> None:
        self.step, self.best = state["step"], state["best"]
        self.curve = [(int(step), float(loss)) for step, loss in state["curve"]]
        self.average.shadow = [mean.to(self.parameters[0].device) for mean in state["average"]]
        self.optimiser.load_state_dict(state["optimiser"])
        for parameter, value in zip(self.parameters, state["parameters"], strict=True):
            parameter.copy_(value)


def _batch_loss(pipeline: StableDiffusionPipeline, examples: _Examples, run: StyleRun, course: _Course) -> Tensor:
    rows = course.chosen.integers(len(examples.latents), size=run.batch)
    words = [
        "" if course.chosen.random() < run.no_caption else caption(run.trigger, examples.tags[row], course.chosen)
        for row in rows
    ]
    latents = examples.latents[torch.from_numpy(rows)].to(pipeline.unet.device)
    # Drawn on the CPU, whatever the device: a seed means the same run everywhere.
    noise = torch.randn(latents.shape, generator=course.dice).to(latents.device)
    times = draw_times(run.batch, course.dice).to(latents.device)
    with torch.no_grad():
        text = embed(pipeline.tokenizer, pipeline.text_encoder, words)
    return flow_loss(pipeline.unet, latents, text, noise, times)


class _Validation:
    """The loss on held-out paintings at fixed noise, times and captions, of the weights that are in the network."""

    def __init__(self, pipeline: StableDiffusionPipeline, examples: _Examples, run: StyleRun) -> None:
        self.pipeline, self.latents = pipeline, examples.latents.to(pipeline.unet.device)
        generator = torch.Generator().manual_seed(run.seed + 7)
        noise = torch.randn(self.latents.shape, generator=generator)
        times = torch.linspace(0.05, 0.95, len(noise))[torch.randperm(len(noise), generator=generator)]
        self.noise, self.times = noise.to(self.latents.device), times.to(self.latents.device)
        rng = np.random.default_rng((run.seed, 6))
        words = [caption(run.trigger, tags, rng, drop=0.0) for tags in examples.tags]
        with torch.no_grad():
            self.text = embed(pipeline.tokenizer, pipeline.text_encoder, words)

    @torch.no_grad()
    def loss(self) -> float:
        total = 0.0
        for k in range(0, len(self.times), 32):
            part = slice(k, k + 32)
            batch = self.latents[part]
            value = flow_loss(self.pipeline.unet, batch, self.text[part], self.noise[part], self.times[part])
            total += value.item() * len(batch)
        return total / len(self.times)
