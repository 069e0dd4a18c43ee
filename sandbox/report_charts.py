"""Draws the learning curve, on light and on dark paper. Knows figures, and no page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import NormalDist

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from sandbox.guests.ballot import DISLIKE, LIKE
from sandbox.guests.record import Visit
from sandbox.report_figures import Figures

_PERCENTILES = (1, 5, 20, 50, 80, 95, 99)


@dataclass(frozen=True, slots=True)
class Paper:
    """The colours of a chart."""

    ground: str
    ink: str
    soft: str
    faint: str
    accent: str
    liked: str
    disliked: str


LIGHT = Paper("#fffdf9", "#1f1d1a", "#7c756a", "#e9e3d8", "#1d4e89", "#2f7d5b", "#b4463c")
DARK = Paper("#1b1a18", "#efeae1", "#a39b8e", "#35322d", "#8ab6ee", "#6cc49c", "#e58a80")


def draw_curve(visit: Visit, figures: Figures, paper: Paper) -> bytes:
    """Draw the learning curve as PNG bytes: each picture, each album's mean and best, and what chance would give."""
    with _style(paper):
        chart = Figure(figsize=(10, 5.2), dpi=160, facecolor=paper.ground, layout="constrained")
        FigureCanvasAgg(chart)
        axes = chart.add_subplot(facecolor=paper.ground)
        _draw_chance(axes, figures, paper)
        _draw_pictures(axes, visit, paper)
        _draw_lines(axes, figures, paper)
        _dress(axes, figures, paper)
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


def _draw_chance(axes: Axes, figures: Figures, paper: Paper) -> None:
    last = len(figures.generations)
    span = [0.7, last + 0.3]
    band = figures.chance_band
    axes.fill_between(span, -band, band, color=paper.faint, linewidth=0, zorder=0, alpha=0.8)
    axes.plot(span, [0, 0], color=paper.soft, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
    axes.plot(span, [figures.chance_best] * 2, color=paper.soft, linewidth=1, linestyle=(0, (4, 3)), zorder=1)


def _draw_pictures(axes: Axes, visit: Visit, paper: Paper) -> None:
    for album in visit.albums:
        for judgement in album.judgements:
            offsets = np.linspace(-0.14, 0.14, len(judgement.utilities)) if len(judgement.utilities) > 1 else [0.0]
            for offset, felt, value in zip(offsets, judgement.utilities, judgement.votes, strict=True):
                colour = {LIKE: paper.liked, DISLIKE: paper.disliked}.get(value, paper.soft)
                axes.plot(album.generation + offset, felt, "o", color=colour, markersize=5, alpha=0.75, mew=0, zorder=2)


def _draw_lines(axes: Axes, figures: Figures, paper: Paper) -> None:
    steps = [generation.generation for generation in figures.generations]
    means = [generation.mean for generation in figures.generations]
    bests = [generation.best for generation in figures.generations]
    if len(figures.generations[0].by_guest) > 1:
        for course in zip(*(generation.by_guest for generation in figures.generations), strict=True):
            axes.plot(steps, course, color=paper.accent, linewidth=1, alpha=0.35, zorder=3)
    axes.plot(steps, bests, color=paper.accent, linewidth=1.4, linestyle=(0, (5, 2)), zorder=4)
    axes.plot(steps, means, "o-", color=paper.accent, linewidth=2.8, markersize=9, mec=paper.ground, mew=2, zorder=5)


def _dress(axes: Axes, figures: Figures, paper: Paper) -> None:
    """Label the lines at their right ends, so that no legend is needed, and hide all that says nothing."""
    last = figures.generations[-1]
    ends = [
        (last.best, "best of the album", paper.accent, "normal"),
        (last.mean, "mean of the album", paper.accent, "bold"),
        (figures.chance_best, "best, by chance", paper.soft, "normal"),
        (0.0, "mean, by chance", paper.soft, "normal"),
    ]
    low, high = axes.get_ylim()
    for place, (_, words, colour, weight) in zip(_spread(ends, (high - low) * 0.055), ends, strict=True):
        axes.text(last.generation + 0.36, place, words, color=colour, fontweight=weight, va="center")
    axes.set_xlim(0.7, last.generation + 0.36 + 0.28 * max(2, last.generation))
    axes.set_ylim(low, high)
    axes.xaxis.set_major_locator(FixedLocator([generation.generation for generation in figures.generations]))
    axes.set_xlabel("generation")
    axes.xaxis.set_label_coords(0.5 * last.generation / (last.generation + 1), -0.09)
    shown = [value for value in _PERCENTILES if low <= NormalDist().inv_cdf(value / 100) <= high]
    axes.set_yticks([NormalDist().inv_cdf(value / 100) for value in shown], [str(value) for value in shown])
    axes.set_ylabel("percentile")
    axes.tick_params(length=0, pad=8)
    axes.spines[:].set_visible(False)


def _spread(ends: list[tuple[float, str, str, str]], least: float) -> list[float]:
    """Move labels apart that would overlap, from the lowest up; return their heights in the order given."""
    order = sorted(range(len(ends)), key=lambda index: ends[index][0])
    places = [0.0] * len(ends)
    floor = -np.inf
    for index in order:
        places[index] = max(ends[index][0], floor + least)
        floor = places[index]
    return places
