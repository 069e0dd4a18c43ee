"""Smaller adapters: as near to the whole as their rank allows, still adapters, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from style.adapter import check_adapter_file
from style.errors import BadJobError
from style.training.shrink import shrink


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """An adapter of rank 6 on a matrix and a convolution, whose last three directions are faint."""
    dice, strength = torch.Generator().manual_seed(2), torch.tensor([3.0, 2.0, 1.0, 1e-3, 1e-3, 1e-3])

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=dice)

    tensors = {
        "unet.one.lora_A.weight": strength[:, None] * draw(6, 10), "unet.one.lora_B.weight": draw(8, 6),
        "unet.two.lora_A.weight": strength[:, None, None, None] * draw(6, 4, 3, 3),
        "unet.two.lora_B.weight": draw(5, 6, 1, 1),
    }  # fmt: skip
    save_file(tensors, tmp_path / "a.safetensors", metadata={"format": "pt"})
    return tmp_path / "a.safetensors"


def _products(path: Path) -> list[torch.Tensor]:
    tensors = load_file(path)
    names = [name for name in sorted(tensors) if "lora_A" in name]
    return [tensors[n.replace("lora_A", "lora_B")].flatten(1) @ tensors[n].flatten(1) for n in names]


def test_what_is_strong_is_kept(adapter: Path) -> None:
    """Half of the rank gives nearly the same products, in shapes that are still an adapter's."""
    before, size = _products(adapter), adapter.stat().st_size
    found = shrink(adapter, 3)
    assert check_adapter_file(adapter) == 2
    assert (found.before, found.after) == (size, adapter.stat().st_size)
    assert found.after < 0.75 * found.before
    assert 0.999 < found.kept < 1.0
    for whole, less in zip(before, _products(adapter), strict=True):
        assert torch.allclose(whole, less, atol=0.05)
        assert torch.linalg.matrix_rank(less, atol=1e-4) == 3
    assert [path.name for path in adapter.parent.iterdir()] == ["a.safetensors"]


def test_one_direction_is_the_best_one(adapter: Path) -> None:
    """What is lost by rank 1 is what the singular values say, not more."""
    before = _products(adapter)
    kept = shrink(adapter, 1).kept
    values = [torch.linalg.svdvals(product) ** 2 for product in before]
    assert kept == pytest.approx(sum(float(v[0]) for v in values) / sum(float(v.sum()) for v in values), rel=1e-4)


def test_low_ranks_stay_bit_for_bit(adapter: Path) -> None:
    """An adapter that is small already keeps its weights."""
    before = load_file(adapter)
    assert shrink(adapter, 6).kept == 1.0
    assert all(torch.equal(before[name], value) for name, value in load_file(adapter).items())


def test_bad_orders_are_refused(adapter: Path) -> None:
    """No rank, and a file whose scale goes by its rank."""
    with pytest.raises(BadJobError, match="give 1 or more"):
        shrink(adapter, 0)
    save_file(load_file(adapter), adapter, metadata={"format": "pt", "lora_alpha": "4"})
    with pytest.raises(BadJobError, match="alpha"):
        shrink(adapter, 2)
