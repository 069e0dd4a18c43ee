"""An adapter file that another program wrote: looked at by its header, before anything of it is believed.

Reads no number but the alphas. Knows no model: whether it fits one is for `style.foreign.conversion` to say.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from style.adapter import MAX_FILE_BYTES
from style.errors import BadAdapterError
from style.foreign.families import Family, guess_family
from style.foreign.forms import MAX_WEIGHTS_TOGETHER, Extent, measure
from style.foreign.keys import ForeignLayer, Notation, gather_layers, guess_notation
from style.foreign.trainer import keep_metadata, top_tags, trigger_words
from style.tensors import FaultError, Header, check_layout, read_header, read_numbers, shown

_CURE = "fetch it anew, or ask its maker for a plain LoRA in .safetensors form"
_MISFIT_CURE = "bring one that was made for this model, or set VERNISSAGE_MODEL to the one it was made for"

_PICKLED = (".pt", ".pth", ".bin", ".ckpt", ".pkl")


class MisfitError(FaultError):
    """A sound file that is for another model."""


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """What an adapter file says of itself.

    `parts` are of `lora`, `loha`, `lokr`, `core`, `dora`, `convolution`, `text encoder`; `problems` say why it cannot
    be imported, whatever the model. `ranks` and `alphas` are those that occur, ascending.
    """

    path: Path
    notation: Notation
    family: Family
    layers: int
    ranks: tuple[int, ...]
    alphas: tuple[float, ...]
    parts: frozenset[str]
    metadata: dict[str, str]
    tags: tuple[str, ...]
    trigger_words: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file's header, checked, and its tensors by layer."""

    path: Path
    header: Header
    layers: list[ForeignLayer]


def inspect_foreign(file: Path) -> ForeignFile:
    """Say what an adapter file is, without reading its numbers.

    Raises:
        BadAdapterError: not a safetensors file of an adapter; the message names the cure.
    """
    with told(file):
        opened = open_foreign(file)
        alphas = read_alphas(opened)
    extents, problems = {}, []
    for layer in opened.layers:
        try:
            extents[layer.name] = measure(layer)
        except FaultError as fault:
            problems.append(str(fault))
    metadata = opened.header.metadata
    return ForeignFile(
        path=file,
        notation=guess_notation((tensor.name for tensor in opened.header.tensors), _network_module(metadata)),
        family=family_of(opened),
        layers=len(opened.layers),
        ranks=tuple(sorted({extent.rank for extent in extents.values() if extent.rank is not None})),
        alphas=tuple(sorted(set(alphas.values()))),
        parts=frozenset(_parts(opened.layers, extents)),
        metadata=keep_metadata(metadata),
        tags=top_tags(metadata),
        trigger_words=trigger_words(metadata),
        problems=tuple(dict.fromkeys(problems)),
    )


def open_foreign(file: Path) -> OpenFile:
    """Read a file's header and gather its layers.

    Raises:
        FaultError: what is wrong with it.
        OSError: it cannot be read.
    """
    if file.suffix.lower() in _PICKLED:
        raise FaultError(f"{file.suffix} files can run code and are never opened; expected .safetensors")
    if file.suffix != ".safetensors":
        raise FaultError("expected a .safetensors file")
    header = read_header(file, MAX_FILE_BYTES)
    check_layout(header)
    return OpenFile(file, header, gather_layers(header.tensors))


def measure_all(layers: Sequence[ForeignLayer]) -> dict[str, Extent]:
    """Say what each layer's parts amount to, by its name.

    Raises:
        FaultError: parts do not fit each other, or the whole is larger than any model.
    """
    extents = {layer.name: measure(layer) for layer in layers}
    if (weights := sum(extent.out * extent.columns for extent in extents.values())) > MAX_WEIGHTS_TOGETHER:
        raise FaultError(f"changes {weights} weights, expected at most {MAX_WEIGHTS_TOGETHER}")
    return extents


def read_alphas(opened: OpenFile) -> dict[str, float]:
    """Read the alphas that a file gives, by layer.

    Raises:
        FaultError: one is not a finite number.
        OSError: it cannot be read.
    """
    alphas = {}
    with opened.path.open("rb") as file:
        for layer in opened.layers:
            tensor = layer.parts.get("alpha")
            if tensor is not None and math.prod(tensor.shape) == 1:
                alphas[layer.name] = float(read_numbers(file, opened.header, tensor).reshape(()))
    return alphas


def family_of(opened: OpenFile) -> Family:
    """Guess the family that a file was made for."""
    widths = {layer.name: _width(layer) for layer in opened.layers}
    return guess_family(widths, opened.header.metadata)


@contextlib.contextmanager
def told(file: Path) -> Iterator[None]:
    """Turn what is wrong with a file into an error that names the file and the cure."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise BadAdapterError(f"{file}: cannot be read: {reason}; check the file and its permissions") from error
    except FaultError as fault:
        cure = _MISFIT_CURE if isinstance(fault, MisfitError) else _CURE
        raise BadAdapterError(f"{file}: {fault}; {cure}") from fault


def _width(layer: ForeignLayer) -> int | None:
    tensor = layer.parts.get("down") or layer.parts.get("hada_w1_b")
    return tensor.shape[1] if tensor is not None and len(tensor.shape) > 1 else None


def _network_module(metadata: Mapping[str, str]) -> str:
    return shown(metadata.get("ss_network_module", "")).lower()


def _parts(layers: Sequence[ForeignLayer], extents: Mapping[str, Extent]) -> Iterator[str]:
    for layer in layers:
        if layer.is_text_encoder:
            yield "text encoder"
        if "dora" in layer.parts:
            yield "dora"
        if any(len(tensor.shape) == 4 and max(tensor.shape[2:]) > 1 for tensor in layer.parts.values()):
            yield "convolution"
        if (extent := extents.get(layer.name)) is not None:
            yield extent.form
            if extent.has_core:
                yield "core"
