"""Draws how the losses went, on light and on dark paper. Knows numbers, and no page."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from style.report.record import Record

_SMOOTH_SHARE = 0.06


@dataclass(frozen=True, slots=True)
class Paper:
    """The colours of a chart."""

    ground: str
    ink: str
    soft: str
    faint: str
    accent: str
    good: str


LIGHT = Paper("#fffdf9", "#1f1d1a", "#7c756a", "#d3cbbc", "#1d4e89", "#2f7d5b")
DARK = Paper("#1b1a18", "#efeae1", "#a39b8e", "#4a463f", "#8ab6ee", "#6cc49c")


def draw_losses(record: Record, paper: Paper, width_in: float = 10.0, height_in: float = 4.6) -> bytes | None:
    """Draw the losses as PNG bytes; None where there are none.

    The loss of each step, smoothed; the loss on held-out pictures at checkpoints, whose lowest was taken.
    """
    if not record.losses and not record.validations:
        return None
    with _style(paper):
        chart = Figure(figsize=(width_in, height_in), dpi=160, facecolor=paper.ground, layout="constrained")
        FigureCanvasAgg(chart)
        axes = chart.add_subplot(facecolor=paper.ground)
        ends = [*_draw_training(axes, record.losses, paper), *_draw_validation(axes, record, paper)]
        _dress(axes, ends, record, paper)
        kept = io.BytesIO()
        chart.savefig(kept, format="png", facecolor=paper.ground)
    return kept.getvalue()


@contextmanager
def _style(paper: Paper) -> Iterator[None]:
    with mpl.rc_context(
        {
            "font.family": "DejaVu Sans",
            "font.size": 10.5,
            "text.color": paper.ink,
            "axes.labelcolor": paper.soft,
            "xtick.color": paper.soft,
            "ytick.color": paper.soft,
        }
    ):
        yield


_End = tuple[float, float, str, str, str]


def _draw_training(axes: Axes, losses: Sequence[tuple[int, float]], paper: Paper) -> list[_End]:
    if not losses:
        return []
    steps, values = (np.array(part, dtype=float) for part in zip(*losses, strict=True))
    axes.plot(steps, values, color=paper.faint, linewidth=0.9, zorder=1)
    smooth = _smoothed(values)
    axes.plot(steps, smooth, color=paper.soft, linewidth=2.0, zorder=2)
    return [(float(steps[-1]), float(smooth[-1]), "training", paper.soft, "normal")]


def _draw_validation(axes: Axes, record: Record, paper: Paper) -> list[_End]:
    if not record.validations:
        return []
    steps, values = zip(*record.validations, strict=True)
    axes.plot(steps, values, "o-", color=paper.accent, linewidth=2.6, markersize=7, mec=paper.ground, mew=1.6, zorder=4)
    best = dict(record.validations).get(record.best_step if record.best_step is not None else -1)
    if best is not None and record.best_step is not None:
        axes.plot([record.best_step], [best], "o", color=paper.good, markersize=13, mec=paper.ground, mew=2, zorder=5)
        note = (record.best_step, best)
        axes.annotate(
            "taken", note, (0, -18), textcoords="offset points", color=paper.good, ha="center", fontweight="bold"
        )
    return [(float(steps[-1]), float(values[-1]), "held-out pictures", paper.accent, "bold")]


def _smoothed(
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Average each value with its neighbours, fewer towards the ends."""
    reach = max(1, round(_SMOOTH_SHARE * len(values)))
    total = np.concatenate([[0.0], np.cumsum(values)])
    index = np.arange(len(values))
    low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, len(values))
    return np.asarray((total[high] - total[low]) / (high - low))


def _dress(axes: Axes, ends: Sequence[_End], record: Record, paper: Paper) -> None:
    """Label the lines at their right ends, so that no legend is needed, and hide all that says nothing."""
    last = max((end[0] for end in ends), default=1.0)
    _frame(axes, record)
    low, high = axes.get_ylim()
    for (_, _, words, colour, weight), place in zip(ends, _apart(ends, (high - low) * 0.07), strict=True):
        axes.annotate(
            words, (last, place), (10, 0), textcoords="offset points", color=colour, fontweight=weight, va="center"
        )
    axes.set_xlim(-0.02 * last, last * 1.19 + 1)
    axes.set_ylim(low - 0.06 * (high - low), high)
    axes.set_xlabel("step")
    axes.xaxis.set_label_coords(0.42, -0.1)
    axes.set_ylabel("loss")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set_xticks([tick for tick in axes.get_xticks() if 0 <= tick <= last])
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.tick_params(length=0, pad=8)
    axes.grid(axis="y", color=paper.faint, linewidth=0.6, alpha=0.5)
    axes.spines[:].set_visible(False)


def _frame(axes: Axes, record: Record) -> None:
    """Bound the axis so that a few wild steps do not press all else flat."""
    values = [loss for _, loss in record.losses]
    checked = [loss for _, loss in record.validations]
    if len(values) < 20:
        return
    low, high = np.quantile(values, (0.01, 0.97))
    low, high = min([low, *checked]), max([high, *checked])
    margin = 0.06 * (high - low) or 0.01
    axes.set_ylim(low - margin, high + margin)


def _apart(ends: Sequence[_End], least: float) -> list[float]:
    """Move labels apart that would overlap, from the lowest up; return their heights in the order given."""
    order = sorted(range(len(ends)), key=lambda index: ends[index][1])
    places, floor = [0.0] * len(ends), -np.inf
    for index in order:
        places[index] = max(ends[index][1], floor + least)
        floor = places[index]
    return places
