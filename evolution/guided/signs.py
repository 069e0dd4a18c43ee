"""What may go wrong while a taste is learned: contradictory votes, drift, albums all alike; and two camps of voters.

Each is found by asking whether the votes are more probable if it is so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evolution.guided.evidence import log_evidence
from evolution.guided.features import Array, distances
from evolution.guided.posterior import Posterior

# Fewer votes may contradict themselves, or drift, by chance alone.
_FEWEST_MARKS = 20
_FEWEST_GENERATIONS = 5
# How much more probable the votes must be, in logarithms.
_ODDS = 1.5
# Of the log odds of a taste this much is owed to its many free numbers.
_FREEDOM = 1.5
_NO_TASTE = -6.0
_STEADY, _DRIFTING = np.log(0.003), np.log(0.15)
# Albums are alike when their pictures are nearer than this, random ones being 1 apart.
_ALIKE = 0.2
# Voters' tastes, as they are known, correlate: more than this between two camps is no quarrel.
_MOST_IN_COMMON = 0.3
_GAP = 0.3


@dataclass(frozen=True, slots=True)
class Signs:
    """Failure signs. `is_contradictory`: chance explains the votes as well as any taste, so nothing converges.

    `is_drifting`: the votes are better explained by a taste that changes. `is_uniform`: the last album's pictures are
    nearly alike; `album_variety` is how far apart they are, random ones being 1 apart.
    """

    is_contradictory: bool
    is_drifting: bool
    is_uniform: bool
    album_variety: float


def signs(posterior: Posterior) -> Signs:
    """Return which failure signs there are."""
    record = posterior.evidence.record
    marks = int(np.count_nonzero(record.mark))
    variety = _last_variety(posterior)
    return Signs(
        is_contradictory=marks >= _FEWEST_MARKS and _gain(posterior, 0, _NO_TASTE, None) < _FREEDOM,
        is_drifting=marks >= _FEWEST_MARKS
        and len(np.unique(record.album)) >= _FEWEST_GENERATIONS
        and _gain(posterior, 3, float(_STEADY), float(_DRIFTING)) > _ODDS,
        is_uniform=record.generation > 0 and variety < _ALIKE,
        album_variety=variety,
    )


def camps(posterior: Posterior, phi: Array) -> tuple[tuple[str, ...], ...]:
    """Return the voters of two camps, the larger first, judged by pictures (n, depth); empty where there are none.

    Voters are parted along the direction in which their tastes differ most.
    """
    if posterior.voters < 2:
        return ()
    tastes = np.array([posterior.mean(phi, voter) for voter in range(posterior.voters)])
    tastes = tastes - tastes.mean(axis=1, keepdims=True)
    tastes = tastes / (np.linalg.norm(tastes, axis=1, keepdims=True) + 1e-12)
    centred = tastes - tastes.mean(axis=0)
    side = np.linalg.eigh(centred @ centred.T)[1][:, -1] > 0
    if side.all() or not side.any():
        return ()
    alike = tastes @ tastes.T
    between = float(alike[side][:, ~side].mean())
    within = float(np.mean([alike[mine][:, mine].mean() for mine in (side, ~side)]))
    if between > _MOST_IN_COMMON or within - between < _GAP:
        return ()
    parties = posterior.evidence.record.parties
    found = [tuple(name for place in np.flatnonzero(mine) for name in parties[place]) for mine in (side, ~side)]
    return tuple(sorted(found, key=lambda names: (-len(names), names)))


def _gain(posterior: Posterior, column: int, value: float, other: float | None) -> float:
    """Return how much more probable the votes are as particles are, or with `other`, than with `value` in a column."""
    with_value = posterior.particles.copy()
    with_value[:, column] = value
    without = log_evidence(posterior.evidence, with_value).mean()
    if other is None:
        return float(posterior.log_evidence.mean() - without)
    with_value[:, column] = other
    return float(log_evidence(posterior.evidence, with_value).mean() - without)


def _last_variety(posterior: Posterior) -> float:
    record = posterior.evidence.record
    last = record.table[record.albums == record.generation]
    n = len(last)
    return float(distances(posterior.plan, last, last).sum() / (n * (n - 1))) if n > 1 else 1.0
