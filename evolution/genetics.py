"""The paper's operators: fresh draw, crossover, mutation. Each gets its generator and changes nothing it is given.

Three weak points of the released code are repaired, and nothing else: a multiple attribute keeps its count, the
weights stand beside the values that they belong to, and crossover always draws from both parents' values.

Source: Zhou, Wang, Wu, Zhang, arXiv 2402.06389, and the released code.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from evolution.chromosome import Chromosome, Gene
from evolution.learning import Belief
from evolution.randomness import picture_seed
from evolution.space import Attribute, Continuous, Multiple, Single, Space

# The released code draws thrice for each discrete gene: once after each of the two individuals that it merges, and
# once for the choice between them. At a rate of 0.05 this replaces such a gene with probability 1 - 0.95³ = 0.143.
_DRAWS_A_DISCRETE_GENE = 3


def fresh(space: Space, belief: Belief, rng: np.random.Generator) -> Chromosome:
    """Draw an individual without parents.

    Discrete genes go by weight, a multiple one without replacement; a slider is uniform as long as nothing is liked,
    then normal with the mean and standard deviation of what was liked, clipped to its range.
    """
    genes = {attribute.name: _fresh_gene(attribute, belief, rng) for attribute in space.attributes}
    return Chromosome(genes, picture_seed(rng))


def cross(space: Space, belief: Belief, mother: Chromosome, father: Chromosome, rng: np.random.Generator) -> Chromosome:
    """Make a child of two parents.

    Single: a coin flip. Multiple: drawn by weight, without replacement, from the values of both. Continuous: their
    mean. Seed: a coin flip.
    """
    genes: dict[str, Gene] = {}
    for attribute in space.attributes:
        name = attribute.name
        if isinstance(attribute, Multiple):
            both = {*mother.words(name), *father.words(name)}
            genes[name] = _draw(attribute, belief, attribute.count, rng, both)
        elif isinstance(attribute, Continuous):
            genes[name] = (mother.number(name) + father.number(name)) / 2
        else:
            genes[name] = (mother if rng.random() < 0.5 else father).values[name]
    return Chromosome(genes, mother.seed if rng.random() < 0.5 else father.seed)


def mutate(space: Space, child: Chromosome, stranger: Chromosome, rate: float, rng: np.random.Generator) -> Chromosome:
    """Replace genes of `child` by those of `stranger`, a fresh draw.

    `rate` is the probability of one draw: each discrete gene has three, so it is replaced with probability
    1 - (1 - rate)³; all sliders have one together; the seed has one.
    """
    sliders_change = rng.random() < rate
    genes: dict[str, Gene] = {}
    for attribute in space.attributes:
        if isinstance(attribute, Continuous):
            is_replaced = sliders_change
        else:
            is_replaced = bool((rng.random(_DRAWS_A_DISCRETE_GENE) < rate).any())
        genes[attribute.name] = (stranger if is_replaced else child).values[attribute.name]
    return Chromosome(genes, stranger.seed if rng.random() < rate else child.seed)


def _fresh_gene(attribute: Attribute, belief: Belief, rng: np.random.Generator) -> Gene:
    if isinstance(attribute, Single):
        return _draw(attribute, belief, 1, rng, attribute.values)[0]
    if isinstance(attribute, Multiple):
        return _draw(attribute, belief, attribute.count, rng, attribute.values)
    moments = belief.moments.get(attribute.name)
    number = rng.normal(moments.mean, moments.std) if moments else rng.uniform(attribute.low, attribute.high)
    return float(min(max(number, attribute.low), attribute.high))


def _draw(
    attribute: Single | Multiple, belief: Belief, count: int, rng: np.random.Generator, allowed: Collection[str]
) -> tuple[str, ...]:
    """Draw `count` of the allowed values by weight, without replacement; the answer is in table order."""
    places = [place for place, value in enumerate(attribute.values) if value in allowed]
    weights = np.array([belief.weights[attribute.name][place] for place in places])
    drawn = rng.choice(places, size=count, replace=False, p=weights / weights.sum())
    return tuple(attribute.values[place] for place in sorted(drawn))
