"""The base model: found, loaded through diffusers, and described.

Runs in the engine's process only. Knows nothing of packs or requests.
"""

from __future__ import annotations

import inspect
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoPipelineForText2Image, DiffusionPipeline

from style.accelerator import Accelerator, read_accelerator, read_base_sampling
from style.decode import ModelInfo
from style.digest import folder_digest
from style.engine.acceleration import merge
from style.errors import BadModelError
from style.places import model_folder, model_id

# What the model is: its weights, its configurations, its tokenizer's words.
_MODEL_SUFFIXES = (".safetensors", ".json", ".txt", ".model")


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A pipeline on its device, ready to paint. `pipeline` has a U-Net or a transformer as `denoiser`."""

    pipeline: Any
    denoiser: torch.nn.Module
    device: torch.device
    info: ModelInfo


def load_model(model: str, device: str, dtype: torch.dtype | None = None, *, plain: bool = False) -> LoadedModel:
    """Load what VERNISSAGE_MODEL names onto VERNISSAGE_DEVICE (`auto`, `cpu` or `cuda`), its accelerator merged in.

    Without `dtype`, in the one that the device paints fastest in. `plain` leaves the accelerator out, for training:
    adapters learn on the base, and serve both.

    Raises:
        BadModelError: not there, not a text-to-image pipeline in safetensors form, a broken accelerator, or no such
            device.
    """
    target = _pick_device(device)
    folder = find_folder(model)
    accelerator = None if plain else read_accelerator(folder)
    wanted = dtype or _pick_dtype(target)
    try:
        pipeline = AutoPipelineForText2Image.from_pretrained(
            str(folder),
            # An accelerator is merged in float32; what comes out is rounded once.
            dtype=torch.float32 if accelerator else wanted,
            local_files_only=True,
            use_safetensors=True,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise BadModelError(
            f"{model}: cannot be loaded as a text-to-image pipeline in safetensors form: {error}; "
            "set VERNISSAGE_MODEL to `bundled`, or to a complete diffusers folder or hub id"
        ) from error
    pipeline.set_progress_bar_config(disable=True)
    denoiser = getattr(pipeline, "unet", None) or getattr(pipeline, "transformer", None)
    if denoiser is None:
        raise BadModelError(f"{model}: {type(pipeline).__name__} has neither U-Net nor transformer; use another model")
    if accelerator:
        merge(pipeline, denoiser, accelerator)
        if wanted != torch.float32:
            pipeline.to(wanted)
    pipeline.to(target)
    return LoadedModel(pipeline, denoiser, target, _describe(model, folder, pipeline, denoiser, accelerator))


def _pick_device(device: str) -> torch.device:
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise BadModelError("VERNISSAGE_DEVICE is cuda, but torch finds no CUDA device; set it to auto or cpu")
    return torch.device(device)


def _pick_dtype(device: torch.device) -> torch.dtype:
    if device.type == "cpu":
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16


def find_folder(model: str) -> Path:
    """Find the folder of what VERNISSAGE_MODEL names; a hub id's is fetched if it is not here yet.

    Raises:
        BadModelError: no such folder, and no hub has it to give.
    """
    folder = model_folder(model)
    if folder is not None:
        if not (folder / "model_index.json").is_file():
            raise BadModelError(
                f"{folder}: has no model_index.json; set VERNISSAGE_MODEL to a folder that `save_pretrained` wrote"
            )
        return folder
    hub_id, _, revision = model.partition("@")
    try:
        return Path(DiffusionPipeline.download(hub_id, revision=revision or None, use_safetensors=True))
    except (OSError, ValueError) as error:
        raise BadModelError(
            f"{model}: not a folder here, and no hub has it to give: {error}; "
            "check the id and the network, or set VERNISSAGE_MODEL to `bundled`"
        ) from error


def model_digest(model: str) -> str:
    """Compute the sha256 over the files of what VERNISSAGE_MODEL names, without its accelerator; loads nothing.

    Raises:
        BadModelError: no such folder, and no hub has it to give.
    """
    folder = find_folder(model)
    return folder_digest(folder, _model_files(folder))


def _describe(
    model: str, folder: Path, pipeline: Any, denoiser: torch.nn.Module, accelerator: Accelerator | None
) -> ModelInfo:
    height, width = _native_size(pipeline, denoiser)
    own = (accelerator.steps, accelerator.guidance) if accelerator else read_base_sampling(folder)
    steps, guidance = own or _sampling_of(pipeline)
    files = _model_files(folder)
    if accelerator:
        files += [accelerator.weights, accelerator.sampling]
    return ModelInfo(
        id=model_id(model),
        digest=folder_digest(folder, files),
        width=width,
        height=height,
        steps=steps,
        guidance=guidance,
        scheduler=type(pipeline.scheduler).__name__,
    )


def _sampling_of(pipeline: Any) -> tuple[int, float]:
    """Say the steps and the guidance that the pipeline takes when nothing is asked."""
    parameters = inspect.signature(type(pipeline).__call__).parameters
    guidance = float(parameters["guidance_scale"].default) if "guidance_scale" in parameters else 0.0
    return int(parameters["num_inference_steps"].default), guidance


def _native_size(pipeline: Any, denoiser: Any) -> tuple[int, int]:
    """Say height and width in pixels that the pipeline paints when nothing is asked."""
    latent = getattr(pipeline, "default_sample_size", None) or denoiser.config.sample_size
    height, width = (latent, latent) if isinstance(latent, int) else latent
    return height * pipeline.vae_scale_factor, width * pipeline.vae_scale_factor


def _model_files(folder: Path) -> list[Path]:
    """List the files of the components that the index names, and the index; other variants lie unused beside them."""
    index = folder / "model_index.json"
    components = [name for name in json.loads(index.read_text(encoding="utf-8")) if (folder / name).is_dir()]
    files = [index]
    for component in components:
        for parent, _, names in os.walk(folder / component):
            files += [Path(parent) / name for name in names if name.endswith(_MODEL_SUFFIXES)]
    return files
