"""A painter, its model and a pack, to paint for measuring: from requests to recipes to arrays of pixels.

Everything goes the way that the bot goes: recipes to the painter, PNGs back. Knows nothing of what is measured.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evolution import Chromosome, Continuous, Gene, Multiple, Single
from style.decode import ModelInfo, decode
from style.engine.client import LocalPainter
from style.pack import Pack
from style.painter import Painter
from style.places import BUNDLED
from style.recipe import Recipe

Pictures = NDArray[np.uint8]
OnPainted = Callable[[int], None]
AT_ONCE = 20  # recipes of one request


@dataclass(frozen=True, slots=True)
class Studio:
    """What all measurements of one style share."""

    painter: Painter
    model: ModelInfo
    pack: Pack
    on_painted: OnPainted | None = None

    def request(self, rng: np.random.Generator) -> dict[str, Gene]:
        """Draw a value for each attribute of the style's space; sliders are at the value nearest 0."""
        values: dict[str, Gene] = {}
        for attribute in self.pack.space.attributes:
            if isinstance(attribute, Single):
                values[attribute.name] = str(rng.choice(attribute.values))
            elif isinstance(attribute, Multiple):
                chosen = rng.choice(len(attribute.values), attribute.count, replace=False)
                values[attribute.name] = tuple(attribute.values[k] for k in sorted(chosen.tolist()))
            else:
                values[attribute.name] = min(max(0.0, attribute.low), attribute.high)
        return values

    def sliders(self) -> tuple[Continuous, ...]:
        """Give the continuous attributes that drive an adapter."""
        driven = {slider.attribute for slider in self.pack.sliders}
        found = (a for a in self.pack.space.attributes if isinstance(a, Continuous))
        return tuple(attribute for attribute in found if attribute.name in driven)

    def words(self) -> tuple[tuple[str, str], ...]:
        """Give all words that can be asked for, as (attribute, word)."""
        spoken = (a for a in self.pack.space.attributes if not isinstance(a, Continuous))
        return tuple((attribute.name, word) for attribute in spoken for word in attribute.values)

    def recipe(self, values: Mapping[str, Gene], seed: int, *, styled: bool = True) -> Recipe:
        """Write the recipe of a request, or without any adapter: the base model alone."""
        recipe = decode(self.pack, Chromosome(values, seed), self.model)
        return recipe if styled else replace(recipe, adapters=())

    def recipe_of_word(self, attribute: str, word: str, values: Mapping[str, Gene], seed: int) -> Recipe:
        """Write the recipe of a request in which one word stands alone for its attribute, though more are usual."""
        spoken = {name: value for name, value in values.items() if not isinstance(value, float)}
        words = {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in spoken.items()}
        prompt = self.pack.template.format(trigger=self.pack.trigger, **{**words, attribute: word})
        return replace(self.recipe(values, seed), prompt=prompt)

    def recipe_of_tags(
        self, tags: Sequence[str], values: Mapping[str, Gene], seed: int, *, styled: bool = True
    ) -> Recipe:
        """Write the recipe of a painting's tags after the trigger, in place of the pack's template."""
        spoken = (tag for tag in tags if tag != self.pack.trigger)
        return replace(self.recipe(values, seed, styled=styled), prompt=", ".join((self.pack.trigger, *spoken)))

    async def paint(self, recipes: Sequence[Recipe]) -> Pictures:
        """Paint recipes: (n, h, w, 3) uint8.

        Raises:
            PainterError: what the painter raises.
        """
        pngs: list[bytes] = []
        for k in range(0, len(recipes), AT_ONCE):
            pngs += [picture.png for picture in await self.painter.paint(recipes[k : k + AT_ONCE])]
            if self.on_painted is not None:
                self.on_painted(len(recipes[k : k + AT_ONCE]))
        return np.stack([np.asarray(Image.open(io.BytesIO(png)).convert("RGB")) for png in pngs])


@asynccontextmanager
async def open_studios(packs: Sequence[Pack], threads: int | None = None) -> AsyncIterator[tuple[Studio, ...]]:
    """Start an engine on the bundled model, give a studio for each of the packs, and close the engine at the end.

    Raises:
        PainterError: the engine does not start.
    """
    painter = LocalPainter(model=BUNDLED, device="auto", packs=packs, threads=threads)
    model = await painter.start()
    try:
        yield tuple(Studio(painter, model, pack) for pack in packs)
    finally:
        await painter.close()
