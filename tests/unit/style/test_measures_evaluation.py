"""An evaluation, painted by a painter that draws: complete, in JSON and as text, and it sees what the painter does."""

from __future__ import annotations

import asyncio
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from evolution import Continuous, Single
from style.decode import ModelInfo
from style.measures.adherence import spec_of
from style.measures.evaluation import BASE, STYLED, Evaluation, LearnedRow, Paintings, Plan, evaluate
from style.measures.studio import Studio
from style.measures.tables import table, text_of
from style.pack import Pack, Slider, load_pack
from style.painter import OnProgress, Picture
from style.procedural import draw
from style.recipe import Recipe
from style.report.measured import render_measured

MODEL = ModelInfo("tiny-model", "0" * 64, 48, 48, 3, 2.0)
PLAN = Plan(mixed=4, alone=2, slider=2, pair=2)


class DrawingPainter:
    """Draws what a prompt says, darker without the style; the slider is brightness. Every recipe is kept.

    A wide picture is a square with black rims.
    """

    def __init__(self) -> None:
        """Start with no recipes."""
        self.recipes: list[Recipe] = []

    async def paint(self, recipes: Sequence[Recipe], on_progress: OnProgress | None = None) -> list[Picture]:
        """Draw each recipe at 48 px."""
        self.recipes += recipes
        return [self._draw(recipe) for recipe in recipes]

    async def learn(self, packs: Sequence[Pack]) -> tuple[str, ...]:
        """It knows all that it draws."""
        return ()

    async def close(self) -> None:
        """Nothing is open."""

    def _draw(self, recipe: Recipe) -> Picture:
        words = tuple(recipe.prompt.split(", ")[1:])
        weights = {use.name: use.weight for use in recipe.adapters}
        spec = replace(
            spec_of({"words": words}, recipe.seed), brightness=max(-1.0, min(1.0, weights.get("brightness", 0.0)))
        )
        pixels = draw(spec, 48, 1) if "tiny" in weights else (draw(spec, 48, 1) * 0.3).astype(np.uint8)
        file, rim = io.BytesIO(), (recipe.width - recipe.height) // 2
        Image.fromarray(np.pad(pixels, ((0, 0), (rim, rim), (0, 0)))).save(file, "PNG")
        return Picture(file.getvalue(), 48 + 2 * rim, 48)


@pytest.fixture(scope="module")
def pack(tiny_pack: Path) -> Pack:
    """The tiny pack, with a second slider on the same adapter, so that there is a pair."""
    tiny = load_pack(tiny_pack)
    space = replace(tiny.space, attributes=(*tiny.space.attributes, Continuous("mood", -1.0, 1.0)))
    return replace(tiny, space=space, sliders=(*tiny.sliders, Slider("mood", "brightness", "both", 0.5)))


@pytest.fixture(scope="module")
def paintings() -> Paintings:
    """What the painter draws of other seeds, some of it held out."""
    drawn = np.stack([draw(replace(spec_of({}, 600 + k), brightness=0.0), 48, 1) for k in range(12)])
    return Paintings(drawn, drawn[:4], (("tiny", "red"), ("blue", "circle")))


@dataclass(frozen=True)
class Visit:
    """An evaluation, what its painter was asked, and what was reported while it painted."""

    found: Evaluation
    recipes: list[Recipe]
    reported: list[int]


@pytest.fixture(scope="module")
def visit(pack: Pack, paintings: Paintings) -> Visit:
    """One evaluation with paintings."""
    painter, reported = DrawingPainter(), list[int]()
    found = asyncio.run(evaluate(painter, pack, MODEL, PLAN, paintings, reported.append))
    return Visit(found, painter.recipes, reported)


def test_evaluation_sees_what_the_painter_does(visit: Visit) -> None:
    """The slider ranks high, the style is nearer to the paintings than the dark base, hues are seen beyond chance."""
    brightness, mood = visit.found.sliders
    assert brightness.rank > 0.7
    assert (mood.measured, math.isnan(mood.rank)) == ("none", True)
    base, styled = (row.overall for row in visit.found.style[:2])
    assert base > styled
    assert visit.found.progress["held out"].value > 0.2
    assert [row.asked for row in visit.found.style] == ["by chance"] * 4 + ["as tagged"] * 4
    assert visit.found.progress["held out, as tagged"].value > 0.2
    assert list(visit.found.progress) == ["held out", "all", "held out, as tagged", "all, as tagged"]
    hues = [row for row in visit.found.alone if row.attribute == "hue"]
    assert {row.word for row in hues} == {"red", "green", "blue", "white"}
    assert np.mean([row.asked for row in hues]) > 0.5
    assert visit.found.diversity.colour > 0.3


def test_evaluation_is_whole_in_json_and_text(visit: Visit) -> None:
    """JSON is one line without NaN, and the text has a table for each part."""
    line = visit.found.to_json()
    read = json.loads(line)
    assert "\n" not in line
    assert read["sliders"][1]["rank"] is None
    assert read["plan"]["mixed"] == PLAN.mixed
    assert len(read["pairs"]) == 4
    for title in ("Words", "Sliders", "Pairs", "Style distance", "Progress", "Diversity"):
        assert title in text_of(visit.found)
    without = replace(visit.found, style=(), progress={})
    assert "Style distance" not in text_of(without)


def test_learned_measures_are_asked_of_both_sets(pack: Pack, paintings: Paintings) -> None:
    """A scorer gets the prompts, the two sets painted to them and the held-out paintings; its rows are in all texts."""
    given: list[tuple[Sequence[str], Mapping[str, NDArray[np.uint8]], NDArray[np.uint8] | None]] = []

    def scorer(
        prompts: Sequence[str], sets: Mapping[str, NDArray[np.uint8]], own: NDArray[np.uint8] | None
    ) -> tuple[LearnedRow, ...]:
        given.append((prompts, sets, own))
        return (LearnedRow("CSD", BASE, 0.25), LearnedRow("CSD", STYLED, 0.75))

    painter = DrawingPainter()
    found = asyncio.run(evaluate(painter, pack, MODEL, PLAN, paintings, scorer=scorer))
    (prompts, sets, own) = given[0]
    assert list(prompts) == [recipe.prompt for recipe in painter.recipes[: PLAN.mixed]]
    assert {name: pictures.shape for name, pictures in sets.items()} == dict.fromkeys((BASE, STYLED), (4, 48, 48, 3))
    assert sets[BASE].mean() < sets[STYLED].mean()
    assert own is paintings.held
    assert [row["value"] for row in json.loads(found.to_json())["learned"]] == [0.25, 0.75]
    assert "What networks see" in text_of(found)
    assert "<td>0.25</td><td>0.75</td>" in render_measured(json.loads(found.to_json()))


def test_plan_says_how_many_pictures_are_painted(visit: Visit, pack: Pack, paintings: Paintings) -> None:
    """As many as counted are painted and reported; without words of paintings, none as tagged."""
    studio = Studio(DrawingPainter(), MODEL, pack)
    assert sum(visit.reported) == len(visit.recipes) == PLAN.pictures(studio, paintings) == 8 + 4 + 4 + 14 + 20 + 8
    assert PLAN.pictures(studio, replace(paintings, words=())) == PLAN.pictures(studio) == 4 + 4 + 14 + 20 + 8


def test_paintings_words_are_asked_in_turn_with_and_without_the_style(visit: Visit) -> None:
    """Each painting's tags come after the trigger, which is said once, on the same seeds with and without adapters."""
    tagged = [recipe for recipe in visit.recipes if 11_000 <= recipe.seed < 12_000]
    assert [recipe.prompt for recipe in tagged] == ["tiny, red", "tiny, blue, circle"] * 4
    assert [bool(recipe.adapters) for recipe in tagged] == [False] * 4 + [True] * 4
    assert [recipe.seed for recipe in tagged[:4]] == [recipe.seed for recipe in tagged[4:]]


def test_base_is_painted_without_adapters_and_words_alone(pack: Pack) -> None:
    """The base's recipes differ in their adapters only; a word alone is the only one of its attribute."""
    studio = Studio(DrawingPainter(), MODEL, pack)
    wish = studio.request(np.random.default_rng(0))
    styled, base = studio.recipe(wish, 1), studio.recipe(wish, 1, styled=False)
    assert base == replace(styled, adapters=())
    assert [use.name for use in styled.adapters] == ["tiny"]
    alone = studio.recipe_of_word("hue", "blue", wish, 1)
    assert alone.prompt.count("blue") == 1
    assert not any(hue in alone.prompt for hue in ("red", "green", "white"))


def test_plan_that_is_too_small_is_refused() -> None:
    """One seed gives no correlation and no spread; a plan in proportion never has less than two."""
    with pytest.raises(ValueError, match="at least 2"):
        replace(PLAN, slider=1)
    assert Plan.of(200) == Plan(200, 50, 40, 20)
    assert min(Plan.of(2).alone, Plan.of(2).slider, Plan.of(2).pair) == 2


def test_table_aligns_its_columns() -> None:
    """Words left, numbers right, NaN as a dash."""
    text = table([{"name": "a", "value": 1.0}, {"name": "longer", "value": float("nan")}])
    assert text.splitlines() == ["name    value", "a       1.000", "longer      –"]


def test_space_without_sliders_has_none(pack: Pack) -> None:
    """Sliders are the continuous attributes that drive an adapter."""
    bare = replace(pack, sliders=(), space=replace(pack.space, attributes=(Single("line", ("a", "b")),)))
    studio = Studio(DrawingPainter(), MODEL, bare)
    assert studio.sliders() == ()
    assert studio.words() == (("line", "a"), ("line", "b"))


def test_style_of_wide_pictures_is_that_of_their_middle_squares(visit: Visit, pack: Pack, paintings: Paintings) -> None:
    """What lies outside the square, which paintings are cut to, does not count; nor is held out what was not."""
    spoken = tuple(attribute for attribute in pack.space.attributes if not isinstance(attribute, Continuous))
    still = replace(
        pack,
        space=replace(pack.space, attributes=spoken),
        sliders=(),
        sampling=replace(pack.sampling, width=64, height=48),
    )
    found = asyncio.run(evaluate(DrawingPainter(), still, MODEL, PLAN, replace(paintings, held=None)))
    assert [row.paintings for row in found.style] == ["all"] * 4
    assert found.style == (*visit.found.style[2:4], *visit.found.style[6:])
    assert list(found.progress) == ["all", "all, as tagged"]


def test_style_whose_words_nothing_sees_is_measured_all_the_same(pack: Pack, paintings: Paintings) -> None:
    """An homage's words are named as not judged, and its style is measured."""
    attributes = (Single("form", ("spiral", "windows")), Single("ground", ("dark ground", "bright ground")))
    odd = replace(
        pack, space=replace(pack.space, attributes=attributes), sliders=(), template="{trigger}, {form}, {ground}"
    )
    found = asyncio.run(evaluate(DrawingPainter(), odd, MODEL, PLAN, paintings))
    assert found.mixed == found.base == found.alone == ()
    assert found.unjudged == ("bright ground", "dark ground", "spiral", "windows")
    assert len(found.style) == 8
    assert "Not judged" in text_of(found)
