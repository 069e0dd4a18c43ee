"""Runs sessions, one process or several, and keeps what was measured. Knows nothing of tables and charts."""

from __future__ import annotations

import json
import platform
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.taste.cells import Cell, people_of, prior_of
from benchmarks.taste.rivals.registry import maker
from benchmarks.taste.simulate import run
from benchmarks.taste.spaces import SPACES, Array
from benchmarks.taste.statistics import Estimate, estimate, pooled

# Of these every session is kept in the file, with so many digits; of the rest the mean over seeds.
KEPT = {"percentile": 1, "mean": 3, "album": 3, "worst_quarter": 3}


@dataclass(frozen=True)
class Plan:
    """Which cells, rivals and seeds; sessions last `generations`, and are sampled from `sampled_from` on."""

    cells: tuple[Cell, ...]
    rivals: tuple[str, ...]
    seeds: tuple[int, ...]
    generations: int
    sampled_from: int = 1


@dataclass
class Results:
    """Curves by cell and rival: each measure is (seeds, generations), seeds in the plan's order."""

    seeds: tuple[int, ...]
    curves: dict[tuple[Cell, str], dict[str, Array]] = field(default_factory=dict)

    @property
    def cells(self) -> list[Cell]:
        """The cells, in order, each once."""
        return list(dict.fromkeys(cell for cell, _ in self.curves))

    @property
    def rivals(self) -> list[str]:
        """The rivals, in order, each once."""
        return list(dict.fromkeys(rival for _, rival in self.curves))

    @property
    def generations(self) -> int:
        """How many generations were measured."""
        return int(next(iter(self.curves.values()))["percentile"].shape[1])

    def curve(self, cell: Cell, rival: str, measure: str) -> Array:
        """Return one measure, (seeds, generations)."""
        return self.curves[cell, rival][measure]

    def average(self, cells: Sequence[Cell], rival: str, measure: str, generation: int) -> float:
        """Return the mean over cells and seeds after `generation` tells."""
        return float(np.mean([self.curve(cell, rival, measure)[:, generation - 1].mean() for cell in cells]))

    def pooled(self, cells: Sequence[Cell], rival: str, measure: str, generation: int) -> Estimate:
        """Estimate the mean over cells after `generation` tells."""
        return pooled([self.curve(cell, rival, measure)[:, generation - 1] for cell in cells])

    def lead(self, cells: Sequence[Cell], rivals: tuple[str, str], measure: str, generation: int) -> Estimate:
        """Estimate how far the first rival is ahead of the second, in paired sessions, pooled over cells."""
        differences = [
            self.curve(cell, rivals[0], measure)[:, generation - 1]
            - self.curve(cell, rivals[1], measure)[:, generation - 1]
            for cell in cells
        ]
        return pooled(differences) if len(cells) > 1 else estimate(differences[0])

    def without(self, prefix: str) -> Results:
        """Return the results of the rivals whose names do not begin like this."""
        return Results(self.seeds, {key: curve for key, curve in self.curves.items() if not key[1].startswith(prefix)})

    def with_others(self, others: Results, plan: Plan) -> Results:
        """Return these results and others of the same plan, in the plan's order.

        Raises:
            ValueError: the others have other seeds, or something of the plan is missing.
        """
        both = self.curves | others.curves
        missing = [
            f"{rival} in {cell.label}" for cell in plan.cells for rival in plan.rivals if (cell, rival) not in both
        ]
        if others.seeds != self.seeds or missing:
            raise ValueError(f"the figures kept are of another plan, measure all anew: {missing[:3] or others.seeds}")
        return Results(self.seeds, {(cell, rival): both[cell, rival] for cell in plan.cells for rival in plan.rivals})

    def to_row(self, commit: str) -> dict[str, Any]:
        """Return what is kept, as plain JSON values."""
        entries = []
        for (cell, rival), measures in self.curves.items():
            kept = {name: _plain(measures[name], digits) for name, digits in KEPT.items()}
            means = {name: _plain(curve.mean(axis=0), 4) for name, curve in measures.items() if name not in KEPT}
            entries.append({"cell": cell.to_row(), "rival": rival, "sessions": kept, "means": means})
        return {"commit": commit, "machine": machine(), "seeds": list(self.seeds), "entries": entries}

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Results:
        """Read what `to_row` returned; what was kept as a mean has one row, for all seeds."""
        results = cls(tuple(row["seeds"]))
        for entry in row["entries"]:
            sessions = {name: np.array(curves, dtype=float) for name, curves in entry["sessions"].items()}
            means = {name: np.array([curve], dtype=float) for name, curve in entry["means"].items()}
            results.curves[Cell(**entry["cell"]), entry["rival"]] = sessions | means
        return results


def _plain(values: Array, digits: int) -> Any:
    """Return the numbers as lists, None for nan."""
    rounded = np.round(values, digits).astype(object)
    rounded[np.isnan(values)] = None
    return rounded.tolist()


def execute(plan: Plan, processes: int = 1) -> Results:
    """Run all sessions of a plan."""
    tasks = [(cell, seed) for cell in plan.cells for seed in plan.seeds]
    found: defaultdict[tuple[Cell, str], dict[str, list[list[float]]]] = defaultdict(lambda: defaultdict(list))
    for (cell, _), sessions in zip(tasks, _run_all(plan, tasks, processes), strict=True):
        for rival, row in sessions.items():
            for measure, values in row.items():
                found[cell, rival][measure].append(values)
    return Results(
        plan.seeds,
        {key: {name: np.array(values) for name, values in measures.items()} for key, measures in found.items()},
    )


def _run_all(plan: Plan, tasks: Sequence[tuple[Cell, int]], processes: int) -> Iterator[dict[str, dict[str, Any]]]:
    work = partial(_sessions, plan)
    if processes == 1:
        yield from map(work, tasks)
    else:
        with ProcessPoolExecutor(processes) as pool:
            yield from pool.map(work, tasks)


def _sessions(plan: Plan, task: tuple[Cell, int]) -> dict[str, dict[str, Any]]:
    cell, seed = task
    voters, counted = people_of(cell, seed)
    prior = prior_of(cell.space, cell.taste, cell.prior, cell.sigma, cell.likes_only, seed)
    return {
        rival: run(
            maker(rival),
            SPACES[cell.space],
            voters,
            cell.album,
            plan.generations,
            seed,
            prior=prior,
            drift=cell.drift,
            counted=counted,
            sampled_from=plan.sampled_from,
        ).to_row()
        for rival in plan.rivals
    }


def machine() -> str:
    """Name what the figures were measured on."""
    model = platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        names = [line.split(":")[1].strip() for line in cpus.read_text().splitlines() if line.startswith("model name")]
        model = f"{names[0]}, {len(names)} cores" if names else model
    return f"{model}, Python {platform.python_version()}, numpy {np.__version__}"


def commit_of_evolution() -> str:
    """Return the last commit that changed `evolution`, with a + where it is changed since; "unknown" without git."""
    command = ["git", "log", "-1", "--format=%h", "--", "evolution"]
    log = subprocess.run(command, capture_output=True, text=True, check=False)
    if log.returncode:
        return "unknown"
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "evolution"], check=False).returncode  # noqa: S607
    return log.stdout.strip() + ("+" if changed else "")


def save(results: Results, file: Path) -> None:
    """Write results to a file, an entry a line."""
    row = results.to_row(commit_of_evolution())
    entries = [json.dumps(entry, separators=(",", ":")) for entry in row.pop("entries")]
    head = json.dumps(row)[:-1]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(head + ', "entries": [\n' + ",\n".join(entries) + "\n]}\n", encoding="utf-8")


def load(file: Path) -> tuple[Results, str, str]:
    """Read what `save` wrote: the results, the commit and the machine they were measured with."""
    row = json.loads(file.read_text(encoding="utf-8"))
    return Results.from_row(row), row["commit"], row["machine"]
