"""The strategies: how each makes an album, and paints what it has learned, from a state.

Knows nothing of generations' numbers or of seeds; `evolution.session` hands it the generator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evolution.chromosome import Chromosome
from evolution.genetics import cross, fresh, mutate
from evolution.guided.model import compose, paint
from evolution.learning import Belief, believe, indifferent, liked
from evolution.state import State

# Makes so many pictures of a state, by chance.
Maker = Callable[[State, int, np.random.Generator], list[Chromosome]]


@dataclass(frozen=True, slots=True)
class Strategy:
    """What a strategy is: `propose` makes the next album, `paint` what has been learned."""

    propose: Maker
    paint: Maker


def _paper_album(state: State, n: int, rng: np.random.Generator) -> list[Chromosome]:
    return _children(state, liked(state.generations[-1]) if state.generations else (), n, rng)


def _paper_painting(state: State, n: int, rng: np.random.Generator) -> list[Chromosome]:
    """Make children of the last generation whose votes were told; an open album has no parents to give."""
    told = [generation for generation in state.generations if generation.is_told]
    return _children(state, liked(told[-1]) if told else (), n, rng)


def _children(state: State, parents: Sequence[Chromosome], n: int, rng: np.random.Generator) -> list[Chromosome]:
    """Make children of parents drawn uniformly; without any parent, fresh draws by what has been learned.

    Both parents may be the same picture, and nothing keeps two children apart: so it is in the release.
    """
    belief = believe(state)
    if not parents:
        return [fresh(state.space, belief, rng) for _ in range(n)]
    return [_child(state, belief, parents, rng) for _ in range(n)]


def _uniform(state: State, n: int, rng: np.random.Generator) -> list[Chromosome]:
    """Draw uniformly from the space, whatever was voted."""
    belief = indifferent(state.space)
    return [fresh(state.space, belief, rng) for _ in range(n)]


def _child(state: State, belief: Belief, parents: Sequence[Chromosome], rng: np.random.Generator) -> Chromosome:
    mother, father = (parents[place] for place in rng.integers(len(parents), size=2))
    child = cross(state.space, belief, mother, father, rng)
    return mutate(state.space, child, fresh(state.space, belief, rng), state.config.mutation_rate, rng)


STRATEGY_BY_NAME: Mapping[str, Strategy] = {
    "guided": Strategy(compose, paint),
    "paper": Strategy(_paper_album, _paper_painting),
    "random": Strategy(_uniform, _uniform),
}
