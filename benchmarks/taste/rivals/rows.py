"""What several rivals do with rows and votes: scores, repair, candidates, and painting by a learned worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from benchmarks.taste.spaces import SEED_END, Array, Layout, Pictures

# A surrogate's sample is drawn at this diversity, about that of the paper's method after two or three albums.
SAMPLE_DIVERSITY = 0.3

_ROUNDS = 6
_SLIDER_NOISE = 0.05


def scores_of(votes: Array) -> Array | None:
    """Return each picture's mean vote, (n,), over those who voted; None when nobody did."""
    taking_part = votes[~np.isnan(votes).any(axis=1)]
    if not len(taking_part):
        return None
    scores: Array = taking_part.mean(axis=0)
    return scores


def comparisons(scores: Array, offset: int) -> list[tuple[int, int]]:
    """Return the pairs (better, worse) within an album whose pictures count from `offset` on."""
    return [(offset + a, offset + b) for a in range(len(scores)) for b in range(len(scores)) if scores[a] > scores[b]]


def repaired(layout: Layout, wishes: Array, rng: np.random.Generator) -> Array:
    """Return the allowed rows nearest to wishes (n, d): of each discrete attribute the values most wished for.

    Equal wishes are decided by chance; sliders are clipped to [0, 1].
    """
    rows = np.zeros_like(wishes)
    for block in layout.blocks:
        part = wishes[:, block.columns]
        if block.is_slider:
            rows[:, block.columns] = part.clip(0.0, 1.0)
        else:
            places = np.argsort(-(part + 1e-6 * rng.random(part.shape)), axis=1)[:, : block.count]
            np.put_along_axis(rows[:, block.columns], places, 1.0, axis=1)
    return rows


def wish_of(layout: Layout, names: Mapping[str, Any]) -> Array:
    """Return a picture named by `named` as a row that may need repair."""
    wish = np.zeros(layout.width)
    for number, block in enumerate(layout.blocks):
        if block.is_slider:
            wish[block.start] = names[f"{number}"]
        elif block.count == 1:
            wish[block.start + names[f"{number}"]] = 1.0
        else:
            wish[block.columns] = [float(names[f"{number}.{i}"]) for i in range(block.size)]
    return wish


def named(layout: Layout, row: Array) -> dict[str, Any]:
    """Return an allowed row by names, as mixed variables are given: a number, a place, or a switch a value."""
    found: dict[str, Any] = {}
    for number, block in enumerate(layout.blocks):
        part = row[block.columns]
        if block.is_slider:
            found[f"{number}"] = float(part[0])
        elif block.count == 1:
            found[f"{number}"] = int(part.argmax())
        else:
            found |= {f"{number}.{i}": bool(value) for i, value in enumerate(part)}
    return found


def candidates(layout: Layout, liked: Array, n: int, rng: np.random.Generator, redrawn: float = 0.15) -> Array:
    """Return rows to choose among: n random ones, and, where anything is liked, 2 n children of liked ones, mutated."""
    strangers = layout.random(n, rng).rows
    if not len(liked):
        return strangers
    mothers, fathers = (liked[rng.integers(len(liked), size=2 * n)] for _ in range(2))
    others = layout.random(2 * n, rng).rows
    children = np.empty_like(mothers)
    for block in layout.blocks:
        mother, father, other = (rows[:, block.columns] for rows in (mothers, fathers, others))
        if block.is_slider:
            child = (mother + father) / 2 + _SLIDER_NOISE * rng.normal(size=mother.shape)
        elif block.count == 1:
            child = np.where(rng.random((2 * n, 1)) < 0.5, mother, father)
        else:
            child = (mother + father) * (0.5 + rng.random(mother.shape))
        children[:, block.columns] = np.where(rng.random((2 * n, 1)) < redrawn, other, child)
    return np.unique(np.vstack([strangers, repaired(layout, children, rng)]), axis=0)


def painted(
    layout: Layout, worth: Callable[[Array], Array], liked: Array, n: int, rng: np.random.Generator
) -> Pictures:
    """Draw n different pictures with odds exp(worth / T), with T such that their diversity is SAMPLE_DIVERSITY.

    They are drawn from candidates, and children of the worthiest of these, over a few rounds.
    """
    rows = candidates(layout, liked, 300, rng)
    mean = worth(rows)
    for _ in range(_ROUNDS):
        best = rows[np.argsort(-mean)[:n]]
        born = candidates(layout, best, 100, rng, redrawn=0.05)
        rows, first = np.unique(np.vstack([rows, born]), axis=0, return_index=True)
        mean = np.concatenate([mean, worth(born)])[first]
    noise = rng.gumbel(size=len(rows))
    low, high = 1e-3, 10.0
    for _ in range(14):
        middle = float(np.sqrt(low * high))
        chosen = rows[np.argsort(-(mean / (middle * (mean.std() + 1e-12)) + noise))[:n]]
        if layout.diversity(chosen) < SAMPLE_DIVERSITY:
            low = middle
        else:
            high = middle
    return Pictures(chosen, rng.choice(SEED_END, size=n, replace=False))
