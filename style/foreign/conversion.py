"""An adapter of another program made into one of ours: the layers of one model, alphas folded in, fp16.

What the engine cannot weigh for each picture of a batch is left out and told: text encoders, since a batch shares its
prompts' embeddings, and layers that are fed with one vector a picture. Needs no torch; holds the numbers of one layer
of the source, and all of the result, in memory.

diffusers converts such files as it loads them, by patterns of its own for each family; it has no word for LoHa, drops
cores in silence, and cannot say what it left out. Here the model's own layers are the pattern.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from style.foreign.denoiser import Denoiser, is_flat, read_denoiser
from style.foreign.factors import Numbers, norm, norm_of_change, to_factors
from style.foreign.file import OpenFile, inspect_foreign, measure_all, open_foreign, read_alphas, told
from style.foreign.forms import Extent
from style.foreign.keys import ForeignLayer
from style.foreign.matching import match_layers
from style.foreign.report import ImportReport, LeftOut, warn
from style.foreign.result import Pair, to_pair, write_adapter
from style.foreign.trainer import read_peft_scales
from style.tensors import FaultError, read_numbers, shown

MOST_LOSS = 0.5

# What fp16 can hold; products of numbers up to it stay far within float32.
_LARGEST = 65504.0
_FLAT = "fed with one vector a picture, where pictures of a batch cannot have weights of their own"
_IDLE = "changes nothing"
_MISSING = "the model has no such layer"


@dataclass(slots=True)
class _Made:
    """What comes of a file: pairs of matrices by the model's layers, and the squared norms of what went where."""

    layers: dict[str, Pair] = field(default_factory=dict)
    left_out: list[tuple[str, str, float]] = field(default_factory=list)
    kept: float = 0.0
    lost: float = 0.0
    text_encoders: float = 0.0


def import_adapter(file: Path, out: Path, model: str) -> ImportReport:
    """Convert an adapter to the model of a setting and write it to `out`, in one step, over what was there.

    Weight 1 of the result is weight 1 of the file.

    Raises:
        BadAdapterError: it cannot be converted, or is for another model; the message names the cure.
        BadModelError: the model cannot be read.
    """
    source = inspect_foreign(file)
    denoiser = read_denoiser(model)
    with told(file):
        opened = open_foreign(file)
        extents = measure_all(opened.layers)
        alphas, unscaled = _alphas(opened, extents, denoiser.component)
        made = _convert(opened, extents, alphas, denoiser)
        loss = _share(made.lost, made.kept)
        if loss > MOST_LOSS:
            raise FaultError(f"its form has no LoRA of a bounded rank near it: {loss:.0%} of its norm would be lost")
    digest = write_adapter(out, denoiser.component, made.layers)
    whole = made.kept + made.text_encoders + sum(size for _, _, size in made.left_out)
    left_out = tuple(LeftOut(layer, reason, _share(size, whole)) for layer, reason, size in made.left_out)
    text_encoder_share = _share(made.text_encoders, whole)
    return ImportReport(
        path=out,
        digest=digest,
        source=source,
        layers=tuple(made.layers),
        ranks=tuple(len(lower) for lower, _ in made.layers.values()),
        left_out=left_out,
        loss=loss,
        text_encoder_share=text_encoder_share,
        warnings=warn(left_out, loss, text_encoder_share, unscaled),
        trigger_words=source.trigger_words,
    )


def _alphas(opened: OpenFile, extents: Mapping[str, Extent], component: str) -> tuple[dict[str, float], int]:
    """Say each layer's alpha, by its own word or by peft's, and how many of peft's layers have neither."""
    alphas = read_alphas(opened)
    scales = read_peft_scales(opened.path, opened.header.metadata, component)
    unscaled = 0
    for layer in opened.layers:
        rank = extents[layer.name].rank
        down = layer.parts.get("down")
        if layer.name in alphas or rank is None or down is None or ".lora_A." not in down.name:
            continue
        if scales is not None:
            alphas[layer.name] = scales.of(layer.name, rank)
        elif down.name.startswith("base_model."):
            unscaled += 1
    return alphas, unscaled


def _convert(opened: OpenFile, extents: Mapping[str, Extent], alphas: Mapping[str, float], denoiser: Denoiser) -> _Made:
    matched = match_layers(opened, extents, denoiser)
    made = _Made()
    # What overflows, which only a hostile file does, is found by its not being finite.
    with opened.path.open("rb") as stream, np.errstate(all="ignore"):
        for layer in opened.layers:
            numbers = _read_layer(stream, opened, layer)
            extent, alpha = extents[layer.name], alphas.get(layer.name)
            targets = matched.get(layer.name, ())
            try:
                if targets and not all(is_flat(target) for target in targets):
                    _take(made, extent, numbers, alpha, targets, denoiser)
                else:
                    _leave(made, layer, norm_of_change(extent, numbers, alpha), targets)
            except (FaultError, np.linalg.LinAlgError) as error:
                raise FaultError(f"{layer.name}: {error}") from error
    if not made.layers:
        raise FaultError("nothing of it is left that changes pictures")
    return made


def _take(
    made: _Made, extent: Extent, numbers: Numbers, alpha: float | None, targets: tuple[str, ...], denoiser: Denoiser
) -> None:
    """Take a layer over, in as many as the model has it in."""
    factors = to_factors(extent, numbers, alpha)
    made.kept += _finite(norm(factors.up, factors.down)) ** 2 + factors.lost**2
    made.lost += _finite(factors.lost) ** 2
    start = 0
    for target in targets:
        shape = denoiser.shapes[target]
        pair = to_pair(factors.up[start : start + shape[0]], factors.down, shape)
        start += shape[0]
        if pair is None:
            made.left_out.append((target, _IDLE, 0.0))
        else:
            made.layers[target] = pair


def _leave(made: _Made, layer: ForeignLayer, size: float, targets: tuple[str, ...]) -> None:
    if layer.is_text_encoder:
        made.text_encoders += _finite(size) ** 2
    elif targets:
        made.left_out += [(target, _FLAT, _finite(size) ** 2 / len(targets)) for target in targets]
    else:
        made.left_out.append((layer.name, _MISSING, _finite(size) ** 2))


def _read_layer(stream: BinaryIO, opened: OpenFile, layer: ForeignLayer) -> Numbers:
    numbers = {}
    for part, tensor in layer.parts.items():
        numbers[part] = read_numbers(stream, opened.header, tensor)
        if np.abs(numbers[part]).max(initial=0) > _LARGEST:
            raise FaultError(f"{shown(tensor.name)} holds numbers beyond {_LARGEST:g}")
    return numbers


def _finite(size: float) -> float:
    if not math.isfinite(size):
        raise FaultError("its numbers are too large")
    return size


def _share(part: float, whole: float) -> float:
    """Say how much one norm is of another, given their squares."""
    return math.sqrt(part / whole) if whole else 0.0
