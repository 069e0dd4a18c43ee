"""Tiny models in the forms of Stable Diffusion 1.5, SDXL and Flux, as a folder to import for and a denoiser to try."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch


@dataclass(frozen=True)
class Model:
    """A tiny model: its folder for the import, its pipeline for diffusers and the engine, an input for its denoiser."""

    folder: Path
    pipeline: Any
    component: str
    arguments: Mapping[str, Any]

    @property
    def denoiser(self) -> Any:
        """The U-Net or transformer."""
        return getattr(self.pipeline, self.component)

    def shape(self, layer: str) -> tuple[int, ...]:
        """Say the shape of a layer's weight."""
        return tuple(self.denoiser.get_submodule(layer).weight.shape)

    def fresh(self) -> Any:
        """Copy the pipeline around a copy of the denoiser."""
        pipeline = copy.copy(self.pipeline)
        setattr(pipeline, self.component, copy.deepcopy(self.denoiser))
        return pipeline

    def denoise(self, denoiser: Any) -> torch.Tensor:
        """Run a denoiser once."""
        with torch.no_grad():
            answer: torch.Tensor = denoiser(**self.arguments, return_dict=False)[0]
        return answer


@pytest.fixture(scope="module")
def sd15(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A U-Net in the form of Stable Diffusion 1.5, with convolutions around its attention."""
    from diffusers import AutoencoderTiny, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel

    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        sample_size=8, block_out_channels=(8, 16), layers_per_block=2, cross_attention_dim=24, attention_head_dim=2,
        norm_num_groups=4, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
    )  # fmt: skip
    pipeline = StableDiffusionPipeline(
        vae=AutoencoderTiny(), text_encoder=None, tokenizer=None, unet=unet.eval(),
        scheduler=DDIMScheduler(steps_offset=1, clip_sample=False),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip
    arguments = {
        "sample": torch.randn(2, 4, 8, 8), "timestep": torch.tensor(500),
        "encoder_hidden_states": torch.randn(2, 5, 24),
    }  # fmt: skip
    return _saved(tmp_path_factory, "unet", pipeline, arguments)


@pytest.fixture(scope="module")
def sdxl(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A U-Net in the form of SDXL: three levels of two layers, so that its blocks are numbered as SDXL's are."""
    from diffusers import AutoencoderTiny, DDIMScheduler, StableDiffusionXLPipeline, UNet2DConditionModel

    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        sample_size=8, block_out_channels=(8, 16, 16), layers_per_block=2, cross_attention_dim=24, attention_head_dim=2,
        norm_num_groups=4, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"), use_linear_projection=True,
        transformer_layers_per_block=(1, 2, 3), addition_embed_type="text_time", addition_time_embed_dim=4,
        projection_class_embeddings_input_dim=32,
    )  # fmt: skip
    pipeline = StableDiffusionXLPipeline(
        vae=AutoencoderTiny(), text_encoder=None, text_encoder_2=None, tokenizer=None, tokenizer_2=None,
        unet=unet.eval(), scheduler=DDIMScheduler(steps_offset=1, clip_sample=False), add_watermarker=False,
    )  # fmt: skip
    arguments = {
        "sample": torch.randn(2, 4, 8, 8), "timestep": torch.tensor(500),
        "encoder_hidden_states": torch.randn(2, 5, 24),
        "added_cond_kwargs": {"text_embeds": torch.randn(2, 8), "time_ids": torch.ones(2, 6)},
    }  # fmt: skip
    return _saved(tmp_path_factory, "unet", pipeline, arguments)


@pytest.fixture(scope="module")
def flux(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A transformer in the form of Flux, of two double and two single blocks."""
    from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel

    torch.manual_seed(0)
    transformer = FluxTransformer2DModel(
        in_channels=4, num_layers=2, num_single_layers=2, attention_head_dim=8, num_attention_heads=2,
        joint_attention_dim=16, pooled_projection_dim=8, axes_dims_rope=(2, 2, 4), guidance_embeds=True,
    )  # fmt: skip
    vae = AutoencoderKL(block_out_channels=(4,), norm_num_groups=1, latent_channels=1)
    pipeline = FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(), vae=vae, text_encoder=None, tokenizer=None, text_encoder_2=None,
        tokenizer_2=None, transformer=transformer.eval(),
    )  # fmt: skip
    arguments = {
        "hidden_states": torch.randn(2, 16, 4), "encoder_hidden_states": torch.randn(2, 3, 16),
        "pooled_projections": torch.randn(2, 8), "timestep": torch.tensor([0.5, 0.5]), "guidance": torch.ones(2),
        "img_ids": torch.randint(0, 4, (16, 3)).float(), "txt_ids": torch.zeros(3, 3),
    }  # fmt: skip
    return _saved(tmp_path_factory, "transformer", pipeline, arguments)


def _saved(factory: pytest.TempPathFactory, component: str, pipeline: Any, arguments: Mapping[str, Any]) -> Model:
    folder = factory.mktemp("model")
    getattr(pipeline, component).save_pretrained(folder / component)
    return Model(folder, pipeline, component, arguments)
