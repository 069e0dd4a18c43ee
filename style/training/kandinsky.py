"""The first style pack: the LoRA on 68 of Kandinsky's Bauhaus paintings, and the brightness slider on top of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline

from style.training import adapters
from style.training.lora import StyleRun, train_style
from style.training.paintings import read_folder
from style.training.slider import SliderRun, brightness_ends, drawn_pairs, train_slider

# The authors' tags in the words of the attribute table.
SYNONYMS = {"curved line": "curve line", "angular": "angular line"}


@dataclass(frozen=True, slots=True)
class KandinskyRun:
    """Settings: where the paintings and the base model lie, and how long to train."""

    work: Path
    paintings: Path
    base: Path
    style_steps: int = 800
    slider_steps: int = 300
    seed: int = 0
    device: str = "cpu"


def train_kandinsky(run: KandinskyRun, pack: Path) -> None:
    """Train style and slider and write kandinsky.safetensors and brightness.safetensors into the folder `pack`.

    Raises:
        BadPicturesError: the folder of paintings cannot be used.
    """
    paintings = read_folder(run.paintings, SYNONYMS)
    pipeline = StableDiffusionPipeline.from_pretrained(
        run.base, dtype=torch.float32, local_files_only=True, use_safetensors=True
    ).to(run.device)
    style = StyleRun(
        run.work / "kandinsky", name="kandinsky", trigger="kandinsky", steps=run.style_steps, seed=run.seed
    )
    train_style(style, pipeline, paintings)
    adapters.save(pipeline.unet, "kandinsky", pack / "kandinsky.safetensors")
    slider = SliderRun(
        run.work / "brightness", name="brightness", style="kandinsky", steps=run.slider_steps, seed=run.seed
    )
    pairs = drawn_pairs(pipeline, slider.pairs, brightness_ends, ("light", "dark"), run.seed)
    train_slider(slider, pipeline, pairs)
    adapters.save(pipeline.unet, "brightness", pack / "brightness.safetensors")
