"""Merging an accelerator into the base model's weights: once, when the model is loaded for painting.

It is the same in all pictures, so that there is nothing to weigh and no reason to pay for it at each step; adapters of
packs stay unmerged. Runs in the engine's process only.
"""

from __future__ import annotations

from typing import Any

from peft.tuners.lora import LoraLayer

from style.accelerator import Accelerator
from style.errors import BadModelError

_NAME = "accelerator"


def merge(pipeline: Any, denoiser: Any, accelerator: Accelerator) -> None:
    """Add the accelerator to the denoiser's weights and leave no adapter behind.

    Raises:
        BadModelError: it was not made for this model.
    """
    file = accelerator.weights
    try:
        pipeline.load_lora_weights(
            str(file.parent), weight_name=file.name, adapter_name=_NAME, local_files_only=True, use_safetensors=True
        )
        layers = [module for module in denoiser.modules() if isinstance(module, LoraLayer) and _NAME in module.lora_A]
        if len(layers) != accelerator.layers:
            raise ValueError(f"it changes {accelerator.layers} layers, of which this model has {len(layers)}")
        if not any(bool(layer.lora_B[_NAME].weight.any()) for layer in layers):
            raise ValueError("all zero once loaded: its keys were not taken")
        pipeline.fuse_lora(components=[_component(pipeline)], adapter_names=[_NAME], safe_fusing=True)
        pipeline.unload_lora_weights()
    except (ValueError, KeyError, TypeError, AttributeError, RuntimeError, OSError) as error:
        raise BadModelError(
            f"{file}: does not fit the model beside it: {error}; train it anew on this model with "
            "`python -m style.training distil`, or take the accelerator out of the folder"
        ) from error


def _component(pipeline: Any) -> str:
    return "unet" if getattr(pipeline, "unet", None) is not None else "transformer"
