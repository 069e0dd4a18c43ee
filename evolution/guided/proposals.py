"""Candidates: rows that a taste may like, by the genetic operators, by local moves and by chains that cool.

Knows nothing of how a taste is learned: it gets the weights of features and of pairs of features.
"""

from __future__ import annotations

import numpy as np

from evolution.guided.features import Array, Block, Layout, block_features, features, random_genes, random_rows, top

_REDRAWN = 0.15
_SLIDER_NOISE = 0.1
# Chains begin at this many standard deviations of the taste over random pictures, and end at this many.
_HOTTEST, _COLDEST = 1.5, 0.04


def cooled(plan: Layout, single: Array, double: Array, n: int, sweeps: int, rng: np.random.Generator) -> list[Array]:
    """Return after each sweep the rows (n, width) of n chains that draw by exp(taste / temperature) as it falls.

    A chain redraws one attribute after the other, given all the others: the taste is linear in each.

    Source: Geman and Geman, "Stochastic relaxation, Gibbs distributions", IEEE PAMI 6 (1984).
    """
    table = random_rows(plan, n, rng)
    phi = features(plan, table)
    spread = float((phi @ single + ((phi @ double) * phi).sum(axis=1)).std()) + 1e-9
    found = []
    for temperature in spread * np.geomspace(_HOTTEST, _COLDEST, sweeps):
        for number in rng.permutation(len(plan.blocks)):
            block = plan.blocks[number]
            own = slice(block.first, block.last)
            pull = single[own] + 2 * phi @ double[:, own]
            genes = _drawn(block, pull / temperature, rng)
            table[:, block.start : block.stop] = genes
            phi[:, own] = block_features(block, genes)
        found.append(table.copy())
    return found


def children(plan: Layout, parents: Array, odds: Array, n: int, rng: np.random.Generator) -> Array:
    """Return n children (n, width) of parents (p, width), which are drawn by `odds` (p,).

    Single: a coin flip. Multiple: drawn from the values of both. Slider: their mean, with noise. Each gene is redrawn
    with probability 0.15.
    """
    mothers, fathers = (parents[rng.choice(len(parents), n, p=odds)] for _ in range(2))
    found = np.empty((n, plan.width))
    for block in plan.blocks:
        own = slice(block.start, block.stop)
        genes = _crossed(block, mothers[:, own], fathers[:, own], rng)
        redrawn = rng.random((n, 1)) < _REDRAWN
        found[:, own] = np.where(redrawn, random_genes(block, n, rng), genes)
    return found


def neighbours(plan: Layout, parents: Array, n: int, rng: np.random.Generator) -> Array:
    """Return n rows (n, width), each a parent (p, width) with one attribute redrawn."""
    found = parents[rng.integers(len(parents), size=n)]
    which = rng.integers(len(plan.blocks), size=n)
    for number, block in enumerate(plan.blocks):
        chosen = np.flatnonzero(which == number)
        found[chosen, block.start : block.stop] = random_genes(block, len(chosen), rng)
    return found


def _drawn(block: Block, pull: Array, rng: np.random.Generator) -> Array:
    """Draw genes (n, stop - start) by exp(pull · features), `pull` being (n, last - first)."""
    if block.choices is None:
        # Too many subsets to list: value by value, without replacement.
        share = block.count / pull.shape[1]
        scores = pull / np.sqrt(block.count * (1 - share))
        return top(scores + rng.gumbel(size=scores.shape), block.count)
    scores = pull @ block_features(block, block.choices).T
    genes = block.choices[(scores + rng.gumbel(size=scores.shape)).argmax(axis=1)]
    if block.is_slider:
        half = 1 / (len(block.choices) - 1)
        genes = np.clip(genes + rng.uniform(-half, half, genes.shape), -1.0, 1.0)
    return np.asarray(genes)


def _crossed(block: Block, mothers: Array, fathers: Array, rng: np.random.Generator) -> Array:
    if block.is_slider:
        middle = (mothers + fathers) / 2 + _SLIDER_NOISE * rng.standard_normal(mothers.shape)
        return np.clip(middle, -1.0, 1.0)
    if block.count == 1:
        return np.where(rng.random((len(mothers), 1)) < 0.5, mothers, fathers)
    union = mothers + fathers > 0
    return top(union + rng.random(union.shape), block.count)
