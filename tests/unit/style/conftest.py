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


@pytest.fixture
def kill_after() -> Callable[[pytest.MonkeyPatch, int], None]:
    """A function that lets a run be interrupted right after the checkpoint of a step."""
    from style.training.loop import RunFiles

    def kill(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
        log = RunFiles.log

        def dying(self: RunFiles, **figures: Any) -> None:
            log(self, **figures)
            if figures["step"] == step:
                raise KeyboardInterrupt

        monkeypatch.setattr(RunFiles, "log", dying)

    return kill


@pytest.fixture(scope="session")
def shaped_pipeline() -> Callable[[str], Any]:
    """A function that builds a tiny random pipeline, always the same one, in one of five shapes.

    `epsilon` and `v_prediction` are Stable Diffusion's with that prediction, `xl` has SDXL's two text encoders, `flux`
    a transformer over packed latents, `distilled` the same with embedded guidance.
    """
    import torch

    def build(shape: str) -> Any:
        torch.manual_seed(3)
        builders = {"xl": _build_xl, "flux": _build_flux, "distilled": _build_flux}
        pipeline = builders.get(shape, _build_diffusion)(shape)
        pipeline.set_progress_bar_config(disable=True)
        return pipeline

    return build


def _build_diffusion(prediction: str) -> Any:
    from diffusers import DDIMScheduler, StableDiffusionPipeline

    from style.training.model import build_tokenizer

    tokenizer = build_tokenizer()
    return StableDiffusionPipeline(
        vae=_autoencoder(4),
        text_encoder=_text_encoder(tokenizer),
        tokenizer=tokenizer,
        unet=_unet(cross_attention_dim=32),
        scheduler=DDIMScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            clip_sample=False,
            steps_offset=1,
            prediction_type=prediction,
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def _build_xl(_shape: str) -> Any:
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline

    from style.training.model import build_tokenizer

    tokenizer = build_tokenizer()
    return StableDiffusionXLPipeline(
        vae=_autoencoder(4, scaling_factor=0.13),
        text_encoder=_text_encoder(tokenizer),
        text_encoder_2=_text_encoder(tokenizer, projected=True),
        tokenizer=tokenizer,
        tokenizer_2=tokenizer,
        unet=_unet(
            cross_attention_dim=64,
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=32 + 6 * 8,
        ),
        scheduler=EulerDiscreteScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"),
        add_watermarker=False,
    )


def _build_flux(shape: str) -> Any:
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel
    from transformers import T5Config, T5EncoderModel, T5TokenizerFast

    from style.training.model import build_tokenizer

    tokenizer = build_tokenizer()
    words = T5TokenizerFast(extra_ids=0, model_max_length=32)
    pipeline = FluxPipeline(
        vae=_autoencoder(4, shift_factor=0.1),
        text_encoder=_text_encoder(tokenizer),
        tokenizer=tokenizer,
        text_encoder_2=T5EncoderModel(
            T5Config(vocab_size=len(words), d_model=32, d_kv=8, d_ff=32, num_layers=1, num_heads=2)
        ).eval(),
        tokenizer_2=words,
        transformer=FluxTransformer2DModel(
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=32,
            pooled_projection_dim=32,
            guidance_embeds=shape == "distilled",
            axes_dims_rope=(4, 6, 6),
        ).eval(),
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
    )
    pipeline.default_sample_size = 32
    return pipeline


def _autoencoder(channels: int, **config: float) -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=(16, 16),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        latent_channels=channels,
        norm_num_groups=8,
        **config,
    ).eval()


def _text_encoder(tokenizer: Any, *, projected: bool = False) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    end = tokenizer.convert_tokens_to_ids("<|endoftext|>")
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=tokenizer.model_max_length,
        projection_dim=32,
        bos_token_id=tokenizer.convert_tokens_to_ids("<|startoftext|>"),
        eos_token_id=end,
        pad_token_id=end,
    )
    return (CLIPTextModelWithProjection if projected else CLIPTextModel)(config).eval()


def _unet(**config: Any) -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=32,
        block_out_channels=(16, 32),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=2,
        norm_num_groups=8,
        **config,
    ).eval()
