"""The names of tensors in adapter files: whose layer, and which part of its change, in each trainer's spelling.

Knows spellings only: whether a model has the layer is for `style.foreign.denoiser` to say, and what the parts amount to
for `style.foreign.forms`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from style.tensors import FaultError, Tensor, shown

Notation = Literal["kohya", "lycoris", "diffusers", "peft", "flux-bfl"]

MAX_NAME = 512

_DENOISER = re.compile(
    r"(?:base_model\.model\.)?"
    r"(?P<prefix>(?:model\.)?diffusion_model\.|unet\.|transformer\.|lora_unet_|lora_transformer_|lycoris_)?"
)
_TEXT_ENCODER = re.compile(
    r"(base_model\.model\.)?(lora_te\d?_|lora_prior_te_|text_encoders?(_\d)?\.|text_model\.|conditioner\.|cond_stage_model\.)"
)
_LYCORIS = re.compile(r"\.(hada|lokr)_|\.lora_mid\.|^lycoris_")
_UNDERSCORED = ("lora_unet_", "lora_transformer_", "lycoris_")

# What stands behind the layer's name, and the part that it is.
_PARTS = {
    **dict.fromkeys((".lora_A.weight", ".lora_A.default.weight", ".lora_down.weight", ".lora.down.weight"), "down"),
    **dict.fromkeys((".lora_B.weight", ".lora_B.default.weight", ".lora_up.weight", ".lora.up.weight"), "up"),
    **dict.fromkeys(("_lora.down.weight", ".lora_linear_layer.down.weight", ".down.weight"), "down"),
    **dict.fromkeys(("_lora.up.weight", ".lora_linear_layer.up.weight", ".up.weight"), "up"),
    **dict.fromkeys((".alpha", "_lora.alpha", ".lora.alpha"), "alpha"),
    ".lora_mid.weight": "mid",
    **{f".hada_{part}": f"hada_{part}" for part in ("w1_a", "w1_b", "w2_a", "w2_b", "t1", "t2")},
    **{f".lokr_{part}": f"lokr_{part}" for part in ("w1", "w1_a", "w1_b", "w2", "w2_a", "w2_b", "t2")},
    **dict.fromkeys((".dora_scale", ".lora_magnitude_vector", ".lora_magnitude_vector.weight"), "dora"),
    ".lora_magnitude_vector.default.weight": "dora",
}
# What changes a layer in another way than by a product of small matrices: how it is called.
_OTHERS = {
    **dict.fromkeys((".diff", ".diff_b", ".w_norm", ".b_norm", ".bias", ".lora_B.bias"), "whole weights or biases"),
    **dict.fromkeys((".oft_blocks", ".oft_diag", ".oft_R.weight", ".rescale"), "OFT"),
    **dict.fromkeys((".a1.weight", ".a2.weight", ".b1.weight", ".b2.weight"), "GLoRA"),
    **dict.fromkeys((".on_input", ".weight"), "IA3 or whole weights"),
}
# Longer endings first: `_lora.down.weight` also ends in `.down.weight`.
_ENDINGS = sorted({*_PARTS, *_OTHERS}, key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class ForeignLayer:
    """One layer's change as a file has it: its name with `_` for `.`, and the tensors by their part."""

    name: str
    is_text_encoder: bool
    parts: dict[str, Tensor]


def gather_layers(tensors: Iterable[Tensor]) -> list[ForeignLayer]:
    """Put a file's tensors together by the layer that they change.

    Raises:
        FaultError: a name in no spelling known here, a way of changing layers that is not supported, or one part of
            a layer under two names.
    """
    layers: dict[str, ForeignLayer] = {}
    for tensor in tensors:
        is_text_encoder, name, part = _split(tensor.name)
        layer = layers.setdefault(name, ForeignLayer(name, is_text_encoder, {}))
        if layer.is_text_encoder != is_text_encoder:
            raise FaultError(f"{shown(tensor.name)} names a layer of a text encoder as one of the denoiser")
        if part in layer.parts:
            raise FaultError(f"{shown(tensor.name)} and {shown(layer.parts[part].name)} are the same part of one layer")
        layer.parts[part] = tensor
    if not layers:
        raise FaultError("holds no layers")
    return list(layers.values())


def guess_notation(names: Iterable[str], network_module: str) -> Notation:
    """Say in which spelling most of a file's names are; `network_module` is what its trainer says of itself."""
    all_names = list(names)
    counts = Counter(_notation(name) for name in all_names)
    notation = counts.most_common(1)[0][0]
    is_lycoris = re.search("lycoris|locon", network_module) or any(_LYCORIS.search(name) for name in all_names)
    return "lycoris" if notation == "kohya" and is_lycoris else notation


def _notation(name: str) -> Notation:
    match = _prefix(name)
    prefix = match["prefix"] or ""
    if prefix in _UNDERSCORED or name.startswith(("lora_te", "lora_prior_te_")):
        return "kohya"
    if re.match(r"(double|single)_blocks\.", name[match.end() :]):
        return "flux-bfl"
    if name.startswith("base_model.") or (".lora_A." in name and prefix not in ("unet.", "transformer.")):
        return "peft"
    return "diffusers"


def _split(name: str) -> tuple[bool, str, str]:
    """Split a tensor's name: whether it is a text encoder's, the layer with `_` for `.`, the part."""
    if len(name) > MAX_NAME:
        raise FaultError(f"{shown(name)}: a name of {len(name)} letters, expected at most {MAX_NAME}")
    ending = next((ending for ending in _ENDINGS if name.endswith(ending)), None)
    if ending is None:
        raise FaultError(f"{shown(name)} is in no spelling of LoRA, LoCon, LoHa or LoKr that is known here")
    if ending in _OTHERS:
        raise FaultError(f"{shown(name)} changes its layer by {_OTHERS[ending]}, expected LoRA, LoCon, LoHa or LoKr")
    layer = name.removesuffix(ending)
    is_text_encoder = _TEXT_ENCODER.match(layer) is not None
    if not is_text_encoder:
        layer = layer[_prefix(layer).end() :].replace(".processor", "")
    layer = layer.replace(".", "_")
    if not re.fullmatch(r"\w+", layer, re.ASCII):
        raise FaultError(f"{shown(name)} names no layer")
    return is_text_encoder, layer, _PARTS[ending]


def _prefix(name: str) -> re.Match[str]:
    match = _DENOISER.match(name)
    assert match is not None, "it may be empty"  # noqa: S101 - guards our own pattern
    return match
