"""The search for what kind of taste explains the votes: particles, drawn, weighed by the evidence, and moved."""

from __future__ import annotations

import numpy as np

from evolution.guided.evidence import Evidence, log_evidence
from evolution.guided.features import Array
from evolution.guided.hyper import Beliefs, no_interactions

_FIRST_GUESSES = 96
_PARTICLES = 24
# Metropolis rounds, fewer where each takes long.
_MOST_ROUNDS = 10
_FEWEST_ROUNDS = 2
_ROUNDS_TIMES_VOTES = 1200
_STEP = 0.8


def explore(evidence: Evidence, priors: Beliefs, interactions: bool, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return particles of the posterior and their log evidence: guesses, reweighted, then moved by Metropolis steps."""
    first = priors.draw(_FIRST_GUESSES, rng)
    if not interactions:
        first = no_interactions(first)
    n = len(evidence.y)
    if not n:
        return first[:_PARTICLES], np.zeros(_PARTICLES)
    found = log_evidence(evidence, first)
    odds = np.exp(found - found.max())
    places = (np.arange(_PARTICLES) + rng.random()) / _PARTICLES
    drawn = np.minimum(np.searchsorted(np.cumsum(odds / odds.sum()), places), len(first) - 1)
    particles, found = first[drawn], found[drawn]
    for _ in range(min(_MOST_ROUNDS, max(_FEWEST_ROUNDS, _ROUNDS_TIMES_VOTES // n))):
        moves = rng.random(particles.shape) < max(0.25, 2 / particles.shape[1])
        tried = particles + moves * priors.std * _STEP * rng.standard_normal(particles.shape)
        if not interactions:
            tried = no_interactions(tried)
        likely = log_evidence(evidence, tried)
        gain = likely + priors.log_density(tried) - found - priors.log_density(particles)
        taken = np.log(rng.random(len(particles))) < gain
        particles = np.where(taken[:, None], tried, particles)
        found = np.where(taken, likely, found)
    order = rng.permutation(len(particles))
    return particles[order], found[order]
