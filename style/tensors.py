"""The safetensors format, read without torch and without trust: the header first, then numbers one tensor at a time.

Knows sizes, dtypes and offsets; knows nothing of what tensors mean.

Source: the format: eight bytes with the header's length, the header as JSON, then the tensors' bytes.
"""

from __future__ import annotations

import json
import math
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

MAX_HEADER_BYTES = 10 * 1024**2

_DTYPE_BYTES = {"F32": 4, "F16": 2, "BF16": 2}
_MAX_DIMENSIONS = 8
_NAME_SHOWN = 120


class FaultError(Exception):
    """What is wrong with a file, before its name and the cure are added."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One entry of a header; `start` and `end` are bytes from the header's end."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself; `data_start` is where its header ends, `size` its length in bytes."""

    tensors: tuple[Tensor, ...]
    metadata: dict[str, str]
    data_start: int
    size: int


def read_header(path: Path, max_bytes: int | None = None) -> Header:
    """Read a file's header; `check_layout` says whether the numbers behind it are where it claims.

    Raises:
        FaultError: not a safetensors file, or longer than `max_bytes`.
        OSError: it cannot be read.
    """
    # Looked at before it is opened: opening a pipe would wait for its other end.
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise FaultError("not a file")
    if max_bytes is not None and status.st_size > max_bytes:
        raise FaultError(f"{status.st_size} bytes, expected at most {max_bytes}")
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if status.st_size < 8 or not 2 <= length <= min(MAX_HEADER_BYTES, status.st_size - 8):
            raise FaultError("not a safetensors file: its header's length is impossible")
        try:
            header: dict[str, Any] = json.loads(file.read(length), object_pairs_hook=_unique)
            metadata = _read_metadata(header.pop("__metadata__", {}))
            tensors = tuple(_read_tensor(name, entry) for name, entry in header.items())
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise FaultError(f"not a safetensors file: its header cannot be read ({shown(str(error))})") from error
    return Header(tensors, metadata, 8 + length, status.st_size)


def check_layout(header: Header) -> None:
    """Check that the tensors fill the file without gap or overlap, in the dtypes of adapters.

    Raises:
        FaultError: they do not.
    """
    position = 0
    for tensor in sorted(header.tensors, key=lambda tensor: (tensor.start, tensor.end)):
        if tensor.dtype not in _DTYPE_BYTES:
            dtypes = ", ".join(_DTYPE_BYTES)
            raise FaultError(f"{shown(tensor.name)} is {shown(tensor.dtype)}, expected one of {dtypes}")
        expected = math.prod(tensor.shape) * _DTYPE_BYTES[tensor.dtype]
        if tensor.start != position or tensor.end - tensor.start != expected:
            shape = shown(str(list(tensor.shape)))
            raise FaultError(f"{shown(tensor.name)}: its bytes do not fit its shape {shape}, or the file is cut")
        position = tensor.end
    if position != header.size - header.data_start:
        data_bytes = header.size - header.data_start
        raise FaultError(f"{data_bytes} bytes of numbers, expected {position}: the file is cut or padded")


def read_numbers(file: BinaryIO, header: Header, tensor: Tensor) -> NDArray[np.floating[Any]]:
    """Read one tensor's numbers in its shape; bfloat16, which numpy has not, comes as float32.

    Raises:
        FaultError: the file ends too soon, or a number is not finite.
    """
    file.seek(header.data_start + tensor.start)
    raw = file.read(tensor.end - tensor.start)
    if len(raw) != tensor.end - tensor.start:
        raise FaultError(f"{shown(tensor.name)}: the file is cut")
    numbers: NDArray[np.floating[Any]]
    if tensor.dtype == "BF16":
        # bfloat16 is the upper half of a float32
        numbers = (np.frombuffer(raw, dtype="<u2").astype(np.uint32) << 16).view(np.float32)
    else:
        numbers = np.frombuffer(raw, dtype="<f4" if tensor.dtype == "F32" else "<f2")
    if not np.isfinite(numbers).all():
        raise FaultError(f"{shown(tensor.name)} holds numbers that are not finite")
    return numbers.reshape(tensor.shape)


def shown(text: str) -> str:
    """Make text of a file fit to be read in a message: one line, printable, short."""
    line = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return line if len(line) <= _NAME_SHOWN else f"{line[: _NAME_SHOWN - 1]}…"


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a key stands twice")
    return entries


def _read_metadata(entries: dict[str, Any]) -> dict[str, str]:
    if not all(isinstance(value, str) for value in entries.values()):
        raise ValueError("its metadata must be text")
    return entries


def _read_tensor(name: str, entry: dict[str, Any]) -> Tensor:
    start, end = entry["data_offsets"]
    shape, dtype = tuple(entry["shape"]), entry["dtype"]
    if len(shape) > _MAX_DIMENSIONS:
        raise ValueError(f"{name}: {len(shape)} dimensions")
    # The bound keeps a product of sizes from being a number of millions of digits.
    if not all(type(number) is int and 0 <= number < 2**63 for number in (start, end, *shape)):
        raise ValueError(f"{name}: shape and offsets must be whole numbers")
    if not isinstance(dtype, str):
        raise TypeError(f"{name}: dtype must be text")
    return Tensor(name=name, dtype=dtype, shape=shape, start=start, end=end)
