"""What the learned taste would paint: pictures that it likes best, as varied as they are wanted to be.

Nothing is explored here. Each voter gets the same number of pictures. Knows nothing of albums.
"""

from __future__ import annotations

import numpy as np

from evolution.guided.features import Array, Layout, features, random_distance, random_rows
from evolution.guided.posterior import Posterior
from evolution.guided.proposals import children, cooled

# Pictures are drawn from a set of at least this many, whose variety is set as a whole.
_SET_SIZE = 64
_CHAINS = 64
_SWEEPS = 12
_CHILDREN = 160
_HALVINGS = 9


def paint_rows(posterior: Posterior, n: int, rng: np.random.Generator) -> Array:
    """Return n rows (n, width) of what is liked best, in random order."""
    plan = posterior.plan
    if not len(posterior.evidence.y):
        return random_rows(plan, n, rng)
    size = max(n, _SET_SIZE)
    wanted = variety(posterior) * random_distance(plan.space)
    voters = list(range(posterior.voters))
    places = np.arange(size) % len(voters)
    found = np.concatenate(
        [_painted(posterior, voter, int((places == voter).sum()), wanted, rng) for voter in voters if voter in places]
    )
    return found[rng.permutation(size)[:n]]


def variety(posterior: Posterior) -> float:
    """Return how far apart painted pictures shall be, as a share of the distance of random ones.

    It falls as albums pass, and with it the risk that the taste is not what it seems.
    """
    told = posterior.evidence.record.generation
    return float(posterior.config.variety) * (0.75 if told == 1 else 0.5 * 0.9 ** (told - 2))


def _painted(posterior: Posterior, voter: int, n: int, wanted: float, rng: np.random.Generator) -> Array:
    plan = posterior.plan
    single, double = posterior.weights(voter)
    pool = [*cooled(plan, single, double, _CHAINS, _SWEEPS, rng)]
    liked = posterior.evidence.record.table[posterior.evidence.record.likes > 0]
    if len(liked):
        pool.append(children(plan, liked, parent_odds(posterior, liked, voter), _CHILDREN, rng))
    table = np.unique(np.concatenate(pool), axis=0)
    if len(table) < n:
        table = np.concatenate([table, random_rows(plan, n - len(table), rng)])
    worth = posterior.mean(features(plan, table), voter)
    return table[varied(plan, table, worth, n, wanted)]


def parent_odds(posterior: Posterior, parents: Array, voter: int | None) -> Array:
    """Return the odds (p,) by which liked pictures (p, width) have children."""
    worth = posterior.mean(features(posterior.plan, parents), voter)
    odds = np.exp((worth - worth.max()) / (worth.std() + 0.3))
    return np.asarray(odds / odds.sum())


def varied(plan: Layout, table: Array, worth: Array, n: int, wanted: float) -> list[int]:
    """Choose n of the rows, worth as much as can be at a mean distance of `wanted`.

    Each choice adds worth plus a price for distance to those already chosen; the price is found by halving.
    """
    chosen = _greedy(plan, table, worth, n, 0.0)[0]
    low, high = 0.0, 64.0 * float(worth.std() + 1e-9)
    for _ in range(_HALVINGS):
        price = high / 64 if low == 0.0 else np.sqrt(low * high)
        tried, distance = _greedy(plan, table, worth, n, price)
        if distance < wanted:
            low = price
        else:
            chosen, high = tried, price
    return chosen


def _greedy(plan: Layout, table: Array, worth: Array, n: int, price: float) -> tuple[list[int], float]:
    """Return n choices and their mean distance; see `evolution.guided.features.distances`."""
    sliders = np.array([block.is_slider for block in plan.blocks])
    scale = np.concatenate([np.full(b.stop - b.start, 0.0 if b.is_slider else 1 / b.count) for b in plan.blocks])
    places = table[:, [block.start for block in plan.blocks if block.is_slider]]
    discrete = float((~sliders).sum())
    far, left = np.zeros(len(table)), worth.copy()
    chosen: list[int] = []
    total = 0.0
    for count in range(n):
        best = int((left + price * far / max(count, 1)).argmax())
        total += float(far[best])
        chosen.append(best)
        left[best] = -np.inf
        apart = discrete - table @ (scale * table[best]) + np.abs(places - places[best]).sum(axis=1) / 2
        far += apart / len(plan.blocks)
    return chosen, total / max(n * (n - 1) / 2, 1)
