"""The bundled base model from nothing: draw, solve the encoder, train decoder and denoiser, put together, save in fp16.

Each part keeps its own checkpoint, so that a run goes on where it was stopped; decoder and denoiser need only the
drawn pictures and the solved encoder, and may run side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny, StableDiffusionPipeline
from numpy.typing import NDArray
from torch import Tensor

from style.procedural import caption_of, random_spec
from style.training.autoencoder import (
    DecoderRun,
    build_autoencoder,
    channel_weights,
    encode,
    principal_components,
    train_decoder,
    write_encoder,
)
from style.training.denoiser import DenoiserRun, train_denoiser
from style.training.model import SIZE_PX, assemble, build_text_encoder, build_tokenizer, build_unet
from style.training.pictures import render

_SOLVED_ON = 4000  # pictures that the encoder's components are found on


@dataclass(frozen=True, slots=True)
class BaseRun:
    """Settings of the whole: how many pictures to draw, and how long to train each part."""

    work: Path
    pictures: int = 16_000
    decoder_steps: int = 5000
    denoiser_steps: int = 4000
    seed: int = 0
    device: str = "cpu"
    bfloat16: bool = True


def drawn(run: BaseRun) -> NDArray[np.uint8]:
    """Draw the pictures, or map those drawn before: (n, side, side, 3) uint8."""
    return render(run.work, run.pictures, SIZE_PX)


def solved_autoencoder(run: BaseRun) -> AutoencoderTiny:
    """Solve the encoder on the first pictures; the decoder is untrained."""
    torch.manual_seed(run.seed)
    vae = build_autoencoder()
    write_encoder(vae, *principal_components(np.asarray(drawn(run)[:_SOLVED_ON])))
    return vae


def train_decoder_part(run: BaseRun) -> AutoencoderTiny:
    """Train the decoder, or go on with it."""
    settings = DecoderRun(run.work / "decoder", steps=run.decoder_steps, seed=run.seed, device=run.device)
    return train_decoder(settings, solved_autoencoder(run), drawn(run)).cpu()


def train_denoiser_part(run: BaseRun, vae: AutoencoderTiny) -> StableDiffusionPipeline:
    """Train U-Net and text encoder, or go on with them, and assemble the pipeline."""
    specs = [random_spec(seed) for seed in range(run.pictures)]
    tokenizer = build_tokenizer()
    torch.manual_seed(run.seed)
    text_encoder, unet = build_text_encoder(tokenizer), build_unet()
    settings = DenoiserRun(
        run.work / "denoiser", steps=run.denoiser_steps, seed=run.seed, device=run.device, bfloat16=run.bfloat16
    )
    # Each picture stands there twice, mirrored and as it is: no word of a caption tells left from right.
    train_denoiser(
        settings,
        unet,
        text_encoder,
        tokenizer,
        _latents(run, vae),
        lambda row, seed: caption_of(specs[row % run.pictures], seed),
        channel_weights(vae).to(run.device),
    )
    return assemble(vae, text_encoder.cpu(), tokenizer, unet.cpu())


def save_base(pipeline: StableDiffusionPipeline, folder: Path) -> None:
    """Write the pipeline in diffusers' own form as fp16 safetensors, ready for `from_pretrained`."""
    pipeline.to(dtype=torch.float16).save_pretrained(folder, safe_serialization=True)
    pipeline.to(dtype=torch.float32)


def _latents(run: BaseRun, vae: AutoencoderTiny, part: int = 500) -> Tensor:
    pictures = drawn(run)
    starts = range(0, len(pictures), part)
    mirrored = [encode(vae, np.ascontiguousarray(pictures[k : k + part][:, :, ::-1])).half() for k in starts]
    upright = [encode(vae, np.asarray(pictures[k : k + part])).half() for k in starts]
    return torch.cat([*mirrored, *upright])
