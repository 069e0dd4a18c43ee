"""Making an adapter smaller: each layer's product is kept as well as a lower rank can (truncated SVD).

Training at a high rank and keeping the strongest directions is better than training at the low one. Knows plain LoRA
files only, in the form that `style.training.adapters` writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from style.adapter import check_adapter_file
from style.errors import BadJobError

_DOWN, _UP = "lora_A", "lora_B"


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What became of a file: bytes before and after, and the share of the squared weights that is left."""

    before: int
    after: int
    kept: float


def shrink(path: Path, rank: int) -> Shrunk:
    """Bring an adapter file down to `rank` in its place; layers of that rank or less stay as they are.

    Raises:
        BadPackError: the file is no adapter.
        BadJobError: the rank is less than 1, or the file says an alpha, which would change with the rank.
    """
    if rank < 1:
        raise BadJobError(f"rank is {rank}; give 1 or more")
    check_adapter_file(path)
    with safe_open(path, "pt") as file:
        metadata = file.metadata() or {}
        tensors: dict[str, Tensor] = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    if any("alpha" in name for name in (*tensors, *metadata)):
        raise BadJobError(f"{path}: says an alpha, which a lower rank would change; train it with this project's code")
    before, whole, left = path.stat().st_size, 0.0, 0.0
    for name in [name for name in tensors if _DOWN in name]:
        other = name.replace(_DOWN, _UP)
        down, up, total, kept = _truncated(tensors[name], tensors[other], rank)
        tensors[name], tensors[other] = down, up
        whole, left = whole + total, left + kept
    fresh = path.with_suffix(".new")
    save_file(tensors, fresh, metadata=metadata)
    fresh.replace(path)
    return Shrunk(before, path.stat().st_size, left / whole if whole else 1.0)


def _truncated(down: Tensor, up: Tensor, rank: int) -> tuple[Tensor, Tensor, float, float]:
    """Truncate up @ down; returns both factors of the lower rank, and the squared weights before and after."""
    wide, tall = down.double().flatten(1), up.double().flatten(1)
    left, upper = torch.linalg.qr(tall)
    right, lower = torch.linalg.qr(wide.T)
    u, values, v = torch.linalg.svd(upper @ lower.T)
    squares = values**2
    total, kept = float(squares.sum()), float(squares[:rank].sum())
    if rank >= down.shape[0]:
        return down, up, total, total
    roots = values[:rank].sqrt()
    fewer_up, fewer_down = left @ u[:, :rank] * roots, roots[:, None] * (v[:rank] @ right.T)
    return (
        fewer_down.reshape(rank, *down.shape[1:]).to(down.dtype).contiguous(),
        fewer_up.reshape(up.shape[0], rank, *up.shape[2:]).to(up.dtype).contiguous(),
        total,
        kept,
    )
