"""Decode: from a chromosome to the recipe that paints it.

Pure, and importable without torch. Knows what genes mean; knows neither how they were bred nor how recipes are painted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from evolution import Chromosome, Gene
from evolution.errors import BadChromosomeError
from style.errors import BadRecipeError
from style.pack import Pack, Slider
from style.recipe import AdapterUse, Recipe


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The loaded base model: its id, the digest of its files, its native size in pixels, its sampling defaults.

    `scheduler` is the class that samples, as diffusers names it; empty where it is not known.
    """

    id: str
    digest: str
    width: int
    height: int
    steps: int
    guidance: float
    scheduler: str = ""


def decode(pack: Pack, chromosome: Chromosome, model: ModelInfo) -> Recipe:
    """Write the recipe of a chromosome: prompt from its words, adapter weights from its numbers.

    Adapters of weight zero are left out: a recipe names only what changes the picture.

    Raises:
        BadRecipeError: the chromosome is not one of the pack's space.
    """
    try:
        pack.space.check(chromosome)
    except BadChromosomeError as error:
        raise BadRecipeError(f"not a chromosome of style {pack.name}: {error}") from error
    sampling = pack.sampling
    return Recipe(
        style=pack.name,
        prompt=_prompt(pack, chromosome.values),
        seed=chromosome.seed,
        width=sampling.width or model.width,
        height=sampling.height or model.height,
        steps=sampling.steps or model.steps,
        guidance=model.guidance if sampling.guidance is None else sampling.guidance,
        adapters=_adapters(pack, chromosome.values),
        model=model.id,
        model_digest=model.digest,
    )


def _prompt(pack: Pack, values: Mapping[str, Gene]) -> str:
    words = {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return pack.template.format(trigger=pack.trigger, **words)


def _adapters(pack: Pack, values: Mapping[str, Gene]) -> tuple[AdapterUse, ...]:
    weights = {adapter.name: adapter.weight if adapter.kind == "style" else 0.0 for adapter in pack.adapters}
    for slider in pack.sliders:
        # The space has checked that a continuous attribute's gene is a number.
        weights[slider.adapter] += _weight(slider, cast(float, values[slider.attribute]))
    return tuple(
        AdapterUse(name=adapter.name, digest=adapter.digest, weight=weights[adapter.name])
        for adapter in pack.adapters
        if weights[adapter.name] != 0.0
    )


def _weight(slider: Slider, value: float) -> float:
    if slider.side == "positive":
        value = max(value, 0.0)
    elif slider.side == "negative":
        # Below zero, the adapter is on by how far the value is below it.
        value = max(-value, 0.0)
    return slider.scale * value
