"""The accelerator of a base model that was trained here: its material, its training, and where it is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline

from style.engine.model import load_model
from style.procedural import LINES, PLANES, caption_of, random_spec
from style.training.base import BaseRun, latents_of
from style.training.distil import DistilRun, Material, save_student, train_student

_CAPTIONS = 1_000_000  # compositions that captions speak of where no pictures are needed


def train_accelerator(run: DistilRun, base: BaseRun, model: Path, folder: Path, worse: Path | None = None) -> None:
    """Distil the base model in the folder `model`, or go on, and write the accelerator into `folder`.

    `worse` holds an earlier state of the model, which the teacher leads away from. The checkpoint lies under the
    method's name in `run.folder`, which is the work folder of all methods.
    """
    pipeline = plain_base(str(model), run.device)
    earlier = None if worse is None else plain_base(str(worse), run.device)
    if run.method == "consistency":
        latents = latents_of(base, pipeline.vae)
        material = Material(_caption, len(latents), latents, _without_forms)
    else:
        material = Material(_caption, _CAPTIONS, mute=_without_forms)
    run = replace(run, folder=run.folder / f"distil-{run.method}")
    train_student(run, pipeline, material, earlier)
    save_student(run, pipeline, folder)


def plain_base(model: str, device: str) -> StableDiffusionPipeline:
    """Load a model, by folder or id, in float32 and without its accelerator.

    Raises:
        BadModelError: it cannot be loaded.
    """
    pipeline: StableDiffusionPipeline = load_model(model, device, torch.float32, plain=True).pipeline
    return pipeline


def _caption(row: int, seed: int) -> str:
    return caption_of(random_spec(row), seed)


def _without_forms(caption: str) -> str:
    """Leave lines and planes out of a caption: they cover little of a picture, and colours drown them."""
    return ", ".join(phrase for phrase in caption.split(", ") if phrase not in (*LINES, *PLANES))
