"""pymoo's genetic algorithm for mixed variables (Apache 2.0), as it comes, with an album for a population."""

from __future__ import annotations

from typing import Any

import numpy as np
from pymoo.core.mixed import MixedVariableGA
from pymoo.core.problem import Problem
from pymoo.core.variable import Binary, Choice, Real

from benchmarks.taste.rivals.rows import named, repaired, scores_of, wish_of
from benchmarks.taste.spaces import SEED_END, Array, Layout, Pictures


class MixedGA:
    """A single attribute is a choice, each value of a multiple one a bit (repaired to the count), a slider a real."""

    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout, self.rng, self.seed = layout, np.random.default_rng((seed, 3)), seed
        self.problem = Problem(vars=_variables(layout), n_obj=1)
        self.algorithm: Any = None
        self.shown: Any = None

    def ask(self, n: int) -> Pictures:
        """Return the next album; where too few children differ, random pictures fill it."""
        if self.algorithm is None:
            self.algorithm = MixedVariableGA(pop_size=n)
            self.algorithm.setup(self.problem, termination=("n_gen", 10_000), seed=self.seed, verbose=False)
        self.shown = self.algorithm.ask()
        rows = self._rows(self.shown)
        for individual, row in zip(self.shown, rows, strict=True):
            individual.X = named(self.layout, row)
        return self._pictures(rows, n)

    def tell(self, votes: Array) -> None:
        """Take the votes as fitness, 0 for all where nobody voted."""
        scores = scores_of(votes)
        values = np.zeros(len(self.shown)) if scores is None else -scores[: len(self.shown)]
        self.shown.set("F", values[:, None])
        self.algorithm.evaluator.n_eval += len(self.shown)
        for individual in self.shown:
            individual.evaluated.update({"F", "G", "H"})
        self.algorithm.tell(infills=self.shown)

    def sample(self, n: int) -> Pictures:
        """Return n children of the population."""
        children = self.algorithm.mating.do(
            self.problem, self.algorithm.pop, n, algorithm=self.algorithm, random_state=self.rng
        )
        return self._pictures(self._rows(children), n)

    def _rows(self, individuals: Any) -> Array:
        wishes = np.array([wish_of(self.layout, individual.X) for individual in individuals])
        return repaired(self.layout, wishes, self.rng)

    def _pictures(self, rows: Array, n: int) -> Pictures:
        filled = np.vstack([rows, self.layout.random(n, self.rng).rows])[:n]
        return Pictures(filled, self.rng.choice(SEED_END, size=n, replace=False))


def _variables(layout: Layout) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, block in enumerate(layout.blocks):
        if block.is_slider:
            found[f"{number}"] = Real(bounds=(0.0, 1.0))
        elif block.count == 1:
            found[f"{number}"] = Choice(options=list(range(block.size)))
        else:
            found |= {f"{number}.{i}": Binary() for i in range(block.size)}
    return found
