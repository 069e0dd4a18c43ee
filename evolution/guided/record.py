"""Votes as observations: who said what of which picture, in which album.

A voter who marked nothing in an album has said nothing of it. So that learning stays fast however long a session
lasts, only the latest observations are kept, the same number of each voter; and so that it stays fast however many
vote, a crowd is dealt into a few parties, whose members' marks are averaged. Knows nothing of tastes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from evolution.generation import Generation
from evolution.guided.features import Array, layout, rows
from evolution.state import State
from evolution.vote import Vote

MOST_OBSERVATIONS = 200
# A crowd is dealt into this many parties; up to this many voters, each is a party of one.
MOST_PARTIES = 12
# By this much the marks of somebody who never dislikes are stretched to the scale of the others'.
_LIKES_ALONE = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """Pictures that were shown, and what was said of them.

    `table` (p, width) are the pictures' rows, `seeds` (p,) theirs, `albums` (p,) their generations, counted from 1.
    An observation is a `picture` (number of a row), a `voter` (number of a party), a `mark` in [-1, 1] and a `weight`,
    the number of people behind it; each of these is (n,). `likes` (p,) counts all likes of a picture, also those that
    are not kept. `parties` names the voters of each party.
    """

    table: Array
    seeds: NDArray[np.int64]
    albums: NDArray[np.int64]
    likes: NDArray[np.int64]
    parties: tuple[tuple[str, ...], ...]
    picture: NDArray[np.int64]
    voter: NDArray[np.int64]
    mark: Array
    weight: Array
    generation: int

    @property
    def album(self) -> NDArray[np.int64]:
        """The generation of each observation, (n,)."""
        return np.asarray(self.albums[self.picture])


def observe(state: State) -> Record:
    """Return the record of all albums; one that has no votes adds its pictures alone."""
    chromosomes = [shown for generation in state.generations for shown in generation.chromosomes]
    sizes = [len(generation.chromosomes) for generation in state.generations]
    starts = [0, *accumulate(sizes)]
    votes = [vote for number, generation in enumerate(state.generations, 1) for vote in _meant(generation, number)]
    names = sorted({vote.voter for vote in votes})
    parties = tuple(tuple(names[number::MOST_PARTIES]) for number in range(min(len(names), MOST_PARTIES)))
    party = {name: number % MOST_PARTIES for number, name in enumerate(names)}
    said: dict[tuple[int, int], list[int]] = {}
    likes = np.zeros(len(chromosomes), dtype=np.int64)
    for vote in votes:
        picture = starts[(vote.generation or 1) - 1] + vote.index
        likes[picture] += vote.value > 0
        said.setdefault((picture, party[vote.voter]), []).append(vote.value)
    kept = _latest(list(said), len(parties))
    places = np.array(kept, dtype=np.int64).reshape(-1, 2)
    return Record(
        table=rows(layout(state.space), chromosomes),
        seeds=np.array([shown.seed for shown in chromosomes], dtype=np.int64),
        albums=np.repeat(np.arange(1, len(sizes) + 1), sizes),
        likes=likes,
        parties=parties,
        picture=places[:, 0],
        voter=places[:, 1],
        mark=np.array([sum(said[key]) / len(said[key]) for key in kept], dtype=np.float64),
        weight=np.array([len(said[key]) for key in kept], dtype=np.float64),
        generation=len(sizes),
    )


def stretched(record: Record) -> Array:
    """Return the marks (n,), of parties that never dislike stretched: who says less often says less with each mark."""
    found = record.mark.copy()
    for number in range(len(record.parties)):
        mine = record.voter == number
        if not (record.mark[mine] < 0).any():
            found[mine] *= _LIKES_ALONE
    return found


def _meant(generation: Generation, number: int) -> list[Vote]:
    """Return the votes of those who marked anything in this album, each with its number."""
    marked = {vote.voter for vote in generation.votes if vote.value}
    return [replace(vote, generation=number) for vote in generation.votes if vote.voter in marked]


def _latest(said: list[tuple[int, int]], parties: int) -> list[tuple[int, int]]:
    """Return the latest (picture, party) of each party, oldest picture first."""
    if len(said) <= MOST_OBSERVATIONS:
        return sorted(said)
    left = [MOST_OBSERVATIONS // parties] * parties
    kept = []
    for picture, party in sorted(said, reverse=True):
        if left[party]:
            left[party] -= 1
            kept.append((picture, party))
    return kept[::-1]
