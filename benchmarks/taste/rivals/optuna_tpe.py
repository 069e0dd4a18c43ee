"""Optuna's tree-structured Parzen estimator (MIT)."""

from __future__ import annotations

import numpy as np
import optuna
from optuna.samplers import TPESampler
from optuna.trial import FrozenTrial, TrialState, create_trial

from benchmarks.taste.rivals.optuna_form import distributions_of
from benchmarks.taste.rivals.rows import named, repaired, scores_of, wish_of
from benchmarks.taste.spaces import SEED_END, Array, Layout, Pictures

optuna.logging.set_verbosity(optuna.logging.WARNING)


class Tpe:
    """Votes are values to be maximised; the repaired pictures are what was tried, the first album is random."""

    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout, self.rng = layout, np.random.default_rng((seed, 3))
        self.distributions = distributions_of(layout)
        self.tried: list[FrozenTrial] = []
        self.shown = np.empty((0, layout.width))

    def ask(self, n: int) -> Pictures:
        """Return the next album; each suggestion takes those before it for bad, so that they differ."""
        if not self.tried:
            self.shown = self.layout.random(n, self.rng).rows
        else:
            self.shown = self._suggested(n, constant_liar=True)
        return Pictures(self.shown, self.rng.choice(SEED_END, size=n, replace=False))

    def tell(self, votes: Array) -> None:
        """Keep each picture with its mean vote."""
        scores = scores_of(votes)
        if scores is not None:
            self.tried += [
                create_trial(
                    state=TrialState.COMPLETE,
                    params=named(self.layout, row),
                    distributions=self.distributions,
                    value=float(score),
                )
                for row, score in zip(self.shown, scores, strict=True)
            ]

    def sample(self, n: int) -> Pictures:
        """Return n independent suggestions."""
        if not self.tried:
            return self.layout.random(n, self.rng)
        rows = self._suggested(n, constant_liar=False)
        return Pictures(rows, self.rng.choice(SEED_END, size=n, replace=False))

    def _suggested(self, n: int, constant_liar: bool) -> Array:
        sampler = TPESampler(n_startup_trials=1, constant_liar=constant_liar, seed=int(self.rng.integers(SEED_END)))
        study = optuna.create_study(direction="maximize", sampler=sampler)
        study.add_trials(self.tried)
        wishes = [wish_of(self.layout, study.ask(self.distributions).params) for _ in range(n)]
        return repaired(self.layout, np.array(wishes), self.rng)
