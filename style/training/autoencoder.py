"""The autoencoder of the bundled model: an `AutoencoderTiny` whose encoder is solved and whose decoder is trained.

The encoder (`style.training.encoder`) is linear; the decoder is not: it has to draw sharp edges from 16 numbers a
block, and where the encoder averages a picture down first, to draw them finer than the blocks say.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny
from diffusers.models.unets.unet_2d_blocks import AutoencoderTinyBlock
from numpy.typing import NDArray
from torch import Tensor, nn

from style.training.encoder import BLOCK_PX, ENCODER_WIDTH, SCALING, averaging, project, to_tensor
from style.training.loop import Clock, MovingAverage, RunFiles, learning_rate
from style.training.model import LATENT_CHANNELS
from style.training.texture import texture_loss

LATENT_NOISE = 0.06  # the decoder learns to forgive this much error in a latent of unit variance
_BLOCKS = (3, 3, 1, 1)  # of the decoder from its coarsest level on: to 8 times its latents
_FINER_BLOCKS = (3, 3, 2, 2, 0)  # to 16 times; the finest level only places what the one before has found


def build_autoencoder(width: int = 32, averages: int = 1) -> AutoencoderTiny:
    """Build it untrained: `LATENT_CHANNELS` channels, a decoder of `width` channels.

    8-fold; with `averages` = 2, pictures of twice the side have the latents of their halves, and it is 16-fold.

    Raises:
        ValueError: `averages` is not 1 or 2.
    """
    if averages not in (1, 2):
        raise ValueError(f"averages is {averages}; expected 1 or 2")
    blocks = _BLOCKS if averages == 1 else _FINER_BLOCKS
    return AutoencoderTiny(
        encoder_block_out_channels=(ENCODER_WIDTH,) * len(blocks),
        decoder_block_out_channels=(width,) * len(blocks),
        num_encoder_blocks=(0,) * len(blocks),
        num_decoder_blocks=blocks,
        latent_channels=LATENT_CHANNELS,
        scaling_factor=SCALING,
        force_upcast=False,
    )


@torch.no_grad()
def grow_decoder(vae: AutoencoderTiny, smaller: AutoencoderTiny) -> None:
    """Start the decoder of `vae` where that of `smaller`, of fewer levels or blocks and the same width, has come to.

    What is new changes nothing at first: blocks that add nothing, and a finer level that repeats each pixel.
    """
    old, new = _levels(smaller), _levels(vae)
    for number, layers in enumerate(new):
        source = old[number] if number < len(old) else []
        blocks = [layer for layer in source if isinstance(layer, AutoencoderTinyBlock)]
        for layer in layers:
            if isinstance(layer, AutoencoderTinyBlock):
                if blocks:
                    layer.load_state_dict(blocks.pop(0).state_dict())
                else:
                    last = [part for part in layer.conv.modules() if isinstance(part, nn.Conv2d)][-1]
                    nn.init.zeros_(last.weight)
                    nn.init.zeros_(_bias(last))
            elif isinstance(layer, nn.Conv2d) and number < len(new) - 1:
                same = number < len(old) - 1
                layer.load_state_dict(source[-1].state_dict()) if same else nn.init.dirac_(layer.weight)
    vae.decoder.layers[0].load_state_dict(smaller.decoder.layers[0].state_dict())
    vae.decoder.layers[-1].load_state_dict(smaller.decoder.layers[-1].state_dict())


def _levels(vae: AutoencoderTiny) -> list[list[nn.Module]]:
    """List the decoder's layers level by level; each ends with its convolution."""
    levels: list[list[nn.Module]] = [[]]
    for layer in list(vae.decoder.layers)[2:]:
        levels[-1].append(layer)
        if isinstance(layer, nn.Conv2d):
            levels.append([])
    return levels[:-1]


def _bias(layer: nn.Conv2d) -> Tensor:
    assert layer.bias is not None, "the convolutions of a block have a bias"  # noqa: S101 - our own bug
    return layer.bias


@dataclass(frozen=True, slots=True)
class DecoderRun:
    """Settings of one run: it trains on random crops of `crop` × `crop` latents, 8 or 16 times that in pixels.

    `texture` weighs the loss of `style.training.texture` against that of reconstruction; it needs crops of 48 px.
    """

    folder: Path
    steps: int = 9000
    batch: int = 16
    crop: int = 8
    peak_rate: float = 1.5e-3
    texture: float = 0.0
    seed: int = 0
    device: str = "cpu"
    bfloat16: bool = False
    save_every_s: float = 60.0
    seconds: float | None = None


def reconstruction_loss(made: Tensor, true: Tensor) -> Tensor:
    """Charbonnier on pixels, on their gradients (thin lines), and on the chroma at a quarter of the size."""

    def soft(difference: Tensor) -> Tensor:
        return torch.sqrt(difference * difference + 1e-4).mean()

    error = made - true
    edges = soft(error[..., 1:] - error[..., :-1]) + soft(error[..., 1:, :] - error[..., :-1, :])
    chroma = F.avg_pool2d(error - error.mean(1, keepdim=True), 4)
    return soft(error) + 0.5 * edges + 0.5 * soft(chroma) + 2.0 * (error * error).mean()


@torch.no_grad()
def psnr(vae: AutoencoderTiny, pictures: NDArray[np.uint8]) -> float:
    """Measure the reconstruction of (n, h, w, 3) uint8 pictures in decibels."""
    device = next(vae.parameters()).device
    latents = project(vae, pictures).to(device) / vae.config.scaling_factor
    made = torch.cat([vae.decode(part).sample.clamp(-1, 1).cpu() for part in latents.split(16)])
    return float(10 * torch.log10(4.0 / ((made - to_tensor(pictures)) ** 2).mean()))


def train_decoder(run: DecoderRun, vae: AutoencoderTiny, pictures: NDArray[np.uint8]) -> AutoencoderTiny:
    """Train the decoder, or go on, with the encoder as it is; the last 64 of `pictures` are held out."""
    torch.manual_seed(run.seed)
    files, clock = RunFiles(run.folder), Clock(run.steps, run.seconds)
    vae.to(run.device)
    decoder = vae.decoder.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(decoder.parameters(), lr=run.peak_rate, weight_decay=0.01, betas=(0.9, 0.99))
    average, step = MovingAverage(decoder.parameters(), 0.998), 0
    if (state := files.load()) is not None:
        decoder.load_state_dict(state["decoder"])
        average.shadow = [mean.to(run.device) for mean in state["average"]]
        optimiser.load_state_dict(state["optimiser"])
        step, clock.spent_s = state["step"], state["seconds"]
    rng, block = np.random.default_rng((run.seed, step)), BLOCK_PX * averaging(vae)
    torch.manual_seed(run.seed * 1_000_003 + step)
    saved_at, saved_step = time.monotonic(), step
    over = clock.is_over(step)
    while not over:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(clock.place(step), run.steps, run.peak_rate, 100)
        pixels = _crops(pictures[:-64], run.batch, run.crop, block, rng)
        true = to_tensor(pixels).to(run.device)
        latents = project(vae, pixels).to(run.device) / SCALING
        with torch.autocast(true.device.type, dtype=torch.bfloat16, enabled=run.bfloat16):
            made = decoder(latents + LATENT_NOISE / SCALING * torch.randn_like(latents))
        loss = reconstruction_loss(made.float(), true)
        if run.texture:
            loss = loss + run.texture * texture_loss(made.float(), true)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch ships it untyped
        nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimiser.step()
        average.update(step)
        step += 1
        over = clock.is_over(step)
        if (since := time.monotonic() - saved_at) > run.save_every_s or over:
            files.save(
                {
                    "decoder": decoder.state_dict(),
                    "average": average.shadow,
                    "optimiser": optimiser.state_dict(),
                    "step": step,
                    "seconds": clock.worked_s(),
                }
            )
            average.swap()
            files.log(
                step=step, loss=loss.item(), psnr=psnr(vae, pictures[-64:]), steps_per_s=(step - saved_step) / since
            )
            average.swap()
            saved_at, saved_step = time.monotonic(), step
    average.swap()
    return vae.eval()


def _crops(
    pictures: NDArray[np.uint8], count: int, crop: int, block: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Cut random crops of `crop` blocks a side on the grid of blocks, half of them mirrored."""
    side = crop * block
    room = (pictures.shape[1] - side) // block
    chosen = rng.integers(len(pictures), size=count)
    corners = rng.integers(0, room + 1, size=(count, 2)) * block
    flips = rng.integers(0, 2, size=count)
    cut = [
        pictures[i, y : y + side, x : x + side][:, :: 1 - 2 * int(flip)]
        for i, (y, x), flip in zip(chosen, corners, flips, strict=True)
    ]
    return np.ascontiguousarray(np.stack(cut))
