"""The numbers of a layer's change, made into the two matrices of a LoRA.

LoRA and LoCon become two matrices exactly, a core being folded into the lower one. LoHa and LoKr are factored: exactly
where the rank allows it, otherwise to the best of a bounded rank, and what was lost is said. Nothing here is larger
than the change of one layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from style.foreign.forms import Extent

MAX_FACTORED_RANK = 128

# Singular values are dropped as long as less than this share of the change's norm goes with them.
_NEGLIGIBLE = 1e-3
_OVERSAMPLING = 16

Matrix = NDArray[np.float32]
Numbers = Mapping[str, NDArray[np.floating[Any]]]


@dataclass(frozen=True, slots=True)
class Factors:
    """A change as `up @ down`, (out, rank) and (rank, columns); `lost` is the norm of what that leaves out."""

    up: Matrix
    down: Matrix
    lost: float


def to_factors(extent: Extent, numbers: Numbers, alpha: float | None) -> Factors:
    """Make a layer's numbers into two matrices, its scale (alpha / rank) put into the upper one."""
    scale = _scale(extent, alpha)
    makers = {"lora": _lora, "loha": _loha, "lokr": _lokr}
    made = makers[extent.form](numbers)
    return Factors(made.up * np.float32(scale), made.down, made.lost * abs(scale))


def norm(up: Matrix, down: Matrix) -> float:
    """Compute the Frobenius norm of `up @ down` without multiplying it out."""
    wide_up, wide_down = up.astype(np.float64), down.astype(np.float64)
    return float(np.sqrt(np.maximum(0.0, np.sum((wide_up.T @ wide_up) * (wide_down @ wide_down.T)))))


def norm_of_change(extent: Extent, numbers: Numbers, alpha: float | None) -> float:
    """Compute the Frobenius norm of a layer's change without factoring it."""
    if extent.form == "lora":
        plain = _lora(numbers)
        unscaled = norm(plain.up, plain.down)
    elif extent.form == "loha":
        (up1, down1), (up2, down2) = _hadamard_sides(numbers)
        unscaled = float(np.linalg.norm((up1 @ down1) * (up2 @ down2)))
    else:
        unscaled = float(np.prod([np.linalg.norm(_kronecker_side(numbers, side)) for side in "12"]))
    return unscaled * abs(_scale(extent, alpha))


def _scale(extent: Extent, alpha: float | None) -> float:
    return 1.0 if alpha is None or extent.rank is None else alpha / extent.rank


def _lora(numbers: Numbers) -> Factors:
    down, up = _flat(numbers["down"]), _flat(numbers["up"])
    if "mid" in numbers:
        down = _with_core(numbers["mid"], down)
    return Factors(up, down, 0.0)


def _loha(numbers: Numbers) -> Factors:
    (up1, down1), (up2, down2) = _hadamard_sides(numbers)
    rank = down1.shape[0] * down2.shape[0]
    if rank >= min(up1.shape[0], down1.shape[1]):
        return _factor_delta((up1 @ down1) * (up2 @ down2))
    # (A B) * (C D), number by number, is a product of all pairs of columns of A and C by all pairs of rows of B and D.
    up = (up1[:, :, None] * up2[:, None, :]).reshape(-1, rank)
    down = (down1[:, None, :] * down2[None, :, :]).reshape(rank, -1)
    return _factor_product(up, down)


def _lokr(numbers: Numbers) -> Factors:
    # The singular values of a Kronecker product are the products of its sides'; so are the vectors.
    sides = [np.linalg.svd(_kronecker_side(numbers, side), full_matrices=False) for side in "12"]
    (left1, values1, right1), (left2, values2, right2) = sides
    values = np.outer(values1, values2).ravel()
    order = np.argsort(-values, kind="stable")
    kept, lost = _cut(values[order])
    first, second = np.divmod(order[:kept], len(values2))
    up = (left1[:, first][:, None, :] * left2[:, second][None, :, :]).reshape(-1, kept)
    down = (right1[first][:, :, None] * right2[second][:, None, :]).reshape(kept, -1)
    return Factors(up * values[order[:kept]], down, lost)


def _hadamard_sides(numbers: Numbers) -> list[tuple[Matrix, Matrix]]:
    return [_product(numbers, f"hada_w{side}", f"hada_t{side}") for side in "12"]


def _kronecker_side(numbers: Numbers, side: str) -> Matrix:
    if f"lokr_w{side}" in numbers:
        return _flat(numbers[f"lokr_w{side}"])
    up, down = _product(numbers, f"lokr_w{side}", f"lokr_t{side}")
    return up @ down


def _product(numbers: Numbers, name: str, core: str) -> tuple[Matrix, Matrix]:
    left, right = _flat(numbers[f"{name}_a"]), _flat(numbers[f"{name}_b"])
    if core not in numbers:
        return left, right
    return left.T, _with_core(numbers[core], right)


def _with_core(core: NDArray[np.floating[Any]], down: Matrix) -> Matrix:
    """Put a small convolution between two ranks into the lower matrix."""
    wider: Matrix = np.einsum("ijkl,jc->ickl", core.astype(np.float32), down, optimize=True)
    return wider.reshape(core.shape[0], -1)


def _factor_product(up: Matrix, down: Matrix) -> Factors:
    """Cut a product to its best bounded rank, by a decomposition of its small triangular middle."""
    left, upper = np.linalg.qr(up)
    right, lower = np.linalg.qr(down.T)
    inner_left, values, inner_right = np.linalg.svd(upper @ lower.T)
    kept, lost = _cut(values)
    return Factors((left @ inner_left[:, :kept]) * values[:kept], inner_right[:kept] @ right.T, lost)


def _factor_delta(delta: Matrix) -> Factors:
    """Find the best bounded rank of a whole change by its range on random vectors.

    Source: Halko, Martinsson and Tropp, arXiv:0909.4061, algorithms 4.4 and 5.1.
    """
    vectors = min(MAX_FACTORED_RANK + _OVERSAMPLING, *delta.shape)
    basis = delta @ np.random.default_rng(0).standard_normal((delta.shape[1], vectors), dtype=np.float32)
    for _ in range(2):
        basis, _ = np.linalg.qr(basis)
        basis, _ = np.linalg.qr(delta.T @ basis)
        basis = delta @ basis
    basis, _ = np.linalg.qr(basis)
    left, values, right = np.linalg.svd(basis.T @ delta, full_matrices=False)
    squares = float(np.sum(np.square(delta), dtype=np.float64))
    kept, lost = _cut(values, squares)
    return Factors((basis @ left[:, :kept]) * values[:kept], right[:kept], lost)


def _cut(values: NDArray[np.floating[Any]], squares: float | None = None) -> tuple[int, float]:
    """Say how many of descending singular values to keep, and the norm of the rest.

    `squares` is the sum of the squares of all, also of those not given.
    """
    kept_squares = np.cumsum(np.square(values, dtype=np.float64))
    total = float(kept_squares[-1]) if squares is None else max(squares, float(kept_squares[-1]))
    enough = int(np.searchsorted(kept_squares, total * (1 - _NEGLIGIBLE**2))) + 1
    kept = max(1, min(enough, len(values), MAX_FACTORED_RANK))
    return kept, float(np.sqrt(max(0.0, total - float(kept_squares[kept - 1]))))


def _flat(numbers: NDArray[np.floating[Any]]) -> Matrix:
    return numbers.reshape(numbers.shape[0], -1).astype(np.float32)
