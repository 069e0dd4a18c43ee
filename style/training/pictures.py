"""Drawn pictures for training: rendered once, kept as arrays on disk, captions made anew from the seeds."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from style.procedural import PAINTER, draw, random_spec

_CHUNK = 250


def _render_chunk(start: int, count: int, size_px: int) -> NDArray[np.uint8]:
    return np.stack([draw(random_spec(seed), size_px) for seed in range(start, start + count)])


def render(folder: Path, count: int, size_px: int, first_seed: int = 0) -> NDArray[np.uint8]:
    """Render pictures of seeds `first_seed` … `first_seed + count - 1`, or map those rendered earlier.

    Returns a memory-mapped (count, size_px, size_px, 3) uint8; row i is drawn from `random_spec(first_seed + i)`.
    """
    path = folder / f"drawn-{PAINTER}-{size_px}px-{first_seed}-{count}.npy"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new.npy")
        array = np.lib.format.open_memmap(fresh, mode="w+", dtype=np.uint8, shape=(count, size_px, size_px, 3))
        starts = range(0, count, _CHUNK)
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            job = partial(_render_chunk, size_px=size_px)
            sizes = [min(_CHUNK, count - start) for start in starts]
            for start, chunk in zip(starts, pool.map(job, [first_seed + s for s in starts], sizes), strict=True):
                array[start : start + len(chunk)] = chunk
        array.flush()
        del array
        fresh.replace(path)
    mapped: NDArray[np.uint8] = np.load(path, mmap_mode="r")
    return mapped
