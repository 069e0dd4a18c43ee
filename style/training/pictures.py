"""Drawn pictures for training: rendered once, kept as arrays on disk, captions made anew from the seeds.

Surfaces have no captions: they are for the autoencoder alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from style.procedural import PAINTER, draw, random_spec
from style.procedural.surfaces import dead_leaves, under_paint

_CHUNK = 250


def render(folder: Path, count: int, size_px: int, first_seed: int = 0) -> NDArray[np.uint8]:
    """Render pictures of seeds `first_seed` … `first_seed + count - 1`, or map those rendered earlier.

    Returns a memory-mapped (count, size_px, size_px, 3) uint8; row i is drawn from `random_spec(first_seed + i)`.
    """
    return _kept(folder / f"drawn-{PAINTER}-{size_px}px-{first_seed}-{count}.npy", _drawn, count, size_px, first_seed)


def render_surfaces(folder: Path, count: int, size_px: int) -> NDArray[np.uint8]:
    """Render `count` surfaces, or map those rendered earlier: dead leaves and drawn pictures under paint, in turn."""
    return _kept(folder / f"surfaces-{PAINTER}-{size_px}px-{count}.npy", _surface, count, size_px, 0)


def _drawn(seed: int, size_px: int) -> NDArray[np.uint8]:
    return draw(random_spec(seed), size_px)


def _surface(seed: int, size_px: int) -> NDArray[np.uint8]:
    return dead_leaves(seed, size_px) if seed % 2 == 0 else under_paint(_drawn(seed, size_px), seed)


def _render_chunk(
    start: int, count: int, size_px: int, one: Callable[[int, int], NDArray[np.uint8]]
) -> NDArray[np.uint8]:
    return np.stack([one(seed, size_px) for seed in range(start, start + count)])


def _kept(
    path: Path, one: Callable[[int, int], NDArray[np.uint8]], count: int, size_px: int, first_seed: int
) -> NDArray[np.uint8]:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new.npy")
        array = np.lib.format.open_memmap(fresh, mode="w+", dtype=np.uint8, shape=(count, size_px, size_px, 3))
        starts = range(0, count, _CHUNK)
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            job = partial(_render_chunk, size_px=size_px, one=one)
            sizes = [min(_CHUNK, count - start) for start in starts]
            for start, chunk in zip(starts, pool.map(job, [first_seed + s for s in starts], sizes), strict=True):
                array[start : start + len(chunk)] = chunk
        array.flush()
        del array
        fresh.replace(path)
    mapped: NDArray[np.uint8] = np.load(path, mmap_mode="r")
    return mapped
