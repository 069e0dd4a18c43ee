"""Chromosomes as numbers: rows of genes, and centred features whose products are similarities.

A row holds for each discrete attribute a 0 or 1 a value, and for each slider its place in [-1, 1]. Features are scaled
so that over random chromosomes each attribute's similarity of a picture to itself is 1 on average, and to another 0.
Knows nothing of votes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from evolution.chromosome import Chromosome, Gene
from evolution.space import Attribute, Continuous, Single, Space

Array = NDArray[np.float64]

# How much of a slider's similarity is straight and how much is bent: a favourite place in its range is a parabola.
STRAIGHT = 0.8
# Beyond this many subsets of a multiple attribute they are drawn value by value instead of being listed.
_MOST_SUBSETS = 600
_GRID_STEPS = 21


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One attribute's columns: of rows [start, stop), of features [first, last); `count` values are on at a time.

    `choices` (c, stop - start) lists the genes that proposals choose from, None where there are too many.
    """

    attribute: Attribute
    start: int
    stop: int
    first: int
    last: int
    count: int
    choices: Array | None

    @property
    def is_slider(self) -> bool:
        """Whether it is a continuous attribute."""
        return isinstance(self.attribute, Continuous)

    @property
    def is_fixed(self) -> bool:
        """Whether it allows only one gene, so that there is nothing to choose."""
        return not self.is_slider and self.stop - self.start == self.count


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A space laid out in columns: `width` of a row, `depth` of features."""

    space: Space
    blocks: tuple[Block, ...]
    width: int
    depth: int

    @property
    def owners(self) -> NDArray[np.intp]:
        """The number of the attribute that each feature belongs to, (depth,)."""
        return np.repeat(np.arange(len(self.blocks)), [block.last - block.first for block in self.blocks])


@lru_cache(maxsize=16)
def layout(space: Space) -> Layout:
    """Lay out a space."""
    blocks: list[Block] = []
    start = first = 0
    for attribute in space.attributes:
        if isinstance(attribute, Continuous):
            grid = np.linspace(-1.0, 1.0, _GRID_STEPS)[:, None]
            blocks.append(Block(attribute, start, start + 1, first, first + 2, 1, grid))
            start, first = start + 1, first + 2
            continue
        size = len(attribute.values)
        count = 1 if isinstance(attribute, Single) else attribute.count
        blocks.append(Block(attribute, start, start + size, first, first + size, count, _subsets(size, count)))
        start, first = start + size, first + size
    return Layout(space, tuple(blocks), start, first)


def rows(plan: Layout, chromosomes: Sequence[Chromosome]) -> Array:
    """Return the rows (n, width) of chromosomes of the space."""
    found = np.zeros((len(chromosomes), plan.width))
    for block in plan.blocks:
        attribute = block.attribute
        if isinstance(attribute, Continuous):
            numbers = np.array([chromosome.number(attribute.name) for chromosome in chromosomes])
            found[:, block.start] = 2 * (numbers - attribute.low) / (attribute.high - attribute.low) - 1
            continue
        place = {value: block.start + index for index, value in enumerate(attribute.values)}
        for number, chromosome in enumerate(chromosomes):
            found[number, [place[value] for value in chromosome.words(attribute.name)]] = 1.0
    return found


def chromosome(plan: Layout, row: Array, seed: int) -> Chromosome:
    """Return the chromosome of one row (width,)."""
    genes: dict[str, Gene] = {}
    for block in plan.blocks:
        attribute = block.attribute
        if isinstance(attribute, Continuous):
            share = (float(row[block.start]) + 1) / 2
            number = attribute.low + share * (attribute.high - attribute.low)
            genes[attribute.name] = min(max(number, attribute.low), attribute.high)
            continue
        places = np.flatnonzero(row[block.start : block.stop] > 0.5)
        words = tuple(attribute.values[place] for place in places)
        genes[attribute.name] = words[0] if isinstance(attribute, Single) else words
    return Chromosome(genes, seed)


def features(plan: Layout, table: Array) -> Array:
    """Return the features (n, depth) of rows (n, width)."""
    return np.concatenate([block_features(block, table[:, block.start : block.stop]) for block in plan.blocks], axis=1)


def block_features(block: Block, genes: Array) -> Array:
    """Return one attribute's features (n, last - first) of its columns (n, stop - start)."""
    if block.is_slider:
        straight = np.sqrt(3 * STRAIGHT) * genes
        bent = np.sqrt(5 * (1 - STRAIGHT)) * (1.5 * genes**2 - 0.5)
        return np.concatenate([straight, bent], axis=1)
    if block.is_fixed:
        return np.zeros_like(genes)
    share = block.count / (block.stop - block.start)
    return np.asarray((genes - share) / np.sqrt(block.count * (1 - share)))


def random_rows(plan: Layout, n: int, rng: np.random.Generator) -> Array:
    """Draw n rows uniformly from the space."""
    found = np.zeros((n, plan.width))
    for block in plan.blocks:
        found[:, block.start : block.stop] = random_genes(block, n, rng)
    return found


def random_genes(block: Block, n: int, rng: np.random.Generator) -> Array:
    """Draw one attribute's columns (n, stop - start) uniformly."""
    if block.is_slider:
        return rng.uniform(-1.0, 1.0, (n, 1))
    return top(rng.random((n, block.stop - block.start)), block.count)


def top(scores: Array, count: int) -> Array:
    """Return 0 or 1 for each score (n, m): 1 for the `count` highest of its row."""
    chosen = np.zeros_like(scores)
    np.put_along_axis(chosen, np.argsort(-scores, axis=1, kind="stable")[:, :count], 1.0, axis=1)
    return chosen


def distances(plan: Layout, some: Array, others: Array) -> Array:
    """Return how far apart rows are (n, m): the mean over attributes of the share of values that differ.

    For a slider it is the share of its range that lies between. Each is divided by what two random pictures have on
    average, so that these are 1 apart.
    """
    total = np.zeros((len(some), len(others)))
    for block, unit in zip(plan.blocks, units(plan), strict=True):
        mine, theirs = some[:, block.start : block.stop], others[:, block.start : block.stop]
        total += unit * (np.abs(mine - theirs.T) / 2 if block.is_slider else 1 - mine @ theirs.T / block.count)
    return total


def units(plan: Layout) -> Array:
    """Return what a difference in each attribute adds to a distance, (attributes,); 0 where there is no choice."""
    shares = [1 / 3 if block.is_slider else 1 - block.count / (block.stop - block.start) for block in plan.blocks]
    return np.array(
        [0.0 if block.is_fixed else 1 / share for block, share in zip(plan.blocks, shares, strict=True)]
    ) / len(shares)


def _subsets(size: int, count: int) -> Array | None:
    if comb(size, count) > _MOST_SUBSETS:
        return None
    places = list(combinations(range(size), count))
    listed = np.zeros((len(places), size))
    for number, place in enumerate(places):
        listed[number, list(place)] = 1.0
    return listed
