"""The rivals by name. What needs the `bench` extra is imported when it is first made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import numpy as np

import evolution.guided.posterior
import evolution.guided.record
from benchmarks.taste.rivals.manual import OneChangeAtATime
from benchmarks.taste.rivals.ours import Evolution
from benchmarks.taste.simulate import MakeRival, Rival
from benchmarks.taste.spaces import Array, Layout, Pictures
from evolution import Config, Prior

# The release draws thrice for each discrete gene, so its 0.05 replaces 14 % of them. "paper-5" replaces 5 % of them, as
# the paper says; "paper-14" has each draw at 0.14.
_PAPER_5 = 1.0 - (1.0 - 0.05) ** (1.0 / 3.0)

_CONFIGS = {
    "random": Config("random"),
    "paper": Config("paper"),
    "paper-5": Config("paper", mutation_rate=_PAPER_5),
    "paper-14": Config("paper", mutation_rate=0.14),
    "guided": Config("guided"),
    "guided-no-prior": Config("guided", use_prior=False),
    "guided-no-interactions": Config("guided", interactions=False),
    "guided-no-variety": Config("guided", variety=0.0),
}

_MODULES = {
    "deap": ("deap_ga", "Deap"),
    "pymoo": ("pymoo_ga", "MixedGA"),
    "tpe": ("optuna_tpe", "Tpe"),
    "catcma": ("cma", "CatCma"),
    "preferential-gp": ("preferential_gp", "PreferentialGP"),
    "qeubo": ("pairwise_gp", "PairwiseEubo"),
}

SLOW = ("preferential-gp", "qeubo", "tpe")
ABLATIONS = ("guided-no-dislikes", "guided-no-interactions", "guided-no-variety")
NAMES = (*_CONFIGS, "guided-no-dislikes", "guided-average", "manual", *_MODULES)


class WithoutDislikes(Evolution):
    """`guided`, to which dislikes are told as "seen, neither"."""

    def tell(self, votes: Array) -> None:
        """Tell likes, and everything else as 0."""
        super().tell(np.maximum(votes, 0.0))


class PlainAverage(Evolution):
    """`guided` with everybody in one party, so that it sees the mean of all votes and no single voter."""

    def ask(self, n: int) -> Pictures:
        """Return the next album for the average voter."""
        with _one_party():
            return super().ask(n)

    def sample(self, n: int) -> Pictures:
        """Return what it would paint for the average voter."""
        with _one_party():
            return super().sample(n)


def maker(name: str) -> MakeRival:
    """Return what makes the rival of this name.

    Raises:
        ValueError: there is no such rival.
        ModuleNotFoundError: it needs the `bench` extra.
    """
    if name not in NAMES:
        raise ValueError(f"there is no rival {name!r}; available: {', '.join(NAMES)}")

    def make(layout: Layout, seed: int, prior: Prior | None) -> Rival:
        if name in _CONFIGS:
            return Evolution(layout, seed, _CONFIGS[name], prior)
        if name == "guided-no-dislikes":
            return WithoutDislikes(layout, seed, Config("guided"), prior)
        if name == "guided-average":
            return PlainAverage(layout, seed, Config("guided"), prior)
        if name == "manual":
            return OneChangeAtATime(layout, seed)
        return _of_extra(name, layout, seed)

    return make


def _of_extra(name: str, layout: Layout, seed: int) -> Rival:
    module, made = _MODULES[name]
    try:
        rival: Rival = getattr(import_module(f"benchmarks.taste.rivals.{module}"), made)(layout, seed)
    except ModuleNotFoundError as cause:
        raise ModuleNotFoundError(f"the rival {name!r} needs {cause.name}: pip install -e '.[bench]'") from cause
    return rival


@contextmanager
def _one_party() -> Iterator[None]:
    """Have all voters in one party; what was learned of them otherwise is not remembered meanwhile, nor afterwards."""
    usual = evolution.guided.record.MOST_PARTIES
    evolution.guided.record.MOST_PARTIES = 1
    evolution.guided.posterior.learn.cache_clear()
    try:
        yield
    finally:
        evolution.guided.record.MOST_PARTIES = usual
        evolution.guided.posterior.learn.cache_clear()
