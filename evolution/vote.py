"""The vote: what one voter said of one picture."""

from __future__ import annotations

from dataclasses import dataclass

from evolution.checks import whole, word
from evolution.errors import BadVoteError


@dataclass(frozen=True, slots=True)
class Vote:
    """A like (+1), a dislike (-1), or "seen, neither" (0).

    `voter` is any name that stays the same for a person; `index` counts the pictures of a generation from 0;
    `generation` counts the session's generations from 1, and None means the one last asked for.
    """

    voter: str
    index: int
    value: int
    generation: int | None = None

    def __post_init__(self) -> None:
        word("a voter", self.voter, BadVoteError)
        object.__setattr__(self, "index", whole("a vote's index", self.index, 0, None, BadVoteError))
        object.__setattr__(self, "value", whole("a vote's value", self.value, -1, 1, BadVoteError))
        if self.generation is not None:
            generation = whole("a vote's generation", self.generation, 1, None, BadVoteError)
            object.__setattr__(self, "generation", generation)
