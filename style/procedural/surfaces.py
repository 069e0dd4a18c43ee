"""Surfaces: pictures of paint as such, for an autoencoder that is to keep it. No composition, no style, no caption.

Two kinds: a picture that lies under brush marks, weave and mottle, as strong here as they are faint there; and dead
leaves, shapes of all sizes that hide one another, each of a colour and a roughness of its own. What is learned from
such pictures carries over to real ones.

Source: dead leaves as a model of pictures: Lee, Mumford and Huang, IJCV 41 (2001); as training data: Baradad et al.,
arXiv 2106.05963.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from style.procedural.grounds import cloud

Pixels = NDArray[np.uint8]
_LEAVES = 220
_SMALLEST, _LARGEST = 0.02, 0.6  # radii of leaves, as shares of the side


def under_paint(picture: Pixels, seed: int) -> Pixels:
    """Lay brush marks, weave and mottle over a picture (h, h, 3); their strength comes and goes over it."""
    rng, side = np.random.default_rng((seed, 300)), picture.shape[0]
    strength = rng.uniform(1.0, 14.0) * np.clip(0.6 + 0.6 * cloud(rng, side, int(rng.integers(2, 6))), 0.0, 1.3)
    tints = 1.0 + rng.normal(0.0, 0.25, 3)
    marks = strength[:, :, None] * _roughness(rng, side)[:, :, None] * tints
    return np.clip(np.rint(picture + marks), 0, 255).astype(np.uint8)


def dead_leaves(seed: int, size_px: int) -> Pixels:
    """Draw shapes of all sizes over one another, the density of a radius falling with its cube: (size, size, 3)."""
    rng = np.random.default_rng((seed, 301))
    layers = [_rough_field(rng, size_px) for _ in range(4)]
    image = Image.fromarray(layers[0])
    for _ in range(_LEAVES):
        mask = Image.new("L", (size_px, size_px))
        ImageDraw.Draw(mask).polygon(_outline(rng, size_px), fill=255)
        tinted = _tinted(layers[int(rng.integers(len(layers)))], rng)
        image.paste(Image.fromarray(tinted), (0, 0), mask)
    return np.asarray(image)


def _outline(rng: np.random.Generator, size_px: int) -> list[tuple[float, float]]:
    """Draw the corners of a leaf: 3 to 5, or so many that it is round."""
    share = rng.uniform()
    radius = size_px / math.sqrt(share / _LARGEST**2 + (1.0 - share) / _SMALLEST**2)
    corners = int(rng.choice((3, 4, 5, 24)))
    angles = np.sort(rng.uniform(0, 2 * math.pi, corners)) if corners < 24 else np.linspace(0, 2 * math.pi, corners)
    x, y = rng.uniform(-0.1, 1.1, 2) * size_px
    stretch, turn = rng.uniform(0.4, 1.0), rng.uniform(0, 2 * math.pi)
    along, across = radius * np.cos(angles), radius * stretch * np.sin(angles)
    xs, ys = x + along * math.cos(turn) - across * math.sin(turn), y + along * math.sin(turn) + across * math.cos(turn)
    return list(zip(xs.tolist(), ys.tolist(), strict=True))


def _rough_field(rng: np.random.Generator, size_px: int) -> Pixels:
    field = 128.0 + rng.uniform(0.0, 26.0) * _roughness(rng, size_px)[:, :, None] * (1.0 + rng.normal(0.0, 0.3, 3))
    return np.clip(field, 0, 255).astype(np.uint8)


def _tinted(field: Pixels, rng: np.random.Generator) -> Pixels:
    """Move a grey field to a colour of its own; how rough it is goes from not at all to all of it."""
    colour = rng.uniform(8, 247, 3)
    rough = rng.uniform(0.0, 1.0) ** 2 * (field.astype(np.float64) - 128.0)
    return np.clip(colour + rough, 0, 255).astype(np.uint8)


def _roughness(rng: np.random.Generator, size_px: int) -> NDArray[np.float64]:
    """Draw noise of variance near 1 whose power falls with a random root of the frequency, streaked or not."""
    across, along = np.fft.fftfreq(size_px)[:, None], np.fft.rfftfreq(size_px)[None, :]
    turn, stretch = rng.uniform(0, math.pi), rng.choice((1.0, rng.uniform(1.0, 6.0)))
    u = along * math.cos(turn) + across * math.sin(turn)
    v = (across * math.cos(turn) - along * math.sin(turn)) * stretch
    power = (np.hypot(u, v) + 0.5 / size_px) ** -rng.uniform(0.0, 1.4)
    spectrum = np.fft.rfft2(rng.normal(0.0, 1.0, (size_px, size_px))) * power
    spectrum[0, 0] = 0.0
    noise = np.fft.irfft2(spectrum, s=(size_px, size_px))
    return np.asarray(noise / (noise.std() + 1e-9), dtype=np.float64)
