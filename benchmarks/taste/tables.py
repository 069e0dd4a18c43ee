"""Tables in Markdown: of one plan for the terminal, and what the report is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from benchmarks.taste.cells import Cell
from benchmarks.taste.sessions import Results

MARKS = (80, 90, 95)


def markdown(head: Sequence[str], rows: Iterable[Sequence[object]], is_words: bool = False) -> str:
    """Return a table, numbers to the right, words to the left."""
    lines = [head, ["---", *["---" if is_words else "---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(entry) for entry in line) + " |" for line in lines)


def generations_of(results: Results, first: int = 1) -> list[int]:
    """Return the generations that were sampled, from `first` on."""
    some = next(iter(results.curves.values()))["percentile"]
    return [k for k in range(first, results.generations + 1) if not np.isnan(some[:, k - 1]).any()]


def measures(results: Results) -> str:
    """Tell of each rival, averaged over all cells, what came of the last generation, and when it passed each mark."""
    cells, last = results.cells, results.generations
    names = ("percentile", "mean", "top", "diversity", "album", "album_best", "worst", "cpu_s")
    head = ["rival", *names, *(f"pictures (votes) to {mark} %" for mark in MARKS)]
    rows = [
        [
            rival,
            *(f"{results.average(cells, rival, name, last):.3g}" for name in names),
            *(until(results, cells, rival, mark) for mark in MARKS),
        ]
        for rival in results.rivals
    ]
    return markdown(head, rows)


def until(results: Results, cells: Sequence[Cell], rival: str, mark: float) -> str:
    """Tell after how many pictures, and votes, the mean percentile is at `mark`."""
    for k in generations_of(results):
        if results.average(cells, rival, "percentile", k) >= mark:
            pictures, votes = (results.average(cells, rival, name, k) for name in ("pictures", "votes"))
            return f"{pictures:.0f} ({votes:.0f})"
    return "–"


def leads(results: Results, pairs: Sequence[tuple[str, str]], measure: str, by_cell: bool = True) -> str:
    """Tell how far one rival is ahead of another, cell by cell and pooled, with 95 % intervals."""
    generations = generations_of(results)
    rows: list[list[object]] = []
    for pair in pairs:
        name = f"{pair[0]} − {pair[1]}"
        rows += [
            [cell.label, *(results.lead([cell], pair, measure, k) for k in generations)]
            for cell in (results.cells if by_cell else [])
        ]
        entries = [results.lead(results.cells, pair, measure, k) for k in generations]
        rows.append([f"**{name}, pooled**", *(f"**{entry}**" for entry in entries)])
    return markdown(["", *(f"k = {k}" for k in generations)], rows)


def levels(results: Results, measure: str, digits: int = 1) -> str:
    """Tell the mean of a measure after each generation, for each rival, averaged over all cells."""
    generations = generations_of(results)
    rows = [
        [rival, *(f"{results.average(results.cells, rival, measure, k):.{digits}f}" for k in generations)]
        for rival in results.rivals
    ]
    return markdown(["", *(f"k = {k}" for k in generations)], rows)


def levels_by_cell(results: Results, measure: str, rivals: Sequence[str], k: int, digits: int = 1) -> str:
    """Tell a measure after k tells, a row a cell, a column a rival."""
    rows = [
        [cell.label, *(f"{results.average([cell], rival, measure, k):.{digits}f}" for rival in rivals)]
        for cell in results.cells
    ]
    return markdown(["", *rivals], rows)
