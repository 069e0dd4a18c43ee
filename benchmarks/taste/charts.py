"""Learning curves with their 95 % intervals, as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.taste.cells import Cell
from benchmarks.taste.sessions import Results
from benchmarks.taste.tables import generations_of

mpl.use("Agg")

_COLOURS = {
    "guided": "#1f5fbf",
    "paper": "#d9541e",
    "random": "#8a8a8a",
    "manual": "#6b4c9a",
    "deap": "#2e8b57",
    "pymoo": "#8fbc3f",
    "catcma": "#c7a500",
    "tpe": "#b03060",
    "qeubo": "#00868b",
    "preferential-gp": "#7a5230",
    "paper-5": "#f0a080",
    "paper-14": "#a03a10",
    "guided-no-prior": "#7fa8e0",
    "guided-average": "#7fa8e0",
    "guided-no-dislikes": "#c7a500",
    "guided-no-interactions": "#2e8b57",
    "guided-no-variety": "#6b4c9a",
}
_INK = "#333333"

# The mean percentile of random pictures.
_CHANCE = 50.0


def by_cell(results: Results, rivals: Sequence[str], file: Path, measure: str = "percentile") -> None:
    """Draw a panel for each space and taste, a row for each album's size."""
    names = list(dict.fromkeys(cell.name for cell in results.cells))
    albums = sorted({cell.album for cell in results.cells})
    figure = Figure(figsize=(2.6 * len(names), 2.1 * len(albums) + 0.7), layout="constrained")
    grid = np.atleast_2d(figure.subplots(len(albums), len(names), sharex=True, sharey=True, squeeze=False))
    for row, album in zip(grid, albums, strict=True):
        for axes, name in zip(row, names, strict=True):
            cells = [cell for cell in results.cells if cell.name == name and cell.album == album]
            _panel(axes, results, cells, rivals, measure)
            if album == albums[0]:
                space, taste = name.split("-")
                axes.set_title(f"{space} space, {taste}", fontsize=9, color=_INK)
        row[0].set_ylabel(f"albums of {album}", fontsize=9, color=_INK)
    for axes in grid[-1]:
        axes.set_xlabel("albums voted on", fontsize=8, color=_INK)
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels), fontsize=9, frameon=False)
    figure.supylabel(_words(measure), fontsize=9, color=_INK)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)


def pooled_panels(lots: Sequence[tuple[str, Results, Sequence[str]]], file: Path, measure: str = "percentile") -> None:
    """Draw a panel for each (title, results, rivals), averaged over the cells, each with a legend of its own."""
    figure = Figure(figsize=(4.2 * len(lots) + (1.6 if len(lots) == 1 else 0), 3.6), layout="constrained")
    grid = figure.subplots(1, len(lots), sharey=True, squeeze=False)[0]
    for axes, (title, results, rivals) in zip(grid, lots, strict=True):
        _panel(axes, results, results.cells, rivals, measure)
        axes.set_title(title, fontsize=10, color=_INK)
        axes.set_xlabel("albums voted on", fontsize=9, color=_INK)
        if len(lots) == 1:
            axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
        else:
            axes.legend(fontsize=8, frameon=False, loc="lower right")
    grid[0].set_ylabel(_words(measure), fontsize=9, color=_INK)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)


def _panel(axes: Axes, results: Results, cells: Sequence[Cell], rivals: Sequence[str], measure: str) -> None:
    generations = generations_of(results)
    for rival in rivals:
        estimates = [results.pooled(cells, rival, measure, k) for k in generations]
        mean = np.array([entry.mean for entry in estimates])
        margin = np.nan_to_num([entry.margin for entry in estimates], posinf=0.0)
        colour = _COLOURS[rival]
        axes.fill_between(generations, mean - margin, mean + margin, color=colour, alpha=0.15, linewidth=0)
        axes.plot(generations, mean, color=colour, linewidth=1.8, marker="o", markersize=3, label=rival)
    if measure == "percentile":
        axes.axhline(_CHANCE, color="#8a8a8a", linewidth=1.0, linestyle=":")
        axes.set_ylim(45, 100)
    axes.set_xticks(generations)
    axes.grid(axis="y", color="#e5e5e5", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8, colors=_INK, length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _words(measure: str) -> str:
    return {"percentile": "mean percentile of the sample", "mean": "mean utility of the sample"}.get(measure, measure)
