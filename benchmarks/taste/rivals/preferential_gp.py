"""optuna-dashboard's sampler for preferential optimisation (MIT), with comparisons from the votes."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import optuna
import torch
from optuna._transform import _SearchSpaceTransform
from optuna.trial import TrialState, create_trial
from optuna_dashboard.preferential import create_study
from optuna_dashboard.preferential.samplers.gp import PreferentialGPSampler

from benchmarks.taste.rivals.optuna_form import distributions_of
from benchmarks.taste.rivals.rows import comparisons, named, painted, repaired, scores_of, wish_of
from benchmarks.taste.spaces import SEED_END, Array, Layout, Pictures

optuna.logging.set_verbosity(optuna.logging.ERROR)

_DRAWS = 8


class PreferentialGP:
    """Within an album each picture with a better vote is preferred to each with a worse one."""

    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout, self.rng = layout, np.random.default_rng((seed, 3))
        self.distributions = distributions_of(layout)
        self.sampler = PreferentialGPSampler(seed=seed % 2**32)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.study = create_study(n_generate=1, sampler=self.sampler)
        self.rows = np.empty((0, layout.width))
        self.liked = np.empty((0, layout.width))
        self.pairs: list[tuple[int, int]] = []
        self.shown = self.rows

    def ask(self, n: int) -> Pictures:
        """Return the next album, suggestion by suggestion; random as long as nothing is preferred."""
        if not self.pairs:
            self.shown = self.layout.random(n, self.rng).rows
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                wishes = [wish_of(self.layout, self.study.ask(self.distributions).params) for _ in range(n)]
            self.shown = repaired(self.layout, np.array(wishes), self.rng)
        return Pictures(self.shown, self.rng.choice(SEED_END, size=n, replace=False))

    def tell(self, votes: Array) -> None:
        """Report the album's comparisons."""
        scores = scores_of(votes)
        if scores is None:
            return
        trials = [self._trial(row) for row in self.shown]
        for better, worse in comparisons(scores, 0):
            self.study.report_preference(trials[better], trials[worse])
        self.pairs += comparisons(scores, len(self.rows))
        self.rows = np.vstack([self.rows, self.shown])
        self.liked = np.vstack([self.liked, self.shown[scores > 0]])

    def sample(self, n: int) -> Pictures:
        """Return what the mean of the model's draws likes best, at a set diversity."""
        if not self.pairs or self.sampler._gp is None:
            return self.layout.random(n, self.rng)
        return painted(self.layout, self._worth(), self.liked, n, self.rng)

    def _trial(self, row: Array) -> Any:
        trial = create_trial(
            state=TrialState.COMPLETE,
            params=named(self.layout, row),
            distributions=self.distributions,
            value=0.0,
        )
        self.study.add_trial(trial)
        return self.study.get_trials(deepcopy=False)[-1]

    def _worth(self) -> Callable[[Array], Array]:
        """Return the worth of rows, the mean over draws of the model as the sampler makes them.

        The sampler shows its model to nobody, so its own parts are taken.
        """
        space = dict(sorted(self.distributions.items()))
        form = _SearchSpaceTransform(space, transform_log=True, transform_step=True, transform_0_1=True)

        def tensor(rows: Array) -> torch.Tensor:
            return torch.tensor(np.array([form.transform(named(self.layout, row)) for row in rows]))

        known, pairs = tensor(self.rows), torch.tensor(self.pairs, dtype=torch.int32)
        with torch.random.fork_rng(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.manual_seed(int(self.rng.integers(SEED_END)))
            models = [self.sampler._gp.sample_gp(known, pairs) for _ in range(_DRAWS)]

        def worth(rows: Array) -> Array:
            asked = tensor(rows)[:, None, :]
            means = torch.stack([model.posterior(asked).mean for model in models])
            return np.asarray(means.mean(dim=0).detach().numpy().reshape(-1))

        return worth
