"""A base model in small, built by the same code as the bundled one, for the tests of training."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from style.procedural import draw, random_spec

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline
    from torch import Tensor


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


@pytest.fixture(scope="session")
def clip(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random CLIP of two small towers with the tiny model's tokenizer, as a folder."""
    import torch
    from transformers import CLIPConfig, CLIPModel, CLIPTextConfig, CLIPVisionConfig

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("clip") / "clip"
    shutil.copytree(tiny_model / "tokenizer", folder)
    small = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4}
    text = CLIPTextConfig(vocab_size=100, max_position_embeddings=64, bos_token_id=78, eos_token_id=79, **small)
    vision = CLIPVisionConfig(image_size=32, patch_size=8, **small)
    model = CLIPModel(CLIPConfig(text_config=text.to_dict(), vision_config=vision.to_dict(), projection_dim=16))
    model.save_pretrained(str(folder))
    return folder


@pytest.fixture(scope="session")
def csd_parts() -> dict[str, Tensor]:
    """Random weights of style descriptors, a tower of two blocks, under the published names."""
    import torch

    width, patch = 64, 8
    dice = torch.Generator().manual_seed(0)

    def some(*shape: int) -> Tensor:
        return 0.1 * torch.randn(shape, generator=dice)

    parts = {
        "backbone.class_embedding": some(width),
        "backbone.positional_embedding": some(17, width),
        "backbone.conv1.weight": some(width, 3, patch, patch),
        **{f"backbone.{norm}.{kind}": some(width) for norm in ("ln_pre", "ln_post") for kind in ("weight", "bias")},
        "last_layer_style": some(width, 12),
        "last_layer_content": some(width, 12),
    }
    for k in range(2):
        block = f"backbone.transformer.resblocks.{k}."
        parts |= {
            f"{block}attn.in_proj_weight": some(3 * width, width),
            f"{block}attn.in_proj_bias": some(3 * width),
            f"{block}attn.out_proj.weight": some(width, width),
            f"{block}attn.out_proj.bias": some(width),
            **{f"{block}{norm}.{kind}": some(width) for norm in ("ln_1", "ln_2") for kind in ("weight", "bias")},
            f"{block}mlp.c_fc.weight": some(4 * width, width),
            f"{block}mlp.c_fc.bias": some(4 * width),
            f"{block}mlp.c_proj.weight": some(width, 4 * width),
            f"{block}mlp.c_proj.bias": some(width),
        }
    return parts


@pytest.fixture(scope="session")
def csd(csd_parts: dict[str, Tensor], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those weights as a folder."""
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("csd")
    save_file(csd_parts, folder / "model.safetensors")
    return folder
