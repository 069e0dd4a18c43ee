"""The posterior of a taste, given votes: a Gaussian process for each of several guesses of what kind of taste it is.

Knows nothing of albums.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from evolution.config import Config
from evolution.guided import hyper
from evolution.guided.evidence import SEED_SHARE, Evidence, covariances, group_of, prepare
from evolution.guided.features import Array, Layout
from evolution.guided.hyper import Guess
from evolution.guided.kernel import by_attribute, combined, expected, shares
from evolution.guided.population import spreads
from evolution.guided.search import explore
from evolution.randomness import Purpose, generator
from evolution.state import State


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

    def seeds(self, numbers: NDArray[np.int64]) -> Array:
        """Return what seeds (n,) add to a picture, on average, as far as the votes have told."""
        same = numbers[:, None] == self.evidence.record.seeds[self.evidence.record.picture]
        variance = (SEED_SHARE * self.kinds.strength**2)[:, None]
        return np.asarray(same @ (variance * self.pull).mean(axis=0))

    def joint(self, phi: Array, voter: int | None, most: int) -> tuple[Array, Array]:
        """Return means (m, n) and covariances (m, n, n) of pictures (n, depth), by m particles, at most `most`."""
        few = slice(0, min(most, len(self.particles)))
        kinds = hyper.guess(self.particles[few])
        close = self.closeness(voter, kinds)
        cross = combined(kinds, by_attribute(self.plan, phi, self.evidence.phi)) * close[:, None, :]
        means = (cross @ self.pull[few][:, :, None])[:, :, 0] + self.expectation[few] @ phi.T
        found = self.unlearned(phi, voter, most)
        # One particle after the other: a single long call would keep other threads waiting.
        for own, covariance, told in zip(found, self.covariance[few], cross, strict=True):
            own -= told @ np.linalg.solve(covariance, told.T)
        return means, found

    def unlearned(self, phi: Array, voter: int | None, most: int) -> Array:
        """Return the covariances (m, n, n) of pictures (n, depth) before any vote, by m particles, at most `most`."""
        kinds = hyper.guess(self.particles[:most])
        agreed = self.agreement(voter, kinds)[:, None, None]
        return combined(kinds, by_attribute(self.plan, phi, phi)) * agreed

    def agreement(self, voter: int | None, kinds: Guess) -> Array:
        """Return the variance of this voter's taste, or of all's mean, as a share of the taste's, (particles,)."""
        if voter is None and self.voters > 1:
            return np.asarray(kinds.shared + (1 - kinds.shared) / self.voters)
        return np.ones_like(kinds.shared)


@lru_cache(maxsize=2)
def learn(state: State) -> Posterior:
    """Return the posterior after all votes told so far; the latest are remembered, as `ask` and `sample` share them."""
    evidence = prepare(state)
    rng = generator(state.seed, evidence.record.generation, Purpose.LEARN)
    group = group_of(state)
    spread = None if group is None else spreads(evidence.plan, group)
    priors = hyper.beliefs(len(evidence.plan.blocks), spread)
    particles, log_evidence = explore(evidence, priors, state.config.interactions, rng)
    kinds = hyper.guess(particles)
    covariance = covariances(evidence, particles)
    expectation = expected(evidence.plan, kinds, evidence.shared)
    left = evidence.y - expectation @ evidence.phi.T
    pull = np.array([np.linalg.solve(one, marks) for one, marks in zip(covariance, left, strict=True)])
    return Posterior(state.config, evidence, particles, kinds, covariance, pull, expectation, log_evidence)
