"""LoRA adapters on a denoiser: adding them, weighing them, and saving them in the form that others load.

Source: peft's LoRA layers, `y = W x + scaling · B A x`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from diffusers import StableDiffusionPipeline
from peft import LoraConfig, get_peft_model_state_dict
from peft.tuners.lora import LoraLayer
from torch import nn

# Attention, its feed-forward parts, and the convolutions, for line and texture. Layers fed with (batch, channels),
# such as those of the time embedding, stay out: the engine cannot weigh them for each picture.
TARGETS = ("to_q", "to_k", "to_v", "to_out.0", "proj_in", "proj_out", "ff.net.0.proj", "ff.net.2", "conv1", "conv2")


def add(unet: nn.Module, name: str, rank: int, seed: int) -> list[nn.Parameter]:
    """Freeze the network, add a trainable LoRA `name` of `rank` (alpha = rank), and return its parameters.

    Adapters that the network already has stay on, frozen, at the weight they have.
    """
    torch.manual_seed(seed)
    config = LoraConfig(r=rank, lora_alpha=rank, target_modules=list(TARGETS), init_lora_weights=True)
    with warnings.catch_warnings():
        # Several adapters in one network are what this module is for.
        warnings.filterwarnings("ignore", message="Already found a `peft_config`", category=UserWarning)
        unet.add_adapter(config, adapter_name=name)  # type: ignore[operator]  # diffusers' models have it, nn.Module's stub not
    for module in unet.modules():
        if isinstance(module, LoraLayer):
            # A new adapter comes on alone: peft switches the others off, and `weigh` would not reach them.
            module.set_adapter(list(module.lora_A))
    unet.requires_grad_(False)
    parts = (part[name] for layer in _layers(unet, name) for part in (layer.lora_A, layer.lora_B))
    return [parameter.requires_grad_() for part in parts for parameter in part.parameters()]


def weigh(unet: nn.Module, name: str, weight: float) -> None:
    """Set the signed weight of adapter `name` in all layers; 0 is the base without it."""
    for layer in _layers(unet, name):
        layer.scaling[name] = weight


def save(unet: nn.Module, name: str, path: Path) -> None:
    """Write adapter `name` as fp16 safetensors that `pipe.load_lora_weights` reads."""
    # Not through `convert_state_dict_to_diffusers`: on attention and convolutions together it mixes two notations, and
    # the loader passes over half of the layers in silence.
    state = get_peft_model_state_dict(unet, adapter_name=name)
    half = {key: value.detach().to("cpu", torch.float16) for key, value in state.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    StableDiffusionPipeline.save_lora_weights(
        path.parent, unet_lora_layers=half, weight_name=path.name, safe_serialization=True
    )


def _layers(unet: nn.Module, name: str) -> Iterator[Any]:
    for module in unet.modules():
        if name in getattr(module, "scaling", {}):
            yield module
