"""Preferential Bayesian optimisation with BoTorch (MIT): PairwiseGP, albums by qEUBO."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch
from botorch.acquisition.preference import qExpectedUtilityOfBestOption
from botorch.exceptions.warnings import BotorchWarning
from botorch.fit import fit_gpytorch_mll
from botorch.models.pairwise_gp import PairwiseGP, PairwiseLaplaceMarginalLogLikelihood
from botorch.sampling.normal import SobolQMCNormalSampler
from linear_operator.utils.warnings import NumericalWarning

from benchmarks.taste.rivals.rows import candidates, comparisons, painted, scores_of
from benchmarks.taste.spaces import SEED_END, Array, Layout, Pictures

_CANDIDATES = 150
_DRAWS = 64


class PairwiseEubo:
    """Within an album each picture with a better vote is preferred to each with a worse one.

    The space is mixed, so albums are chosen from candidates (random pictures, children of liked ones), one picture
    after another, each for what it adds to the expected utility of the best.
    Source: Astudillo and others, "qEUBO: a decision-theoretic acquisition function for preferential Bayesian
    optimization", AISTATS 2023.
    """

    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout, self.rng, self.seed = layout, np.random.default_rng((seed, 3)), seed
        self.rows = np.empty((0, layout.width))
        self.liked = np.empty((0, layout.width))
        self.pairs: list[tuple[int, int]] = []
        self.shown = self.rows
        self.model: Any = None

    def ask(self, n: int) -> Pictures:
        """Return the next album; random as long as nothing is preferred."""
        if self.model is None:
            self.shown = self.layout.random(n, self.rng).rows
        else:
            self.shown = self._album(n)
        return Pictures(self.shown, self.rng.choice(SEED_END, size=n, replace=False))

    def tell(self, votes: Array) -> None:
        """Add the album's comparisons, and fit anew."""
        scores = scores_of(votes)
        if scores is None:
            return
        self.pairs += comparisons(scores, len(self.rows))
        self.rows = np.vstack([self.rows, self.shown])
        self.liked = np.vstack([self.liked, self.shown[scores > 0]])
        if self.pairs:
            self.model = self._fitted()

    def sample(self, n: int) -> Pictures:
        """Return what has the best posterior mean, at a set diversity."""
        if self.model is None:
            return self.layout.random(n, self.rng)
        return painted(self.layout, self._worth, self.liked, n, self.rng)

    def _fitted(self) -> Any:
        with torch.random.fork_rng(), warnings.catch_warnings():
            torch.manual_seed(self.seed)
            for kind in (BotorchWarning, NumericalWarning, RuntimeWarning):
                warnings.simplefilter("ignore", kind)
            model = PairwiseGP(torch.tensor(self.rows), torch.tensor(self.pairs))
            fit_gpytorch_mll(PairwiseLaplaceMarginalLogLikelihood(model.likelihood, model))
        return model

    def _worth(self, rows: Array) -> Array:
        with torch.no_grad():
            worth: Array = self.model.posterior(torch.tensor(rows)).mean.squeeze(-1).numpy()
        return worth

    def _album(self, n: int) -> Array:
        table = torch.tensor(candidates(self.layout, self.liked, _CANDIDATES, self.rng))
        chosen: list[int] = []
        with torch.no_grad():
            for _ in range(n):
                sampler = SobolQMCNormalSampler(torch.Size([_DRAWS]), seed=self.seed)
                pending = table[chosen] if chosen else None
                value = qExpectedUtilityOfBestOption(self.model, sampler=sampler, X_pending=pending)(table[:, None, :])
                value[chosen] = -torch.inf
                chosen.append(int(value.argmax()))
        return np.asarray(table[chosen].numpy())
