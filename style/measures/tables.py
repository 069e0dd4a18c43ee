"""An evaluation as text: one table for each of its parts. Knows nothing of how it was measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from style.measures.evaluation import Evaluation

Row = Mapping[str, Any]


def text_of(found: Evaluation) -> str:
    """Write all tables of an evaluation; parts that were not measured are left out."""
    sliders = [{**{k: v for k, v in asdict(row).items() if k != "changes"}, **{f"Δ {name}": change for name, change in
                row.changes.items()}} for row in found.sliders]  # fmt: skip
    parts: list[tuple[str, Sequence[Row]]] = [
        ("Words, asked as the bot asks, with the style (rates; ceiling: the painter's own)", _rows(found.mixed)),
        ("Words, the same requests, base model alone", _rows(found.base)),
        ("Words, one of its kind at a time", _rows(found.alone)),
        ("Sliders (Δ: change a unit of weight, in deviations over seeds)", sliders),
        ("Pairs of sliders at their ends (shares of broken pictures)", _rows(found.pairs)),
        ("Style distance (1: the painter's own sets of these sizes)", _rows(found.style)),
        (
            "Progress from the base to the paintings (1: all the way)",
            [{"paintings": against, **asdict(way)} for against, way in found.progress.items()],
        ),
        (
            "Diversity (1: the reference's own) and near-duplicates",
            [{"pictures": "with the style", **asdict(found.diversity)}],
        ),
        ("What networks see (KID: distance; the others: likeness, or the share of being picked)", _rows(found.learned)),
    ]  # fmt: skip
    tables = [f"{title}\n{table(rows)}" for title, rows in parts if rows]
    if found.unjudged:
        tables.append(f"Not judged, since nothing here can see them: {', '.join(found.unjudged)}")
    return "\n\n".join(tables)


def table(rows: Sequence[Row]) -> str:
    """Write rows that have the same columns under a line of their names; numbers with three decimals."""
    names = list(rows[0])
    cells = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[k]) for line in cells) for k in range(len(names))]
    left = [isinstance(rows[0][name], str) for name in names]
    aligned = ([c.ljust(w) if at_left else c.rjust(w) for c, w, at_left in zip(line, widths, left, strict=True)]
               for line in cells)  # fmt: skip
    return "\n".join("  ".join(line).rstrip() for line in aligned)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "–" if math.isnan(value) else f"{value:.3f}"
    return str(value)


def _rows(found: Sequence[Any]) -> list[Row]:
    return [asdict(row) for row in found]
