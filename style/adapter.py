"""An adapter file: a LoRA as safetensors, checked to the last number before anything loads it.

Knows no model: whether the layers named in a file exist is for the engine to say. Adapters that other programs wrote
are made into this form by `style.foreign`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from style.digest import file_digest
from style.errors import BadPackError
from style.tensors import FaultError, Header, Tensor, check_layout, read_header, read_numbers, shown

MAX_FILE_BYTES = 2 * 1024**3
MAX_RANK = 256

_DOWN = re.compile(r"(.+?)\.(lora_A|lora\.down|lora_down)\.weight")
_UP = re.compile(r"(.+?)\.(?:lora_B|lora\.up|lora_up)\.weight")
_ALPHA = re.compile(r"(.+?)(?:\.lora(?:_A|_B|\.down|\.up|_down|_up))?\.alpha")
_TEXT_ENCODER = re.compile(r"(text_encoder|lora_te)")

Kind = Literal["style", "slider"]


@dataclass(frozen=True, slots=True)
class Adapter:
    """One adapter of a pack: its name there, its checked file, the file's sha256; `weight` is a style's own."""

    name: str
    path: Path
    digest: str
    kind: Kind
    weight: float


def read_adapter(name: str, path: Path, kind: Kind, weight: float) -> Adapter:
    """Check an adapter's file, and describe it.

    Raises:
        BadPackError: not a safetensors file, or its sizes, dtypes, ranks or numbers are not those of a LoRA.
    """
    check_adapter_file(path)
    return Adapter(name=name, path=path, digest=file_digest(path), kind=kind, weight=weight)


def check_adapter_file(path: Path) -> int:
    """Check header and numbers of a LoRA in safetensors form; returns how many layers it changes.

    Raises:
        BadPackError: what is wrong, and the cure.
    """
    if path.suffix != ".safetensors":
        raise BadPackError(f"{path}: an adapter must be a .safetensors file; convert it, other formats can run code")
    try:
        header = read_header(path, MAX_FILE_BYTES)
        check_layout(header)
        layers = _check_layers(header.tensors)
        _check_numbers(path, header)
    except OSError as error:
        raise BadPackError(f"{path}: cannot be read: {error.strerror}; check the file and its permissions") from error
    except FaultError as fault:
        raise BadPackError(f"{path}: {fault}; save it anew with `pipe.save_lora_weights`") from fault
    return layers


def _check_layers(tensors: Sequence[Tensor]) -> int:
    downs: dict[str, Tensor] = {}
    ups: dict[str, Tensor] = {}
    for tensor in tensors:
        if _TEXT_ENCODER.match(tensor.name):
            raise FaultError(
                f"{shown(tensor.name)} changes a text encoder, expected layers of the U-Net or transformer only"
            )
        if match := _DOWN.fullmatch(tensor.name):
            downs[match[1]] = tensor
        elif match := _UP.fullmatch(tensor.name):
            ups[match[1]] = tensor
        elif not (_ALPHA.fullmatch(tensor.name) and math.prod(tensor.shape) == 1):
            raise FaultError(
                f"{shown(tensor.name)} does not belong to a plain LoRA (lora_A and lora_B weights, alphas)"
            )
    notations = {match[2] for tensor in downs.values() if (match := _DOWN.fullmatch(tensor.name))}
    if len(notations) > 1:
        # diffusers judges by the first key, and then drops in silence what is written the other way.
        raise FaultError(
            f"mixes the notations {' and '.join(sorted(notations))}; write all layers as lora_A and lora_B"
        )
    if not downs or downs.keys() != ups.keys():
        odd = sorted(downs.keys() ^ ups.keys())
        raise FaultError(
            f"layers must come as pairs of lora_A and lora_B; alone: {', '.join(odd[:3]) or 'none at all'}"
        )
    for layer, down in downs.items():
        _check_pair(layer, down.shape, ups[layer].shape)
    return len(downs)


def _check_pair(layer: str, down: tuple[int, ...], up: tuple[int, ...]) -> None:
    if len(down) not in (2, 4) or len(up) != len(down):
        raise FaultError(f"{layer}: shapes {list(down)} and {list(up)}, expected both with two or four dimensions")
    if not 1 <= down[0] <= MAX_RANK or up[1] != down[0]:
        raise FaultError(f"{layer}: ranks {down[0]} and {up[1]}, expected one rank from 1 to {MAX_RANK}")


def _check_numbers(path: Path, header: Header) -> None:
    with path.open("rb") as file:
        for tensor in header.tensors:
            read_numbers(file, header, tensor)
