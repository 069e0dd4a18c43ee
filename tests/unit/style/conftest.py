"""A base model in small, built by the same code as the bundled one, for the tests of training."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from style.procedural import draw, random_spec

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline


@pytest.fixture(scope="session")
def drawn_pictures() -> NDArray[np.uint8]:
    """A hundred drawn pictures, (100, 64, 64, 3)."""
    return np.stack([draw(random_spec(seed), 64, 1) for seed in range(100)])


@pytest.fixture(scope="session")
def small_pipeline(drawn_pictures: NDArray[np.uint8]) -> Callable[[], StableDiffusionPipeline]:
    """A function that builds an untrained base model in small; always the same one, with an encoder that is solved."""
    import torch

    from style.training.autoencoder import build_autoencoder
    from style.training.encoder import principal_components, write_encoder
    from style.training.model import assemble, build_text_encoder, build_tokenizer, build_unet

    solved = principal_components(drawn_pictures)

    def build() -> Any:
        torch.manual_seed(0)
        vae, tokenizer = build_autoencoder(width=8), build_tokenizer()
        write_encoder(vae, *solved)
        pipeline = assemble(vae, build_text_encoder(tokenizer).eval(), tokenizer, build_unet((16, 32, 48)).eval())
        pipeline.set_progress_bar_config(disable=True)
        return pipeline

    return build
