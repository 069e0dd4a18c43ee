"""The plan of a request: which of its pictures go through the model together.

Knows recipes only; needs no torch.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from style.recipe import Recipe


def plan_batches(recipes: Sequence[Recipe], max_batch: int) -> list[list[int]]:
    """Part the recipes' indices into as few batches as their sizes, steps and guidance allow.

    Prompts, seeds and adapter weights may differ inside a batch. A group larger than `max_batch` is cut into parts
    of equal length (by one), since the slowest batch of an uneven cut helps nobody.
    """
    groups: dict[tuple[int, int, int, float], list[int]] = {}
    for index, recipe in enumerate(recipes):
        groups.setdefault((recipe.width, recipe.height, recipe.steps, recipe.guidance), []).append(index)
    batches = []
    for group in groups.values():
        parts = -(-len(group) // max_batch)
        cuts = [len(group) * part // parts for part in range(parts + 1)]
        batches += [group[start:end] for start, end in itertools.pairwise(cuts)]
    return batches
