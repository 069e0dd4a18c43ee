"""An adapter file: a LoRA as safetensors, checked to the last number before anything loads it.

Reads the format itself, without torch and without trusting the file. Knows no model: whether the layers named in a
file exist is for the engine to say.

Source: the safetensors format: eight bytes with the header's length, the header as JSON, then the tensors' bytes.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from style.digest import file_digest
from style.errors import BadPackError

MAX_FILE_BYTES = 2 * 1024**3
MAX_HEADER_BYTES = 10 * 1024**2
MAX_RANK = 256

_DTYPE_BYTES = {"F32": 4, "F16": 2, "BF16": 2}
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


@dataclass(frozen=True, slots=True)
class _Tensor:
    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


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
        tensors, data_start = _read_header(path)
        layers = _check_layers(tensors)
        _check_numbers(path, tensors, data_start)
    except OSError as error:
        raise BadPackError(f"{path}: cannot be read: {error.strerror}; check the file and its permissions") from error
    except _FaultError as fault:
        raise BadPackError(f"{path}: {fault}; save it anew with `pipe.save_lora_weights`") from fault
    return layers


class _FaultError(Exception):
    """What is wrong with a file, before its name and the cure are added."""


def _read_header(path: Path) -> tuple[list[_Tensor], int]:
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise _FaultError(f"{size} bytes, expected at most {MAX_FILE_BYTES}")
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or not 2 <= length <= min(MAX_HEADER_BYTES, size - 8):
            raise _FaultError("not a safetensors file: its header's length is impossible")
        try:
            header: dict[str, Any] = json.loads(file.read(length))
            header.pop("__metadata__", None)
            tensors = [_read_tensor(name, entry) for name, entry in header.items()]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise _FaultError(f"not a safetensors file: its header cannot be read ({error})") from error
    _check_offsets(tensors, size - 8 - length)
    return tensors, 8 + length


def _read_tensor(name: str, entry: dict[str, Any]) -> _Tensor:
    start, end = entry["data_offsets"]
    shape = tuple(entry["shape"])
    if not all(type(number) is int and number >= 0 for number in (start, end, *shape)):
        raise ValueError(f"{name}: shape and offsets must be whole numbers")
    return _Tensor(name=name, dtype=entry["dtype"], shape=shape, start=start, end=end)


def _check_offsets(tensors: list[_Tensor], data_bytes: int) -> None:
    position = 0
    for tensor in sorted(tensors, key=lambda tensor: (tensor.start, tensor.end)):
        if tensor.dtype not in _DTYPE_BYTES:
            raise _FaultError(f"{tensor.name} is {tensor.dtype}, expected one of {', '.join(_DTYPE_BYTES)}")
        expected = math.prod(tensor.shape) * _DTYPE_BYTES[tensor.dtype]
        if tensor.start != position or tensor.end - tensor.start != expected:
            raise _FaultError(f"{tensor.name}: its bytes do not fit its shape {list(tensor.shape)}, or the file is cut")
        position = tensor.end
    if position != data_bytes:
        raise _FaultError(f"{data_bytes} bytes of numbers, expected {position}: the file is cut or padded")


def _check_layers(tensors: list[_Tensor]) -> int:
    downs: dict[str, _Tensor] = {}
    ups: dict[str, _Tensor] = {}
    for tensor in tensors:
        if _TEXT_ENCODER.match(tensor.name):
            raise _FaultError(f"{tensor.name} changes a text encoder, expected layers of the U-Net or transformer only")
        if match := _DOWN.fullmatch(tensor.name):
            downs[match[1]] = tensor
        elif match := _UP.fullmatch(tensor.name):
            ups[match[1]] = tensor
        elif not (_ALPHA.fullmatch(tensor.name) and math.prod(tensor.shape) == 1):
            raise _FaultError(f"{tensor.name} does not belong to a plain LoRA (lora_A and lora_B weights, alphas)")
    notations = {match[2] for tensor in downs.values() if (match := _DOWN.fullmatch(tensor.name))}
    if len(notations) > 1:
        # diffusers judges by the first key, and then drops in silence what is written the other way.
        raise _FaultError(
            f"mixes the notations {' and '.join(sorted(notations))}; write all layers as lora_A and lora_B"
        )
    if not downs or downs.keys() != ups.keys():
        odd = sorted(downs.keys() ^ ups.keys())
        raise _FaultError(
            f"layers must come as pairs of lora_A and lora_B; alone: {', '.join(odd[:3]) or 'none at all'}"
        )
    for layer, down in downs.items():
        _check_pair(layer, down.shape, ups[layer].shape)
    return len(downs)


def _check_pair(layer: str, down: tuple[int, ...], up: tuple[int, ...]) -> None:
    if len(down) not in (2, 4) or len(up) != len(down):
        raise _FaultError(f"{layer}: shapes {list(down)} and {list(up)}, expected both with two or four dimensions")
    if not 1 <= down[0] <= MAX_RANK or up[1] != down[0]:
        raise _FaultError(f"{layer}: ranks {down[0]} and {up[1]}, expected one rank from 1 to {MAX_RANK}")


def _check_numbers(path: Path, tensors: list[_Tensor], data_start: int) -> None:
    data = np.memmap(path, dtype=np.uint8, mode="r", offset=data_start)
    for tensor in tensors:
        if not _all_finite(data[tensor.start : tensor.end], tensor.dtype):
            raise _FaultError(f"{tensor.name} holds numbers that are not finite")


def _all_finite(raw: NDArray[np.uint8], dtype: str) -> bool:
    # Tensors need not be aligned in the file, so the bytes are copied before they are seen as numbers.
    if dtype == "BF16":
        # numpy has no bfloat16; infinities and NaNs are those with all eight exponent bits set
        exponent = np.frombuffer(raw.tobytes(), dtype="<u2") & 0x7F80
        return bool((exponent != 0x7F80).all())
    numbers = np.frombuffer(raw.tobytes(), dtype="<f4" if dtype == "F32" else "<f2")
    return bool(np.isfinite(numbers).all())
