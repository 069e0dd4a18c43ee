"""Where chance comes from: a generator for each (run seed, generation, purpose), and nothing global.

So any round can be replayed from what is stored. The draws are those of numpy's PCG64 with the numpy that
constraints.txt names; another numpy may draw otherwise, never invalidly.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from evolution.checks import whole
from evolution.chromosome import MAX_SEED
from evolution.errors import BadSeedError

# Two words of 32 bits: what SeedSequence keeps apart from the key without a collision.
_MAX_RUN_SEED = 2**64 - 1


class Purpose(IntEnum):
    """What the draws are for; each has a stream of its own."""

    ASK = 0
    SAMPLE = 1
    LEARN = 2
    EXPLAIN = 3


def run_seed(value: object) -> int:
    """Return `value` as a seed of a run, in 0 … 2**64 - 1.

    Raises:
        BadSeedError: it is something else.
    """
    return whole("a seed", value, 0, _MAX_RUN_SEED, BadSeedError)


def generator(seed: int, generation: int, purpose: Purpose, extra: int = 0) -> np.random.Generator:
    """Return the generator for one purpose in one generation; `extra` is a second seed that a caller may choose."""
    key = (generation, purpose, extra & 0xFFFFFFFF, extra >> 32)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


def picture_seed(rng: np.random.Generator) -> int:
    """Draw a chromosome's seed, uniform in 0 … 2147483647."""
    return int(rng.integers(MAX_SEED, endpoint=True))
