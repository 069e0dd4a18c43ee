"""The bars that `guided` is held to, each with what was measured of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.taste.cells import Cell
from benchmarks.taste.sessions import Results
from benchmarks.taste.statistics import pooled
from benchmarks.taste.tables import generations_of

PAIR = ("guided", "paper")


@dataclass(frozen=True)
class Bar:
    """A promise, what was measured, and whether it holds."""

    promise: str
    measured: str
    holds: bool


def judge(parts: Mapping[str, Results]) -> list[Bar]:
    """Return the bars of the parts that are there."""
    bars: list[Bar] = []
    for name, judges in _JUDGES.items():
        if name in parts:
            for one in judges:
                bars += one(parts[name])
    bars += _against_rivals([parts[name] for name in ("rivals", "tpe", "qeubo", "preferential-gp") if name in parts])
    return bars


def _core(results: Results) -> Iterable[Bar]:
    cells, ks = results.cells, generations_of(results)
    leads = {(cell, k): results.lead([cell], PAIR, "percentile", k) for cell in cells for k in ks}
    from_2 = {place: lead for place, lead in leads.items() if place[1] >= 2}
    from_3 = {place: lead for place, lead in leads.items() if place[1] >= 3}
    ahead = sum(lead.mean > 0 for lead in from_2.values())
    sure = sum(lead.low > 0 for lead in from_3.values())
    yield Bar(
        "in each cell the mean percentile is ahead of the paper's from k = 2 on",
        f"{ahead} of {len(from_2)}{_least(from_2, lambda lead: lead.mean)}",
        ahead == len(from_2),
    )
    yield Bar(
        "in each cell the lower 95 % bound of the lead is above 0 from k = 3 on",
        f"{sure} of {len(from_3)}{_least(from_3, lambda lead: lead.low)}",
        sure == len(from_3),
    )
    yield from _pooled_ahead(results, 2, "pooled over cells")
    ratios = [
        results.average(cells, "guided", "diversity", k) / results.average(cells, "paper", "diversity", k) for k in ks
    ]
    # Where the leads are judged: after one album neither is.
    yield Bar(
        "the sample's diversity is at least 1.5 × the paper's from k = 2 on",
        ", ".join(f"{ratio:.2f}" for ratio in ratios[1:]) + f" (after one album: {ratios[0]:.2f})",
        min(ratios[1:]) >= 1.5,
    )


def _album_mean(results: Results) -> Iterable[Bar]:
    leads = [results.lead(results.cells, PAIR, "album", k) for k in range(3, results.generations + 1)]
    yield Bar(
        "album means are never more than 0.1 below the paper's from generation 3 on, pooled",
        ", ".join(str(lead) for lead in leads),
        min(lead.mean for lead in leads) >= -0.1,
    )


def _percentile_of_strangers(results: Results) -> Iterable[Bar]:
    cells = [cell for cell in results.cells if cell.space == "paper" and cell.album == 8]
    found = results.pooled(cells, "guided", "percentile", 3)
    yield Bar(
        "paper's space, sigma 0.7: the 90th percentile after 3 albums of 8 (stretch: 93)",
        f"{found.mean:.1f} ± {found.margin:.1f}",
        found.mean >= 90,
    )


def _hard_votes(results: Results) -> Iterable[Bar]:
    leads = {
        (cell, k): results.lead([cell], PAIR, "percentile", k)
        for cell in results.cells
        for k in generations_of(results)
    }
    name = "likes only" if results.cells[0].likes_only else f"sigma {results.cells[0].sigma}"
    yield Bar(
        f"{name}: in no cell behind the paper's by more than 2 percentiles",
        f"{sum(lead.mean >= -2 for lead in leads.values())} of {len(leads)}{_least(leads, lambda lead: lead.mean)}",
        min(lead.mean for lead in leads.values()) >= -2,
    )
    yield from _pooled_ahead(results, 3, f"{name}, pooled")


def _prior(results: Results) -> Iterable[Bar]:
    related = [cell for cell in results.cells if cell.prior == "related"]
    unrelated = [cell for cell in results.cells if cell.prior == "unrelated"]
    found = results.pooled([cell for cell in related if cell.space == "paper"], "guided", "percentile", 2)
    yield Bar(
        "with a prior from 50 related people, paper's space: the 95th percentile after 2 albums of 8",
        f"{found.mean:.1f} ± {found.margin:.1f}",
        found.mean >= 95,
    )
    pair = ("guided", "guided-no-prior")
    costs = [results.lead(unrelated, pair, "percentile", k) for k in generations_of(results)]
    yield Bar(
        "a prior from unrelated people never costs more than 1 percentile, pooled",
        ", ".join(str(cost) for cost in costs),
        min(cost.mean for cost in costs) >= -1,
    )


def _camps(results: Results) -> Iterable[Bar]:
    pair = ("guided", "guided-average")
    gain, cost = (results.lead(results.cells, pair, name, 4) for name in ("worst_quarter", "mean"))
    yield Bar(
        "two camps: the least-served voter's best quarter is 0.5 above what the plain average gives, at generation 4",
        str(gain),
        gain.mean >= 0.5,
    )
    yield Bar("two camps: the mean is no more than 0.15 below", str(cost), cost.mean >= -0.15)


def _stuffer(results: Results) -> Iterable[Bar]:
    def of(people: str) -> list[Cell]:
        return [cell for cell in results.cells if cell.people == people]

    moved = []
    for k in generations_of(results):
        with_, without = (
            np.array([results.curve(cell, "guided", "mean")[:, k - 1] for cell in of(people)])
            for people in ("stuffer", "honest")
        )
        moved.append(pooled(list(with_ - without)))
    yield Bar(
        "one stuffer among five moves the others' mean by less than 0.1",
        ", ".join(str(move) for move in moved),
        max(abs(move.mean) for move in moved) < 0.1,
    )


def _against_rivals(lots: list[Results]) -> Iterable[Bar]:
    for results in lots:
        for rival in results.rivals:
            if rival != "guided":
                leads = [
                    results.lead(results.cells, ("guided", rival), "percentile", k)
                    for k in range(2, results.generations + 1)
                ]
                yield Bar(
                    f"albums of 6, pooled: ahead of {rival} from k = 2 on",
                    ", ".join(str(lead) for lead in leads),
                    min(lead.mean for lead in leads) > 0,
                )


def _pooled_ahead(results: Results, first: int, where: str) -> Iterable[Bar]:
    leads = [results.lead(results.cells, PAIR, "percentile", k) for k in generations_of(results, first)]
    yield Bar(
        f"{where}: ahead of the paper's from k = {first} on (lower bound above 0)",
        ", ".join(str(lead) for lead in leads),
        min(lead.low for lead in leads) > 0,
    )


def _least(leads: Mapping[tuple[Cell, int], object], of: Callable[..., float]) -> str:
    """Name the least of them."""
    cell, k = min(leads, key=lambda place: of(leads[place]))
    return f"; least: {leads[cell, k]} in {cell.label}, k = {k}"


_JUDGES: Mapping[str, tuple[Callable[[Results], Iterable[Bar]], ...]] = {
    "core": (_core, _percentile_of_strangers, _album_mean),
    "likes-only": (_hard_votes,),
    "sigma-1": (_hard_votes,),
    "prior": (_prior,),
    "camps": (_camps,),
    "stuffer": (_stuffer,),
}
