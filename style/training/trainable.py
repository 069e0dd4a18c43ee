"""Base models as training sees them: pictures into latents, captions into embeddings, and one call of the denoiser.

A `Trainable` hides what differs between pipelines: U-Net or transformer, one text encoder or several, packed latents,
how the scheduler counts time. Knows nothing of adapters, objectives or files of pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from style.engine.model import load_model
from style.errors import BadModelError
from style.places import BUNDLED, model_id
from style.training.encoder import to_tensor
from style.training.process import Process, process_of

Conditioning = dict[str, Tensor]
"""What the denoiser is told of captions: its keyword arguments, one row for each caption."""

_LARGE = 200_000_000  # parameters
_FLUX_GUIDANCE = 3.5  # what a guidance-distilled transformer is told; its pipeline's own default


class Trainable(Protocol):
    """A text-to-image model on its device, whose denoiser can be trained."""

    @property
    def pipeline(self) -> Any:
        """The stock pipeline, ready to paint."""

    @property
    def denoiser(self) -> nn.Module:
        """The U-Net or transformer."""

    @property
    def device(self) -> torch.device:
        """Where it computes."""

    @property
    def size_px(self) -> int:
        """The side of the pictures that it paints when nothing is asked."""

    @property
    def process(self) -> Process:
        """How its pictures become noise; times in (0, 1)."""

    @property
    def digest(self) -> str:
        """What tells its weights from others, so that no run goes on with those; "" where nothing does."""

    def encode_pictures(self, pictures: NDArray[np.uint8]) -> Tensor:
        """Encode (n, h, w, 3) into (n, c, h/8, w/8) float32 latents on the CPU, scaled as the denoiser sees them."""

    def embed(self, captions: list[str]) -> Conditioning:
        """Encode captions as the pipeline does."""

    def predict(self, noisy: Tensor, times: Tensor, conditioning: Conditioning) -> Tensor:
        """Call the denoiser on (n, c, h, w) latents; returns its prediction, of the same shape, in float32."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """What all pipelines share."""

    pipeline: Any
    denoiser: Any
    device: torch.device
    size_px: int
    process: Process
    digest: str = ""

    @torch.no_grad()
    def encode_pictures(self, pictures: NDArray[np.uint8], batch: int = 8) -> Tensor:
        """Encode (n, h, w, 3) into (n, c, h/8, w/8) float32 latents on the CPU, scaled as the denoiser sees them."""
        parts = [self._encode(to_tensor(pictures[k : k + batch])).cpu() for k in range(0, len(pictures), batch)]
        return torch.cat(parts)

    def _encode(self, pixels: Tensor) -> Tensor:
        vae = self.pipeline.vae
        encoded = vae.encode(pixels.to(self.device, vae.dtype))
        # The middle of the distribution, where there is one: the same picture always has the same latents.
        latents: Tensor = (encoded.latents if hasattr(encoded, "latents") else encoded.latent_dist.mode()).float()
        scaling = float(vae.config.scaling_factor)
        means, deviations = (getattr(vae.config, name, None) for name in ("latents_mean", "latents_std"))
        if means is not None and deviations is not None:
            mean, deviation = (torch.tensor(c, device=self.device).view(1, -1, 1, 1) for c in (means, deviations))
            latents = (latents - mean) / deviation
            return latents * scaling
        shift = float(getattr(vae.config, "shift_factor", None) or 0.0)
        return (latents - shift) * scaling

    def _cast(self, noisy: Tensor) -> Tensor:
        return noisy.to(self.device, self.denoiser.dtype)


class StableDiffusion(_Opened):
    """Stable Diffusion 1 and 2 and the bundled model: a U-Net and one text encoder."""

    __slots__ = ()

    @torch.no_grad()
    def embed(self, captions: list[str]) -> Conditioning:
        """Encode captions as the pipeline does."""
        text, _ = self.pipeline.encode_prompt(captions, self.device, 1, do_classifier_free_guidance=False)
        return {"encoder_hidden_states": text}

    def predict(self, noisy: Tensor, times: Tensor, conditioning: Conditioning) -> Tensor:
        """Call the U-Net."""
        made: Tensor = self.denoiser(self._cast(noisy), self.process.network_times(times), **conditioning).sample
        return made.float()


class StableDiffusionXL(_Opened):
    """SDXL: a U-Net that is also told a pooled embedding and the size of the picture."""

    __slots__ = ()

    @torch.no_grad()
    def embed(self, captions: list[str]) -> Conditioning:
        """Encode captions as the pipeline does, for uncropped pictures of the native size."""
        text, _, pooled, _ = self.pipeline.encode_prompt(
            captions, device=self.device, num_images_per_prompt=1, do_classifier_free_guidance=False
        )
        sizes = torch.tensor([self.size_px, self.size_px, 0, 0, self.size_px, self.size_px], dtype=text.dtype)
        return {
            "encoder_hidden_states": text,
            "text_embeds": pooled,
            "time_ids": sizes.to(self.device).repeat(len(captions), 1),
        }

    def predict(self, noisy: Tensor, times: Tensor, conditioning: Conditioning) -> Tensor:
        """Call the U-Net."""
        added = {name: conditioning[name] for name in ("text_embeds", "time_ids")}
        made: Tensor = self.denoiser(
            self._cast(noisy),
            self.process.network_times(times),
            encoder_hidden_states=conditioning["encoder_hidden_states"],
            added_cond_kwargs=added,
        ).sample
        return made.float()


class Flux(_Opened):
    """FLUX.1: a transformer over latents packed 2×2 into tokens, with a pooled embedding."""

    __slots__ = ()

    @torch.no_grad()
    def embed(self, captions: list[str]) -> Conditioning:
        """Encode captions as the pipeline does."""
        text, pooled, _ = self.pipeline.encode_prompt(captions, prompt_2=None, device=self.device)
        return {"encoder_hidden_states": text, "pooled_projections": pooled}

    def predict(self, noisy: Tensor, times: Tensor, conditioning: Conditioning) -> Tensor:
        """Call the transformer on packed latents, and unpack what it says."""
        count, channels, height, width = noisy.shape
        cast = self._cast(noisy)
        text = conditioning["encoder_hidden_states"]
        places = self.pipeline._prepare_latent_image_ids(count, height // 2, width // 2, self.device, cast.dtype)
        guided = self.denoiser.config.guidance_embeds
        made: Tensor = self.denoiser(
            hidden_states=self.pipeline._pack_latents(cast, count, channels, height, width),
            timestep=self.process.network_times(times).to(cast.dtype) / 1000.0,
            guidance=torch.full((count,), _FLUX_GUIDANCE, device=self.device) if guided else None,
            txt_ids=torch.zeros(text.shape[1], 3, device=self.device, dtype=cast.dtype),
            img_ids=places,
            **conditioning,
        ).sample
        factor = self.pipeline.vae_scale_factor
        unpacked: Tensor = self.pipeline._unpack_latents(made, height * factor, width * factor, factor)
        return unpacked.float()


_KINDS: dict[str, type[StableDiffusion | StableDiffusionXL | Flux]] = {
    "StableDiffusionPipeline": StableDiffusion,
    "StableDiffusionXLPipeline": StableDiffusionXL,
    "FluxPipeline": Flux,
}


def open_trainable(model: str, device: str) -> Trainable:
    """Open what VERNISSAGE_MODEL names on VERNISSAGE_DEVICE (`auto`, `cpu` or `cuda`); its weights are frozen.

    The weights are float32 on a CPU and for the bundled model, bfloat16 on a CUDA device that computes in it.

    Raises:
        BadModelError: not there, no text-to-image pipeline, no such device, or of a kind that is not trained here.
    """
    loaded = load_model(model, device, torch.float32 if model_id(model) == BUNDLED else None, plain=True)
    if loaded.pipeline.dtype == torch.float16:  # too coarse for gradients
        loaded.pipeline.to(dtype=torch.float32)
    size_px = min(loaded.info.width, loaded.info.height)
    return trainable_of(loaded.pipeline, loaded.device, size_px, model, loaded.info.digest)


def trainable_of(
    pipeline: Any, device: torch.device, size_px: int, model: str = "the pipeline", digest: str = ""
) -> Trainable:
    """Take a loaded pipeline for training; its weights are frozen.

    Raises:
        BadModelError: of a kind that is not trained here.
    """
    kind = _KINDS.get(type(pipeline).__name__)
    if kind is None:
        raise BadModelError(
            f"{model}: a {type(pipeline).__name__} cannot be trained here; use one of {', '.join(_KINDS)}"
        )
    try:
        process = process_of(pipeline.scheduler)
    except BadModelError as error:
        raise BadModelError(f"{model}: {error}") from error
    for part in pipeline.components.values():
        if isinstance(part, nn.Module):
            part.requires_grad_(False).eval()
    denoiser = getattr(pipeline, "unet", None) or pipeline.transformer
    if device.type == "cuda" and hasattr(denoiser, "enable_gradient_checkpointing"):
        denoiser.enable_gradient_checkpointing()
    return kind(pipeline, denoiser, device, size_px, process, digest)


def usual_rate(model: Trainable, small: float, large: float) -> float:
    """Choose a learning rate by the denoiser's size: `small` networks bear a higher one than `large` ones."""
    return small if sum(parameter.numel() for parameter in model.denoiser.parameters()) < _LARGE else large
