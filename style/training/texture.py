"""The texture loss of the decoder: whether a picture has as much paint as another, wherever its marks lie.

A decoder that is asked for the right value of each pixel paints the mean of all that a latent may mean: it leaves out
grain, weave and brush, whose places no latent tells. Here the distributions are compared and not the places.

Source: Heitz et al., "A Sliced Wasserstein Loss for Neural Texture Synthesis", CVPR 2021 (arXiv 2006.07229), with
patches of a Laplacian pyramid in place of a network's features.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

_PATCH, _EVERY, _LEVELS = 5, 2, 3
_PROJECTIONS = 24
_TILES = 2  # along each side of a picture: texture has a place, if not to the pixel


def texture_loss(made: Tensor, true: Tensor) -> Tensor:
    """Compare the fine details of (n, 3, h, h) pictures in [-1, 1], tile by tile; h is 48 or more, a multiple of 8.

    On each level of a Laplacian pyramid, the patches of a tile are projected on random directions of unit length, and
    the mean distance of the sorted projections is taken; the levels are summed. Directions come from torch's generator.
    """
    losses = []
    for _ in range(_LEVELS):
        directions = torch.randn(_PROJECTIONS, made.shape[1], _PATCH, _PATCH, device=made.device)
        directions /= directions.flatten(1).norm(dim=1).view(-1, 1, 1, 1)
        smaller = (F.avg_pool2d(made, 2), F.avg_pool2d(true, 2))
        ours, theirs = (
            _projected(level - F.interpolate(half, scale_factor=2.0), directions)
            for level, half in zip((made, true), smaller, strict=True)
        )
        losses.append((ours - theirs).abs().mean())
        made, true = smaller
    return torch.stack(losses).sum()


def _projected(detail: Tensor, directions: Tensor) -> Tensor:
    """Project the patches of each tile and sort: (n · tiles, projections, patches)."""
    n, channels, h, w = detail.shape
    tiles = detail.view(n, channels, _TILES, h // _TILES, _TILES, w // _TILES).permute(0, 2, 4, 1, 3, 5)
    rows = F.conv2d(tiles.reshape(-1, channels, h // _TILES, w // _TILES), directions, stride=_EVERY)
    return rows.flatten(2).sort(dim=2).values
