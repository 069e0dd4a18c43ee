"""What the votes of a state have taught: weights of values, moments of liked sliders, liked pictures, a pooled prior.

All of it is computed from the record, so the order in which votes were told makes no difference. Knows nothing of
chance: `evolution.genetics` draws from what is learned here.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evolution.chromosome import Chromosome
from evolution.errors import BadPriorError, SpaceMismatchError
from evolution.generation import Generation
from evolution.guided.population import learn_group
from evolution.prior import Prior, Tally
from evolution.space import Continuous, Space
from evolution.state import State

FIRST_WEIGHT = 1.0
WEIGHT_PER_LIKE = 0.5


@dataclass(frozen=True, slots=True)
class Moments:
    """Number, mean and standard deviation (of the population, not of a sample) of a slider's liked values."""

    count: int
    mean: float
    std: float


@dataclass(frozen=True, slots=True)
class Belief:
    """What draws go by: for each discrete attribute a weight a value, in table order; for each slider its moments.

    A slider that nobody has liked anything of has no moments.
    """

    weights: Mapping[str, tuple[float, ...]]
    moments: Mapping[str, Moments]


def indifferent(space: Space) -> Belief:
    """Return the belief of somebody who has seen no vote."""
    choices = [attribute for attribute in space.attributes if not isinstance(attribute, Continuous)]
    return Belief({choice.name: (FIRST_WEIGHT,) * len(choice.values) for choice in choices}, {})


def believe(state: State) -> Belief:
    """Return what the paper's method has learned: 0.5 more weight a like, and a pool of liked slider values.

    Each like of each voter counts; dislikes and "neither" do not. First weights are 1, or with a prior 1 + 0.5 × the
    mean likes that a session gave to the value: as if one session of the average person had gone before.

    Source: Zhou, Wang, Wu, Zhang, arXiv 2402.06389, and the released code; the prior is ours.
    """
    weights: dict[str, tuple[float, ...]] = {}
    prior = state.prior if state.config.use_prior else None
    for name, tallies in tally(state).items():
        first = {value: prior.mean_likes(name, value) if prior else 0.0 for value in tallies}
        weights[name] = tuple(
            FIRST_WEIGHT + WEIGHT_PER_LIKE * (first[value] + tallies[value].likes) for value in tallies
        )
    pool = _pool(state)
    sliders = [attribute.name for attribute in state.space.attributes if isinstance(attribute, Continuous)]
    return Belief(weights, {name: _moments([one.number(name) for one in pool]) for name in sliders if pool})


def liked(generation: Generation) -> tuple[Chromosome, ...]:
    """Return the pictures that anybody liked, each once, in album order."""
    likes = _votes_by_picture(generation, +1)
    return tuple(chromosome for index, chromosome in enumerate(generation.chromosomes) if likes[index])


def tally(state: State) -> dict[str, dict[str, Tally]]:
    """Count the votes that pictures with each value of each discrete attribute received."""
    choices = [attribute for attribute in state.space.attributes if not isinstance(attribute, Continuous)]
    counts: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for generation in state.generations:
        by_value = {value: _votes_by_picture(generation, value) for value in (+1, -1, 0)}
        for index, chromosome in enumerate(generation.chromosomes):
            votes = {value: by_picture[index] for value, by_picture in by_value.items() if by_picture[index]}
            for choice in choices if votes else ():
                for value in chromosome.words(choice.name):
                    counts[choice.name, value].update(votes)
    return {choice.name: {value: _tally(counts[choice.name, value]) for value in choice.values} for choice in choices}


def learn_prior(states: Iterable[State]) -> Prior:
    """Pool the votes of many sessions of one style into a prior; sessions without a vote are left out.

    Only what was voted in each session counts, not the prior that it began with, so nothing is counted twice.

    Raises:
        BadPriorError: no state was given.
        SpaceMismatchError: the states have different spaces.
    """
    pooled = list(states)
    if not pooled:
        raise BadPriorError("a prior is learned from at least one state, got none")
    if any(state.space != pooled[0].space for state in pooled):
        raise SpaceMismatchError("a prior is learned from states of one space, got several spaces")
    voted = [tally(state) for state in pooled if any(generation.votes for generation in state.generations)]
    totals = tally(State(pooled[0].space, 0, pooled[0].config))
    for tallies in voted:
        for name, values in tallies.items():
            for value, more in values.items():
                totals[name][value] = _sum(totals[name][value], more)
    return Prior(len(voted), totals, learn_group(pooled))


def _votes_by_picture(generation: Generation, value: int) -> Counter[int]:
    return Counter(vote.index for vote in generation.votes if vote.value == value)


def _tally(votes: Counter[int]) -> Tally:
    return Tally(likes=votes[+1], dislikes=votes[-1], neither=votes[0])


def _sum(one: Tally, other: Tally) -> Tally:
    return Tally(one.likes + other.likes, one.dislikes + other.dislikes, one.neither + other.neither)


def _pool(state: State) -> list[Chromosome]:
    """Return the liked pictures of all generations, once for each like."""
    return [
        generation.chromosomes[index]
        for generation in state.generations
        for index in _votes_by_picture(generation, +1).elements()
    ]


def _moments(pool: list[float]) -> Moments:
    # fsum rounds once, so the same likes give the same bits in whatever order they are stored.
    mean = math.fsum(pool) / len(pool)
    return Moments(len(pool), mean, math.sqrt(math.fsum((value - mean) ** 2 for value in pool) / len(pool)))
