"""What the model has learned, as data: what each value is worth and how surely, what goes together, what goes wrong.

All worth is in standard deviations of the taste over random pictures, and of all voters' mean. Knows nothing of words
or pictures for people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evolution.guided.features import Array, Block, block_features, features, random_rows
from evolution.guided.kernel import shares
from evolution.guided.posterior import Posterior
from evolution.guided.signs import Signs, camps, signs
from evolution.space import Continuous

# The normal quantile of a two-sided 80 % interval.
_Z = 1.2815515655446004
# The share of a taste that must be known for it to count as known.
SURE = 0.5
_MOST_INTERACTIONS = 5
_PLACES = 5
_PICTURES = 128


@dataclass(frozen=True, slots=True)
class Worth:
    """What a value, or a place of a slider, adds to a picture, and an 80 % interval of it."""

    value: str | float
    worth: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AttributeWorth:
    """An attribute: the share of the taste that it explains alone, and its values.

    Discrete values come best first, a slider's places from low to high.
    """

    name: str
    share: float
    values: tuple[Worth, ...]


@dataclass(frozen=True, slots=True)
class Interaction:
    """Two values of different attributes that together are worth more (or less) than both alone."""

    first: tuple[str, str | float]
    second: tuple[str, str | float]
    worth: float


@dataclass(frozen=True, slots=True)
class Insight:
    """What "guided" has learned. `certainty` in [0, 1] is the share of the taste that is known.

    `votes_until_sure` is how many more likes and dislikes it may take until that is 0.5, None while it cannot be told.
    `camps` names the voters of two camps, empty where there is one taste.
    """

    attributes: tuple[AttributeWorth, ...]
    interactions: tuple[Interaction, ...]
    certainty: float
    votes_until_sure: int | None
    camps: tuple[tuple[str, ...], ...]
    signs: Signs


def gain_insight(posterior: Posterior, rng: np.random.Generator) -> Insight:
    """Return what has been learned; `rng` draws the pictures that certainty is measured on."""
    phi = features(posterior.plan, random_rows(posterior.plan, _PICTURES, rng))
    known = certainty(posterior, phi)
    marks = int(np.count_nonzero(posterior.evidence.record.mark))
    return Insight(
        tuple(_attribute(posterior, number) for number in range(len(posterior.plan.blocks))),
        _interactions(posterior),
        known,
        _votes_until_sure(known, marks),
        camps(posterior, phi),
        signs(posterior),
    )


def certainty(posterior: Posterior, phi: Array) -> float:
    """Return the share of the differences between pictures (n, depth) that is known, in [0, 1]."""
    if not len(posterior.evidence.y):
        return 0.0
    few = min(8, len(posterior.particles))
    means, covariances = posterior.joint(phi, None, few)
    before = posterior.unlearned(phi, None, few)
    left = _differing(covariances).mean() + (means - means.mean(axis=1, keepdims=True)).var(axis=0).mean()
    return float(np.clip(1 - left / (_differing(before).mean() + 1e-12), 0.0, 1.0))


def _differing(covariances: Array) -> Array:
    """Return the mean variance of pictures (particles, n, n) around what they all share, (particles,)."""
    return np.asarray(covariances.diagonal(axis1=1, axis2=2).mean(axis=1) - covariances.mean(axis=(1, 2)))


def _votes_until_sure(known: float, marks: int) -> int | None:
    """Extrapolate by known = marks / (marks + m), as of a mean of so many independent votes."""
    if known >= SURE:
        return 0
    if known < 0.02 or not marks:
        return None
    enough = marks * (1 - known) / known * SURE / (1 - SURE)
    return max(1, round(enough - marks))


def _attribute(posterior: Posterior, number: int) -> AttributeWorth:
    block, attribute = posterior.plan.blocks[number], posterior.plan.blocks[number].attribute
    probes, values = _probes(block)
    means, deviations = _worths(posterior, number, probes)
    found = [
        Worth(value, float(mean), float(mean - _Z * std), float(mean + _Z * std))
        for value, mean, std in zip(values, means, deviations, strict=True)
    ]
    if not isinstance(attribute, Continuous):
        found.sort(key=lambda one: -one.worth)
    share = float((posterior.kinds.main * posterior.kinds.relevance[:, number]).mean())
    return AttributeWorth(attribute.name, share, tuple(found))


def _probes(block: Block) -> tuple[Array, list[str | float]]:
    """Return features (q, last - first) that stand for each value beside the average one, and the values."""
    attribute = block.attribute
    if isinstance(attribute, Continuous):
        places = np.linspace(-1.0, 1.0, _PLACES)
        numbers = attribute.low + (places + 1) / 2 * (attribute.high - attribute.low)
        return block_features(block, places[:, None]), numbers.tolist()
    size = len(attribute.values)
    if block.is_fixed:
        return np.zeros((size, size)), list(attribute.values)
    unit = np.sqrt(block.count * (1 - block.count / size))
    return (np.eye(size) - 1 / size) / unit, list(attribute.values)


def _worths(posterior: Posterior, number: int, probes: Array) -> tuple[Array, Array]:
    """Return mean and standard deviation (q,) of what the features (q, last - first) of one attribute are worth."""
    block, kinds = posterior.plan.blocks[number], posterior.kinds
    own = slice(block.first, block.last)
    variance = (shares(kinds)[0] * kinds.relevance[:, number])[:, None, None]
    close = posterior.closeness(None, kinds)[:, None, :]
    cross = variance * (probes @ posterior.evidence.phi[:, own].T) * close
    means = (cross @ posterior.pull[:, :, None])[:, :, 0] + posterior.expectation[:, own] @ probes.T
    solved = np.linalg.solve(posterior.covariance, cross.transpose(0, 2, 1)).transpose(0, 2, 1)
    agreed = posterior.agreement(None, kinds)[:, None]
    left = variance[:, :, 0] * (probes**2).sum(axis=1) * agreed - (cross * solved).sum(axis=2)
    unit = kinds.strength[:, None]
    spread = np.maximum(left, 0.0) / unit**2
    return (means / unit).mean(axis=0), np.sqrt(spread.mean(axis=0) + (means / unit).var(axis=0))


def _interactions(posterior: Posterior) -> tuple[Interaction, ...]:
    """Return the strongest, by their mean: at a slider's ends, elsewhere between values."""
    if not len(posterior.evidence.y):
        return ()
    _, double = posterior.weights(None)
    unit = posterior.kinds.strength.mean()
    probes = [_probes(block) for block in posterior.plan.blocks]
    found: list[Interaction] = []
    for one, first in enumerate(posterior.plan.blocks):
        for other, second in enumerate(posterior.plan.blocks[:one]):
            part = double[first.first : first.last, second.first : second.last]
            worth = 2 * probes[one][0] @ part @ probes[other][0].T / unit
            place, beside = np.unravel_index(int(np.abs(worth).argmax()), worth.shape)
            names = (second.attribute.name, first.attribute.name)
            values = (probes[other][1][beside], probes[one][1][place])
            pair = ((names[0], values[0]), (names[1], values[1]))
            found.append(Interaction(*pair, float(worth[place, beside])))
    return tuple(sorted(found, key=lambda pair: -abs(pair.worth))[:_MOST_INTERACTIONS])
