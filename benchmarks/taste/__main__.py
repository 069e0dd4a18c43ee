"""Measure how fast strategies learn hidden tastes from votes: a table, then a line of JSON.

Run it from the repository's root, `python -m benchmarks.taste`; `--help` tells what can be chosen, and `docs/taste.md`
what is measured. `--report docs` makes that document's figures, charts and tables anew.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.taste import charts, tables
from benchmarks.taste.cells import ALBUMS, DRIFT, NAMES, PRIORS, cells_of
from benchmarks.taste.parts import PARTS, SEEDS
from benchmarks.taste.report import measure_parts, write_report
from benchmarks.taste.rivals.registry import ABLATIONS
from benchmarks.taste.rivals.registry import NAMES as RIVALS
from benchmarks.taste.sessions import Plan, Results, commit_of_evolution, execute, machine, save

QUICK_CELLS = ("paper-additive", "large-additive")


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Run what the arguments ask for, and return what the line of JSON says."""
    options = _parser().parse_args(arguments)
    begun = time.perf_counter()
    if options.report:
        measure_parts(options.parts, options.report, options.processes, options.guided_only)
        write_report(options.report)
        line: dict[str, Any] = {"benchmark": "taste", "report": str(options.report), "parts": options.parts}
    else:
        plan = plan_of(options)
        results = execute(plan, options.processes)
        print(tables.measures(results))
        pairs = [(plan.rivals[-1], rival) for rival in plan.rivals[:-1]]
        if pairs:
            print(f"\n{tables.leads(results, pairs, 'percentile')}")
        if options.json:
            save(results, options.json)
        if options.charts:
            charts.by_cell(results, plan.rivals, options.charts / "taste.png")
        line = _line(results)
    line |= {"seconds": round(time.perf_counter() - begun, 1), "machine": machine(), "evolution": commit_of_evolution()}
    print(json.dumps(line))
    return line


def plan_of(options: argparse.Namespace) -> Plan:
    """Return what the options choose."""
    people = "camps" if options.camps else "stuffer" if options.stuffer else "one"
    special = {
        "sigma": options.sigma,
        "likes_only": options.likes_only,
        "people": people,
        "prior": options.prior,
        "drift": DRIFT if options.drift else 0.0,
    }
    cells = cells_of(options.cells or (QUICK_CELLS if options.quick else NAMES), options.albums, **special)
    rivals = (*ABLATIONS, "guided") if options.ablations else options.rivals
    seeds = SEEDS[:8] if options.quick else options.seeds
    generations, first = (3, 2) if options.quick else (options.generations, 1)
    return Plan(tuple(cells), tuple(rivals), tuple(seeds), generations, first)


def _line(results: Results) -> dict[str, Any]:
    cells, last = results.cells, results.generations
    names = ("percentile", "mean", "diversity", "album", "cpu_s")
    rivals = {
        rival: {name: round(results.average(cells, rival, name, last), 3) for name in names} for rival in results.rivals
    }
    seeds = [results.seeds[0], results.seeds[-1]]
    return {"benchmark": "taste", "cells": len(cells), "seeds": seeds, "generations": last, "rivals": rivals}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="How fast strategies learn hidden tastes from votes.")
    add = parser.add_argument
    add("--cells", type=_words(NAMES), help=f"of {', '.join(NAMES)} (default: all)")
    add("--rivals", type=_words(RIVALS), default=("random", "paper", "guided"), help=f"of {', '.join(RIVALS)}")
    add("--seeds", type=_seeds, default=SEEDS, metavar="A:B", help="from A to B - 1 (default 2000:2040)")
    add("--albums", type=_albums, default=(8,), help=f"pictures an album, such as {','.join(map(str, ALBUMS))}")
    add("--generations", type=int, default=5)
    add("--sigma", type=float, default=0.7, help="noise of perception")
    add("--likes-only", action="store_true")
    add("--drift", action="store_true", help="tastes drift")
    add("--prior", choices=PRIORS, default="none", help="a prior from other people")
    people = parser.add_mutually_exclusive_group()
    people.add_argument("--camps", action="store_true", help="two camps, of 3 and 2 voters")
    people.add_argument("--stuffer", action="store_true", help="four honest voters and a stuffer")
    add("--ablations", action="store_true", help="guided against itself without its parts")
    add("--quick", action="store_true", help="two cells, eight seeds, three generations")
    add("--json", type=Path, metavar="FILE", help="write all figures there")
    add("--charts", type=Path, metavar="FOLDER", help="draw learning curves there")
    add("--report", type=Path, metavar="FOLDER", help="measure for the report, and write it there")
    add("--parts", type=_words(tuple(PARTS)), default=tuple(PARTS), help="what of the report to measure; none: ''")
    add("--guided-only", action="store_true", help="with --report: keep the rivals' figures where they are there")
    add("--processes", type=int, default=1)
    return parser


def _words(allowed: Sequence[str]) -> Any:
    def words(text: str) -> tuple[str, ...]:
        found = tuple(word for word in text.split(",") if word)
        if unknown := [word for word in found if word not in allowed]:
            raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}; available: {', '.join(allowed)}")
        return found

    return words


def _seeds(text: str) -> tuple[int, ...]:
    try:
        first, end = (int(number) for number in text.split(":"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected two numbers as in 2000:2040, got {text!r}") from None
    if not 0 <= first < end:
        raise argparse.ArgumentTypeError(f"expected A below B, got {text!r}")
    return tuple(range(first, end))


def _albums(text: str) -> tuple[int, ...]:
    try:
        albums = tuple(int(number) for number in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected numbers as in 4,6,8, got {text!r}") from None
    if min(albums) < 2:
        raise argparse.ArgumentTypeError(f"an album has at least 2 pictures, got {text!r}")
    return albums


if __name__ == "__main__":
    main(sys.argv[1:])
