"""The posterior of a taste, given votes: a Gaussian process, over particles of what kind of taste it is.

A vote is the taste, plus what the seed does, plus how strict a voter was on that album, plus noise:
y = f(x) + seed + strictness + noise. Voters share a part of f; f fades with the generations.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from evolution.config import Config
from evolution.guided import hyper
from evolution.guided.features import Array, Layout, features, layout
from evolution.guided.hyper import Beliefs, Guess
from evolution.guided.kernel import by_attribute, combined, expected, shares
from evolution.guided.population import shared_weights, spreads
from evolution.guided.record import Record, observe, stretched
from evolution.prior import GroupTaste
from evolution.randomness import Purpose, generator
from evolution.state import State

# What a seed does, as a share of the taste's variance.
_SEED_SHARE = 0.25
# The variance, in marks, of how strict a voter is on an album.
_STRICTNESS = 0.3
_JITTER = 1e-6

_FIRST_GUESSES = 96
_PARTICLES = 24
# Metropolis rounds, fewer where each takes long.
_MOST_ROUNDS = 10
_STEP = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Observations made ready: `y` (n,), their features (n, depth), similarities, and who and what they share."""

    plan: Layout
    record: Record
    y: Array
    phi: Array
    similar: Array
    apart: Array
    same_voter: NDArray[np.bool_]
    same_seed: NDArray[np.bool_]
    same_ballot: NDArray[np.bool_]
    shared: Array | None


@dataclass(eq=False)
class Posterior:
    """A taste as learned: particles `kinds`, and for each what the observations weigh, `pull` (particles, n)."""

    config: Config
    evidence: Evidence
    particles: Array
    kinds: Guess
    covariance: Array
    pull: Array
    expectation: Array
    log_evidence: Array

    @property
    def plan(self) -> Layout:
        """The layout of the space."""
        return self.evidence.plan

    @property
    def voters(self) -> int:
        """How many voters were heard."""
        return len(self.evidence.record.parties)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is known yet, of this session or of others."""
        return not len(self.evidence.y) and self.evidence.shared is None

    @property
    def audience(self) -> tuple[int | None, ...]:
        """Whom pictures are for: each voter; as long as nobody has voted, everybody."""
        return tuple(range(self.voters)) or (None,)

    def closeness(self, voter: int | None, guesses: Guess) -> Array:
        """Return how much of each observation tells of this voter's taste now, (particles, n); None: of all's mean."""
        evidence, shared = self.evidence, guesses.shared[:, None]
        age = np.abs(evidence.record.generation - evidence.record.album)
        still = np.exp(-guesses.fade[:, None] * age)
        if self.voters <= 1:
            return np.asarray(still)
        if voter is None:
            return np.asarray((shared + (1 - shared) / self.voters) * still)
        return np.asarray((shared + (1 - shared) * (evidence.record.voter == voter)) * still)

    def weights(self, voter: int | None) -> tuple[Array, Array]:
        """Return the taste's mean as weights of features (depth,) and of pairs of features (depth, depth).

        The mean of a picture of features p is p·w + p·W·p.
        """
        if voter not in self._weights:
            self._weights[voter] = self._collect(voter)
        return self._weights[voter]

    @cached_property
    def _weights(self) -> dict[int | None, tuple[Array, Array]]:
        return {}

    def _collect(self, voter: int | None) -> tuple[Array, Array]:
        phi, owners, count = self.evidence.phi, self.plan.owners, len(self.kinds.strength)
        pull = self.pull * self.closeness(voter, self.kinds)
        main, pairs = shares(self.kinds)
        single = (main[:, None] * self.kinds.relevance)[:, owners] * (pull @ phi) + self.expectation
        root = np.sqrt(self.kinds.relevance)[:, owners]
        double = np.zeros((self.plan.depth, self.plan.depth))
        for number in range(count):
            bent = phi * root[number]
            double += pairs[number] / 2 * (bent.T * pull[number]) @ bent
        double[owners[:, None] == owners[None, :]] = 0.0
        return single.mean(axis=0), double / count

    def mean(self, phi: Array, voter: int | None) -> Array:
        """Return the mean taste (n,) of pictures of features (n, depth)."""
        single, double = self.weights(voter)
        return np.asarray(phi @ single + ((phi @ double) * phi).sum(axis=1))

    def joint(self, phi: Array, voter: int | None, most: int) -> tuple[Array, Array]:
        """Return means (m, n) and covariances (m, n, n) of pictures (n, depth), by m particles, at most `most`."""
        few = slice(0, min(most, len(self.particles)))
        kinds = hyper.guess(self.particles[few])
        close = self.closeness(voter, kinds)
        cross = combined(kinds, by_attribute(self.plan, phi, self.evidence.phi)) * close[:, None, :]
        means = (cross @ self.pull[few][:, :, None])[:, :, 0] + self.expectation[few] @ phi.T
        own = combined(kinds, by_attribute(self.plan, phi, phi))
        if voter is None and self.voters > 1:
            own *= (kinds.shared + (1 - kinds.shared) / self.voters)[:, None, None]
        known = cross @ np.linalg.solve(self.covariance[few], cross.transpose(0, 2, 1))
        return means, own - known


@lru_cache(maxsize=4)
def learn(state: State) -> Posterior:
    """Return the posterior after all votes told so far; the latest are remembered, as `ask` and `sample` share them."""
    evidence = prepare(state)
    rng = generator(state.seed, evidence.record.generation, Purpose.LEARN)
    group = group_of(state)
    spread = None if group is None else spreads(evidence.plan, group)
    priors = hyper.beliefs(len(evidence.plan.blocks), spread)
    particles, log_evidence = _explore(evidence, priors, state.config.interactions, rng)
    kinds = hyper.guess(particles)
    covariance = _covariance(evidence, kinds)
    expectation = expected(evidence.plan, kinds, evidence.shared)
    left = evidence.y - expectation @ evidence.phi.T
    pull = np.asarray(np.linalg.solve(covariance, left[:, :, None])[:, :, 0], dtype=np.float64)
    return Posterior(state.config, evidence, particles, kinds, covariance, pull, expectation, log_evidence)


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
        phi=phi,
        similar=by_attribute(plan, phi, phi),
        apart=np.abs(album[:, None] - album[None, :]).astype(np.float64),
        same_voter=same_voter,
        same_seed=seed[:, None] == seed[None, :],
        same_ballot=same_voter & (album[:, None] == album[None, :]),
        shared=None if group is None else shared_weights(plan, group),
    )


def _covariance(evidence: Evidence, kinds: Guess) -> Array:
    """Return the covariance of the observations, (particles, n, n)."""
    total = combined(kinds, evidence.similar)
    total *= np.exp(-kinds.fade[:, None, None] * evidence.apart)
    if len(evidence.record.parties) > 1:
        shared = kinds.shared[:, None, None]
        total *= shared + (1 - shared) * evidence.same_voter
    total += (_SEED_SHARE * kinds.strength**2)[:, None, None] * evidence.same_seed
    total += _STRICTNESS * evidence.same_ballot
    diagonal = np.arange(len(evidence.y))
    total[:, diagonal, diagonal] += kinds.noise[:, None] ** 2 / evidence.record.weight + _JITTER
    return total


def _log_evidence(evidence: Evidence, particles: Array) -> Array:
    """Return the log probability of the votes under each particle, (m,), up to a constant."""
    kinds, n = hyper.guess(particles), len(evidence.y)
    left = evidence.y - expected(evidence.plan, kinds, evidence.shared) @ evidence.phi.T
    # The votes as one more row: its part of the factor is the whitened votes, so one factorisation gives all.
    bordered = np.zeros((len(particles), n + 1, n + 1))
    bordered[:, :n, :n] = _covariance(evidence, kinds)
    bordered[:, n, :n] = bordered[:, :n, n] = left
    bordered[:, n, n] = 1e8
    factor = np.linalg.cholesky(bordered)
    spread = np.log(factor[:, np.arange(n), np.arange(n)]).sum(axis=1)
    return np.asarray(-0.5 * (factor[:, n, :n] ** 2).sum(axis=1) - spread)


def _explore(evidence: Evidence, priors: Beliefs, interactions: bool, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return particles of the posterior and their log evidence: guesses, reweighted, then moved by Metropolis steps."""
    first = priors.draw(_FIRST_GUESSES, rng)
    if not interactions:
        first[:, 1] = 12.0
    n = len(evidence.y)
    if not n:
        return first[:_PARTICLES], np.zeros(_PARTICLES)
    found = _log_evidence(evidence, first)
    odds = np.exp(found - found.max())
    places = (np.arange(_PARTICLES) + rng.random()) / _PARTICLES
    drawn = np.minimum(np.searchsorted(np.cumsum(odds / odds.sum()), places), len(first) - 1)
    particles, found = first[drawn], found[drawn]
    for _ in range(min(_MOST_ROUNDS, max(2, 1200 // n))):
        moves = rng.random(particles.shape) < max(0.25, 2 / particles.shape[1])
        if not interactions:
            moves[:, 1] = False
        tried = particles + moves * priors.std * _STEP * rng.standard_normal(particles.shape)
        likely = _log_evidence(evidence, tried)
        gain = likely + priors.log_density(tried) - found - priors.log_density(particles)
        taken = np.log(rng.random(len(particles))) < gain
        particles = np.where(taken[:, None], tried, particles)
        found = np.where(taken, likely, found)
    order = rng.permutation(len(particles))
    return particles[order], found[order]
