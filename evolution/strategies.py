"""The strategies: how each makes pictures from a state.

Knows nothing of generations' numbers or of seeds; `evolution.session` hands it the generator and the parents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from evolution.chromosome import Chromosome
from evolution.genetics import cross, fresh, mutate
from evolution.learning import Belief, believe, indifferent
from evolution.state import State

# What a strategy is: the state, the liked pictures of the generation to build on, how many to make, chance.
Strategy = Callable[[State, Sequence[Chromosome], int, np.random.Generator], list[Chromosome]]


def paper(state: State, parents: Sequence[Chromosome], n: int, rng: np.random.Generator) -> list[Chromosome]:
    """Make children of parents drawn uniformly; without any parent, fresh draws by what has been learned.

    Both parents may be the same picture, and nothing keeps two children apart: so it is in the release.
    """
    belief = believe(state)
    if not parents:
        return [fresh(state.space, belief, rng) for _ in range(n)]
    return [_child(state, belief, parents, rng) for _ in range(n)]


def uniform(state: State, parents: Sequence[Chromosome], n: int, rng: np.random.Generator) -> list[Chromosome]:
    """Draw uniformly from the space, whatever was voted."""
    belief = indifferent(state.space)
    return [fresh(state.space, belief, rng) for _ in range(n)]


STRATEGY_BY_NAME: Mapping[str, Strategy] = {"paper": paper, "random": uniform}


def _child(state: State, belief: Belief, parents: Sequence[Chromosome], rng: np.random.Generator) -> Chromosome:
    mother, father = (parents[place] for place in rng.integers(len(parents), size=2))
    child = cross(state.space, belief, mother, father, rng)
    return mutate(state.space, child, fresh(state.space, belief, rng), state.config.mutation_rate, rng)
