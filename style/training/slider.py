"""A slider as a difference LoRA: one signed weight that moves a picture along the way from one end to the other.

Objective (x0 shift): on the same noisy input, with the LoRA at weight s in [-1, 1], the network has to give the base's
own picture moved by s times half the pair's difference. Both signs are trained, and weight 0 is the base exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from torch import Tensor, nn

from style.procedural import Spec, draw, phrases_of, random_spec
from style.training import adapters
from style.training.autoencoder import encode
from style.training.denoiser import embed
from style.training.loop import RunFiles, learning_rate

_EARLIEST = 0.2  # below this time a velocity that shifts the picture would be a division by almost nothing


@dataclass(frozen=True, slots=True)
class SliderRun:
    """Settings of one run; `style` names a style LoRA in the network that is on in half of the steps."""

    folder: Path
    name: str
    style: str | None = None
    pairs: int = 96
    steps: int = 300
    batch: int = 8
    rank: int = 4
    peak_rate: float = 1e-3
    strength: float = 1.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Latents (n, c, h, w) of the two ends, and the captions of what both show."""

    low: Tensor
    high: Tensor
    captions: list[str]


def drawn_pairs(
    pipeline: StableDiffusionPipeline,
    count: int,
    ends: Callable[[Spec], tuple[Spec, Spec]],
    words: Sequence[str],
    seed: int,
) -> Pairs:
    """Draw pairs with the procedural painter: the same elements at both ends; `words` of the ends stay unsaid."""
    size = pipeline.unet.config.sample_size * pipeline.vae_scale_factor
    specs = [random_spec(10_000_000 + seed * 100_000 + k) for k in range(count)]
    both = [ends(spec) for spec in specs]
    low, high = (np.stack([draw(pair[k], size) for pair in both]) for k in (0, 1))
    captions = [", ".join(phrase for phrase in phrases_of(spec) if phrase not in words) for spec in specs]
    return Pairs(encode(pipeline.vae, low), encode(pipeline.vae, high), captions)


def brightness_ends(spec: Spec) -> tuple[Spec, Spec]:
    """Give the dark and the light end of one composition."""
    return replace(spec, brightness=-1.0), replace(spec, brightness=1.0)


def train_slider(run: SliderRun, pipeline: StableDiffusionPipeline, pairs: Pairs) -> None:
    """Train the slider LoRA `run.name` on the pipeline's denoiser, or go on; it is left there at weight 0."""
    unet, files = pipeline.unet, RunFiles(run.folder)
    parameters = adapters.add(unet, run.name, run.rank, run.seed)
    optimiser = torch.optim.AdamW(parameters, lr=run.peak_rate, weight_decay=0.0)
    step = 0
    if (state := files.load()) is not None:
        step = state["step"]
        optimiser.load_state_dict(state["optimiser"])
        with torch.no_grad():
            for parameter, value in zip(parameters, state["parameters"], strict=True):
                parameter.copy_(value)
    chosen = np.random.default_rng((run.seed, 8, step))
    dice = torch.Generator().manual_seed(run.seed * 1_000_003 + step)
    while step < run.steps:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step, run.steps, run.peak_rate, 20, decay_share=0.5)
        if run.style is not None:
            adapters.weigh(unet, run.style, float(step % 2))
        loss = _shift_loss(run, pipeline, pairs, chosen, dice)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch ships it untyped
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        step += 1
        if step % 50 == 0 or step == run.steps:
            values = [parameter.detach() for parameter in parameters]
            files.save({"step": step, "optimiser": optimiser.state_dict(), "parameters": values})
            files.log(step=step, loss=loss.item())
    adapters.weigh(unet, run.name, 0.0)
    if run.style is not None:
        adapters.weigh(unet, run.style, 1.0)


def _shift_loss(
    run: SliderRun,
    pipeline: StableDiffusionPipeline,
    pairs: Pairs,
    chosen: np.random.Generator,
    dice: torch.Generator,
) -> Tensor:
    rows = torch.from_numpy(chosen.integers(len(pairs.low), size=run.batch))
    with torch.no_grad():
        text = embed(pipeline.tokenizer, pipeline.text_encoder, [pairs.captions[row] for row in rows.tolist()])
    low, high = (end[rows].to(text.device) for end in (pairs.low, pairs.high))
    middle, half = (low + high) / 2, (high - low) / 2
    # Drawn on the CPU, whatever the device: a seed means the same run everywhere.
    place = torch.rand((run.batch, 1, 1, 1), generator=dice) * 2 - 1
    weight = float(chosen.uniform(-1.0, 1.0))
    times = torch.rand(run.batch, generator=dice) * 0.98 + 0.01
    noise = torch.randn(middle.shape, generator=dice)
    place, times, noise = (drawn.to(text.device) for drawn in (place, times, noise))
    t = times.view(-1, 1, 1, 1)
    noisy = (1 - t) * (middle + place * half) + t * noise
    adapters.weigh(pipeline.unet, run.name, 0.0)
    with torch.no_grad():
        base = pipeline.unet(noisy, times * 1000.0, text).sample
    target = base - weight * run.strength * half / t.clamp(min=_EARLIEST)
    adapters.weigh(pipeline.unet, run.name, weight)
    made = pipeline.unet(noisy, times * 1000.0, text).sample
    # Weighted by t²: the error of the picture, x_0 = x_t - t v, not of the velocity.
    loss: Tensor = (t**2 * (made - target) ** 2).mean()
    return loss
