"""How alike two pictures are to somebody of a certain kind of taste, and what is expected of a picture unseen.

Single attributes add up; pairs of them stand for interactions. Both are products of features, so that what is learned
can be written as weights of features and of pairs of features.
"""

from __future__ import annotations

import numpy as np

from evolution.guided.features import STRAIGHT, Array, Layout
from evolution.guided.hyper import Guess

# A slider's middle is liked a little better than its ends, in standard deviations of what the slider explains.
_MIDDLE_LIKED = 0.4


def by_attribute(plan: Layout, some: Array, others: Array) -> Array:
    """Return the similarities of features (n, depth) and (m, depth) in each attribute, (attributes, n, m)."""
    return np.array([some[:, b.first : b.last] @ others[:, b.first : b.last].T for b in plan.blocks])


def combined(kinds: Guess, similar: Array) -> Array:
    """Return the covariances (particles, n, m) of tastes, from similarities (attributes, n, m)."""
    attributes, n, m = similar.shape
    flat = similar.reshape(attributes, n * m)
    main, pairs = shares(kinds)
    total = (main[:, None] * kinds.relevance) @ flat
    if attributes > 1:
        root = np.sqrt(kinds.relevance)
        total += (pairs / 2)[:, None] * ((root @ flat) ** 2 - kinds.relevance @ flat**2)
    return total.reshape(len(main), n, m)


def shares(kinds: Guess) -> tuple[Array, Array]:
    """Return the factors (particles,) of single attributes and of pairs; together they make the taste's variance."""
    variance = kinds.strength**2
    if kinds.relevance.shape[1] == 1:
        return variance, np.zeros_like(variance)
    root = np.sqrt(kinds.relevance)
    of_pairs = (root.sum(axis=1) ** 2 - 1) / 2
    return variance * kinds.main, variance * (1 - kinds.main) / of_pairs


def expected(plan: Layout, kinds: Guess, shared: Array | None) -> Array:
    """Return the weights of features (particles, depth) that are expected before any vote.

    `shared` (depth,) are the weights of a population's taste; where it is not trusted, the usual expectation stays.
    """
    weights = np.zeros((len(kinds.strength), plan.depth))
    for number, block in enumerate(plan.blocks):
        if block.is_slider:
            scale = kinds.strength * np.sqrt(kinds.relevance[:, number])
            weights[:, block.last - 1] = -_MIDDLE_LIKED * scale / np.sqrt(1 - STRAIGHT)
    if shared is None:
        return weights
    trust = kinds.trust[:, None]
    return np.asarray((1 - trust) * weights + trust * shared)
