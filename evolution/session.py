"""The life of a prompting model: start, ask, tell, sample, blend. Each returns new values and changes none.

The same sequence of calls gives the same states and pictures, bit for bit. Votes told between two calls of `ask` may
come in one `tell` or in many, in any order of voters and pictures: only the last vote of a voter for a picture stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from evolution.checks import whole
from evolution.chromosome import Chromosome
from evolution.config import Config
from evolution.errors import BadCountError, BadVoteError, SpaceMismatchError, UnknownGenerationError
from evolution.generation import Generation
from evolution.prior import Prior
from evolution.randomness import Purpose, generator, picture_seed, run_seed
from evolution.space import Space
from evolution.state import State
from evolution.strategies import STRATEGY_BY_NAME
from evolution.vote import Vote


def start(space: Space, seed: int, config: Config | None = None, prior: Prior | None = None) -> State:
    """Begin a session that nobody has voted in.

    `seed`, in 0 … 2**64 - 1, decides every draw of it. `prior` lends "paper" its first weights; "random" ignores it.

    Raises:
        BadSeedError: the seed is out of its range.
        BadPriorError: the prior belongs to other attributes.
    """
    return State(space, seed, config or Config(), prior)


def ask(state: State, n: int) -> tuple[State, tuple[Chromosome, ...]]:
    """Make the next generation: the state that remembers it, and its n chromosomes in shuffled order.

    Asking again without telling means that nobody liked the generation before.

    Raises:
        BadCountError: n is below 1.
    """
    n = whole("n", n, 1, None, BadCountError)
    rng = generator(state.seed, state.generation + 1, Purpose.ASK)
    # "paper" and "random" draw each picture alike and alone, and "guided" shuffles: a place in the album says nothing.
    chromosomes = tuple(STRATEGY_BY_NAME[state.config.strategy].propose(state, n, rng))
    return replace(state, generations=(*state.generations, Generation(chromosomes))), chromosomes


def tell(state: State, votes: Iterable[Vote]) -> State:
    """Add votes to the generation last asked for, or to the one that a vote names.

    Votes are added: what was told before stays, except that a voter's new vote for a picture takes the place of the old
    one, also within one call. So telling the same votes twice is telling them once. Late votes for an earlier
    generation count for weights and sliders, and leave the parents of the last generation alone.
    No votes at all close the last generation; before the first they change nothing.

    Raises:
        UnknownGenerationError: a vote names a generation that was never asked for.
        BadVoteError: a vote names a picture that is not there.
    """
    by_generation: dict[int, list[Vote]] = {}
    for vote in votes:
        if not isinstance(vote, Vote):
            raise BadVoteError(f"expected a Vote, got {vote!r}")
        number = state.generation if vote.generation is None else vote.generation
        if not 1 <= number <= state.generation:
            raise UnknownGenerationError(
                f"a vote for generation {number}, but {state.generation} generations were asked for"
            )
        by_generation.setdefault(number, []).append(replace(vote, generation=number))
    if not by_generation and state.generations:
        by_generation[state.generation] = []
    generations = list(state.generations)
    for number, new in by_generation.items():
        generations[number - 1] = generations[number - 1].with_votes(new)
    return replace(state, generations=tuple(generations))


def sample(state: State, n: int, seed: int) -> tuple[Chromosome, ...]:
    """Return n chromosomes that the prompting model would paint now, no two the same; the state stays as it is.

    For "paper" they are children as `ask` makes them, of the last generation whose votes were told (an album that is
    still open has no parents to give). A child that came before is given another seed, so that what is painted keeps
    the odds of the method.

    Raises:
        BadCountError: n is below 1.
        BadSeedError: the seed is out of its range.
    """
    n = whole("n", n, 1, None, BadCountError)
    rng = generator(state.seed, state.generation, Purpose.SAMPLE, run_seed(seed))
    return _distinct(STRATEGY_BY_NAME[state.config.strategy].paint(state, n, rng), rng)


def blend(first: State, second: State, seed: int) -> State:
    """Cross two states of one space: a new session that has learned from the votes of both.

    Their albums are laid side by side, the last beside the last, so the next children have parents from both; an open
    album is left out. Settings are those of `first`, and so is the prior unless it has none.

    Raises:
        SpaceMismatchError: the states have different spaces.
        BadSeedError: the seed is out of its range.
    """
    if first.space != second.space:
        raise SpaceMismatchError("only states of one space can be blended, got two spaces")
    histories = (reversed(_closed(first)), reversed(_closed(second)))
    merged = [_side_by_side(one, other) for one, other in zip_longest(*histories, fillvalue=Generation(()))]
    generations = tuple(_numbered(generation, number) for number, generation in enumerate(reversed(merged), 1))
    return State(first.space, seed, first.config, first.prior or second.prior, generations)


def _distinct(chromosomes: list[Chromosome], rng: np.random.Generator) -> tuple[Chromosome, ...]:
    found: dict[Chromosome, None] = {}
    for chromosome in chromosomes:
        new = chromosome
        while new in found:
            new = replace(new, seed=picture_seed(rng))
        found[new] = None
    return tuple(found)


def _closed(state: State) -> list[Generation]:
    """Return the generations up to the last whose votes were told."""
    last = max((number for number, generation in enumerate(state.generations, 1) if generation.is_told), default=0)
    return list(state.generations[:last])


def _side_by_side(one: Generation, other: Generation) -> Generation:
    shifted = [replace(vote, index=vote.index + len(one.chromosomes)) for vote in other.votes]
    both = Generation(one.chromosomes + other.chromosomes, one.votes)
    return both.with_votes(shifted) if one.is_told or other.is_told else both


def _numbered(generation: Generation, number: int) -> Generation:
    return replace(generation, votes=tuple(replace(vote, generation=number) for vote in generation.votes))
