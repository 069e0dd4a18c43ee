"""What the learned taste would paint: pictures that it likes best, as varied as they are wanted to be.

Nothing is explored here. Each voter gets the same number of pictures, beside those for all. Knows nothing of albums.
"""

from __future__ import annotations

import numpy as np

from evolution.guided.features import Array, Layout, features, random_rows, units
from evolution.guided.posterior import Posterior
from evolution.guided.proposals import children, cooled

# Pictures are drawn from a set of at least this many, whose variety is set as a whole.
_SET_SIZE = 64
_CHAINS = 64
_SWEEPS = 12
_CHILDREN = 160
_HALVINGS = 9
# How much wider tastes are taken to be, when pictures are ranked among random ones, for what is not known of them.
_WIDEN = 1.2
# How far apart painted pictures of discrete attributes are after two albums of eight, random ones being 1 apart; the
# power by which it falls with the albums, and that by which more pictures an album raise it. A slider's favourite place
# is a peak, so that variety there costs more than elsewhere, and less is wanted.
_VARIETY_AFTER_TWO = 0.66
_FALLS, _USUAL_ALBUM, _RISES = 0.42, 8, 0.1
_LESS_OF_SLIDERS = 0.5
_LEAST_VARIETY, _MOST_VARIETY = 0.18, 0.6
# So many albums a population's taste stands for at most, if its people agree.
_POPULATION_ALBUMS = 40
# Of several voters' pictures this share is for the mean of their tastes.
_COMMON = 0.4


def paint_rows(posterior: Posterior, n: int, rng: np.random.Generator) -> Array:
    """Return n rows (n, width) of what is liked best, in random order."""
    plan = posterior.plan
    if posterior.is_blank:
        return random_rows(plan, n, rng)
    size = max(n, _SET_SIZE)
    wanted = variety(posterior)
    found = [_painted(posterior, voter, count, wanted, rng) for voter, count in _dealt(posterior, size) if count]
    return np.concatenate(found)[rng.permutation(size)[:n]]


def _dealt(posterior: Posterior, n: int) -> list[tuple[int | None, int]]:
    """Deal n pictures: to each voter the same number; with several, a part is for what all like on average."""
    if posterior.voters < 2:
        return [(voter, n) for voter in posterior.audience]
    common = round(_COMMON * n)
    each, more = divmod(n - common, posterior.voters)
    return [(None, common), *((voter, each + (voter < more)) for voter in range(posterior.voters))]


def variety(posterior: Posterior) -> float:
    """Return how far apart painted pictures shall be, as a share of the distance of random ones.

    It falls as albums pass, and with it the risk that the taste is not what it seems; people who want larger albums
    are shown more at once, so what is painted for them is a little more varied too. A population that agrees has told
    much before the first album.
    """
    record = posterior.evidence.record
    size = len(record.table) / max(record.generation, 1)
    known = max(record.generation, 1) + _POPULATION_ALBUMS * _agreement(posterior) ** 2
    usual = _VARIETY_AFTER_TWO * (2 / known) ** _FALLS * (size / _USUAL_ALBUM) ** _RISES
    sliders = float(np.mean([block.is_slider for block in posterior.plan.blocks]))
    wanted = np.clip(usual * (1 - _LESS_OF_SLIDERS * sliders), _LEAST_VARIETY, _MOST_VARIETY)
    return float(posterior.config.variety * wanted)


def _agreement(posterior: Posterior) -> float:
    """Return how strong the population's taste is beside a person's, in [0, 1); 0 without one.

    Where people have nothing in common, what they share shrinks to little.
    """
    shared = posterior.evidence.shared
    if shared is None:
        return 0.0
    common = float(shared @ shared)
    return common / (common + float(np.mean(posterior.kinds.strength**2)))


def _painted(posterior: Posterior, voter: int | None, n: int, wanted: float, rng: np.random.Generator) -> Array:
    plan = posterior.plan
    single, double = posterior.weights(voter)
    pool = [*cooled(plan, single, double, _CHAINS, _SWEEPS, rng)]
    liked = posterior.evidence.record.table[posterior.evidence.record.likes > 0]
    if len(liked):
        pool.append(children(plan, liked, parent_odds(posterior, liked, voter), _CHILDREN, rng))
    table = np.unique(np.concatenate(pool), axis=0)
    if len(table) < n:
        table = np.concatenate([table, random_rows(plan, n - len(table), rng)])
    worth = standing(posterior.mean(features(plan, table), voter) / (_WIDEN * posterior.kinds.strength.mean()))
    return table[varied(plan, table, worth, n, wanted)]


def standing(taste: Array) -> Array:
    """Return the share of random pictures that one of this taste, in standard deviations, is liked better than.

    So the best are no reason to paint bad ones beside them: the last step up counts less than the first.

    Source: the logistic form of the normal distribution, Page, Applied Statistics 26 (1977).
    """
    return np.asarray(0.5 + 0.5 * np.tanh(np.sqrt(2 / np.pi) * (taste + 0.044715 * taste**3)))


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
    unit = units(plan)
    is_slider = np.array([block.is_slider for block in plan.blocks])
    scale = np.concatenate(
        [
            np.full(block.stop - block.start, 0.0 if block.is_slider else one / block.count)
            for block, one in zip(plan.blocks, unit, strict=True)
        ]
    )
    places = table[:, [block.start for block in plan.blocks if block.is_slider]]
    discrete, sliders = float(unit[~is_slider].sum()), unit[is_slider] / 2
    far, left = np.zeros(len(table)), worth.copy()
    chosen: list[int] = []
    total = 0.0
    for count in range(n):
        best = int((left + price * far / max(count, 1)).argmax())
        total += float(far[best])
        chosen.append(best)
        left[best] = -np.inf
        far += discrete - table @ (scale * table[best]) + np.abs(places - places[best]) @ sliders
    return chosen, total / max(n * (n - 1) / 2, 1)
