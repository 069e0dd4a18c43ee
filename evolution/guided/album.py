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
_FIRST_CANDIDATES = 300
# In albums of at least this many one slot may be special: every so many generations the best so far returns.
_SPECIAL_FROM = 4
_ANCHOR_EVERY = 5
# How many albums count for who is served.
_REMEMBERED = 2
_PARTICLES = 8
_DRAWS = 64
_JITTER = 1e-5


def choose(posterior: Posterior, shown: Array, n: int, rng: np.random.Generator) -> list[tuple[Array, int]]:
    """Return n rows with their seeds, in shuffled order; `shown` (p, width) are those of all albums so far."""
    if posterior.is_blank:
        album = [(row, picture_seed(rng)) for row in _spread(posterior, n, rng)]
    else:
        special = [*_anchor(posterior, n), *_wild_card(posterior, shown, n, rng)]
        rows = _learned(posterior, shown, n - len(special), rng)
        album = [(row, picture_seed(rng) if seed is None else seed) for row, seed in special]
        album += [(row, picture_seed(rng)) for row in rows]
    return [album[place] for place in rng.permutation(n)]


def _spread(posterior: Posterior, n: int, rng: np.random.Generator) -> Array:
    """Return rows that together would tell the most, when nothing is known.

    Each has the highest bound of what it may be worth after the others are seen, so that none is hopeless either.
    """
    table = random_rows(posterior.plan, _FIRST_CANDIDATES, rng)
    phi = features(posterior.plan, table)
    left = posterior.unlearned(phi, None, 1)[0]
    likely, noise = posterior.mean(phi, None), float(posterior.kinds.noise[0]) ** 2
    chosen: list[int] = []
    for _ in range(n):
        bound = likely + np.sqrt(np.maximum(left.diagonal(), 0.0))
        bound[chosen] = -np.inf
        best = int(bound.argmax())
        chosen.append(best)
        left = left - np.outer(left[best], left[best]) / (left[best, best] + noise)
    return table[chosen]


def _anchor(posterior: Posterior, n: int) -> list[tuple[Array, int | None]]:
    """Return the best so far, seed and all, when it is its turn: it says how high one may aim."""
    record = posterior.evidence.record
    liked = np.flatnonzero(record.likes)
    if n < _SPECIAL_FROM or (record.generation + 1) % _ANCHOR_EVERY or not len(liked):
        return []
    worth = posterior.mean(features(posterior.plan, record.table[liked]), None) + posterior.seeds(record.seeds[liked])
    best = liked[worth.argmax()]
    return [(record.table[best], int(record.seeds[best]))]


def _wild_card(posterior: Posterior, shown: Array, n: int, rng: np.random.Generator) -> list[tuple[Array, int | None]]:
    """Return a picture unlike all so far, when the last album's votes had no like: perhaps all were on a wrong way."""
    record = posterior.evidence.record
    last = record.albums == record.generation
    is_stalled = record.generation > 1 and (record.album == record.generation).any() and not record.likes[last].any()
    if n < _SPECIAL_FROM or not is_stalled:
        return []
    table = random_rows(posterior.plan, _CANDIDATES, rng)
    return [(table[distances(posterior.plan, table, shown).min(axis=1).argmax()], None)]


def _learned(posterior: Posterior, shown: Array, n: int, rng: np.random.Generator) -> Array:
    """Return n rows, of each voter's slots together; the least-served have theirs first."""
    order = posterior.audience if posterior.voters < 2 else _least_served(posterior)
    turns = np.arange(n) % len(order)
    found = []
    for place, voter in enumerate(order[:n]):
        slots = int((turns == place).sum())
        table = _candidates(posterior, shown, voter, rng)
        # A tiny space may have nothing new to show: then something old comes with another seed.
        table = np.concatenate([table, random_rows(posterior.plan, max(0, slots - len(table)), rng)])
        found.append(table[_best_together(posterior, table, voter, slots, rng)])
    return np.concatenate(found)


def _least_served(posterior: Posterior) -> tuple[int, ...]:
    """Return the voters, first whose taste the best of the last albums met least."""
    record = posterior.evidence.record
    phi = features(posterior.plan, record.table)
    served = []
    for voter in range(posterior.voters):
        worth = posterior.mean(phi, voter)
        best = [worth[record.albums == album].max() for album in np.unique(record.albums)[-_REMEMBERED:]]
        served.append(float(np.mean(best)))
    return tuple(int(voter) for voter in np.argsort(served, kind="stable"))


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


def _best_together(
    posterior: Posterior, table: Array, voter: int | None, n: int, rng: np.random.Generator
) -> list[int]:
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
