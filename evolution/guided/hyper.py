"""What kind of taste it may be: how strong, how entangled, which attributes matter, how fast it drifts.

A particle is one such guess, a row of unbounded numbers with independent normal priors. Knows nothing of votes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evolution.guided.features import Array

# Mean and standard deviation of the priors, the relevances' apart. Votes are counted in marks from -1 to 1, and a
# taste's strength in marks a standard deviation of random pictures.
_LOG_STRENGTH = (-0.85, 0.4)
_LOGIT_MAIN = (1.5, 1.0)
_LOG_NOISE = (-0.7, 0.2)
_LOG_FADE = (-4.5, 1.0)
_LOGIT_SHARED = (0.5, 1.0)
_LOGIT_TRUST = (1.5, 1.5)
_LOG_RELEVANCE = 0.85
# Where people's votes have told which attributes they differ in.
_LOG_RELEVANCE_KNOWN = 0.6
_LEAST_SPREAD = 1e-3
_ALL_MAIN = 12.0
_COMMON = (_LOG_STRENGTH, _LOGIT_MAIN, _LOG_NOISE, _LOG_FADE, _LOGIT_SHARED, _LOGIT_TRUST)


@dataclass(frozen=True, slots=True, eq=False)
class Beliefs:
    """Normal priors of a particle's numbers, each (6 + attributes,)."""

    mean: Array
    std: Array

    def draw(self, n: int, rng: np.random.Generator) -> Array:
        """Draw n particles."""
        return self.mean + self.std * rng.standard_normal((n, len(self.mean)))

    def log_density(self, particles: Array) -> Array:
        """Return the log density of particles (m, 6 + attributes) up to a constant, (m,)."""
        return np.asarray(-0.5 * (((particles - self.mean) / self.std) ** 2).sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """Particles in their natural units, each (m,): `relevance` is (m, attributes) and sums to 1.

    `strength` is the taste's standard deviation; `main` the share of its variance that single attributes explain, the
    rest being pairs; `noise` a vote's standard deviation; `fade` how much of a taste's memory each generation loses;
    `shared` what voters have in common; `trust` in [0, 1] the weight of the
    population's taste.
    """

    strength: Array
    main: Array
    noise: Array
    fade: Array
    shared: Array
    trust: Array
    relevance: Array


def beliefs(attributes: int, spread: Array | None = None) -> Beliefs:
    """Return the priors for so many attributes; `spread` is the variance of people's tastes in each, where known."""
    common = np.array(_COMMON)
    mean = np.concatenate([common[:, 0], np.zeros(attributes)])
    std = np.concatenate([common[:, 1], np.full(attributes, _LOG_RELEVANCE)])
    if spread is not None:
        known = spread + _LEAST_SPREAD
        mean[len(common) :] = np.log(known) - np.log(known).mean()
        std[len(common) :] = _LOG_RELEVANCE_KNOWN
    return Beliefs(mean, std)


def guess(particles: Array) -> Guess:
    """Turn particles (m, 6 + attributes) into natural units."""
    relevance = np.exp(particles[:, len(_COMMON) :])
    return Guess(
        strength=np.exp(particles[:, 0]),
        main=_logistic(particles[:, 1]),
        noise=np.exp(particles[:, 2]),
        fade=np.exp(particles[:, 3]),
        shared=_logistic(particles[:, 4]),
        trust=_logistic(particles[:, 5]),
        relevance=relevance / relevance.sum(axis=1, keepdims=True),
    )


def no_interactions(particles: Array) -> Array:
    """Return the same particles without any interaction of attributes."""
    found = particles.copy()
    found[:, 1] = _ALL_MAIN
    return found


def _logistic(values: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-values)))
