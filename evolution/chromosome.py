"""The chromosome: a value for each attribute, and a seed.

Knows nothing of the space that allows its genes (`Space.check` does) nor of how it came to be.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from sys import float_info
from typing import Any

from evolution import codec
from evolution.checks import real, whole, word, words
from evolution.errors import BadChromosomeError, BadSeedError
from evolution.frozen import FrozenMapping

Gene = str | tuple[str, ...] | float

MAX_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Chromosome:
    """What one picture is painted from. `values` maps attribute names to genes; `seed` is in 0 … 2147483647.

    This package lists the words of a multiple attribute in the order of its table, so that equal choices are equal
    chromosomes and give equal prompts.
    """

    values: Mapping[str, Gene]
    seed: int

    def __post_init__(self) -> None:
        if not isinstance(self.values, Mapping):
            raise BadChromosomeError(f"values must map attribute names to genes, got {self.values!r}")
        genes = {
            word("a gene's name", name, BadChromosomeError): _gene(name, gene) for name, gene in self.values.items()
        }
        object.__setattr__(self, "values", FrozenMapping(genes))
        object.__setattr__(self, "seed", whole("a chromosome's seed", self.seed, 0, MAX_SEED, BadSeedError))

    def words(self, name: str) -> tuple[str, ...]:
        """Return the words of a single or multiple gene.

        Raises:
            BadChromosomeError: there is no such gene, or it is a number.
        """
        gene = self.values.get(name)
        if isinstance(gene, str):
            return (gene,)
        if isinstance(gene, tuple):
            return gene
        raise BadChromosomeError(f"expected words in the gene {name!r}, got {gene!r}")

    def number(self, name: str) -> float:
        """Return the number of a continuous gene.

        Raises:
            BadChromosomeError: there is no such gene, or it is made of words.
        """
        gene = self.values.get(name)
        if isinstance(gene, float):
            return gene
        raise BadChromosomeError(f"expected a number in the gene {name!r}, got {gene!r}")

    def to_json(self) -> str:
        """Write one line of JSON with sorted keys, `{"seed": 7, "values": {"line": "curve line"}}`."""
        return codec.dump({"seed": self.seed, "values": dict(self.values)})

    @classmethod
    def from_json(cls, text: str) -> Chromosome:
        """Read what `to_json` wrote.

        Raises:
            UnreadableError: the text is something else.
        """
        with codec.reading("chromosome"):
            body = json.loads(text)
            return cls(values=body["values"], seed=body["seed"])


def _gene(name: str, gene: Any) -> Gene:
    if isinstance(gene, str):
        return word(f"the gene {name!r}", gene, BadChromosomeError)
    if isinstance(gene, list | tuple):
        return words(f"the gene {name!r}", gene, BadChromosomeError)
    return real(f"the gene {name!r}", gene, -float_info.max, float_info.max, BadChromosomeError)
