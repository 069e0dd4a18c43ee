"""The engine and the training on a CUDA device: what the CPU paints, with weights of each picture's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from style.digest import file_digest
from style.engine.batches import Easel
from style.engine.model import load_model
from style.places import BUNDLED
from style.recipe import AdapterUse, Recipe

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no CUDA device here"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Already found a `peft_config`:UserWarning"),
]

HALF_PRECISION = 0.03  # mean difference of pixels in [0, 1] that fewer digits may make


def _paint(easel: Easel, recipes: list[Recipe]) -> torch.Tensor:
    parts = {
        index: image
        for indices, images in easel.paint(recipes, 8, lambda done, total: None)
        for index, image in zip(indices, images, strict=True)
    }
    return torch.stack([parts[index] for index in range(len(recipes))])


def _recipe(easel: Easel, seed: int, uses: tuple[AdapterUse, ...] = ()) -> Recipe:
    info = easel.model.info
    return Recipe(
        "", "circle, red, blue", seed, info.width, info.height, 8, 2.5, uses, info.id, info.digest
    )  # fmt: skip


def test_cuda_paints_what_the_cpu_paints() -> None:
    """The bundled model gives the same pictures on both devices, but for rounding."""
    pictures = [_paint(easel, [_recipe(easel, seed) for seed in (1, 2)]) for easel in _both_devices(BUNDLED)]
    assert (pictures[0] - pictures[1]).abs().mean() < HALF_PRECISION
    assert (pictures[0][0] - pictures[0][1]).abs().mean() > 2 * HALF_PRECISION


def test_mixed_batch_equals_each_picture_alone_on_cuda(
    tiny_model: Path, write_lora: Callable[..., Path], tmp_path: Path
) -> None:
    """Pictures with different settings out of one batch are those painted one by one."""
    path = write_lora(tmp_path / "a.safetensors", seed=11, rank=4)
    digest = file_digest(path)
    easel = Easel(load_model(str(tiny_model), "cuda"))
    easel.adapters.load(digest, path)
    recipes = [_recipe(easel, seed, (AdapterUse("a", digest, weight),)) for seed, weight in enumerate((1.0, -1.0, 0.3))]
    recipes = [replace(recipe, width=64, height=64) for recipe in recipes]
    alone = torch.cat([_paint(easel, [recipe]) for recipe in recipes])
    assert (_paint(easel, recipes) - alone).abs().mean() < HALF_PRECISION


def test_denoiser_trains_and_resumes_on_cuda(tmp_path: Path) -> None:
    """A run on the device learns, is broken off, and goes on from its checkpoint."""
    from style.training.denoiser import DenoiserRun, train_denoiser
    from style.training.loop import RunFiles
    from style.training.model import LATENT_CHANNELS, build_text_encoder, build_tokenizer, build_unet

    tokenizer = build_tokenizer()
    latents = torch.from_numpy(np.random.default_rng(0).normal(size=(300, LATENT_CHANNELS, 8, 8)).astype("float32"))
    for steps in (2, 4):
        torch.manual_seed(0)
        unet, text_encoder = build_unet((16, 32, 48)), build_text_encoder(tokenizer)
        run = DenoiserRun(tmp_path, steps=steps, batch=8, device="cuda", bfloat16=True)
        train_denoiser(run, unet, text_encoder, tokenizer, latents, lambda row, seed: "red")
    saved = RunFiles(tmp_path).load()
    assert saved is not None
    assert saved["step"] == 4
    assert all(bool(torch.isfinite(parameter).all()) for parameter in unet.parameters())


def _both_devices(model: str) -> list[Easel]:
    return [Easel(load_model(model, device)) for device in ("cpu", "cuda")]
