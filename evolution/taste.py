"""What a state has learned, as data to be shown: per attribute its values ranked, with counts and intervals.

Knows nothing of words or pictures for people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from evolution.guided.insight import Insight, gain_insight
from evolution.guided.model import posterior
from evolution.learning import Belief, Moments, believe, indifferent, tally
from evolution.prior import Tally
from evolution.randomness import Purpose, generator
from evolution.space import Continuous, Multiple, Single
from evolution.state import State

# The normal quantile of a two-sided 95 % interval.
_Z = 1.959963984540054

# Fewer say next to nothing of where a mean lies: with two the interval is 12.7 standard errors to each side.
_FEWEST_LIKES = 4


@dataclass(frozen=True, slots=True)
class ValueTaste:
    """One value: the weight that draws go by, its votes, and the share of likes among them.

    `low` and `high` bound that share with 95 % confidence; with no vote they are 0 and 1, and `share` is None.
    """

    value: str
    weight: float
    likes: int
    dislikes: int
    seen: int
    share: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ChoiceTaste:
    """A discrete attribute: its values, the weightiest first, equals in table order."""

    name: str
    values: tuple[ValueTaste, ...]


@dataclass(frozen=True, slots=True)
class SliderTaste:
    """A continuous attribute: the likes behind it, mean and standard deviation of what was liked (None without).

    `low` and `high` bound the liked mean with 95 % confidence; below four likes they are the slider's whole range.
    """

    name: str
    likes: int
    mean: float | None
    std: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Taste:
    """All that was learned, attribute by attribute in the order of the space, and from how much.

    `attributes` count votes; `insight` is what the strategy "guided" has made of them, None with another.
    """

    generations: int
    voters: int
    likes: int
    dislikes: int
    neither: int
    attributes: tuple[ChoiceTaste | SliderTaste, ...]
    insight: Insight | None = None


def explain(state: State) -> Taste:
    """Return what has been learned as data; weights are those of "paper": with another strategy they are 1."""
    votes = [vote for generation in state.generations for vote in generation.votes]
    belief = believe(state) if state.config.strategy == "paper" else indifferent(state.space)
    tallies = tally(state)
    attributes = tuple(
        _slider(attribute, belief.moments.get(attribute.name))
        if isinstance(attribute, Continuous)
        else _choice(attribute, belief, tallies[attribute.name])
        for attribute in state.space.attributes
    )
    counts = {value: sum(vote.value == value for vote in votes) for value in (+1, -1, 0)}
    voters = len({vote.voter for vote in votes})
    return Taste(state.generation, voters, counts[+1], counts[-1], counts[0], attributes, _insight(state))


def _insight(state: State) -> Insight | None:
    if state.config.strategy != "guided":
        return None
    return gain_insight(posterior(state), generator(state.seed, state.generation, Purpose.EXPLAIN))


def _choice(attribute: Single | Multiple, belief: Belief, tallies: dict[str, Tally]) -> ChoiceTaste:
    values = []
    for value, weight in zip(attribute.values, belief.weights[attribute.name], strict=True):
        votes = tallies[value]
        low, high = _wilson(votes.likes, votes.seen)
        share = votes.likes / votes.seen if votes.seen else None
        values.append(ValueTaste(value, weight, votes.likes, votes.dislikes, votes.seen, share, low, high))
    return ChoiceTaste(attribute.name, tuple(sorted(values, key=lambda taste: -taste.weight)))


def _slider(attribute: Continuous, moments: Moments | None) -> SliderTaste:
    if moments is None:
        return SliderTaste(attribute.name, 0, None, None, attribute.low, attribute.high)
    low, high = attribute.low, attribute.high
    if moments.count >= _FEWEST_LIKES:
        # The population's std over sqrt(n - 1) is the sample's over sqrt(n).
        margin = _student(moments.count - 1) * moments.std / math.sqrt(moments.count - 1)
        low, high = max(low, moments.mean - margin), min(high, moments.mean + margin)
    return SliderTaste(attribute.name, moments.count, moments.mean, moments.std, low, high)


def _student(freedom: int) -> float:
    """Return Student's two-sided 95 % quantile, within 1 % from three degrees of freedom on.

    scipy.special would do, at the price of 27 MB and a slow import in the process that talks to people.

    Source: the Cornish-Fisher expansion, Abramowitz and Stegun 26.7.5.
    """
    first = (_Z**3 + _Z) / 4
    second = (5 * _Z**5 + 16 * _Z**3 + 3 * _Z) / 96
    third = (3 * _Z**7 + 19 * _Z**5 + 17 * _Z**3 - 15 * _Z) / 384
    return _Z + first / freedom + second / freedom**2 + third / freedom**3


def _wilson(likes: int, seen: int) -> tuple[float, float]:
    """Bound a share by the score interval, which stays sensible at 0, at 1 and for few votes.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
    """
    if not seen:
        return 0.0, 1.0
    share = likes / seen
    middle = (share + _Z**2 / (2 * seen)) / (1 + _Z**2 / seen)
    margin = _Z / (1 + _Z**2 / seen) * math.sqrt(share * (1 - share) / seen + _Z**2 / (4 * seen**2))
    return max(0.0, middle - margin), min(1.0, middle + margin)
