"""One session of simulated people with one rival, measured after each generation.

"Generation k" is after k tells. Everything that chance decides comes from the seed, and what belongs to the people
comes from it in the same way for every rival, so that sessions with the same seed are paired.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np

from benchmarks.taste.spaces import Array, Layout, Pictures, layout_of
from benchmarks.taste.tastes import Taste, drifted, seed_effect
from benchmarks.taste.voters import Manners, Voter
from evolution import Prior, Space

SAMPLED = 64
TOP_PERCENTILE = 99.0


class Rival(Protocol):
    """A method that learns from votes. It is asked, told, and may be sampled after each tell."""

    def ask(self, n: int) -> Pictures:
        """Return the next album."""
        ...

    def tell(self, votes: Array) -> None:
        """Take the votes on the album last asked for, (voters, n): +1, -1, 0; nan for no vote."""
        ...

    def sample(self, n: int) -> Pictures:
        """Return n pictures that it would now paint, no two the same."""
        ...


# Makes a rival for a space, from a seed and, if it can use one, a prior.
MakeRival = Callable[[Layout, int, Prior | None], Rival]


@dataclass(frozen=True)
class Curves:
    """What was measured after each generation; each a list as long as there were generations.

    `mean`, `percentile`, `top` (the share in the best 1 %) and `diversity` (1 is random) are of the sample, averaged
    over the counted voters; `seen_mean` counts the effects of seeds too; `worst` is the mean of the least-served voter,
    `worst_quarter` the least over voters of the mean of their best quarter; `album`, `album_best`, `album_diversity`
    are of the album that was voted on, its best with the seeds' effects; `pictures` and `votes` are all so far; `cpu_s`
    is what this generation's ask and tell took.
    """

    mean: list[float]
    percentile: list[float]
    top: list[float]
    diversity: list[float]
    seen_mean: list[float]
    worst: list[float]
    worst_quarter: list[float]
    album: list[float]
    album_best: list[float]
    album_diversity: list[float]
    pictures: list[float]
    votes: list[float]
    cpu_s: list[float]

    def to_row(self, digits: int = 4) -> dict[str, list[float]]:
        """Return the curves as plain JSON values."""
        return {name: [round(value, digits) for value in values] for name, values in asdict(self).items()}


def run(
    make_rival: MakeRival,
    space: Space,
    voters: Sequence[Voter],
    album: int,
    generations: int,
    seed: int,
    *,
    prior: Prior | None = None,
    drift: float = 0.0,
    counted: int | None = None,
    sampled_from: int = 1,
) -> Curves:
    """Let the voters vote through generations of albums of `album` pictures, and measure.

    `drift` moves each taste after each generation. Only the first `counted` voters count in the measures (all by
    default). Before generation `sampled_from` nothing is sampled, and what the sample gives is nan.
    """
    layout = layout_of(space)
    rival = make_rival(layout, seed, prior)
    chance = np.random.default_rng((seed, 1))
    points, votes_so_far = [], 0
    for generation in range(1, generations + 1):
        begun = time.process_time()
        pictures = rival.ask(album)
        cpu_s = time.process_time() - begun
        votes = np.array([voter.vote(pictures, generation) for voter in voters])
        votes_so_far += int(np.nansum(np.abs(votes)))
        begun = time.process_time()
        rival.tell(votes)
        cpu_s += time.process_time() - begun
        tastes = [voter.taste for voter in voters[:counted]]
        point = {"pictures": generation * album, "votes": votes_so_far, "cpu_s": cpu_s}
        point |= of_album(layout, tastes, pictures)
        point |= of_sample(layout, tastes, rival.sample(SAMPLED) if generation >= sampled_from else None)
        points.append(point)
        if drift:
            voters = [Voter(drifted(v.taste, drift, chance), v.manners, v.seed) for v in voters]
    return Curves(**{name: [float(point[name]) for point in points] for name in points[0]})


def of_album(layout: Layout, tastes: Sequence[Taste], pictures: Pictures) -> dict[str, Any]:
    """Measure the album that was voted on."""
    utilities = np.array([taste.utility(pictures.rows) for taste in tastes])
    best = (utilities + seed_effect(pictures.seeds)).max(axis=1)
    return {
        "album": utilities.mean(),
        "album_best": best.mean(),
        "album_diversity": layout.diversity(pictures.rows) if len(pictures) > 1 else 0.0,
    }


def of_sample(layout: Layout, tastes: Sequence[Taste], pictures: Pictures | None) -> dict[str, Any]:
    """Measure what the model would paint."""
    if pictures is None:
        names = ("mean", "percentile", "top", "diversity", "seen_mean", "worst", "worst_quarter")
        return dict.fromkeys(names, float("nan"))
    utilities = np.array([taste.utility(pictures.rows) for taste in tastes])
    percentiles = np.array([taste.percentile(row) for taste, row in zip(tastes, utilities, strict=True)])
    quarter = np.sort(utilities, axis=1)[:, -(len(pictures) // 4) :]
    return {
        "mean": utilities.mean(),
        "percentile": percentiles.mean(),
        "top": (percentiles >= TOP_PERCENTILE).mean(),
        "diversity": layout.diversity(pictures.rows),
        "seen_mean": (utilities + seed_effect(pictures.seeds)).mean(),
        "worst": utilities.mean(axis=1).min(),
        "worst_quarter": quarter.mean(axis=1).min(),
    }


def run_one(
    make_rival: MakeRival,
    space: Space,
    taste: Taste,
    album: int,
    generations: int,
    seed: int,
    manners: Manners | None = None,
    *,
    prior: Prior | None = None,
    drift: float = 0.0,
) -> Curves:
    """Run a session of a single voter; see `run`."""
    voters = [Voter(taste, manners or Manners(), seed)]
    return run(make_rival, space, voters, album, generations, seed, prior=prior, drift=drift)
