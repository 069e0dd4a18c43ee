"""CatCMA with margin, of cmaes (MIT): a covariance for the sliders, odds for the values."""

from __future__ import annotations

import warnings
from copy import deepcopy
from typing import Any

import numpy as np
from cmaes import CatCMAwM

from benchmarks.taste.rivals.rows import repaired, scores_of
from benchmarks.taste.spaces import SEED_END, Array, Layout, Pictures


class CatCma:
    """A single attribute is a category, each value of a multiple one a category of two, at first as likely as chance.

    What is told are the values that were drawn, before their repair to the count.
    """

    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout, self.rng, self.seed = layout, np.random.default_rng((seed, 3)), seed
        self.optimiser: Any = None
        self.shown: list[Any] = []

    def ask(self, n: int) -> Pictures:
        """Return the next album, which is a population."""
        if self.optimiser is None:
            self.optimiser = self._start(n)
        self.shown = [self.optimiser.ask() for _ in range(n)]
        return self._pictures(self.shown)

    def tell(self, votes: Array) -> None:
        """Tell the votes; an album that nobody voted on is not told."""
        scores = scores_of(votes)
        if scores is not None:
            with warnings.catch_warnings():
                # It takes the mean of the losses of feasible pictures, also where there are none.
                warnings.simplefilter("ignore", RuntimeWarning)
                self.optimiser.tell([(one, -float(score)) for one, score in zip(self.shown, scores, strict=True)])

    def sample(self, n: int) -> Pictures:
        """Return n draws from the distribution."""
        copied = deepcopy(self.optimiser)
        return self._pictures([copied.ask() for _ in range(n)])

    def _start(self, n: int) -> Any:
        odds: list[list[float]] = []
        for block in self.layout.choices:
            if block.count == 1:
                odds.append([1.0 / block.size] * block.size)
            else:
                share = block.count / block.size
                odds += [[1.0 - share, share]] * block.size
        widest = max(map(len, odds))
        padded = np.array([line + [0.0] * (widest - len(line)) for line in odds])
        return CatCMAwM(
            x_space=[[0.0, 1.0]] * len(self.layout.sliders),
            c_space=[len(line) for line in odds],
            cat_param=padded,
            population_size=n,
            seed=self.seed,
        )

    def _pictures(self, solutions: list[Any]) -> Pictures:
        wishes = np.zeros((len(solutions), self.layout.width))
        sliders = [block.start for block in self.layout.sliders]
        for wish, solution in zip(wishes, solutions, strict=True):
            wish[sliders] = solution.x
            drawn = iter(solution.c)
            for block in self.layout.choices:
                if block.count == 1:
                    wish[block.columns] = next(drawn)[: block.size]
                else:
                    wish[block.columns] = [next(drawn)[1] for _ in range(block.size)]
        rows = repaired(self.layout, wishes, self.rng)
        return Pictures(rows, self.rng.choice(SEED_END, size=len(rows), replace=False))
