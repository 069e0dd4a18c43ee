"""The figures of a visit: how near each generation came to the tastes, likes, and times. Knows no layout.

"Chance" is what an album would be if nothing were learned: pictures like those of the first generation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np

from sandbox.guests.ballot import DISLIKE, LIKE
from sandbox.guests.record import Album, Visit
from sandbox.guests.taste import describe, percentile, utility


@dataclass(frozen=True, slots=True)
class Generation:
    """How one album came out: utilities in units of the first album's spread, percentiles against its pictures.

    `mean`, `best`, `percentile`, `likes` and `dislikes` are means over the guests; `by_guest` holds each guest's mean.
    """

    generation: int
    pictures: int
    mean: float
    best: float
    percentile: float
    likes: float
    dislikes: float
    by_guest: tuple[float, ...]
    waited_s: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a visit.

    `chance_band` is half of the 95 % interval of an album's mean, and `chance_best` the expected utility of its best
    picture, had nothing been learned. `best_percentile` is that of what the bot showed as the best.
    """

    generations: tuple[Generation, ...]
    chance_best: float
    chance_band: float
    best_percentile: float | None
    tap_p50_ms: float | None
    tap_p99_ms: float | None
    taps: int


def figure(visit: Visit) -> Figures:
    """Work out all figures of `visit`, which may have ended early."""
    size = len(visit.albums[0].pictures) if visit.albums else 0
    taps = np.asarray(visit.taps_ms, dtype=np.float64)
    return Figures(
        generations=tuple(_generation(album) for album in visit.albums),
        chance_best=expected_best(size) if size else 0.0,
        chance_band=1.96 / size**0.5 if size else 0.0,
        best_percentile=_best_percentile(visit),
        tap_p50_ms=float(np.percentile(taps, 50)) if taps.size else None,
        tap_p99_ms=float(np.percentile(taps, 99)) if taps.size else None,
        taps=int(taps.size),
    )


@cache
def expected_best(size: int) -> float:
    """Return the expected largest of `size` independent standard normal draws.

    Source: E[max] = ∫ x d(Φ(x)^n), by the trapezoid rule on [-8, 8].
    """
    x = np.linspace(-8.0, 8.0, 8001)
    below = np.array([percentile(float(value)) / 100.0 for value in x]) ** size
    return float(np.sum((x[1:] + x[:-1]) / 2 * np.diff(below)))


def as_data(visit: Visit, figures: Figures) -> dict[str, Any]:
    """Return the whole visit as plain data for report.json; pictures are left out."""
    return {
        "chat": visit.chat,
        "seed": visit.seed,
        "began": visit.began.isoformat(),
        "took_s": visit.took_s,
        "generations_wanted": visit.wanted,
        "problem": visit.problem,
        "guests": [
            {"id": g.id, "name": g.name, "likes": describe(g.taste), "weights": dict(g.taste.weights)}
            for g in visit.guests
        ],
        "figures": asdict(figures),
        "albums": [_album_data(album) for album in visit.albums],
        "best_so_far": [dict(shown.measures) for shown in visit.best],
        "taps_ms": list(visit.taps_ms),
        "taps_unanswered": visit.unanswered,
        "bot_api_requests": visit.requests,
        "bot_api_breaches": visit.breaches,
    }


def _generation(album: Album) -> Generation:
    felt = np.array([judgement.utilities for judgement in album.judgements])
    votes = np.array([judgement.votes for judgement in album.judgements])
    return Generation(
        generation=album.generation,
        pictures=len(album.pictures),
        mean=float(felt.mean()),
        best=float(felt.max(axis=1).mean()),
        percentile=_mean_percentile(felt.ravel().tolist()),
        likes=float((votes == LIKE).sum(axis=1).mean()),
        dislikes=float((votes == DISLIKE).sum(axis=1).mean()),
        by_guest=tuple(float(value) for value in felt.mean(axis=1)),
        waited_s=album.waited_s,
    )


def _best_percentile(visit: Visit) -> float | None:
    if not visit.best or not visit.references:
        return None
    pairs = zip(visit.guests, visit.references, strict=True)
    return _mean_percentile([utility(g.taste, r, shown.measures) for g, r in pairs for shown in visit.best])


def _mean_percentile(utilities: Sequence[float]) -> float:
    return float(np.mean([percentile(value) for value in utilities]))


def _album_data(album: Album) -> dict[str, Any]:
    return {
        "generation": album.generation,
        "waited_s": album.waited_s,
        "pictures": [{"number": shown.number, "measures": dict(shown.measures)} for shown in album.pictures],
        "judgements": [asdict(judgement) for judgement in album.judgements],
    }
