"""Contrastive style descriptors (CSD): how alike two pictures are in style, as a network that learned it sees them.

Optional, as all learned measures are. The published weights are an image tower of CLIP under its authors' own names for
its parts; they are put into the tower that transformers has.

Source: Somepalli et al. 2024, Measuring Style Similarity in Diffusion Models (arXiv 2404.01292).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from style.errors import BadModelError
from style.measures.learned import embedded

CSD = "yuxi-liu-wired/CSD"
_FILE = "model.safetensors"
_HEAD_WIDTH = 64  # of each attention head, in all of CLIP's image transformers
_TOWER = "backbone."
_BLOCK = "transformer.resblocks."
_PARTS = {
    "class_embedding": "embeddings.class_embedding",
    "positional_embedding": "embeddings.position_embedding.weight",
    "conv1.weight": "embeddings.patch_embedding.weight",
    "ln_pre.": "pre_layrnorm.",
    "ln_post.": "post_layernorm.",
}
_PARTS_OF_BLOCK = {
    "attn.out_proj.": "self_attn.out_proj.",
    "ln_1.": "layer_norm1.",
    "ln_2.": "layer_norm2.",
    "mlp.c_fc.": "mlp.fc1.",
    "mlp.c_proj.": "mlp.fc2.",
}

Pictures = NDArray[np.uint8]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StyleJudge:
    """A loaded tower and the projection, (width, d), of what it sees on the descriptor of its style."""

    tower: Any
    projection: Tensor

    @torch.no_grad()
    def describe(self, pictures: Pictures) -> Tensor:
        """Describe the style of (n, h, w, 3) pictures, of their middle squares: (n, d) of unit length."""
        return embedded(pictures, int(self.tower.config.image_size), self._project)

    def _project(self, pixels: Tensor) -> Tensor:
        described: Tensor = self.tower(pixel_values=pixels).pooler_output @ self.projection
        return described


def load_style_judge(model: str = CSD, *, download: bool = False) -> StyleJudge:
    """Load the descriptors by hub id, folder or file.

    Raises:
        BadModelError: the weights are not on this machine, or are others'; the message names the cure.
    """
    try:
        parts = load_file(_path_of(model, download=download))
        return StyleJudge(*_built(parts))
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise BadModelError(
            f"{model}: no style descriptors can be loaded here ({str(error).splitlines()[0]}); name a file or a folder "
            f"that holds them as {_FILE}, or allow the download"
        ) from error


def style_similarity(judge: StyleJudge, pictures: Pictures, paintings: Pictures) -> Numbers:
    """Say how alike in style each of (n, h, w, 3) pictures is to the paintings: (n,) mean cosines in [-1, 1]."""
    cosines = judge.describe(pictures) @ judge.describe(paintings).T
    return np.asarray(cosines.mean(dim=1).double().numpy())


def _path_of(model: str, *, download: bool) -> Path:
    if Path(model).is_file():
        return Path(model)
    if Path(model).is_dir():
        return Path(model) / _FILE
    from huggingface_hub import hf_hub_download

    return Path(hf_hub_download(model, _FILE, local_files_only=not download))


def _built(parts: Mapping[str, Tensor]) -> tuple[Any, Tensor]:
    """Build the tower from its parts' shapes, and take the projection.

    Raises:
        KeyError, RuntimeError: a part is missing, or there is one too many.
    """
    from transformers import CLIPVisionConfig, CLIPVisionModel

    own = {name.removeprefix(_TOWER): part.float() for name, part in parts.items() if name.startswith(_TOWER)}
    width, _, patch, _ = own["conv1.weight"].shape
    blocks = {name.removeprefix(_BLOCK).split(".")[0] for name in own if name.startswith(_BLOCK)}
    config = CLIPVisionConfig(
        hidden_size=width,
        intermediate_size=len(own[f"{_BLOCK}0.mlp.c_fc.bias"]),
        num_hidden_layers=len(blocks),
        num_attention_heads=max(1, width // _HEAD_WIDTH),
        image_size=patch * math.isqrt(len(own["positional_embedding"]) - 1),
        patch_size=patch,
    )
    tower = CLIPVisionModel(config).eval()
    named = dict(_renamed(own))
    prefix = "vision_model." if any(name.startswith("vision_model.") for name in tower.state_dict()) else ""
    tower.load_state_dict({prefix + name: part for name, part in named.items()})
    return tower, parts["last_layer_style"].float()


def _renamed(own: Mapping[str, Tensor]) -> list[tuple[str, Tensor]]:
    found: list[tuple[str, Tensor]] = []
    for name, part in own.items():
        if not name.startswith(_BLOCK):
            found.append((_other_name(name, _PARTS), part))
            continue
        number, inner = name.removeprefix(_BLOCK).split(".", 1)
        block = f"encoder.layers.{number}."
        if inner.startswith("attn.in_proj_"):
            kind = inner.removeprefix("attn.in_proj_")
            found += [
                (f"{block}self_attn.{one}_proj.{kind}", third) for one, third in zip("qkv", part.chunk(3), strict=True)
            ]
        else:
            found.append((block + _other_name(inner, _PARTS_OF_BLOCK), part))
    return found


def _other_name(name: str, names: Mapping[str, str]) -> str:
    for ours, theirs in names.items():
        if name.startswith(ours):
            return theirs + name.removeprefix(ours)
    raise KeyError(f"an unknown part {name}")
