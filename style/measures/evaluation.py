"""One evaluation of an artist model: words, sliders, pairs of sliders, style and diversity, as one frozen result.

Paints through any `Painter`; imports no torch. Knows neither the command line nor where packs lie.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution import Continuous, Gene
from style.decode import ModelInfo
from style.measures.adherence import Asked, WordAdherence, adherence, ceiling_of, judged, unjudged
from style.measures.distance import Progress, apart, interval, overall, progress, scaled, unit_of
from style.measures.diversity import Diversity, diversity_of, duplicate_rate
from style.measures.features import Numbers, features
from style.measures.sliders import Breakage, SliderEffect, breakage, slider_effect
from style.measures.studio import OnPainted, Studio
from style.pack import Pack
from style.painter import Painter
from style.procedural import draw, random_spec

Pictures = NDArray[np.uint8]
BASE, STYLED = "base alone", "with the style"
_REFERENCE = 64  # drawn pictures that stand for the painter where there are no paintings


@dataclass(frozen=True, slots=True)
class Plan:
    """How many seeds to paint: mixed requests with and without the style, each word alone, each slider, each pair.

    `alone_of` names the attributes whose words are asked for alone; none: all.
    """

    mixed: int = 200
    alone: int = 50
    slider: int = 40
    pair: int = 20
    seed: int = 11
    alone_of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a plan that gives no correlation and no spread.

        Raises:
            ValueError: less than 2 seeds of a kind.
        """
        if min(self.mixed, self.alone, self.slider, self.pair) < 2:
            raise ValueError(f"a plan needs at least 2 seeds of each kind, got {self}")

    @classmethod
    def of(cls, seeds: int) -> Plan:
        """Plan in proportion: `seeds` mixed requests, a quarter for each word, a fifth a slider, a tenth a pair."""
        return cls(seeds, max(2, seeds // 4), max(2, seeds // 5), max(2, seeds // 10))

    def words(self, studio: Studio) -> tuple[tuple[str, str], ...]:
        """Give the words that are asked for alone, as (attribute, word)."""
        return tuple(word for word in studio.words() if not self.alone_of or word[0] in self.alone_of)

    def pictures(self, studio: Studio, paintings: Paintings | None = None) -> int:
        """Count the pictures that the plan paints."""
        sliders = len(studio.sliders())
        pairs = sliders * (sliders - 1) // 2
        mixed = self.mixed * (4 if paintings is not None and paintings.words else 2)
        return mixed + self.alone * len(self.words(studio)) + 5 * self.slider * sliders + 4 * self.pair * pairs


@dataclass(frozen=True, slots=True)
class StyleRow:
    """The distance of one set to the paintings, in units of the painter's own sets of these sizes; 95 % interval.

    `asked` says with which words `pictures` were painted: "by chance" as a bot's first generation asks, or "as tagged":
    with those of the paintings, so that both sets show the same things, and what is left is how.
    """

    pictures: str
    asked: str
    paintings: str
    colour: float
    texture: float
    line: float
    composition: float
    overall: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LearnedRow:
    """What a learned measure says of one of the two sets that were asked for the same; see `style.measures.judges`."""

    measure: str
    pictures: str
    value: float


# (prompts, sets of pictures painted to them by name, the paintings) -> rows
Scorer = Callable[[Sequence[str], Mapping[str, Pictures], Pictures | None], tuple[LearnedRow, ...]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that was measured. `mixed` asks as the bot does, `base` the same without adapters, `alone` one word a kind.

    `progress` says how much of the way to the paintings the style's adapter goes ("held out" where some were, "all";
    the same "…, as tagged", where the paintings have words). Style and progress are empty without paintings. `unjudged`
    are words that nothing here can see.
    """

    pack: str
    pack_digest: str
    model: str
    model_digest: str
    plan: Plan
    mixed: tuple[WordAdherence, ...]
    base: tuple[WordAdherence, ...]
    alone: tuple[WordAdherence, ...]
    unjudged: tuple[str, ...]
    sliders: tuple[SliderEffect, ...]
    pairs: tuple[Breakage, ...]
    style: tuple[StyleRow, ...]
    progress: dict[str, Progress]
    diversity: Diversity
    learned: tuple[LearnedRow, ...] = ()

    def to_json(self) -> str:
        """Write all figures as one line of JSON; what is not a number is null."""
        return json.dumps(_plain(asdict(self)), ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True, slots=True)
class Paintings:
    """The paintings of a style, squares as large as what is painted: all, and those that its training held out.

    `words` has the tags of each of all, the trigger among them or not; without any, nothing is painted as tagged.
    """

    all: Pictures
    held: Pictures | None = None
    words: tuple[tuple[str, ...], ...] = ()


async def evaluate(
    painter: Painter,
    pack: Pack,
    model: ModelInfo,
    plan: Plan,
    paintings: Paintings | None = None,
    on_painted: OnPainted | None = None,
    scorer: Scorer | None = None,
) -> Evaluation:
    """Paint what `plan` says and measure it. `on_painted` is called with the number of pictures just painted.

    Without paintings, diversity is relative to the procedural painter's, and style is not measured. `scorer` adds
    learned measures, against the paintings that were held out, or all.

    Raises:
        PainterError: what the painter raises.
    """
    studio = Studio(painter, model, pack, on_painted)
    rng = np.random.default_rng(plan.seed)
    asked = [studio.request(rng) for _ in range(plan.mixed)]
    recipes = [studio.recipe(wish, 7000 + k) for k, wish in enumerate(asked)]
    styled = await studio.paint(recipes)
    plain = await studio.paint([studio.recipe(wish, 7000 + k, styled=False) for k, wish in enumerate(asked)])
    rows, base_rows = features(_squares(styled)), features(_squares(plain))
    reference = _reference(model) if paintings is None else paintings.all
    style, way = await _styles(studio, plan, paintings, base_rows, rows) if paintings is not None else ((), {})
    # Without the numbers: a slider at rest leaves its attribute open, to the model as to the painter.
    words = [dict(_spoken(wish)) for wish in asked]
    ceiling = ceiling_of(words) if judged(words) else None
    learned: tuple[LearnedRow, ...] = ()
    if scorer is not None:
        own = None if paintings is None else (paintings.all if paintings.held is None else paintings.held)
        sets = {BASE: _squares(plain), STYLED: _squares(styled)}
        learned = await asyncio.to_thread(scorer, [recipe.prompt for recipe in recipes], sets, own)
    return Evaluation(
        pack=pack.name,
        pack_digest=pack.digest,
        model=model.id,
        model_digest=model.digest,
        plan=plan,
        mixed=adherence(styled, words, ceiling),
        base=adherence(plain, words, ceiling),
        alone=await _words_alone(studio, plan, rng),
        unjudged=unjudged(words),
        sliders=tuple([await _slider(studio, plan, one, asked) for one in studio.sliders()]),
        pairs=await _pairs(studio, plan, asked, styled),
        style=style,
        progress=way,
        diversity=diversity_of(rows, features(reference), duplicate_rate(styled)),
        learned=learned,
    )


async def _words_alone(studio: Studio, plan: Plan, rng: np.random.Generator) -> tuple[WordAdherence, ...]:
    recipes, asked, words = [], list[Asked](), plan.words(studio)
    for attribute, word in words:
        for k in range(plan.alone):
            wish = studio.request(rng)
            recipes.append(studio.recipe_of_word(attribute, word, wish, 3000 + k))
            asked.append({**dict(_spoken(wish)), attribute: word})
    if not recipes:
        return ()
    pictures = await studio.paint(recipes)
    found = []
    for attribute in dict.fromkeys(name for name, _ in words):
        # Judged on the pictures that ask for one word of this attribute; the others' requests are not alike.
        own = [k for k, (name, _) in enumerate(w for w in words for _ in range(plan.alone)) if name == attribute]
        judged = adherence(pictures[own], [asked[k] for k in own])
        found += [row for row in judged if row.attribute == attribute]
    return tuple(found)


async def _slider(studio: Studio, plan: Plan, slider: Continuous, asked: list[dict[str, Gene]]) -> SliderEffect:
    weights = [float(weight) for weight in np.linspace(slider.low, slider.high, 5)]
    wishes = [asked[k % len(asked)] for k in range(plan.slider)]
    recipes = [
        studio.recipe({**wish, slider.name: weight}, 5000 + k) for k, wish in enumerate(wishes) for weight in weights
    ]
    pictures = await studio.paint(recipes)
    return slider_effect(slider.name, weights, pictures.reshape(len(wishes), len(weights), *pictures.shape[1:]))


async def _pairs(studio: Studio, plan: Plan, asked: list[dict[str, Gene]], unmoved: Pictures) -> tuple[Breakage, ...]:
    found, wishes = [], [asked[k % len(asked)] for k in range(plan.pair)]
    for two in itertools.combinations(studio.sliders(), 2):
        for values in itertools.product(*((slider.low, slider.high) for slider in two)):
            ends: dict[str, Gene] = {slider.name: value for slider, value in zip(two, values, strict=True)}
            pictures = await studio.paint([studio.recipe({**wish, **ends}, 9000 + k) for k, wish in enumerate(wishes)])
            found.append(breakage(", ".join(f"{name} {value:+g}" for name, value in ends.items()), pictures, unmoved))
    return tuple(found)


async def _styles(
    studio: Studio, plan: Plan, paintings: Paintings, base: dict[str, Numbers], styled: dict[str, Numbers]
) -> tuple[tuple[StyleRow, ...], dict[str, Progress]]:
    """Measure the style on the requests by chance, whose features are given, and on the paintings' own words."""
    found, way = _style(base, styled, paintings, "by chance")
    if not paintings.words:
        return found, way
    wish = studio.request(np.random.default_rng(plan.seed))
    told = [paintings.words[k % len(paintings.words)] for k in range(plan.mixed)]
    sets = []
    for on in (False, True):
        recipes = [studio.recipe_of_tags(tags, wish, 11_000 + k, styled=on) for k, tags in enumerate(told)]
        sets.append(features(_squares(await studio.paint(recipes))))
    found_tagged, way_tagged = _style(sets[0], sets[1], paintings, "as tagged")
    return (*found, *found_tagged), {**way, **{f"{name}, as tagged": one for name, one in way_tagged.items()}}


def _style(
    base: dict[str, Numbers], styled: dict[str, Numbers], paintings: Paintings, asked: str
) -> tuple[tuple[StyleRow, ...], dict[str, Progress]]:
    everything, found, way = features(paintings.all), [], {}
    held = {} if paintings.held is None else {"held out": features(paintings.held)}
    for against, reference in {**held, "all": everything}.items():
        unit = unit_of(everything, (len(styled["colour"]), len(reference["colour"])))
        for name, rows in ((BASE, base), (STYLED, styled)):
            parts, (low, high) = scaled(apart(rows, reference), unit), interval(rows, reference, unit)
            found.append(StyleRow(name, asked, against, **asdict(parts), overall=overall(parts), low=low, high=high))
        way[against] = progress(base, styled, reference, unit)
    return tuple(found), way


def _squares(pictures: Pictures) -> Pictures:
    """Cut the middle squares of (n, h, w, 3) pictures, as paintings are cut."""
    height, width = pictures.shape[1:3]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    return pictures[:, top : top + short, left : left + short]


def _reference(model: ModelInfo) -> Pictures:
    size = min(model.width, model.height, 128)
    return np.stack([draw(random_spec(80_000 + k), size, 2) for k in range(_REFERENCE)])


def _spoken(wish: dict[str, Gene]) -> list[tuple[str, Gene]]:
    return [(name, value) for name, value in wish.items() if not isinstance(value, float)]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
