"""The file that an import leaves: fp16 matrices in the form that `style.adapter` checks and diffusers loads in full."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import save_file

from style.adapter import check_adapter_file
from style.digest import file_digest
from style.errors import BadAdapterError
from style.foreign.factors import Matrix
from style.tensors import FaultError

Pair = tuple[NDArray[np.float16], NDArray[np.float16]]


def to_pair(up: Matrix, down: Matrix, shape: tuple[int, ...]) -> Pair | None:
    """Make two matrices into lora_A and lora_B of a layer of this shape; None: they change nothing.

    Ranks that change nothing are dropped. Both are scaled to about the same size by a power of two, which costs no
    accuracy, so that neither falls below what fp16 can tell from zero.

    Raises:
        FaultError: numbers too large for fp16.
    """
    used = (up != 0).any(axis=0) & (down != 0).any(axis=1)
    if not used.any():
        return None
    up, down = up[:, used], down[used]
    shift = np.round((np.log2(np.abs(down).max()) - np.log2(np.abs(up).max())) / 2)
    lower = np.ldexp(down, -int(shift)).astype(np.float16)
    upper = np.ldexp(up, int(shift)).astype(np.float16)
    if not (np.isfinite(lower).all() and np.isfinite(upper).all()):
        raise FaultError("its numbers are too large for fp16")
    if not (lower.any() and upper.any()):
        return None
    rank = len(lower)
    kernel = (1,) * (len(shape) - 2)
    return lower.reshape(rank, *shape[1:]), upper.reshape(-1, rank, *kernel)


def write_adapter(out: Path, component: str, layers: Mapping[str, Pair]) -> str:
    """Write an adapter in one step, over what was there; returns its sha256.

    Raises:
        BadAdapterError: it cannot be written there.
    """
    if out.suffix != ".safetensors":
        raise BadAdapterError(f"{out}: cannot be written: name it so that it ends in .safetensors")
    tensors = {}
    for layer, (lower, upper) in layers.items():
        tensors[f"{component}.{layer}.lora_A.weight"] = np.ascontiguousarray(lower)
        tensors[f"{component}.{layer}.lora_B.weight"] = np.ascontiguousarray(upper)
    part = out.with_name(f".{out.stem}.part.safetensors")
    try:
        save_file(tensors, part, metadata={"format": "pt"})
        checked = check_adapter_file(part)
        assert checked == len(layers), f"{checked} layers of {len(layers)}"  # noqa: S101 - guards our own writing
        digest = file_digest(part)
        part.replace(out)
    except (OSError, SafetensorError) as error:
        raise BadAdapterError(f"{out}: cannot be written: {error}; check the folder and its space") from error
    finally:
        part.unlink(missing_ok=True)
    return digest
