"""The prior: what earlier sessions of a style liked, pooled and anonymous, to start the next one with.

Knows nothing of how it is learned (`evolution.learning`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evolution import codec
from evolution.checks import real, whole
from evolution.errors import BadPriorError
from evolution.frozen import FrozenMapping
from evolution.space import Continuous, Space

# Far beyond any worth in marks, which are from -1 to 1.
_MOST = 1e6


@dataclass(frozen=True, slots=True)
class Tally:
    """How many votes of each kind went to pictures that show one value."""

    likes: int = 0
    dislikes: int = 0
    neither: int = 0

    @property
    def seen(self) -> int:
        """The number of all votes."""
        return self.likes + self.dislikes + self.neither


@dataclass(frozen=True, slots=True)
class GroupTaste:
    """What `people` people have in common, for "guided"; no single one can be read from it.

    `worth` has for each attribute what pictures gain from it, in marks: a number for each value in table order, for a
    slider one for its straight and one for its bent part. `spread` is the variance of people around that.
    """

    people: int
    worth: Mapping[str, tuple[float, ...]]
    spread: Mapping[str, float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "people", whole("a prior's people", self.people, 0, None, BadPriorError))
        numbers = {name: tuple(_number(value) for value in values) for name, values in self.worth.items()}
        object.__setattr__(self, "worth", FrozenMapping(numbers))
        spread = {
            name: real("a prior's spread", value, 0.0, _MOST, BadPriorError) for name, value in self.spread.items()
        }
        object.__setattr__(self, "spread", FrozenMapping(spread))

    def check(self, space: Space) -> None:
        """Check that it has a number for every value of this space, and no other.

        Raises:
            BadPriorError: it belongs to other attributes.
        """
        sizes = {a.name: 2 if isinstance(a, Continuous) else len(a.values) for a in space.attributes}
        found = {name: len(values) for name, values in self.worth.items()}
        if found != sizes or set(self.spread) != set(sizes):
            raise BadPriorError(f"this prior values {found!r}, the space has {sizes!r}")

    def to_row(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        worth = {name: list(values) for name, values in self.worth.items()}
        return {"people": self.people, "worth": worth, "spread": dict(self.spread)}


@dataclass(frozen=True, slots=True)
class Prior:
    """Votes for each value of each discrete attribute, summed over `sessions` sessions; it names no voter.

    "paper" starts from these counts; a continuous attribute has no values to count, so there it starts uniform with a
    prior as without. "guided" starts from `taste`; None where too few people voted, or in a text of an older program.
    """

    sessions: int
    tallies: Mapping[str, Mapping[str, Tally]]
    taste: GroupTaste | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "sessions", whole("a prior's sessions", self.sessions, 0, None, BadPriorError))
        frozen = FrozenMapping({name: FrozenMapping(tallies) for name, tallies in self.tallies.items()})
        for tally in (tally for tallies in frozen.values() for tally in tallies.values()):
            for votes in (tally.likes, tally.dislikes, tally.neither):
                whole("a prior's count of votes", votes, 0, None, BadPriorError)
        object.__setattr__(self, "tallies", frozen)

    def check(self, space: Space) -> None:
        """Check that the prior counts exactly the values of this space.

        Raises:
            BadPriorError: it belongs to other attributes.
        """
        choices = [attribute for attribute in space.attributes if not isinstance(attribute, Continuous)]
        expected = {choice.name: set(choice.values) for choice in choices}
        found = {name: set(tallies) for name, tallies in self.tallies.items()}
        if found != expected:
            raise BadPriorError(f"this prior counts {found!r}, the space has {expected!r}")
        if self.taste is not None:
            self.taste.check(space)

    def mean_likes(self, name: str, value: str) -> float:
        """Return how many likes a session gave to this value of the attribute `name`, on average."""
        return self.tallies[name][value].likes / self.sessions if self.sessions else 0.0

    def to_json(self) -> str:
        """Write the prior as one line of JSON."""
        return codec.write("prior", self.to_row())

    @classmethod
    def from_json(cls, text: str) -> Prior:
        """Read what `to_json` wrote.

        Raises:
            UnreadableError: the text is something else, or of a later version.
        """
        body = codec.read("prior", text)
        with codec.reading("prior"):
            return cls.from_row(body)

    def to_row(self) -> dict[str, Any]:
        """Return the prior as plain JSON values."""
        counts = {
            name: {value: [tally.likes, tally.dislikes, tally.neither] for value, tally in tallies.items()}
            for name, tallies in self.tallies.items()
        }
        taste = None if self.taste is None else self.taste.to_row()
        return {"sessions": self.sessions, "counts": counts, "taste": taste}

    @classmethod
    def from_row(cls, row: Any) -> Prior:
        """Read what `to_row` returned.

        Raises:
            BadPriorError, KeyError, TypeError, AttributeError: it is something else.
        """
        tallies = {
            name: {value: Tally(*counts) for value, counts in values.items()} for name, values in row["counts"].items()
        }
        taste = row.get("taste")
        return cls(row["sessions"], tallies, None if taste is None else GroupTaste(**taste))


def _number(value: Any) -> float:
    return real("a prior's worth", value, -_MOST, _MOST, BadPriorError)
