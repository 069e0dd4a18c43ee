"""The two search spaces, and pictures as rows of numbers, so that whole albums are judged in one matrix product.

Knows nothing of tastes and votes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import comb

import numpy as np
import numpy.typing as npt

from evolution import Chromosome, Continuous, Gene, Multiple, Single, Space

Array = npt.NDArray[np.float64]
Seeds = npt.NDArray[np.int64]

# Seeds of chromosomes are below this.
SEED_END = 2**31

# What tastes are standardised on, and what percentiles are counted in.
REFERENCE_ROWS = 20_000
_REFERENCE_SEED = 977

PAPER = Space(
    (
        Single("line", ("curve line", "angular line", "straight line")),
        Multiple("hue", ("white", "orange", "yellow", "grey", "red", "green", "black", "blue", "violet"), 3),
        Multiple("plane", ("point", "triangle", "square", "circle"), 2),
        Continuous("brightness", -1.0, 1.0),
        Continuous("parallel", -0.5, 0.5),
        Continuous("structure", -1.0, 1.0),
    )
)


def _numbered(name: str, size: int) -> tuple[str, ...]:
    return tuple(f"{name} {number}" for number in range(1, size + 1))


LARGE = Space(
    (
        *(Single(f"single {number}", _numbered("value", size)) for number, size in enumerate((4, 6, 8, 3, 5, 4), 1)),
        *(
            Multiple(f"{count} of {size}", _numbered("value", size), count)
            for size, count in ((12, 3), (8, 2), (10, 2))
        ),
        *(Continuous(f"slider {number}", -1.0, 1.0) for number in range(1, 6)),
    )
)

SPACES = {"paper": PAPER, "large": LARGE}


@dataclass(frozen=True)
class Block:
    """The columns start … stop - 1 of one attribute, of which `count` are 1; a slider has a single one, in [0, 1]."""

    start: int
    stop: int
    count: int
    is_slider: bool

    @property
    def size(self) -> int:
        """How many values the attribute has; 1 for a slider."""
        return self.stop - self.start

    @property
    def columns(self) -> slice:
        """The attribute's columns."""
        return slice(self.start, self.stop)


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures as rows, (n, d), and their seeds, (n,)."""

    rows: Array
    seeds: Seeds

    def __len__(self) -> int:
        return len(self.seeds)

    def __getitem__(self, places: npt.NDArray[np.intp] | slice | Sequence[int]) -> Pictures:
        return Pictures(self.rows[places], self.seeds[places])


def joined(parts: Iterable[Pictures]) -> Pictures:
    """Lay several lots of pictures end to end."""
    lots = list(parts)
    return Pictures(np.vstack([lot.rows for lot in lots]), np.concatenate([lot.seeds for lot in lots]))


@dataclass(frozen=True, eq=False)
class Layout:
    """How the chromosomes of a space stand in rows of `width` numbers, attribute after attribute."""

    space: Space
    blocks: tuple[Block, ...]

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.blocks[-1].stop

    @property
    def choices(self) -> tuple[Block, ...]:
        """The discrete attributes."""
        return tuple(block for block in self.blocks if not block.is_slider)

    @property
    def sliders(self) -> tuple[Block, ...]:
        """The continuous attributes."""
        return tuple(block for block in self.blocks if block.is_slider)

    def encode(self, chromosomes: Sequence[Chromosome]) -> Pictures:
        """Return chromosomes of the space as rows."""
        rows = np.zeros((len(chromosomes), self.width))
        for attribute, block in zip(self.space.attributes, self.blocks, strict=True):
            if isinstance(attribute, Continuous):
                numbers = np.array([chromosome.number(attribute.name) for chromosome in chromosomes])
                rows[:, block.start] = (numbers - attribute.low) / (attribute.high - attribute.low)
            else:
                place = {value: block.start + i for i, value in enumerate(attribute.values)}
                for row, chromosome in zip(rows, chromosomes, strict=True):
                    row[[place[word] for word in chromosome.words(attribute.name)]] = 1.0
        return Pictures(rows, np.array([chromosome.seed for chromosome in chromosomes], dtype=np.int64))

    def decode(self, pictures: Pictures) -> tuple[Chromosome, ...]:
        """Return rows as chromosomes of the space."""
        chromosomes = []
        for row, seed in zip(pictures.rows, pictures.seeds, strict=True):
            genes: dict[str, Gene] = {}
            for attribute, block in zip(self.space.attributes, self.blocks, strict=True):
                part = row[block.columns]
                if isinstance(attribute, Continuous):
                    number = attribute.low + float(part[0]) * (attribute.high - attribute.low)
                    genes[attribute.name] = min(max(number, attribute.low), attribute.high)
                else:
                    words = tuple(attribute.values[place] for place in np.flatnonzero(part))
                    genes[attribute.name] = words[0] if isinstance(attribute, Single) else words
            chromosomes.append(Chromosome(genes, int(seed)))
        return tuple(chromosomes)

    def random(self, n: int, rng: np.random.Generator) -> Pictures:
        """Draw n pictures uniformly."""
        rows = np.zeros((n, self.width))
        for block in self.blocks:
            if block.is_slider:
                rows[:, block.start] = rng.random(n)
            else:
                places = np.argsort(rng.random((n, block.size)), axis=1)[:, : block.count]
                np.put_along_axis(rows[:, block.columns], places, 1.0, axis=1)
        return Pictures(rows, rng.integers(SEED_END, size=n))

    def size(self) -> int:
        """Count the combinations of discrete values."""
        return int(np.prod([comb(block.size, block.count) for block in self.choices], dtype=object))

    def diversity(self, rows: Array) -> float:
        """Return the mean distance of two of the rows, averaged over attributes; 1 for random pictures.

        The distance is in a single attribute whether it differs, in a multiple one the share of other values, in a
        slider the difference; each divided by what two random pictures have. Seeds do not count.
        """
        n = len(rows)
        total = 0.0
        for block in self.blocks:
            part = rows[:, block.columns]
            if block.is_slider:
                total += float(np.abs(part - part.T).sum()) * 3.0
            else:
                differs = n * n - float((part @ part.T).sum()) / block.count
                total += differs / (1.0 - block.count / block.size)
        return total / len(self.blocks) / (n * (n - 1))


@cache
def layout_of(space: Space) -> Layout:
    """Return the layout of a space."""
    blocks, start = [], 0
    for attribute in space.attributes:
        size = 1 if isinstance(attribute, Continuous) else len(attribute.values)
        count = attribute.count if isinstance(attribute, Multiple) else 1
        blocks.append(Block(start, start + size, count, isinstance(attribute, Continuous)))
        start += size
    return Layout(space, tuple(blocks))


@cache
def reference_rows(layout: Layout) -> Array:
    """Return the random rows that all tastes of a space are standardised on."""
    return layout.random(REFERENCE_ROWS, np.random.default_rng(_REFERENCE_SEED)).rows
