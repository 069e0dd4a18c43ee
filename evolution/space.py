"""The search space: which attributes a style has, and which values each may take.

Knows nothing of votes, of chance, or of what a value looks like in a picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evolution import codec
from evolution.checks import real, whole, word, words
from evolution.errors import BadChromosomeError, BadSpaceError, UnreadableError

if TYPE_CHECKING:
    from evolution.chromosome import Chromosome

# Far beyond any slider, and small enough that no sum or mean of them can overflow.
_FARTHEST = 1e9


@dataclass(frozen=True, slots=True)
class Single:
    """An attribute that takes one value of several."""

    name: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        word("an attribute's name", self.name, BadSpaceError)
        object.__setattr__(self, "values", words(f"the values of {self.name!r}", self.values, BadSpaceError))

    def check(self, gene: object) -> None:
        """Raise BadChromosomeError unless `gene` is one of the values."""
        if not isinstance(gene, str) or gene not in self.values:
            raise BadChromosomeError(f"{self.name!r} must be one of {self.values!r}, got {gene!r}")


@dataclass(frozen=True, slots=True)
class Multiple:
    """An attribute that takes exactly `count` different values of several."""

    name: str
    values: tuple[str, ...]
    count: int

    def __post_init__(self) -> None:
        word("an attribute's name", self.name, BadSpaceError)
        object.__setattr__(self, "values", words(f"the values of {self.name!r}", self.values, BadSpaceError))
        count = whole(f"the count of {self.name!r}", self.count, 1, len(self.values), BadSpaceError)
        object.__setattr__(self, "count", count)

    def check(self, gene: object) -> None:
        """Raise BadChromosomeError unless `gene` is a tuple of `count` different values; any order will do."""
        if not isinstance(gene, tuple) or len(gene) != self.count or len(set(gene)) != self.count:
            raise BadChromosomeError(f"{self.name!r} must be {self.count} different values, got {gene!r}")
        if not set(gene) <= set(self.values):
            raise BadChromosomeError(f"{self.name!r} must be {self.count} of {self.values!r}, got {gene!r}")


@dataclass(frozen=True, slots=True)
class Continuous:
    """An attribute that takes any number in [low, high]; higher means more of its name."""

    name: str
    low: float
    high: float

    def __post_init__(self) -> None:
        word("an attribute's name", self.name, BadSpaceError)
        for bound in ("low", "high"):
            number = real(f"{bound} of {self.name!r}", getattr(self, bound), -_FARTHEST, _FARTHEST, BadSpaceError)
            object.__setattr__(self, bound, number)
        if self.low >= self.high:
            raise BadSpaceError(f"low of {self.name!r} must be below high, got {self.low!r} and {self.high!r}")

    def check(self, gene: object) -> None:
        """Raise BadChromosomeError unless `gene` is a number in the range."""
        if not isinstance(gene, float) or not self.low <= gene <= self.high:
            raise BadChromosomeError(f"{self.name!r} must be a float in {self.low} … {self.high}, got {gene!r}")


Attribute = Single | Multiple | Continuous
_KINDS = {"single": Single, "multiple": Multiple, "continuous": Continuous}


@dataclass(frozen=True, slots=True)
class Space:
    """All attributes of a style, in the order of its pack."""

    attributes: tuple[Attribute, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.attributes, Iterable):
            raise BadSpaceError(f"a space must hold attributes, got {self.attributes!r}")
        attributes = tuple(self.attributes)
        for attribute in attributes:
            if not isinstance(attribute, Single | Multiple | Continuous):
                raise BadSpaceError(f"an attribute must be Single, Multiple or Continuous, got {attribute!r}")
        words("the names of attributes", [attribute.name for attribute in attributes], BadSpaceError)
        object.__setattr__(self, "attributes", attributes)

    def check(self, chromosome: Chromosome) -> None:
        """Check that the chromosome has an allowed gene for every attribute, and no other gene.

        Raises:
            BadChromosomeError: it has not; the message names the attribute.
        """
        expected = {attribute.name for attribute in self.attributes}
        if set(chromosome.values) != expected:
            raise BadChromosomeError(f"expected genes for {sorted(expected)}, got {sorted(chromosome.values)}")
        for attribute in self.attributes:
            attribute.check(chromosome.values[attribute.name])

    def to_json(self) -> str:
        """Write the space as one line of JSON."""
        return codec.write("space", {"attributes": self.to_rows()})

    @classmethod
    def from_json(cls, text: str) -> Space:
        """Read what `to_json` wrote.

        Raises:
            UnreadableError: the text is something else, or of a later version.
        """
        body = codec.read("space", text)
        with codec.reading("space"):
            return cls.from_rows(body["attributes"])

    def to_rows(self) -> list[dict[str, Any]]:
        """Return the attributes as plain JSON values: one object each, in order."""
        return [_to_row(attribute) for attribute in self.attributes]

    @classmethod
    def from_rows(cls, rows: Any) -> Space:
        """Read what `to_rows` returned.

        Raises:
            BadSpaceError, UnreadableError, KeyError, TypeError: it is something else.
        """
        if not isinstance(rows, list):
            raise UnreadableError(f"attributes must be a list, got {rows!r}")
        return cls(tuple(_KINDS[row["kind"]](**{key: row[key] for key in row if key != "kind"}) for row in rows))


def _to_row(attribute: Attribute) -> dict[str, Any]:
    if isinstance(attribute, Continuous):
        return {"kind": "continuous", "name": attribute.name, "low": attribute.low, "high": attribute.high}
    row: dict[str, Any] = {"kind": "single", "name": attribute.name, "values": list(attribute.values)}
    return row if isinstance(attribute, Single) else {**row, "kind": "multiple", "count": attribute.count}
