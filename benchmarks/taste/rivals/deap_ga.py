"""A textbook genetic algorithm with DEAP (LGPL): tournaments among two albums, uniform crossover, mutation."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from deap import base, creator, tools

from benchmarks.taste.rivals.rows import scores_of
from benchmarks.taste.spaces import SEED_END, Array, Layout, Pictures

_TOURNAMENT = 3
_SLIDER_STEP = 0.2

creator.create("VoteFitness", base.Fitness, weights=(1.0,))
creator.create("VotedGenes", list, fitness=creator.VoteFitness)


class Deap:
    """A genome is a list with a gene for each attribute, the attribute's columns; a gene mutates once a child."""

    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout, self.rng = layout, np.random.default_rng((seed, 3))
        self.albums: list[list[Any]] = []
        self.shown: list[Any] = []

    def ask(self, n: int) -> Pictures:
        """Return the next album: children, or random pictures at first."""
        self.shown = self._offspring(n)
        return self._pictures(self.shown)

    def tell(self, votes: Array) -> None:
        """Make the votes the album's fitness; an album that nobody voted on counts nothing."""
        scores = scores_of(votes)
        if scores is not None:
            for genome, score in zip(self.shown, scores, strict=True):
                genome.fitness.values = (float(score),)
            self.albums = [*self.albums[-1:], self.shown]

    def sample(self, n: int) -> Pictures:
        """Return n children."""
        return self._pictures(self._offspring(n))

    def _offspring(self, n: int) -> list[Any]:
        parents = [genome for album in self.albums for genome in album]
        if not parents:
            return [self._genome(row) for row in self.layout.random(n, self.rng).rows]
        children: list[Any] = []
        with _global_chance(self.rng):
            while len(children) < n:
                chosen = tools.selTournament(parents, 2, tournsize=_TOURNAMENT)
                pair = tools.cxUniform(*(self._genome(np.concatenate(genome)) for genome in chosen), indpb=0.5)
                children += [self._mutated(child) for child in pair]
        return children[:n]

    def _mutated(self, genome: Any) -> Any:
        stranger = self.layout.random(1, self.rng).rows[0]
        for place, block in enumerate(self.layout.blocks):
            if self.rng.random() < 1.0 / len(self.layout.blocks):
                if block.is_slider:
                    genome[place] = (genome[place] + self.rng.normal(0.0, _SLIDER_STEP, 1)).clip(0.0, 1.0)
                else:
                    genome[place] = stranger[block.columns]
        return genome

    def _genome(self, row: Array) -> Any:
        return creator.VotedGenes(row[block.columns].copy() for block in self.layout.blocks)

    def _pictures(self, genomes: list[Any]) -> Pictures:
        rows = np.array([np.concatenate(genome) for genome in genomes])
        return Pictures(rows, self.rng.choice(SEED_END, size=len(rows), replace=False))


@contextmanager
def _global_chance(rng: np.random.Generator) -> Iterator[None]:
    """DEAP draws from Python's global generator: seed it from ours, and put it back."""
    state = random.getstate()
    random.seed(int(rng.integers(SEED_END)))
    try:
        yield
    finally:
        random.setstate(state)
