"""How a person who feels something about each picture of an album votes.

Owns the voting rule; knows neither tastes nor pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LIKE, NEITHER, DISLIKE = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Habits:
    """How a person votes: noise, and limits above and below a level that follows a part of the album's mean."""

    noise: float = 0.35
    follows: float = 0.7
    like_above: float = 0.5
    dislike_below: float = -0.7
    always_likes_one: bool = True


def vote(utilities: Sequence[float], generator: np.random.Generator, habits: Habits | None = None) -> list[int]:
    """Vote on each picture: like, dislike, or neither, in the order of `utilities`.

    Perceived is the utility with normal noise; the reference level is a part of the mean of what is perceived. Somebody
    who would like nothing likes the best that they perceive, unless their habits say otherwise.
    """
    habits = habits or Habits()
    if not utilities:
        return []
    perceived = np.asarray(utilities, dtype=np.float64) + generator.normal(0.0, habits.noise, len(utilities))
    away = perceived - habits.follows * float(perceived.mean())
    votes = [LIKE if a > habits.like_above else DISLIKE if a < habits.dislike_below else NEITHER for a in away]
    if habits.always_likes_one and LIKE not in votes:
        votes[int(np.argmax(away))] = LIKE
    return votes
