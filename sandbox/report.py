"""Writes the report of a visit into a folder: a page for people, contact sheets, the learning curve, and the figures.

Owns the folder's files and which words the page says. What is measured and how it is drawn is known elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sandbox.guests.record import Visit
from sandbox.guests.taste import describe
from sandbox.report_charts import DARK, LIGHT, draw_curve
from sandbox.report_figures import Figures, as_data, figure
from sandbox.report_page import render_page
from sandbox.report_sheets import draw_sheet

_CURVE, _DARK_CURVE = "learning-curve.png", "learning-curve-dark.png"


def write_report(visit: Visit, folder: Path) -> Path:
    """Write the report of `visit`, complete or not, into `folder`, and return the page's path.

    The folder is made if need be; files of an earlier report are replaced, its further sheets removed.
    """
    figures = figure(visit)
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("contact-sheet-*.png"), *folder.glob("learning-curve*.png")):
        old.unlink()
    pictures = _pictures(visit, figures)
    for name, drawn in pictures.items():
        (folder / name).write_bytes(drawn)
    page = folder / "report.html"
    curves = (pictures.get(_CURVE), pictures.get(_DARK_CURVE))
    page.write_text(render_page(visit, figures, *curves), encoding="utf-8")
    data = json.dumps(as_data(visit, figures), ensure_ascii=False, indent=1)
    (folder / "report.json").write_text(data + "\n", encoding="utf-8")
    (folder / "summary.txt").write_text(summarise(visit, figures), encoding="utf-8")
    return page


def summarise(visit: Visit, figures: Figures) -> str:
    """Say in a few lines how the visit went."""
    lines = [f"{guest.name} likes {describe(guest.taste)}." for guest in visit.guests]
    lines += [
        f"Generation {g.generation}: percentile {g.percentile:.0f}, mean {g.mean:+.2f}, best {g.best:+.2f}, "
        f"{g.likes:.1f} likes, came after {g.waited_s:.1f} s."
        for g in figures.generations
    ]
    if figures.best_percentile is not None:
        lines.append(f"The best so far, as the bot showed it: percentile {figures.best_percentile:.0f}.")
    lines.append(f"Chance: percentile 50, best of an album {figures.chance_best:+.2f}.")
    if figures.tap_p50_ms is not None and figures.tap_p99_ms is not None:
        lines.append(
            f"Taps: {figures.taps} answered, {visit.unanswered} not; "
            f"p50 {figures.tap_p50_ms:.0f} ms, p99 {figures.tap_p99_ms:.0f} ms."
        )
    lines.append(f"Requests of the bot: {visit.requests}, of these no valid Bot API: {visit.breaches}.")
    if visit.problem:
        lines.append(f"Ended early: {visit.problem}")
    return "\n".join(lines) + "\n"


def _pictures(visit: Visit, figures: Figures) -> Mapping[str, bytes]:
    files = {f"contact-sheet-{album.generation}.png": draw_sheet(album) for album in visit.albums}
    if visit.albums:
        files[_CURVE] = draw_curve(visit, figures, LIGHT)
        files[_DARK_CURVE] = draw_curve(visit, figures, DARK)
    return files
