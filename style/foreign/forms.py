"""The forms in which files write a layer's change, and what their shapes say before a number is read.

A change is out x columns: a convolution's columns are its input channels times its kernel. Knows shapes only; the
numbers are for `style.foreign.factors`.

Source: LoRA, arXiv:2106.09685; LoHa, arXiv:2108.06098; LoKr and LoCon, arXiv:2309.14859.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from style.adapter import MAX_RANK
from style.foreign.keys import ForeignLayer
from style.tensors import FaultError

Form = Literal["lora", "loha", "lokr"]
Shapes = Mapping[str, tuple[int, ...]]

# The largest layer of today's models, Flux's fused attention and feed-forward, has 66 million weights; the largest
# model with its text encoders has 17 thousand million.
MAX_WEIGHTS = 100_000_000
MAX_WEIGHTS_TOGETHER = 25_000_000_000

_FULL_HADA = {"hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b"}


@dataclass(frozen=True, slots=True)
class Extent:
    """How large a layer's change is. `rank` divides its alpha (None: nothing does); a core is a small convolution."""

    form: Form
    out: int
    columns: int
    rank: int | None
    has_core: bool


def measure(layer: ForeignLayer) -> Extent:
    """Say what a layer's parts amount to.

    Raises:
        FaultError: parts are missing, do not fit each other, or are too large; or they need the base's own weights.
    """
    shapes = {part: tensor.shape for part, tensor in layer.parts.items()}
    try:
        if "dora" in shapes:
            raise FaultError("a DoRA's change depends on the base model's weights; expected a LoRA without DoRA")
        if math.prod(shapes.pop("alpha", ())) != 1:
            raise FaultError("its alpha is not one number")
        extent = _measure(shapes)
        if not 1 <= extent.out * extent.columns <= MAX_WEIGHTS:
            raise FaultError(f"changes {extent.out} x {extent.columns} weights, expected 1 to {MAX_WEIGHTS} in all")
    except FaultError as fault:
        raise FaultError(f"{layer.name}: {fault}") from fault
    return extent


def _measure(shapes: Shapes) -> Extent:
    if shapes.keys() in ({"down", "up"}, {"down", "up", "mid"}):
        return _measure_lora(shapes)
    if shapes.keys() in (_FULL_HADA, _FULL_HADA | {"hada_t1", "hada_t2"}):
        return _measure_loha(shapes)
    if shapes and all(part.startswith("lokr_") for part in shapes):
        return _measure_lokr(shapes)
    raise FaultError(f"its parts do not belong together: {', '.join(sorted(shapes)) or 'alpha alone'}")


def _measure_lora(shapes: Shapes) -> Extent:
    down, up = shapes["down"], shapes["up"]
    if len(down) not in (2, 4) or len(up) not in (2, 4) or math.prod(up[2:]) != 1:
        raise FaultError(f"shapes {list(down)} and {list(up)}, expected two matrices or a convolution and a matrix")
    core = shapes.get("mid")
    if core is not None:
        _check_core(core, (up[1], down[0]))
        if math.prod(down[2:]) != 1:
            raise FaultError(f"shape {list(down)} in front of a core, expected a matrix")
    elif up[1] != down[0]:
        raise FaultError(f"ranks {down[0]} and {up[1]}, expected one")
    _check_rank(down[0])
    _check_rank(up[1])
    kernel = 1 if core is None else math.prod(core[2:])
    return Extent("lora", up[0], math.prod(down[1:]) * kernel, down[0], core is not None)


def _measure_loha(shapes: Shapes) -> Extent:
    sizes = []
    has_core = "hada_t1" in shapes
    for side in "12":
        left, right = _pair(shapes, f"hada_w{side}_a", f"hada_w{side}_b")
        core = shapes.get(f"hada_t{side}")
        sizes.append(_product_size(left, right, core))
    if sizes[0] != sizes[1]:
        raise FaultError(f"its two products are {_by(sizes[0])} and {_by(sizes[1])}, expected one size")
    return Extent("loha", *sizes[0], shapes["hada_w1_b"][0], has_core)


def _measure_lokr(shapes: Shapes) -> Extent:
    (outer, outer_rank), (inner, inner_rank) = _kronecker_side(shapes, "1"), _kronecker_side(shapes, "2")
    rank = outer_rank if inner_rank is None else inner_rank
    return Extent("lokr", outer[0] * inner[0], outer[1] * inner[1], rank, "lokr_t2" in shapes)


def _kronecker_side(shapes: Shapes, side: str) -> tuple[tuple[int, int], int | None]:
    """Measure a side of a Kronecker product, a matrix or a product of two; returns its size, and the product's rank."""
    names = (f"lokr_w{side}_a", f"lokr_w{side}_b")
    whole, core = shapes.get(f"lokr_w{side}"), shapes.get(f"lokr_t{side}")
    if (whole is None) == (not any(name in shapes for name in names)) or (whole is not None and core is not None):
        raise FaultError(f"side {side} of its Kronecker product must be one matrix or a product of two")
    if whole is not None:
        if len(whole) not in ((2,) if side == "1" else (2, 4)):
            raise FaultError(f"lokr_w{side} has shape {list(whole)}, expected a matrix or a convolution")
        return (whole[0], math.prod(whole[1:])), None
    left, right = _pair(shapes, *names)
    return _product_size(left, right, core), right[0]


def _pair(shapes: Shapes, left: str, right: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if left not in shapes or right not in shapes:
        raise FaultError(f"has only one of {left} and {right}")
    if len(shapes[left]) != 2 or len(shapes[right]) != 2:
        raise FaultError(f"{left} and {right} have shapes {list(shapes[left])} and {list(shapes[right])}, not matrices")
    return shapes[left], shapes[right]


def _product_size(left: tuple[int, ...], right: tuple[int, ...], core: tuple[int, ...] | None) -> tuple[int, int]:
    _check_rank(right[0])
    if core is None:
        if left[1] != right[0]:
            raise FaultError(f"ranks {left[1]} and {right[0]}, expected one")
        return left[0], right[1]
    # With a core, both matrices have their rank first.
    _check_rank(left[0])
    _check_core(core, (left[0], right[0]))
    return left[1], right[1] * math.prod(core[2:])


def _check_core(core: tuple[int, ...], ranks: tuple[int, int]) -> None:
    if len(core) != 4 or core[:2] != ranks:
        raise FaultError(f"its core has shape {list(core)}, expected {ranks[0]} x {ranks[1]} and a kernel")


def _check_rank(rank: int) -> None:
    if not 1 <= rank <= MAX_RANK:
        raise FaultError(f"rank {rank}, expected 1 to {MAX_RANK}")


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"
