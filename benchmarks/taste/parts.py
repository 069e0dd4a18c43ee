"""The parts of the report, each a plan of sessions with a file of figures of its own."""

from __future__ import annotations

from benchmarks.taste.cells import ALBUMS, DRIFT, NAMES, cells_of
from benchmarks.taste.rivals.registry import ABLATIONS
from benchmarks.taste.sessions import Plan

# Seeds from here on were never used to tune anything.
FIRST_SEED = 2000
SEEDS = tuple(range(FIRST_SEED, FIRST_SEED + 40))
# For rivals that think for seconds.
FEW_SEEDS = SEEDS[:10]

_ADDITIVE = ("paper-additive", "large-additive")
_ALL = tuple(cells_of(NAMES, ALBUMS))
_SIX = tuple(cells_of(NAMES, (6,)))
_PRIORS = (*cells_of(NAMES, (8,), prior="related"), *cells_of(NAMES, (8,), prior="unrelated"))
_STUFFED = (*cells_of(_ADDITIVE, (8,), people="honest"), *cells_of(_ADDITIVE, (8,), people="stuffer"))

PARTS = {
    "core": Plan(_ALL, ("paper", "guided"), SEEDS, 6),
    "likes-only": Plan(tuple(cells_of(NAMES, ALBUMS, likes_only=True)), ("paper", "guided"), SEEDS, 4),
    "sigma-1": Plan(tuple(cells_of(NAMES, ALBUMS, sigma=1.0)), ("paper", "guided"), SEEDS, 4),
    "sigma-0.35": Plan(tuple(cells_of(NAMES, (8,), sigma=0.35)), ("paper", "guided"), SEEDS, 4),
    "prior": Plan(_PRIORS, ("guided", "guided-no-prior"), SEEDS, 3),
    "camps": Plan(tuple(cells_of(_ADDITIVE, (8,), people="camps")), ("paper", "guided-average", "guided"), SEEDS, 4),
    "stuffer": Plan(_STUFFED, ("paper", "guided"), SEEDS, 4),
    "drift": Plan(tuple(cells_of(_ADDITIVE, (8,), drift=DRIFT)), ("paper", "guided"), SEEDS, 10),
    "ablations": Plan(_SIX, ("guided", *ABLATIONS), SEEDS, 4),
    "rivals": Plan(
        _SIX, ("guided", "paper", "paper-5", "paper-14", "deap", "pymoo", "catcma", "manual", "random"), SEEDS, 5
    ),
    "tpe": Plan(_SIX, ("guided", "tpe"), FEW_SEEDS, 4, sampled_from=2),
    "qeubo": Plan(_SIX, ("guided", "qeubo"), FEW_SEEDS, 4, sampled_from=2),
    "preferential-gp": Plan(_SIX, ("guided", "preferential-gp"), FEW_SEEDS, 3, sampled_from=2),
}
