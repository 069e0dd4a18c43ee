"""LoRA adapters on a denoiser: adding them, weighing them, loading them, and saving them in the form that others load.

Source: peft's LoRA layers, `y = W x + scaling · B A x`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model_state_dict
from peft.tuners.lora import LoraLayer
from torch import nn

from style.adapter import check_adapter_file
from style.errors import BadPackError

# Attention, its feed-forward parts, and the convolutions, for line and texture. Layers fed with (batch, channels),
# such as those of the time embedding, stay out: the engine cannot weigh them for each picture.
_IN_UNET = re.compile(r".*\.(to_q|to_k|to_v|to_out\.0|proj_in|proj_out|ff\.net\.0\.proj|ff\.net\.2|conv1|conv2)")
# In a transformer the same within its blocks; outside of them and in their norms are layers of the time embedding.
_IN_TRANSFORMER = re.compile(
    r".*blocks\.\d+\.(attn\.)?"
    r"(to_q|to_k|to_v|to_out\.0|add_q_proj|add_k_proj|add_v_proj|to_add_out|proj_mlp|proj_out"
    r"|ff(_context)?\.net\.0\.proj|ff(_context)?\.net\.2)"
)


def add(denoiser: nn.Module, name: str, rank: int, seed: int) -> list[nn.Parameter]:
    """Freeze the network, add a trainable LoRA `name` of `rank` (alpha = rank), and return its float32 parameters.

    Adapters that the network already has stay on, frozen, at the weight they have.
    """
    torch.manual_seed(seed)
    config = LoraConfig(r=rank, lora_alpha=rank, target_modules=_targets(denoiser), init_lora_weights=True)
    with warnings.catch_warnings():
        # Several adapters in one network are what this module is for.
        warnings.filterwarnings("ignore", message="Already found a `peft_config`", category=UserWarning)
        denoiser.add_adapter(config, adapter_name=name)  # type: ignore[operator]  # diffusers' models have it, nn.Module's stub not
    _switch_all_on(denoiser)
    denoiser.requires_grad_(False)
    return trained_on(denoiser, name)


def trained_on(denoiser: nn.Module, name: str) -> list[nn.Parameter]:
    """Let an adapter that the network has learn, in float32, and return its parameters; all others stay as they are."""
    parts = [part[name].float() for layer in _layers(denoiser, name) for part in (layer.lora_A, layer.lora_B)]
    return [parameter.requires_grad_() for part in parts for parameter in part.parameters()]


def weigh(denoiser: nn.Module, name: str, weight: float) -> None:
    """Set the signed weight of adapter `name` in all layers; 0 is the base without it."""
    for layer in _layers(denoiser, name):
        layer.scaling[name] = weight * layer.lora_alpha[name] / layer.r[name]


def load(pipeline: Any, denoiser: nn.Module, name: str, path: Path) -> None:
    """Load a file as adapter `name`, frozen and on at weight 1.

    Raises:
        BadPackError: no adapter file, or one that does not fit this model.
    """
    expected = check_adapter_file(path)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Already found a `peft_config`", category=UserWarning)
            pipeline.load_lora_weights(
                str(path.parent),
                weight_name=path.name,
                adapter_name=name,
                local_files_only=True,
                use_safetensors=True,
            )
    except (ValueError, RuntimeError, KeyError) as error:
        raise BadPackError(f"{path}: does not fit the model: {error}; give one that was trained on it") from error
    found = sum(1 for _ in _layers(denoiser, name))
    if found != expected:
        raise BadPackError(
            f"{path}: changes {expected} layers, of which this model has {found}; give one that was trained on it"
        )
    _switch_all_on(denoiser)
    denoiser.requires_grad_(False)


def save(pipeline: Any, name: str, path: Path) -> None:
    """Write adapter `name` as fp16 safetensors that the pipeline's own `load_lora_weights` reads, whole or not."""
    # Not through `convert_state_dict_to_diffusers`: on attention and convolutions together it mixes two notations, and
    # the loader passes over half of the layers in silence.
    part = "unet" if getattr(pipeline, "unet", None) is not None else "transformer"
    state = get_peft_model_state_dict(getattr(pipeline, part), adapter_name=name)
    half = {key: value.detach().to("cpu", torch.float16).contiguous() for key, value in state.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.stem}.new.safetensors")
    type(pipeline).save_lora_weights(
        path.parent, **{f"{part}_lora_layers": half}, weight_name=fresh.name, safe_serialization=True
    )
    fresh.replace(path)


def _targets(denoiser: nn.Module) -> list[str]:
    pattern = _IN_UNET if hasattr(denoiser, "down_blocks") else _IN_TRANSFORMER
    fitting = (nn.Linear, nn.Conv2d, LoraLayer)
    found = [name for name, part in denoiser.named_modules() if isinstance(part, fitting) and pattern.fullmatch(name)]
    assert found, f"{type(denoiser).__name__} has no layer that a LoRA can change"  # noqa: S101 - models are admitted by kind
    return found


def _switch_all_on(denoiser: nn.Module) -> None:
    for module in denoiser.modules():
        if isinstance(module, LoraLayer):
            # A new adapter comes on alone: peft switches the others off, and `weigh` would not reach them.
            module.set_adapter(list(module.lora_A))


def _layers(denoiser: nn.Module, name: str) -> Iterator[Any]:
    for module in denoiser.modules():
        if name in getattr(module, "scaling", {}):
            yield module
