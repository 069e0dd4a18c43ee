"""Simulated voters: what they make of an album. Knows nothing of who proposed it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from benchmarks.taste.spaces import Array, Pictures
from benchmarks.taste.tastes import Taste, seed_effect


@dataclass(frozen=True)
class Manners:
    """How a person votes.

    A picture is perceived as its utility, its seed's effect and noise N(0, sigma²). The person's level follows the
    album: `adaptation` × the mean perceived, lowered by `kindness`. What lies more than `like_above` over it is liked,
    what lies more than `dislike_below` under it disliked, where dislikes are used; each vote is forgotten with
    probability `forgets`, and a whole album passed over with probability `absent`.
    """

    sigma: float = 0.7
    adaptation: float = 0.7
    like_above: float = 0.5
    dislike_below: float = 0.7
    forgets: float = 0.25
    has_dislikes: bool = True
    kindness: float = 0.0
    absent: float = 0.0


# Likes nearly everything, and never forgets to.
STUFFER = Manners(kindness=3.0, forgets=0.0)


@dataclass(frozen=True, eq=False)
class Voter:
    """A taste, manners, and a number that decides the noise.

    The same album in the same generation gets the same votes, whoever proposed it.
    """

    taste: Taste
    manners: Manners = field(default_factory=Manners)
    seed: int = 0

    def vote(self, pictures: Pictures, generation: int) -> Array:
        """Return a vote a picture, (n,): +1, -1, 0 for seen but neither; nan throughout when there is no vote at all.

        Who has voted on nothing in an album has not taken part: their zeros are no votes.
        """
        rng = np.random.default_rng((self.seed, generation))
        n, manners = len(pictures), self.manners
        is_absent = rng.random() < manners.absent
        noise, forgotten = rng.normal(size=n), rng.random(n) < manners.forgets
        perceived = self.taste.utility(pictures.rows) + seed_effect(pictures.seeds) + manners.sigma * noise
        above = perceived - manners.adaptation * perceived.mean() + manners.kindness
        votes = np.where(above > manners.like_above, 1.0, 0.0)
        if manners.has_dislikes:
            votes[above < -manners.dislike_below] = -1.0
        votes[forgotten] = 0.0
        return np.full(n, np.nan) if is_absent or not votes.any() else votes
