"""Hidden tastes: utilities of pictures, scaled so that random pictures have mean 0 and standard deviation 1.

Three kinds. `additive`: each value and each slider counts on its own, sliders by their distance from a favourite
place. `interacting`: 60 % of the variance like that, 40 % in pairs of discrete values. `peaked`: one favourite picture,
and a utility that falls off steeply around it. Tastes of one population share a part of all this. What a seed adds to
a picture is common to everybody and no part of a taste.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import ndtr, ndtri

from benchmarks.taste.spaces import Array, Layout, Seeds, reference_rows

KINDS = ("additive", "interacting", "peaked")

SEED_EFFECT = 0.5
IMPORTANCE_SPREAD = 0.8
SLIDER_CURVATURE = 4.0
SHARE_OF_PAIRS = 0.4
DENSITY_OF_PAIRS = 0.35
STEEPNESS = 4.0
SLIDER_DISTANCE = 6.0


@dataclass(frozen=True, eq=False)
class Taste:
    """What a person likes. The parts of it are standard normal draws, so that those of related people can be mixed.

    `importance` (attributes,) is in logarithms over IMPORTANCE_SPREAD; `worth` (d,) has the values' worth and, in a
    slider's column, its favourite place; `pairs` (d, d) the worth of two values together; `favourite` the peaked
    taste's picture, as one row.
    """

    layout: Layout
    kind: str
    importance: Array
    worth: Array
    pairs: Array
    favourite: Array

    def utility(self, rows: Array) -> Array:
        """Return the utilities of rows (n, d)."""
        mean, std = self._scale
        return (self._raw(rows) - mean) / std

    def percentile(self, utilities: Array) -> Array:
        """Return the share of random pictures that are worse, in percent."""
        return 100.0 * np.searchsorted(self._reference, utilities) / len(self._reference)

    @cached_property
    def attribute_weight(self) -> Array:
        """The positive weight of each attribute, (attributes,)."""
        weights: Array = np.exp(IMPORTANCE_SPREAD * self.importance)
        return weights

    @cached_property
    def _linear(self) -> tuple[Array, Array, Array]:
        """The worth of each column, and each slider's favourite place and curvature; (d,) all three."""
        linear, place, curvature = (np.zeros(self.layout.width) for _ in range(3))
        for block, weight in zip(self.layout.blocks, self.attribute_weight, strict=True):
            if block.is_slider:
                place[block.start] = ndtr(self.worth[block.start])
                curvature[block.start] = weight * SLIDER_CURVATURE
            else:
                linear[block.columns] = weight * self.worth[block.columns] / np.sqrt(block.count)
        return linear, place, curvature

    @cached_property
    def _moments(self) -> tuple[float, float, float, float]:
        """Mean and standard deviation of the parts that count alone and in pairs."""
        rows = reference_rows(self.layout)
        alone, together = self._alone(rows), self._together(rows)
        return float(alone.mean()), float(alone.std()), float(together.mean()), float(together.std())

    @cached_property
    def _sorted_raw(self) -> Array:
        return np.sort(self._raw(reference_rows(self.layout)))

    @cached_property
    def _scale(self) -> tuple[float, float]:
        return float(self._sorted_raw.mean()), float(self._sorted_raw.std())

    @cached_property
    def _reference(self) -> Array:
        mean, std = self._scale
        return (self._sorted_raw - mean) / std

    def _alone(self, rows: Array) -> Array:
        linear, place, curvature = self._linear
        alone: Array = rows @ linear - ((rows - place) ** 2) @ curvature
        return alone

    def _together(self, rows: Array) -> Array:
        together: Array = ((rows @ self.pairs) * rows).sum(axis=1)
        return together

    def _raw(self, rows: Array) -> Array:
        if self.kind == "peaked":
            return self._nearness(rows)
        if self.kind == "additive":
            return self._alone(rows)
        mean, std, pair_mean, pair_std = self._moments
        alone = (self._alone(rows) - mean) / std
        together = (self._together(rows) - pair_mean) / pair_std
        mixed: Array = np.sqrt(1 - SHARE_OF_PAIRS) * alone + np.sqrt(SHARE_OF_PAIRS) * together
        return mixed

    def _nearness(self, rows: Array) -> Array:
        distance = np.zeros(len(rows))
        for block, weight in zip(self.layout.blocks, self.attribute_weight, strict=True):
            part, wanted = rows[:, block.columns], self.favourite[block.columns]
            if block.is_slider:
                distance += weight * SLIDER_DISTANCE * (part[:, 0] - wanted[0]) ** 2
            else:
                distance += weight * (1.0 - part @ wanted / block.count)
        nearness: Array = np.exp(-STEEPNESS * distance / self.attribute_weight.sum())
        return nearness


def seed_effect(seeds: Seeds) -> Array:
    """Return what each seed adds to its picture: N(0, SEED_EFFECT²), the same for everybody, always.

    Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (its finaliser).
    """
    bits = seeds.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        bits = (bits ^ (bits >> np.uint64(shift))) * np.uint64(factor)
    bits ^= bits >> np.uint64(31)
    effects: Array = SEED_EFFECT * ndtri(((bits >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53)
    return effects


def draw_taste(layout: Layout, kind: str, rng: np.random.Generator) -> Taste:
    """Draw somebody's taste.

    Raises:
        ValueError: there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"there is no kind of taste {kind!r}; available: {', '.join(KINDS)}")
    attribute_of = np.repeat(np.arange(len(layout.blocks)), [block.size for block in layout.blocks])
    is_choice = np.repeat([not block.is_slider for block in layout.blocks], [block.size for block in layout.blocks])
    is_pair = (attribute_of[:, None] < attribute_of) & is_choice[:, None] & is_choice
    is_pair &= rng.random(is_pair.shape) < DENSITY_OF_PAIRS
    return Taste(
        layout,
        kind,
        importance=rng.normal(size=len(layout.blocks)),
        worth=rng.normal(size=layout.width),
        pairs=is_pair * rng.normal(size=is_pair.shape),
        favourite=layout.random(1, rng).rows[0],
    )


def draw_related(taste: Taste, correlation: float, rng: np.random.Generator) -> Taste:
    """Draw somebody of the population that `taste` is the mean of; two of its people correlate by `correlation`.

    What matters to them (importance, which pairs) they have in common; each worth is a mixture; each gene of the
    favourite is the population's with probability √correlation, a slider's place mixed like a worth.
    """
    own = draw_taste(taste.layout, taste.kind, rng)
    shared, rest = np.sqrt(correlation), np.sqrt(1.0 - correlation)
    favourite = taste.favourite.copy()
    for block in taste.layout.blocks:
        columns = block.columns
        if block.is_slider:
            mixed = shared * ndtri(taste.favourite[columns]) + rest * ndtri(own.favourite[columns])
            favourite[columns] = ndtr(mixed)
        elif rng.random() > shared:
            favourite[columns] = own.favourite[columns]
    pairs = shared * taste.pairs + rest * (taste.pairs != 0) * rng.normal(size=taste.pairs.shape)
    worth = shared * taste.worth + rest * own.worth
    return replace(taste, worth=worth, pairs=pairs, favourite=favourite)


def drifted(taste: Taste, amount: float, rng: np.random.Generator) -> Taste:
    """Return the taste some time later.

    Its worths correlate with those before by √(1 - amount²); a favourite's gene changes with probability amount / 4.
    """
    later = draw_related(taste, 1.0 - amount**2, rng)
    favourite = taste.favourite.copy()
    for block in taste.layout.blocks:
        if rng.random() < amount / 4:
            favourite[block.columns] = taste.layout.random(1, rng).rows[0, block.columns]
    return replace(later, favourite=favourite)


def two_camps(taste: Taste, sizes: tuple[int, int], rng: np.random.Generator) -> list[Taste]:
    """Draw people who agree by 0.8, but want opposites of the two weightiest discrete attributes.

    There the first camp has the opinion of `taste`, half as strong again, and the second camp its negative.
    """
    blocks = taste.layout.blocks
    weight = [
        0.0 if block.is_slider else taste.attribute_weight[place] * float(np.std(taste.worth[block.columns]))
        for place, block in enumerate(blocks)
    ]
    weightiest = [blocks[place] for place in np.argsort(weight)[-2:]]
    people = [draw_related(taste, 0.8, rng) for _ in range(sum(sizes))]
    for number, person in enumerate(people):
        worth = person.worth.copy()
        for block in weightiest:
            mean = taste.worth[block.columns].mean()
            opinion = 1.5 * (taste.worth[block.columns] - mean)
            worth[block.columns] = opinion if number < sizes[0] else -opinion
        people[number] = replace(person, worth=worth)
    return people
