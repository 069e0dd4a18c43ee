"""The next album: pictures chosen together, for what is expected of the best of them.

A picture raises that by being liked, by being uncertain, and by being unlike the others; so one sum weighs pleasure,
information and variety. Slots go to the voters in turn, the least-served first.
"""

from __future__ import annotations

import numpy as np

from evolution.guided.features import Array, distances, features, random_rows
from evolution.guided.painting import parent_odds
from evolution.guided.posterior import Posterior
from evolution.guided.proposals import children, cooled, neighbours
from evolution.randomness import picture_seed

_CANDIDATES = 32
_PARTICLES = 8
_DRAWS = 16
_JITTER = 1e-5


def choose(posterior: Posterior, shown: Array, n: int, rng: np.random.Generator) -> list[tuple[Array, int]]:
    """Return n rows with their seeds, in shuffled order."""
    table = _first(posterior, n, rng) if posterior.is_blank else _learned(posterior, shown, n, rng)
    order = rng.permutation(len(table))
    return [(table[place], picture_seed(rng)) for place in order]


def _first(posterior: Posterior, n: int, rng: np.random.Generator) -> Array:
    plan = posterior.plan
    table = random_rows(plan, 300, rng)
    phi = features(plan, table)
    _, covariances = posterior.joint(phi, None, 1)
    left = covariances[0].copy()
    chosen: list[int] = []
    for _ in range(n):
        best = int(left.diagonal().argmax())
        chosen.append(best)
        left = left - np.outer(left[best], left[best]) / (left[best, best] + 0.3)
    return table[chosen]


def _learned(posterior: Posterior, shown: Array, n: int, rng: np.random.Generator) -> Array:
    voters = posterior.audience
    places = np.roll(np.arange(len(voters)), posterior.evidence.record.generation)[np.arange(n) % len(voters)]
    found = []
    for place, voter in enumerate(voters):
        slots = int((places == place).sum())
        if slots:
            table = _candidates(posterior, shown, voter, rng)
            # A tiny space may have nothing new to show: then something old comes with another seed.
            table = np.concatenate([table, random_rows(posterior.plan, max(0, slots - len(table)), rng)])
            found.append(table[_best_together(posterior, table, voter, slots, rng)])
    return np.concatenate(found)


def _candidates(posterior: Posterior, shown: Array, voter: int | None, rng: np.random.Generator) -> Array:
    plan, record = posterior.plan, posterior.evidence.record
    single, double = posterior.weights(voter)
    chains = cooled(plan, single, double, _CANDIDATES, 10, rng)
    pool = [chains[3], chains[5], chains[7], chains[9], random_rows(plan, _CANDIDATES, rng)]
    liked = record.table[record.likes > 0]
    if len(liked):
        born = children(plan, liked, parent_odds(posterior, liked, voter), 4 * _CANDIDATES, rng)
        worth = posterior.mean(features(plan, born), voter)
        pool.append(born[np.argsort(-worth, kind="stable")[:_CANDIDATES]])
        pool.append(neighbours(plan, liked, _CANDIDATES, rng))
    table = np.unique(np.concatenate(pool), axis=0)
    is_new = (distances(plan, table, shown) > 1e-9).all(axis=1)
    return np.asarray(table[is_new])


def _best_together(posterior: Posterior, table: Array, voter: int | None, n: int, rng: np.random.Generator) -> list[int]:
    """Choose n rows, each the one that raises the expected best the most.

    Source: Astudillo and others, "qEUBO: a decision-theoretic acquisition function for preferential Bayesian
    optimization", AISTATS 2023.
    """
    means, covariances = posterior.joint(features(posterior.plan, table), voter, _PARTICLES)
    size = len(table)
    scale = 1 + covariances.diagonal(axis1=1, axis2=2).max(axis=1)
    factor = np.linalg.cholesky(covariances + _JITTER * scale[:, None, None] * np.eye(size))
    draws = means[:, :, None] + factor @ rng.standard_normal((len(means), size, _DRAWS))
    futures = draws.transpose(0, 2, 1).reshape(-1, size)
    best = np.full(len(futures), -np.inf)
    chosen: list[int] = []
    for _ in range(n):
        worth = np.maximum(best[:, None], futures).mean(axis=0)
        worth[chosen] = -np.inf
        chosen.append(int(worth.argmax()))
        best = np.maximum(best, futures[:, chosen[-1]])
    return chosen
