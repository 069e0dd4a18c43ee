"""The two ends of the strategy: chromosomes for an album, and chromosomes of what was learned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evolution.chromosome import Chromosome
from evolution.guided.album import choose
from evolution.guided.features import chromosome, layout, rows
from evolution.guided.painting import paint_rows
from evolution.guided.posterior import Posterior, learn
from evolution.randomness import picture_seed
from evolution.state import State


def compose(state: State, n: int, rng: np.random.Generator) -> list[Chromosome]:
    """Make an album of n pictures, in shuffled order."""
    plan = layout(state.space)
    shown = [picture for generation in state.generations for picture in generation.chromosomes]
    return [chromosome(plan, row, seed) for row, seed in choose(posterior(state), rows(plan, shown), n, rng)]


def paint(state: State, n: int, rng: np.random.Generator) -> list[Chromosome]:
    """Make n pictures of what is liked best."""
    plan = layout(state.space)
    return [chromosome(plan, row, picture_seed(rng)) for row in paint_rows(posterior(state), n, rng)]


def posterior(state: State) -> Posterior:
    """Return what the told albums of a state have taught; one that is still open says nothing."""
    return learn(replace(state, generations=tuple(g for g in state.generations if g.is_told)))
