"""The bundled base model: draw, solve the encoder, train decoder and denoiser, put together, save in fp16.

Each part keeps its own checkpoint, so that a run goes on where it was stopped; decoder and denoiser need only the
drawn pictures and the solved encoder, and may run side by side. A run starts from nothing or, with `start`, from a
saved model: then what earlier runs have learned is where this one begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny, StableDiffusionPipeline
from numpy.typing import NDArray
from torch import Tensor

from style.accelerator import BASE_SAMPLING_FILE, SAMPLING_FILE, WEIGHTS_FILE, write_sampling
from style.procedural import caption_of, random_spec
from style.training.autoencoder import DecoderRun, build_autoencoder, grow_decoder, train_decoder
from style.training.denoiser import HELD_OUT, DenoiserRun, train_denoiser
from style.training.encoder import (
    averaging,
    channel_weights,
    principal_components,
    project,
    read_encoder,
    write_encoder,
)
from style.training.model import LATENT_PX, SIZE_PX, assemble, build_text_encoder, build_tokenizer, build_unet
from style.training.pictures import render, render_surfaces

_SOLVED_ON = 4000  # pictures that the encoder's components are found on
_SAMPLING = (12, 2.5)  # steps and guidance that the base paints well with (docs/LOG.md)


@dataclass(frozen=True, slots=True)
class BaseRun:
    """Settings of the whole: how many pictures to draw, and how long to train each part.

    `pictures` are drawn at the size that latents see; for the decoder, `large_pictures` at full size and, with
    `texture` as the weight of their loss, as many `surfaces`. A part ends after its steps, or after its `…_seconds` of
    work. `start` is a saved model of the same widths to begin with.
    """

    work: Path
    start: Path | None = None
    pictures: int = 32_000
    large_pictures: int = 4000
    surfaces: int = 3000
    texture: float = 4.0
    decoder_steps: int = 5000
    decoder_seconds: float | None = None
    denoiser_steps: int = 20_000
    denoiser_seconds: float | None = None
    widths: tuple[int, int, int] = (80, 128, 192)
    batch: int = 48
    shards: int = 1
    seed: int = 0
    device: str = "cpu"
    bfloat16: bool = True


def drawn(run: BaseRun) -> NDArray[np.uint8]:
    """Draw the pictures, or map those drawn before: (n, side, side, 3) uint8 of the size that latents see."""
    return render(run.work, run.pictures, LATENT_PX)


def solved_autoencoder(run: BaseRun) -> AutoencoderTiny:
    """Solve the encoder on the first pictures, or take that of `start`, whose decoder is then the beginning too."""
    torch.manual_seed(run.seed)
    vae = build_autoencoder(averages=SIZE_PX // LATENT_PX)
    if run.start is None:
        write_encoder(vae, *principal_components(np.asarray(drawn(run)[:_SOLVED_ON])))
        return vae
    begun = AutoencoderTiny.from_pretrained(run.start / "vae", local_files_only=True, use_safetensors=True).float()
    write_encoder(vae, *read_encoder(begun))
    grow_decoder(vae, begun)
    return vae


def train_decoder_part(run: BaseRun) -> AutoencoderTiny:
    """Train the decoder on surfaces and drawn pictures of full size, the last of which are held out; or go on."""
    pictures = np.concatenate(
        [render_surfaces(run.work, run.surfaces, SIZE_PX), render(run.work, run.large_pictures, SIZE_PX)]
    )
    settings = DecoderRun(
        run.work / "decoder",
        steps=run.decoder_steps,
        texture=run.texture,
        seconds=run.decoder_seconds,
        seed=run.seed,
        device=run.device,
        bfloat16=run.bfloat16,
    )
    return train_decoder(settings, solved_autoencoder(run), pictures).cpu()


def train_denoiser_part(run: BaseRun, vae: AutoencoderTiny) -> StableDiffusionPipeline:
    """Train U-Net and text encoder, or go on with them, and assemble the pipeline with `vae`."""
    specs = [random_spec(seed) for seed in range(run.pictures)]
    tokenizer = build_tokenizer()
    torch.manual_seed(run.seed)
    text_encoder, unet = build_text_encoder(tokenizer), build_unet(run.widths)
    if run.start is not None:
        begun = StableDiffusionPipeline.from_pretrained(run.start, local_files_only=True, use_safetensors=True)
        text_encoder.load_state_dict(begun.text_encoder.float().state_dict())
        unet.load_state_dict(begun.unet.float().state_dict())
    settings = DenoiserRun(
        run.work / "denoiser",
        steps=run.denoiser_steps,
        seconds=run.denoiser_seconds,
        batch=run.batch,
        seed=run.seed,
        device=run.device,
        bfloat16=run.bfloat16,
        shards=run.shards,
    )
    # All but the held-out pictures stand there twice, mirrored and as they are: no word of a caption tells left from
    # right.
    mirrored = run.pictures - HELD_OUT
    train_denoiser(
        settings,
        unet,
        text_encoder,
        tokenizer,
        latents_of(run, vae, mirrored),
        lambda row, seed: caption_of(specs[row if row < mirrored else row - mirrored], seed),
        channel_weights(vae).to(run.device),
    )
    return assemble(vae, text_encoder.cpu(), tokenizer, unet.cpu())


def save_base(pipeline: StableDiffusionPipeline, folder: Path) -> None:
    """Write the pipeline in diffusers' own form as fp16 safetensors, ready for `from_pretrained`.

    An accelerator in the folder goes: it was distilled from the weights that are replaced here.
    """
    for name in (WEIGHTS_FILE, SAMPLING_FILE):
        (folder / name).unlink(missing_ok=True)
    pipeline.to(dtype=torch.float16).save_pretrained(folder, safe_serialization=True)
    write_sampling(folder, *_SAMPLING, BASE_SAMPLING_FILE)
    pipeline.to(dtype=torch.float32)


def latents_of(run: BaseRun, vae: AutoencoderTiny, mirrored: int = 0, part: int = 500) -> Tensor:
    """Encode the first `mirrored` drawn pictures mirrored, then all as they are: (n, c, h, w) in half precision."""
    pictures, solved = drawn(run), build_autoencoder(width=8)
    # The pictures are of the size that latents see: an encoder of the same projection that averages nothing.
    write_encoder(solved, *read_encoder(vae))
    assert averaging(solved) == 1, "the drawn pictures are averaged already"  # noqa: S101 - our own bug
    turned = [
        project(solved, np.ascontiguousarray(pictures[k : min(k + part, mirrored)][:, :, ::-1])).half()
        for k in range(0, mirrored, part)
    ]
    upright = [project(solved, np.asarray(pictures[k : k + part])).half() for k in range(0, len(pictures), part)]
    return torch.cat([*turned, *upright])
