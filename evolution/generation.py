"""One generation as the state keeps it: its chromosomes and the votes told so far, and their compact form.

Knows nothing of what the votes mean for the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evolution.checks import whole
from evolution.chromosome import Chromosome, Gene
from evolution.errors import BadVoteError, UnreadableError
from evolution.space import Attribute, Continuous, Single, Space
from evolution.vote import Vote

# In the compact form a voter's votes on an album are one string, a mark for each picture.
_MARKS = {1: "+", -1: "-", 0: "0", None: "."}
_VALUES = {mark: value for value, mark in _MARKS.items()}


@dataclass(frozen=True, slots=True)
class Generation:
    """An album and its votes: at most one for each voter and picture, sorted by voter, then picture.

    `is_told` says that its votes have come in, be they none; until then the album is still open.
    """

    chromosomes: tuple[Chromosome, ...]
    votes: tuple[Vote, ...] = ()
    is_told: bool = False

    def with_votes(self, votes: Iterable[Vote]) -> Generation:
        """Return this generation told, each vote taking the place of that voter's former one for that picture.

        Raises:
            BadVoteError: a vote names a picture that is not there.
        """
        kept = {(vote.voter, vote.index): vote for vote in self.votes}
        for vote in votes:
            if vote.index >= len(self.chromosomes):
                raise BadVoteError(
                    f"generation {vote.generation} has pictures 0 … {len(self.chromosomes) - 1}, "
                    f"got a vote for {vote.index}"
                )
            kept[vote.voter, vote.index] = vote
        return Generation(self.chromosomes, tuple(kept[key] for key in sorted(kept)), is_told=True)

    def to_row(self, space: Space, voter_numbers: Mapping[str, int]) -> dict[str, Any]:
        """Return compact JSON values: each picture's genes as places in the attributes' tables, then its seed."""
        marks = {vote.voter: [_MARKS[None]] * len(self.chromosomes) for vote in self.votes}
        for vote in self.votes:
            marks[vote.voter][vote.index] = _MARKS[vote.value]
        return {
            "pictures": [
                [*(_pack(attribute, chromosome) for attribute in space.attributes), chromosome.seed]
                for chromosome in self.chromosomes
            ],
            "votes": [[voter_numbers[voter], "".join(row)] for voter, row in marks.items()],
            "told": self.is_told,
        }

    @classmethod
    def from_row(cls, row: Any, number: int, space: Space, voters: Sequence[str]) -> Generation:
        """Read what `to_row` returned; `number` is this generation's, counted from 1.

        Raises:
            EvolutionError, KeyError, TypeError, ValueError, IndexError: it is something else.
        """
        chromosomes = tuple(_chromosome(space, picture) for picture in row["pictures"])
        if not chromosomes or not isinstance(row["told"], bool):
            raise UnreadableError(f"generation {number} has no pictures, or does not say whether it was told")
        votes: list[Vote] = []
        for voter_number, marks in row["votes"]:
            voter = voters[whole("a voter's number", voter_number, 0, len(voters) - 1, UnreadableError)]
            for index, mark in enumerate(marks):
                if (value := _VALUES[mark]) is not None:
                    votes.append(Vote(voter, index, value, number))
        if votes and not row["told"]:
            raise UnreadableError(f"generation {number} has votes, yet says that it was not told")
        told = cls(chromosomes).with_votes(votes)
        return told if row["told"] else cls(chromosomes)


def _pack(attribute: Attribute, chromosome: Chromosome) -> Any:
    if isinstance(attribute, Continuous):
        return chromosome.number(attribute.name)
    places = [attribute.values.index(value) for value in chromosome.words(attribute.name)]
    return places[0] if isinstance(attribute, Single) else places


def _unpack(attribute: Attribute, packed: Any) -> Gene:
    if isinstance(attribute, Continuous):
        return float(packed)
    last = len(attribute.values) - 1
    if isinstance(attribute, Single):
        return attribute.values[whole(f"the place of {attribute.name!r}", packed, 0, last, UnreadableError)]
    return tuple(attribute.values[whole(f"a place of {attribute.name!r}", p, 0, last, UnreadableError)] for p in packed)


def _chromosome(space: Space, picture: Any) -> Chromosome:
    *genes, seed = picture
    pairs = zip(space.attributes, genes, strict=True)
    chromosome = Chromosome({attribute.name: _unpack(attribute, gene) for attribute, gene in pairs}, seed)
    space.check(chromosome)
    return chromosome
