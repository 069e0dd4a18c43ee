"""The autoencoder of the bundled model: an `AutoencoderTiny` whose encoder is solved and whose decoder is trained.

The encoder is linear: the principal components of 8×8 blocks of the painter's pictures, written exactly into the
encoder's convolutions. So the space of latents stands from the first minute, and the denoiser and the decoder can be
trained side by side. The decoder is not linear: it has to draw sharp edges from 16 numbers a block.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny
from numpy.typing import NDArray
from torch import Tensor, nn

from style.training.loop import MovingAverage, RunFiles, learning_rate
from style.training.model import LATENT_CHANNELS

BLOCK_PX = 8
_VALUES = 3 * BLOCK_PX * BLOCK_PX
_ENCODER_WIDTH = 48  # 4×4 pixels of three channels pass through its third level exactly
_EVENING = 0.75  # how far the components' deviations are evened: 0 leaves them, 1 makes all equal
SCALING = 3.0  # the decoder bends values beyond 3 by a tanh, so its latents are kept this much smaller
LATENT_NOISE = 0.06  # the decoder learns to forgive this much error in a latent of unit variance


def build_autoencoder(width: int = 32) -> AutoencoderTiny:
    """Build it untrained: 8-fold, `LATENT_CHANNELS` channels, a decoder of `width` channels."""
    return AutoencoderTiny(
        encoder_block_out_channels=(_ENCODER_WIDTH,) * 4,
        decoder_block_out_channels=(width,) * 4,
        num_encoder_blocks=(0, 0, 0, 0),
        num_decoder_blocks=(3, 3, 1, 1),
        latent_channels=LATENT_CHANNELS,
        scaling_factor=SCALING,
        force_upcast=False,
    )


def to_tensor(pictures: NDArray[np.uint8]) -> Tensor:
    """Turn (n, h, w, 3) uint8 into (n, 3, h, w) float32 in [-1, 1]."""
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(pictures, -1, 1))).float() / 127.5 - 1.0


def principal_components(pictures: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
    """Find the projection of a block: (`LATENT_CHANNELS`, 3, 8, 8) weights and (`LATENT_CHANNELS`,) offsets.

    A latent is `(weights * block).sum() + offset` for a block in [-1, 1]; over `pictures`, (n, h, w, 3) uint8, the
    latents have mean 0, and together variance 1.
    """
    n, side = len(pictures), pictures.shape[1] // BLOCK_PX
    blocks = (pictures.astype(np.float32) / 127.5 - 1.0).reshape(n, side, BLOCK_PX, side, BLOCK_PX, 3)
    flat = blocks.transpose(0, 1, 3, 5, 2, 4).reshape(-1, _VALUES)
    mean = flat.mean(0)
    variances, vectors = np.linalg.eigh(np.cov(flat[::3].T))
    kept, axes = variances[::-1][:LATENT_CHANNELS], vectors[:, ::-1][:, :LATENT_CHANNELS]
    gains = kept ** (-_EVENING / 2.0)
    gains /= np.sqrt(np.mean(kept * gains**2))
    weights = axes * gains
    shaped = torch.from_numpy(weights.T.reshape(LATENT_CHANNELS, 3, BLOCK_PX, BLOCK_PX).astype(np.float32))
    return shaped, torch.from_numpy(-(mean @ weights).astype(np.float32))


@torch.no_grad()
def write_encoder(vae: AutoencoderTiny, weights: Tensor, offsets: Tensor) -> None:
    """Write a projection of blocks, divided by `SCALING`, into the encoder's five convolutions, exactly.

    Each stride-2 convolution gathers 2×2 neighbours into channels; the fourth also projects, and the last only adds
    the offset. `AutoencoderTiny` shifts its input to [0, 1]; the first convolution shifts it back.
    """
    first, half, quarter, eighth, last = (m for m in vae.encoder.layers.modules() if isinstance(m, nn.Conv2d))
    for layer in (first, half, quarter, eighth, last):
        nn.init.zeros_(layer.weight)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
    for channel in range(3):
        first.weight[channel, channel, 1, 1] = 2.0
    nn.init.constant_(_bias(first), -1.0)
    # The border: a zero-padded convolution reads only inside, since the 2×2 neighbours lie at offsets 0 and 1.
    for layer, channels in ((half, 3), (quarter, 12)):
        for out in range(4 * channels):
            source, place = out // 4, out % 4
            layer.weight[out, source, 1 + place // 2, 1 + place % 2] = 1.0
    for channel in range(3):
        for y in range(BLOCK_PX):
            for x in range(BLOCK_PX):
                inner = (y % 2) * 2 + x % 2
                middle = (y // 2 % 2) * 2 + x // 2 % 2
                source = (channel * 4 + inner) * 4 + middle
                eighth.weight[:LATENT_CHANNELS, source, 1 + y // 4, 1 + x // 4] = weights[:, channel, y, x] / SCALING
    for channel in range(LATENT_CHANNELS):
        last.weight[channel, channel, 1, 1] = 1.0
    _bias(last)[:].copy_(offsets / SCALING)


def _bias(layer: nn.Conv2d) -> Tensor:
    assert layer.bias is not None, "AutoencoderTiny gives its first and last convolution a bias"  # noqa: S101 - our own bug
    return layer.bias


@torch.no_grad()
def channel_weights(vae: AutoencoderTiny) -> Tensor:
    """Say how much an error in each latent channel is to count, (c,) of mean 1: by the size of its effect in pixels.

    The first components carry colour and composition, the last fine texture that nobody can predict.
    """
    convolutions = [module for module in vae.encoder.layers.modules() if isinstance(module, nn.Conv2d)]
    in_pixels: Tensor = 1.0 / convolutions[3].weight[:LATENT_CHANNELS].flatten(1).norm(dim=1)
    return in_pixels / in_pixels.mean()


@torch.no_grad()
def encode(vae: AutoencoderTiny, pictures: NDArray[np.uint8], batch: int = 64) -> Tensor:
    """Encode (n, h, w, 3) uint8 into (n, c, h/8, w/8) float32 latents, scaled as the denoiser sees them."""
    device = next(vae.parameters()).device
    starts = range(0, len(pictures), batch)
    parts = [vae.encode(to_tensor(pictures[k : k + batch]).to(device)).latents.cpu() for k in starts]
    return torch.cat(parts) * float(vae.config.scaling_factor)


@dataclass(frozen=True, slots=True)
class DecoderRun:
    """Settings of one run: it trains on random crops of `crop` × `crop` latents, 8 times that in pixels."""

    folder: Path
    steps: int = 9000
    batch: int = 16
    crop: int = 8
    peak_rate: float = 1.5e-3
    seed: int = 0
    device: str = "cpu"
    save_every_s: float = 60.0


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
    made = vae.decode(encode(vae, pictures).to(device) / vae.config.scaling_factor).sample.clamp(-1, 1).cpu()
    return float(10 * torch.log10(4.0 / ((made - to_tensor(pictures)) ** 2).mean()))


def train_decoder(run: DecoderRun, vae: AutoencoderTiny, pictures: NDArray[np.uint8]) -> AutoencoderTiny:
    """Train the decoder, or go on, with the encoder as it is; the last 64 of `pictures` are held out."""
    torch.manual_seed(run.seed)
    files = RunFiles(run.folder)
    vae.to(run.device)
    decoder = vae.decoder.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(decoder.parameters(), lr=run.peak_rate, weight_decay=0.01, betas=(0.9, 0.99))
    average, step = MovingAverage(decoder.parameters(), 0.998), 0
    if (state := files.load()) is not None:
        decoder.load_state_dict(state["decoder"])
        average.shadow = [mean.to(run.device) for mean in state["average"]]
        optimiser.load_state_dict(state["optimiser"])
        step = state["step"]
    rng = np.random.default_rng((run.seed, step))
    torch.manual_seed(run.seed * 1_000_003 + step)
    saved_at, saved_step = time.monotonic(), step
    while step < run.steps:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step, run.steps, run.peak_rate, 100)
        true = to_tensor(_crops(pictures[:-64], run.batch, run.crop * BLOCK_PX, rng)).to(run.device)
        with torch.no_grad():
            latents = vae.encode(true).latents
        made = decoder(latents + LATENT_NOISE / SCALING * torch.randn_like(latents))
        loss = reconstruction_loss(made, true)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch ships it untyped
        nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimiser.step()
        average.update(step)
        step += 1
        if (since := time.monotonic() - saved_at) > run.save_every_s or step == run.steps:
            files.save(
                {
                    "decoder": decoder.state_dict(),
                    "average": average.shadow,
                    "optimiser": optimiser.state_dict(),
                    "step": step,
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


def _crops(pictures: NDArray[np.uint8], count: int, side: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Cut random crops on the grid of blocks, half of them mirrored."""
    room = (pictures.shape[1] - side) // BLOCK_PX
    chosen = rng.integers(len(pictures), size=count)
    corners = rng.integers(0, room + 1, size=(count, 2)) * BLOCK_PX
    flips = rng.integers(0, 2, size=count)
    cut = [
        pictures[i, y : y + side, x : x + side][:, :: 1 - 2 * int(flip)]
        for i, (y, x), flip in zip(chosen, corners, flips, strict=True)
    ]
    return np.ascontiguousarray(np.stack(cut))
