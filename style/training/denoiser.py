"""The denoiser of the bundled model: U-Net and text encoder, trained together on the painter's pictures and captions.

Rectified flow: `x_t = (1 - t) x_0 + t noise`, the network gives the velocity `noise - x_0`.
Source: Liu et al., Flow Straight and Fast (arXiv 2209.03003); logit-normal times: Esser et al. (arXiv 2403.03206).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTokenizer

from style.training.loop import Clock, MovingAverage, RunFiles, learning_rate
from style.training.optimiser import MuonAdamW
from style.training.shards import Shards

HELD_OUT = 256
Caption = Callable[[int, int], str]  # (row of the picture, seed of the wording) -> caption


@dataclass(frozen=True, slots=True)
class DenoiserRun:
    """Settings of one run; `no_caption` is the share of pictures trained with an empty caption, for guidance.

    `shards` processes share each batch, for the cores of a CPU; a GPU needs one. With `seconds`, the run ends after so
    much work, its rate falling towards that end, however few steps that makes.
    """

    folder: Path
    steps: int = 5000
    batch: int = 48
    peak_rate: float = 6e-4
    warm_up: int = 300
    no_caption: float = 0.1
    decay_share: float = 0.3
    seed: int = 0
    device: str = "cpu"
    bfloat16: bool = False
    shards: int = 1
    save_every_s: float = 120.0
    seconds: float | None = None


def flow_loss(
    unet: UNet2DConditionModel,
    latents: Tensor,
    text: Tensor,
    noise: Tensor,
    times: Tensor,
    weights: Tensor | None = None,
) -> Tensor:
    """Give the mean squared error of the velocity at `times` (n,) in (0, 1), each channel counted by `weights` (c,)."""
    t = times.view(-1, 1, 1, 1)
    velocity = unet((1 - t) * latents + t * noise, times * 1000.0, text).sample.float()
    error: Tensor = (velocity - (noise - latents)) ** 2
    return (error if weights is None else weights.view(1, -1, 1, 1) * error).mean()


def draw_times(count: int, generator: torch.Generator) -> Tensor:
    """Draw logit-normal times, (count,) in (0, 1): most often in the middle of the way."""
    return torch.sigmoid(torch.randn(count, generator=generator))


def embed(tokenizer: CLIPTokenizer, text_encoder: CLIPTextModel, captions: list[str]) -> Tensor:
    """Turn captions into (n, length, width) embeddings, padded to the tokenizer's length as the pipeline does."""
    hidden: Tensor = text_encoder(token_ids(tokenizer, captions).to(text_encoder.device)).last_hidden_state
    return hidden


def token_ids(tokenizer: CLIPTokenizer, captions: list[str]) -> Tensor:
    """Cut captions into (n, length) numbers of tokens, padded as `embed` has them."""
    ids: Tensor = tokenizer(captions, padding="max_length", truncation=True, return_tensors="pt").input_ids
    return ids


@dataclass(slots=True, eq=False)
class FlowTask:
    """The loss of a part of a batch, for `Shards`: captions, latents, noise and times of its pictures."""

    unet: UNet2DConditionModel
    text_encoder: CLIPTextModel
    tokenizer: CLIPTokenizer
    weights: Tensor | None
    bfloat16: bool

    def parameters(self) -> list[nn.Parameter]:
        """List what is trained."""
        return [*self.unet.parameters(), *self.text_encoder.parameters()]

    def __call__(self, captions: list[str], latents: Tensor, noise: Tensor, times: Tensor) -> Tensor:
        """Give the mean loss over the rows."""
        # Never by torch.compile: in bf16 on a CPU most gradients come out as zero (torch 2.13; docs/LOG.md).
        text = embed(self.tokenizer, self.text_encoder, captions)
        with torch.autocast(latents.device.type, dtype=torch.bfloat16, enabled=self.bfloat16):
            return flow_loss(self.unet, latents, text, noise, times, self.weights)


def train_denoiser(
    run: DenoiserRun,
    unet: UNet2DConditionModel,
    text_encoder: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    latents: Tensor,
    caption: Caption,
    weights: Tensor | None = None,
) -> None:
    """Train, or go on, and leave the averaged weights in `unet` and `text_encoder`.

    `latents` is (n, c, h, w) in any float type. The last `HELD_OUT` are held out: their loss at fixed noise and times
    is logged. `weights` (c,) says how much an error in each channel counts.
    """
    torch.manual_seed(run.seed)
    files, device = RunFiles(run.folder), torch.device(run.device)
    unet.to(device, memory_format=torch.channels_last).train()
    text_encoder.to(device).train()
    if device.type == "cpu":
        # Fused attention is the slower one here, above all backwards: 45 against 37 pictures/s on one core.
        unet.set_attn_processor(AttnProcessor())
    task = FlowTask(unet, text_encoder, tokenizer, weights, run.bfloat16)
    parameters, shards = task.parameters(), Shards(task, run.shards)
    optimiser, clock = MuonAdamW((unet, text_encoder), run.peak_rate), Clock(run.steps, run.seconds)
    average, step = MovingAverage(parameters, 0.9990), 0
    if (state := files.load()) is not None:
        unet.load_state_dict(state["unet"])
        text_encoder.load_state_dict(state["text_encoder"])
        optimiser.load_state_dict(state["optimiser"])
        average.shadow = [mean.to(device) for mean in state["average"]]
        step, clock.spent_s = state["step"], state["seconds"]
    chosen = np.random.default_rng((run.seed, step))
    dice = torch.Generator().manual_seed(run.seed * 1_000_003 + step)
    held = _held_out(latents[-HELD_OUT:], caption, len(latents))
    saved_at, saved_step = time.monotonic(), step
    over = clock.is_over(step)
    while not over:
        optimiser.set_rate(learning_rate(clock.place(step), run.steps, run.peak_rate, run.warm_up, run.decay_share))
        rows = chosen.integers(len(latents) - HELD_OUT, size=run.batch)
        words = [
            "" if chosen.random() < run.no_caption else caption(int(row), int(chosen.integers(1 << 30))) for row in rows
        ]
        batch = latents[torch.from_numpy(rows)].float().to(device)
        noise = torch.randn(batch.shape, generator=dice).to(device)
        times = draw_times(run.batch, dice).to(device)
        loss = shards.backward(words, batch, noise, times)
        with shards.resting():
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            average.update(step)
        step += 1
        over = clock.is_over(step)
        if (since := time.monotonic() - saved_at) > run.save_every_s or over:
            files.save(
                {
                    "unet": unet.state_dict(),
                    "text_encoder": text_encoder.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "average": average.shadow,
                    "step": step,
                    "seconds": clock.worked_s(),
                }
            )
            average.swap()
            held_loss = _loss_of(unet, text_encoder, tokenizer, held, device)
            average.swap()
            files.log(step=step, loss=loss, held=held_loss, pictures_per_s=run.batch * (step - saved_step) / since)
            saved_at, saved_step = time.monotonic(), step
    shards.close()
    average.swap()
    unet.eval()
    text_encoder.eval()


@dataclass(frozen=True, slots=True)
class _HeldOut:
    latents: Tensor
    noise: Tensor
    times: Tensor
    captions: list[str]


def _held_out(latents: Tensor, caption: Caption, count: int) -> _HeldOut:
    generator = torch.Generator().manual_seed(1)
    return _HeldOut(
        latents=latents.float(),
        noise=torch.randn(latents.shape, generator=generator),
        times=torch.linspace(0.02, 0.98, len(latents)),
        captions=[caption(count - len(latents) + k, 0) for k in range(len(latents))],
    )


@torch.no_grad()
def _loss_of(
    unet: UNet2DConditionModel,
    text_encoder: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    held: _HeldOut,
    device: torch.device,
) -> float:
    total = 0.0
    for k in range(0, len(held.latents), 64):
        part = slice(k, k + 64)
        text = embed(tokenizer, text_encoder, held.captions[part])
        moved = (tensor[part].to(device) for tensor in (held.latents, held.noise, held.times))
        batch, noise, times = moved
        total += flow_loss(unet, batch, text, noise, times).item() * len(batch)
    return total / len(held.latents)
