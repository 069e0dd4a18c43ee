"""The encoder of the bundled model's autoencoder: solved, not trained.

It is linear: pictures are averaged down to 128 px where they are larger, and each 8×8 block of what is left is
projected on the principal components of the painter's blocks. The projection is written exactly into the convolutions
of an `AutoencoderTiny`, so the space of latents stands from the first minute, and decoder and denoiser can be trained
side by side. Since averaging comes first, an autoencoder for larger pictures has the latents of the smaller one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from diffusers import AutoencoderTiny
from numpy.typing import NDArray
from torch import Tensor, nn

from style.training.model import LATENT_CHANNELS

BLOCK_PX = 8  # the side of a block once a picture is averaged down
ENCODER_WIDTH = 48  # 4×4 pixels of three channels pass through its last level but one exactly
SCALING = 3.0  # the decoder bends values beyond 3 by a tanh, so its latents are kept this much smaller
_VALUES = 3 * BLOCK_PX * BLOCK_PX
_EVENING = 0.75  # how far the components' deviations are evened: 0 leaves them, 1 makes all equal
_LEVELS = 4  # of an encoder that averages nothing: the first, and one for each halving of a block


def to_tensor(pictures: NDArray[np.uint8]) -> Tensor:
    """Turn (n, h, w, 3) uint8 into (n, 3, h, w) float32 in [-1, 1]."""
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(pictures, -1, 1))).float() / 127.5 - 1.0


def averaging(vae: AutoencoderTiny) -> int:
    """Say by how much `vae` averages a picture's sides down before it cuts blocks: 1, 2 or 4."""
    return int(2 ** (len(vae.config.encoder_block_out_channels) - _LEVELS))


def principal_components(pictures: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
    """Find the projection of a block: (`LATENT_CHANNELS`, 3, 8, 8) weights and (`LATENT_CHANNELS`,) offsets.

    A latent is `(weights * block).sum() + offset` for a block in [-1, 1]; over `pictures`, (n, h, w, 3) uint8, the
    latents have mean 0, and together variance 1.
    """
    flat = _blocks(to_tensor(pictures)).numpy()
    mean = flat.mean(0)
    variances, vectors = np.linalg.eigh(np.cov(flat[::3].T))
    kept, axes = variances[::-1][:LATENT_CHANNELS], vectors[:, ::-1][:, :LATENT_CHANNELS]
    gains = kept ** (-_EVENING / 2.0)
    gains /= np.sqrt(np.mean(kept * gains**2))
    weights = axes * gains
    shaped = torch.from_numpy(weights.T.reshape(LATENT_CHANNELS, 3, BLOCK_PX, BLOCK_PX).astype(np.float32))
    return shaped, torch.from_numpy(-(mean @ weights).astype(np.float32))


def _blocks(pictures: Tensor) -> Tensor:
    """Cut (n, 3, h, w) into rows of one block each: (n · h/8 · w/8, 192)."""
    n, _, h, w = pictures.shape
    cut = pictures.view(n, 3, h // BLOCK_PX, BLOCK_PX, w // BLOCK_PX, BLOCK_PX)
    return cut.permute(0, 2, 4, 1, 3, 5).reshape(-1, _VALUES)


@torch.no_grad()
def write_encoder(vae: AutoencoderTiny, weights: Tensor, offsets: Tensor) -> None:
    """Write a projection of blocks, divided by `SCALING`, into the encoder's convolutions, exactly.

    Each stride-2 convolution takes the mean of 2×2 neighbours, as often as pictures are averaged down, or gathers them
    into channels; the last of them also projects, and the last convolution only adds the offset. `AutoencoderTiny`
    shifts its input to [0, 1]; the first convolution shifts it back.
    """
    first, *averages, half, quarter, eighth, last = _convolutions(vae)
    for layer in (first, *averages, half, quarter, eighth, last):
        nn.init.zeros_(layer.weight)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
    for channel in range(3):
        first.weight[channel, channel, 1, 1] = 2.0
        for layer in averages:
            layer.weight[channel, channel, 1:, 1:] = 0.25
    nn.init.constant_(_bias(first), -1.0)
    # The border: a zero-padded convolution reads only inside, since the 2×2 neighbours lie at offsets 0 and 1.
    for layer, channels in ((half, 3), (quarter, 12)):
        for out in range(4 * channels):
            source, place = out // 4, out % 4
            layer.weight[out, source, 1 + place // 2, 1 + place % 2] = 1.0
    for channel, y, x, where in _places():
        eighth.weight[where] = weights[:, channel, y, x] / SCALING
    for channel in range(LATENT_CHANNELS):
        last.weight[channel, channel, 1, 1] = 1.0
    _bias(last)[:].copy_(offsets / SCALING)


@torch.no_grad()
def read_encoder(vae: AutoencoderTiny) -> tuple[Tensor, Tensor]:
    """Read the projection back that `write_encoder` wrote: float32 weights and offsets as `principal_components` has.

    A saved model remembers them in half precision.
    """
    *_, eighth, last = _convolutions(vae)
    weights = torch.zeros(LATENT_CHANNELS, 3, BLOCK_PX, BLOCK_PX)
    for channel, y, x, where in _places():
        weights[:, channel, y, x] = eighth.weight[where].float().cpu() * SCALING
    return weights, _bias(last).detach().float().cpu() * SCALING


def project(vae: AutoencoderTiny, pictures: NDArray[np.uint8]) -> Tensor:
    """Encode (n, h, w, 3) uint8 as `vae` does, on the CPU: (n, c, h/8, w/8) float32 latents as the denoiser sees them.

    What the encoder's convolutions compute, as the one matrix product that it is: some thirty times faster. Heights and
    widths are those of pictures that are averaged down, where `vae` does so.
    """
    weights, offsets = read_encoder(vae)
    averaged = to_tensor(pictures)
    if (times := averaging(vae)) > 1:
        averaged = nn.functional.avg_pool2d(averaged, times)
    n, _, h, w = averaged.shape
    flat = torch.addmm(offsets, _blocks(averaged), weights.flatten(1).T)
    return flat.view(n, h // BLOCK_PX, w // BLOCK_PX, LATENT_CHANNELS).permute(0, 3, 1, 2).contiguous()


def channel_weights(vae: AutoencoderTiny) -> Tensor:
    """Say how much an error in each latent channel is to count, (c,) of mean 1: by the size of its effect in pixels.

    The first components carry colour and composition, the last fine texture that nobody can predict.
    """
    weights, _ = read_encoder(vae)
    in_pixels: Tensor = 1.0 / weights.flatten(1).norm(dim=1)
    return in_pixels / in_pixels.mean()


def _convolutions(vae: AutoencoderTiny) -> list[nn.Conv2d]:
    return [module for module in vae.encoder.layers.modules() if isinstance(module, nn.Conv2d)]


def _places() -> Iterator[tuple[int, int, int, tuple[slice, int, int, int]]]:
    """Say where in the projecting convolution each channel, row and column of a block has its weights."""
    for channel in range(3):
        for y in range(BLOCK_PX):
            for x in range(BLOCK_PX):
                inner = (y % 2) * 2 + x % 2
                middle = (y // 2 % 2) * 2 + x // 2 % 2
                source = (channel * 4 + inner) * 4 + middle
                yield channel, y, x, (slice(LATENT_CHANNELS), source, 1 + y // 4, 1 + x // 4)


def _bias(layer: nn.Conv2d) -> Tensor:
    assert layer.bias is not None, "AutoencoderTiny gives its first and last convolution a bias"  # noqa: S101 - our own bug
    return layer.bias
