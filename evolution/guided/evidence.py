"""The evidence: votes made ready to be learned from, and how probable they are under each kind of taste.

A vote is the taste, plus what the seed does, plus how strict a voter was on that album, plus noise:
y = f(x) + seed + strictness + noise. Voters share a part of f; f fades with the generations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution.guided.features import Array, Layout, features, layout
from evolution.guided.hyper import guess
from evolution.guided.kernel import by_attribute, combined, expected
from evolution.guided.population import shared_weights
from evolution.guided.record import Record, observe, stretched
from evolution.prior import GroupTaste
from evolution.state import State

# What a seed does, as a share of the taste's variance.
SEED_SHARE = 0.25
# The variance, in marks, of how strict a voter is on an album.
_STRICTNESS = 0.3
# A picture left alone may be one whose mark was forgotten: it says less than a mark.
_NEITHER = 1.0
_JITTER = 1e-6
# Particles are worked on so many at a time that a table of theirs has about this many numbers: memory stays small.
_NUMBERS_AT_A_TIME = 200_000
# Beyond any sum of squared votes.
_CORNER = 1e8


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Observations made ready: `y` (n,), their features (n, depth), similarities, and who and what they share."""

    plan: Layout
    record: Record
    y: Array
    weight: Array
    phi: Array
    similar: Array
    apart: Array
    same_voter: NDArray[np.bool_]
    same_seed: NDArray[np.bool_]
    same_ballot: NDArray[np.bool_]
    shared: Array | None


def group_of(state: State) -> GroupTaste | None:
    """Return the taste that the session starts from, if there is one and it is wanted."""
    return state.prior.taste if state.prior is not None and state.config.use_prior else None


def prepare(state: State) -> Evidence:
    """Make the votes of a state ready."""
    plan, record, group = layout(state.space), observe(state), group_of(state)
    phi = features(plan, record.table)[record.picture]
    voter, album, seed = record.voter, record.album, record.seeds[record.picture]
    same_voter = voter[:, None] == voter[None, :]
    return Evidence(
        plan=plan,
        record=record,
        y=stretched(record),
        weight=record.weight * np.where(record.mark == 0, _NEITHER, 1.0),
        phi=phi,
        similar=by_attribute(plan, phi, phi),
        apart=np.abs(album[:, None] - album[None, :]).astype(np.float64),
        same_voter=same_voter,
        same_seed=seed[:, None] == seed[None, :],
        same_ballot=same_voter & (album[:, None] == album[None, :]),
        shared=None if group is None else shared_weights(plan, group),
    )


def covariances(evidence: Evidence, particles: Array) -> Array:
    """Return the covariance of the observations under each particle, (particles, n, n)."""
    n = len(evidence.y)
    found = np.empty((len(particles), n, n))
    for part in _parts(len(particles), n):
        found[part] = _covariances(evidence, particles[part])
    return found


def log_evidence(evidence: Evidence, particles: Array) -> Array:
    """Return the log probability of the votes under each particle, (particles,), up to a constant."""
    n = len(evidence.y)
    found = np.empty(len(particles))
    for part in _parts(len(particles), n):
        left = evidence.y - expected(evidence.plan, guess(particles[part]), evidence.shared) @ evidence.phi.T
        # The votes as one more row: its part of the factor is the whitened votes, so one factorisation gives all.
        bordered = np.empty((len(left), n + 1, n + 1))
        bordered[:, :n, :n] = _covariances(evidence, particles[part])
        bordered[:, n, :n] = bordered[:, :n, n] = left
        bordered[:, n, n] = _CORNER
        factor = np.linalg.cholesky(bordered)
        spread = np.log(factor[:, np.arange(n), np.arange(n)]).sum(axis=1)
        found[part] = -0.5 * (factor[:, n, :n] ** 2).sum(axis=1) - spread
    return found


def _covariances(evidence: Evidence, particles: Array) -> Array:
    kinds = guess(particles)
    total = combined(kinds, evidence.similar)
    total *= np.exp(-kinds.fade[:, None, None] * evidence.apart)
    if len(evidence.record.parties) > 1:
        shared = kinds.shared[:, None, None]
        total *= shared + (1 - shared) * evidence.same_voter
    total += (SEED_SHARE * kinds.strength**2)[:, None, None] * evidence.same_seed
    total += _STRICTNESS * evidence.same_ballot
    diagonal = np.arange(len(evidence.y))
    total[:, diagonal, diagonal] += kinds.noise[:, None] ** 2 / evidence.weight + _JITTER
    return total


def _parts(particles: int, n: int) -> Iterator[slice]:
    size = max(1, _NUMBERS_AT_A_TIME // max(n * n, 1))
    return (slice(start, start + size) for start in range(0, particles, size))
