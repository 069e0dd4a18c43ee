"""What an homage is: a movement's attributes, the words said of them, and the function that paints in its manner.

Knows nothing of any one movement, of folders or of packs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution import Attribute, Chromosome, Continuous, Gene, Multiple, Single, Space

NAMED_FROM = 0.6  # a continuous attribute is named only beyond this absolute value
DROP = 0.15
LEAST_PX, MOST_PX, MOST_SCALE = 32, 2048, 8

Paint = Callable[[Chromosome, int, int], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Homage:
    """A style drawn from the principles of a movement, not from anybody's works.

    `extremes` gives the words of a continuous attribute's low and high end. `paint` takes checked values with their
    seed, the size in pixels and the supersampling.
    """

    name: str
    title: str
    trigger: str
    attributes: tuple[Attribute, ...]
    extremes: Mapping[str, tuple[str, str]]
    paint: Paint

    def draw(self, values: Mapping[str, Gene], seed: int, size_px: int, scale: int = 3) -> NDArray[np.uint8]:
        """Draw a picture: (size_px, size_px, 3) uint8 sRGB, antialiased by `scale`-fold supersampling.

        Deterministic in `values` and `seed`. The same seed with another continuous value keeps all elements and changes
        that attribute alone, which makes pairs for sliders.

        Raises:
            BadChromosomeError: an attribute is missing, unknown or has a value that it does not allow.
            BadSeedError: the seed is not in 0 … 2147483647.
            ValueError: the size or the scale is out of its range.
        """
        if not LEAST_PX <= size_px <= MOST_PX:
            raise ValueError(f"size_px is {size_px}; expected {LEAST_PX} to {MOST_PX}")
        if not 1 <= scale <= MOST_SCALE:
            raise ValueError(f"scale is {scale}; expected 1 to {MOST_SCALE}")
        return self.paint(self._checked(values, seed), size_px, scale)

    def phrases(self, values: Mapping[str, Gene]) -> tuple[str, ...]:
        """Name all that a caption may say of `values`: the words, and the ends of the continuous attributes.

        Raises:
            BadChromosomeError: the values are not this style's.
        """
        checked = self._checked(values, 0)
        found: list[str] = []
        for attribute in self.attributes:
            if not isinstance(attribute, Continuous):
                found.extend(checked.words(attribute.name))
            elif abs(number := checked.number(attribute.name)) >= NAMED_FROM:
                found.append(self.extremes[attribute.name][number > 0])
        return tuple(found)

    def caption(self, values: Mapping[str, Gene], seed: int, drop: float = DROP) -> str:
        """Write a caption: the trigger, then the phrases in random order, each left out with probability `drop`.

        Different seeds give different captions of the same picture.

        Raises:
            BadChromosomeError: the values are not this style's.
        """
        rng = np.random.default_rng((seed, 2))
        kept = [phrase for phrase in self.phrases(values) if rng.random() >= drop]
        rng.shuffle(kept)
        return ", ".join([self.trigger, *kept])

    def random_values(self, seed: int) -> dict[str, Gene]:
        """Draw a value for each attribute, all equally likely; the same seed gives the same ones."""
        rng = np.random.default_rng((seed, 1))
        return {attribute.name: _random_gene(attribute, rng) for attribute in self.attributes}

    def _checked(self, values: Mapping[str, Gene], seed: int) -> Chromosome:
        chromosome = Chromosome(values=values, seed=seed)
        Space(self.attributes).check(chromosome)
        ordered = {
            attribute.name: tuple(word for word in attribute.values if word in chromosome.words(attribute.name))
            for attribute in self.attributes
            if isinstance(attribute, Multiple)
        }
        return Chromosome(values={**chromosome.values, **ordered}, seed=seed)


def _random_gene(attribute: Attribute, rng: np.random.Generator) -> Gene:
    if isinstance(attribute, Continuous):
        return float(rng.uniform(attribute.low, attribute.high))
    if isinstance(attribute, Single):
        return attribute.values[int(rng.integers(len(attribute.values)))]
    chosen = sorted(rng.choice(len(attribute.values), size=attribute.count, replace=False).tolist())
    return tuple(attribute.values[k] for k in chosen)
