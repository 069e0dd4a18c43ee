"""Which of a model's layers an adapter's layers are. Knows names and sizes; reads no number."""

from __future__ import annotations

import math
from collections.abc import Mapping

from style.foreign.denoiser import Denoiser
from style.foreign.file import MisfitError, OpenFile, family_of
from style.foreign.forms import Extent
from style.tensors import FaultError


def match_layers(opened: OpenFile, extents: Mapping[str, Extent], denoiser: Denoiser) -> dict[str, tuple[str, ...]]:
    """Find the model's layers that each of a file's is: several where the file has them in one.

    Layers that the model has not are not in the answer.

    Raises:
        MisfitError: most layers are not in the model, or one is of another size there.
        FaultError: two of the file's layers are the same one, or all are text encoders'.
    """
    own = [layer.name for layer in opened.layers if not layer.is_text_encoder]
    if not own:
        raise FaultError("changes text encoders only, expected layers of a U-Net or transformer")
    matched = {name: denoiser.spellings[name] for name in own if name in denoiser.spellings}
    if 2 * len(matched) < len(own) or not matched:
        missing = len(own) - len(matched)
        raise MisfitError(f"{_origin(opened, denoiser)}: {missing} of its {len(own)} layers are not there")
    taken: dict[str, str] = {}
    for name, layers in matched.items():
        _check_size(opened, denoiser, extents[name], layers)
        for layer in layers:
            if layer in taken:
                raise FaultError(f"{taken[layer]} and {name} are the same layer")
            taken[layer] = name
    return matched


def _check_size(opened: OpenFile, denoiser: Denoiser, extent: Extent, layers: tuple[str, ...]) -> None:
    out = sum(denoiser.shapes[layer][0] for layer in layers)
    columns = {math.prod(denoiser.shapes[layer][1:]) for layer in layers}
    if extent.out != out or {extent.columns} != columns:
        raise MisfitError(
            f"{_origin(opened, denoiser)}: {layers[0]} is {extent.out} x {extent.columns} in the file "
            f"and {out} x {max(columns)} there"
        )


def _origin(opened: OpenFile, denoiser: Denoiser) -> str:
    family = family_of(opened)
    other = f"another model of the kind {family}" if family == denoiser.family else family
    return f"made for {other}, the loaded model is {denoiser.family}"
