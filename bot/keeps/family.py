"""A session's family: its albums as rows of relatives, each with its likes and whom it takes after.

Knows nothing of drawing.
"""

from __future__ import annotations

from dataclasses import dataclass

from evolution import Chromosome, Space, kin
from storage.candidates import Candidate, candidates_of_generation
from storage.database import Reader
from storage.generations import AlbumStatus, generations_of_session
from storage.ids import SessionId
from storage.votes import tally_generation

MOST_ROWS = 7
"""More would be too small on a phone; the newest are shown."""


@dataclass(frozen=True, slots=True)
class Relative:
    """A picture: its digest (None: not painted), its likes and dislikes, and the (row, place) of its kin above."""

    picture: str | None
    likes: int
    dislikes: int
    kin: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One album, by its generation's number."""

    number: int
    relatives: tuple[Relative, ...]


@dataclass(frozen=True, slots=True)
class _Album:
    number: int
    candidates: tuple[Candidate, ...]
    counts: tuple[tuple[int, int], ...]


async def family_of_session(reader: Reader, session: SessionId, space: Space, *, hides_open: bool) -> tuple[Row, ...]:
    """Return the last albums that were sent, the oldest first; kin are of the last one before with likes.

    With `hides_open` the votes of an album that is still open are not shown.
    """
    shown = [one for one in await generations_of_session(reader, session) if one.album_status is not AlbumStatus.NONE]
    albums = []
    for generation in shown[-MOST_ROWS:]:
        is_hidden = hides_open and generation.closed_at is None
        tallies = () if is_hidden else await tally_generation(reader, generation.id)
        candidates = await candidates_of_generation(reader, generation.id)
        votes = {one.position: (one.likes, one.dislikes) for one in tallies}
        counts = tuple(votes.get(candidate.position, (0, 0)) for candidate in candidates)
        albums.append(_Album(generation.number, candidates, counts))
    return _related(albums, space)


def _related(albums: list[_Album], space: Space) -> tuple[Row, ...]:
    liked: list[tuple[Chromosome, tuple[int, int]]] = []
    rows = []
    for number, album in enumerate(albums):
        chromosomes = [Chromosome.from_json(candidate.chromosome) for candidate in album.candidates]
        ancestors = [chromosome for chromosome, _ in liked]
        relatives = []
        for place, candidate in enumerate(album.candidates):
            nearest = kin(space, chromosomes[place], ancestors, most=2 if album.counts[place][0] else 1)
            where = tuple(liked[one][1] for one in nearest)
            relatives.append(Relative(candidate.picture, *album.counts[place], where))
        rows.append(Row(album.number, tuple(relatives)))
        # Where nothing is liked, the next album still takes after the one before.
        own = [(chromosomes[place], (number, place)) for place, (likes, _) in enumerate(album.counts) if likes]
        liked = own or liked
    return tuple(rows)
