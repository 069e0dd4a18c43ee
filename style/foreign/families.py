"""Which family of models an adapter was made for, guessed from the layers it changes and what its trainer says.

A guess for messages only: what fits is decided by the layers themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

Family = Literal["SD 1.x", "SD 2.x", "SDXL", "SD 3", "Flux", "another U-Net", "another transformer"]

# The width of the texts that cross-attention reads.
_TEXT_WIDTHS: dict[int, Family] = {768: "SD 1.x", 1024: "SD 2.x", 2048: "SDXL"}
_SAID: tuple[tuple[str, Family], ...] = (
    (r"sdxl|diffusion-xl", "SDXL"),
    (r"flux", "Flux"),
    (r"sd3|diffusion-3", "SD 3"),
    (r"sd_v2|diffusion-v2", "SD 2.x"),
    (r"sd_v1|diffusion-v1", "SD 1.x"),
)


def guess_family(widths: Mapping[str, int | None], metadata: Mapping[str, str]) -> Family:
    """Guess a family from layers, `_` for `.`, with the width of their inputs where it is known.

    Widths of texts decide, then names that only one family has, then what the trainer wrote, then the kind of model.
    """
    for name, width in widths.items():
        if re.search(r"attn2_to_[kv]$", name) and width in _TEXT_WIDTHS:
            return _TEXT_WIDTHS[width]
    names = widths.keys()
    if _any(names, r"(single|double)_(transformer_)?blocks_\d"):
        return "Flux"
    if _any(names, r"joint_blocks_\d|^transformer_blocks_\d+_attn_add_q_proj$"):
        return "SD 3"
    is_unet = _any(names, r"^((down|up|input|output)_blocks|mid_block|middle_block)_")
    if is_unet and _any(names, r"_transformer_blocks_[2-9]_|^lora_te2_"):
        return "SDXL"
    said = " ".join(metadata.get(key, "") for key in ("ss_base_model_version", "modelspec.architecture")).lower()
    for pattern, family in _SAID:
        if re.search(pattern, said):
            return family
    return "another U-Net" if is_unet else "another transformer"


def _any(names: Iterable[str], pattern: str) -> bool:
    return any(re.search(pattern, name) for name in names)
