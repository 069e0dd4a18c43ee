"""The decoder's texture loss, and the surfaces that it is trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from style.procedural import draw, random_spec
from style.procedural.surfaces import dead_leaves, under_paint
from style.training.pictures import render_surfaces
from style.training.texture import texture_loss


def _loss(made: Tensor, true: Tensor) -> float:
    torch.manual_seed(0)
    return texture_loss(made, true).item()


def _grain(seed: int, strength: float) -> Tensor:
    return strength * torch.randn((2, 3, 64, 64), generator=torch.Generator().manual_seed(seed))


def test_other_grain_of_the_same_strength_is_nearer_than_none() -> None:
    """What pixels cannot say, the loss does: grain elsewhere is right, no grain is wrong, too much is wrong too."""
    true = _grain(0, 0.1)
    other, none, much = (_loss(made, true) for made in (_grain(1, 0.1), torch.zeros_like(true), _grain(1, 0.3)))
    assert other < 0.5 * none
    assert other < 0.5 * much


def test_same_picture_costs_nothing_and_soft_edges_cost() -> None:
    """A picture is as rough as itself, and rougher than its blurred self."""
    picture = torch.from_numpy(draw(random_spec(3), 64)).permute(2, 0, 1)[None].float() / 127.5 - 1
    assert _loss(picture, picture) == 0.0
    assert _loss(F.avg_pool2d(picture, 3, 1, 1), picture) > 0.0


def test_texture_has_a_place() -> None:
    """Grain in the left half is not the same as grain in the right half."""
    left = _grain(0, 0.1) * (torch.arange(64) < 32)
    assert _loss(left.flip(3), left) > 2.0 * _loss(_grain(1, 0.1) * (torch.arange(64) < 32), left)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_surfaces_are_rough_and_their_own(seed: int) -> None:
    """Each seed gives one picture, the same every time and unlike the next one's."""
    drawn = draw(random_spec(seed), 64)
    assert (dead_leaves(seed, 64) == dead_leaves(seed, 64)).all()
    assert (dead_leaves(seed, 64) != dead_leaves(seed + 1, 64)).mean() > 0.5
    painted = under_paint(drawn, seed)
    assert painted.shape == drawn.shape
    assert 0.5 < np.abs(painted.astype(float) - drawn).mean() < 40.0
    assert (painted == under_paint(drawn, seed)).all()


def test_surfaces_are_kept_on_disk(tmp_path: Path) -> None:
    """What was rendered once is mapped the next time, the two kinds in turn."""
    first = render_surfaces(tmp_path, 4, 64)
    assert first.shape == (4, 64, 64, 3)
    assert (first[0] == dead_leaves(0, 64)).all()
    assert (first[1] == under_paint(draw(random_spec(1), 64), 1)).all()
    assert (render_surfaces(tmp_path, 4, 64) == first).all()
    assert len(list(tmp_path.iterdir())) == 1
