"""What many tests share: a tiny random model and a pack for it, built once a run in diffusers' own form."""

from __future__ import annotations

import json
import os
import string
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# Read when torch is first imported: with several processes on few cores, waiting threads must sleep.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# Read when numpy is first imported: its matrices are small here, and its threads would spin against the other tests.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

TINY_PACK = """
name = "tiny"
title = "Tiny"
trigger = "tiny"
prompt = "{trigger}, {line}, {hue}"
licence = "CC0-1.0"
credits = "random numbers"

[base]
model = "tiny-model"

[[attributes]]
name = "line"
kind = "single"
values = ["curve line", "angular line", "straight line"]

[[attributes]]
name = "hue"
kind = "multiple"
count = 2
values = ["red", "green", "blue", "white"]

[[attributes]]
name = "brightness"
kind = "continuous"
low = -1.0
high = 1.0
sliders = [{ adapter = "brightness" }]

[[adapters]]
name = "tiny"
file = "tiny.safetensors"
kind = "style"
weight = 1.0

[[adapters]]
name = "brightness"
file = "brightness.safetensors"
kind = "slider"

[sampling]
steps = 3
guidance = 2.0
size_px = 64
"""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run slow tests first: with several processes none is then left to finish one alone."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def scripted_engine() -> tuple[str, ...]:
    """The command that starts an engine without a model (`tests/scripted_engine.py`)."""
    return (sys.executable, "-P", str(Path(__file__).parent / "scripted_engine.py"))


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random text-to-image pipeline of under a million parameters, as a folder that `from_pretrained` reads."""
    import torch
    from diffusers import AutoencoderTiny, DPMSolverMultistepScheduler, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    folder = tmp_path_factory.mktemp("model") / "tiny-model"
    vocabulary, merges = _letters(folder.parent)
    torch.manual_seed(0)
    pipeline = StableDiffusionPipeline(
        vae=AutoencoderTiny(
            encoder_block_out_channels=(16, 16, 16),
            decoder_block_out_channels=(16, 16, 16),
            num_encoder_blocks=(1, 1, 1),
            num_decoder_blocks=(1, 1, 1),
        ),
        text_encoder=CLIPTextModel(
            CLIPTextConfig(
                vocab_size=len(_letter_tokens()),
                hidden_size=32,
                intermediate_size=64,
                num_hidden_layers=1,
                num_attention_heads=4,
                max_position_embeddings=64,
                bos_token_id=_letter_tokens().index("<|startoftext|>"),
                eos_token_id=_letter_tokens().index("<|endoftext|>"),
                projection_dim=32,
            )
        ),
        tokenizer=CLIPTokenizer(vocab=str(vocabulary), merges=str(merges), model_max_length=64),
        unet=UNet2DConditionModel(
            sample_size=16,
            block_out_channels=(32, 64),
            layers_per_block=1,
            cross_attention_dim=32,
            attention_head_dim=4,
            norm_num_groups=8,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        ),
        scheduler=DPMSolverMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, solver_order=1, steps_offset=1
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(str(folder), safe_serialization=True)
    return folder


@pytest.fixture(scope="session")
def write_lora(tiny_model: Path) -> Callable[..., Path]:
    """A function (path, seed, targets=…, rank=…) that writes a random LoRA for the tiny model's U-Net."""
    import torch
    from diffusers import StableDiffusionPipeline, UNet2DConditionModel
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    def write(path: Path, seed: int, *, targets: list[str] | None = None, rank: int = 4, strength: float = 0.1) -> Path:
        torch.manual_seed(seed)
        unet = UNet2DConditionModel.from_pretrained(str(tiny_model / "unet"), local_files_only=True)
        targets = targets or ["to_q", "to_k", "to_v", "to_out.0", "conv1", "conv2"]
        unet.add_adapter(LoraConfig(r=rank, lora_alpha=rank, target_modules=targets, init_lora_weights=False))
        weights: dict[str, Any] = get_peft_model_state_dict(unet)
        StableDiffusionPipeline.save_lora_weights(
            str(path.parent),
            unet_lora_layers={name: tensor * strength**0.5 for name, tensor in weights.items()},
            weight_name=path.name,
            safe_serialization=True,
        )
        return path

    return write


@pytest.fixture(scope="session")
def tiny_pack(tmp_path_factory: pytest.TempPathFactory, write_lora: Callable[..., Path]) -> Path:
    """A pack for the tiny model: a style and a slider, both random."""
    folder = tmp_path_factory.mktemp("packs") / "tiny"
    folder.mkdir()
    (folder / "style.toml").write_text(TINY_PACK, encoding="utf-8")
    write_lora(folder / "tiny.safetensors", seed=1)
    write_lora(folder / "brightness.safetensors", seed=2, rank=2)
    return folder


def _letters(folder: Path) -> tuple[Path, Path]:
    """Write a tokenizer's vocabulary that knows single letters only."""
    vocabulary, merges = folder / "vocab.json", folder / "merges.txt"
    vocabulary.write_text(json.dumps({token: index for index, token in enumerate(_letter_tokens())}), encoding="utf-8")
    merges.write_text("#version: 0.2\n", encoding="utf-8")
    return vocabulary, merges


def _letter_tokens() -> list[str]:
    letters = [*string.ascii_lowercase, *string.digits, ",", "-", "."]
    return [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
