"""The contract of every painter (`style.painter.Painter`), run on each implementation and each model at hand."""

from __future__ import annotations

import asyncio
import dataclasses
import io
import os
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from safetensors.numpy import load_file, save_file

from evolution import ask, start
from style.decode import ModelInfo, decode
from style.engine.client import LocalPainter
from style.engine.process import PROGRAM
from style.errors import BadRecipeError, PainterBusyError, PainterStoppedError
from style.pack import Pack, load_pack
from style.painter import Progress
from style.places import BUNDLED_MODEL, BUNDLED_PACKS
from style.recipe import Recipe

PATIENCE_S = 240.0
QUEUE_SIZE = 2

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclasses.dataclass(frozen=True)
class Studio:
    """A started painter, a pack that it can paint, and its model."""

    painter: LocalPainter
    pack: Pack
    model: ModelInfo

    def recipes(self, count: int, seed: int = 1) -> list[Recipe]:
        """Recipes as a generation has them: different words, numbers and seeds."""
        _, chromosomes = ask(start(self.pack.space, seed=seed), n=count)
        return [decode(self.pack, chromosome, self.model) for chromosome in chromosomes]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["scripted", "tiny", "bundled"])
async def studio(request: pytest.FixtureRequest) -> AsyncIterator[Studio]:
    """The local painter: with an engine without a model, on the tiny model and, where it is there, the bundled one."""
    program = request.getfixturevalue("scripted_engine") if request.param == "scripted" else PROGRAM
    if request.param == "bundled":
        folders = sorted(BUNDLED_PACKS.glob("*/style.toml"))
        if not (BUNDLED_MODEL / "model_index.json").is_file() or not folders:
            pytest.skip("no bundled model in this checkout")
        model, pack = "bundled", load_pack(folders[0].parent)
    else:
        model, pack = str(request.getfixturevalue("tiny_model")), load_pack(request.getfixturevalue("tiny_pack"))
    painter = LocalPainter(model=model, device="cpu", packs=[pack], queue_size=QUEUE_SIZE, threads=1, program=program)
    async with asyncio.timeout(PATIENCE_S):
        info = await painter.start()
    assert painter.problems == ()
    yield Studio(painter, pack, info)
    await painter.close()


async def test_pictures_come_in_the_order_of_their_recipes(studio: Studio) -> None:
    """Each recipe's picture stands at its recipe's place, whatever batch it went through."""
    recipes = studio.recipes(3)
    smaller = dataclasses.replace(recipes[1], width=recipes[1].width // 2)
    pictures = await studio.painter.paint([recipes[0], smaller, recipes[2]])
    assert [picture.width for picture in pictures] == [recipes[0].width, smaller.width, recipes[2].width]
    assert Image.open(io.BytesIO(pictures[1].png)).size == (smaller.width, smaller.height)
    again = await studio.painter.paint([recipes[2], recipes[0]])
    assert [_differ(again[0].png, pictures[2].png), _differ(again[1].png, pictures[0].png)] == [False, False]


async def test_pictures_of_a_generation_differ(studio: Studio) -> None:
    """Other genes and other seeds give other pictures."""
    pictures = await studio.painter.paint(studio.recipes(3))
    assert len({picture.png for picture in pictures}) == 3


async def test_nothing_asked_is_nothing_painted(studio: Studio) -> None:
    """No recipes, no pictures, no error."""
    assert await studio.painter.paint([]) == []


async def test_progress_counts_steps_up_to_their_total(studio: Studio) -> None:
    """A listener hears of the queue first, then of steps that only grow, up to the last."""
    heard: list[Progress] = []
    recipes = studio.recipes(2)
    await studio.painter.paint(recipes, heard.append)
    painting = [progress for progress in heard if progress.phase == "painting"]
    assert heard[0] == Progress("queued", 0, 1)
    assert [progress.done for progress in painting] == list(range(1, recipes[0].steps + 1))
    assert {progress.total for progress in painting} == {recipes[0].steps}


async def test_queue_tells_each_request_its_place(studio: Studio) -> None:
    """Whoever waits behind others hears how many are ahead, until nobody is."""
    heard: list[Progress] = []
    ahead = [asyncio.ensure_future(studio.painter.paint(studio.recipes(1, seed))) for seed in (1, 2)]
    await asyncio.sleep(0)
    await studio.painter.paint(studio.recipes(1, 3), heard.append)
    await asyncio.gather(*ahead)
    places = [progress.done for progress in heard if progress.phase == "queued"]
    assert places[-1] == 0
    assert places == sorted(places, reverse=True)


async def test_full_queue_refuses(studio: Studio) -> None:
    """What the queue cannot hold is refused at once; what it holds is painted."""
    begun = asyncio.Event()
    first = asyncio.ensure_future(studio.painter.paint(_long(studio), lambda progress: _on_paint(progress, begun)))
    await begun.wait()
    queued = [asyncio.ensure_future(studio.painter.paint(studio.recipes(1))) for _ in range(QUEUE_SIZE)]
    await asyncio.sleep(0)
    with pytest.raises(PainterBusyError):
        await studio.painter.paint(studio.recipes(1))
    first.cancel()
    assert [len(pictures) for pictures in await asyncio.gather(*queued)] == [1, 1]


async def test_cancelled_painting_stops_at_the_next_step(studio: Studio) -> None:
    """Cancelling a request that would take minutes frees the device for the next one."""
    begun = asyncio.Event()
    task = asyncio.ensure_future(studio.painter.paint(_long(studio), lambda progress: _on_paint(progress, begun)))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(PATIENCE_S / 4):
        assert len(await studio.painter.paint(studio.recipes(1))) == 1


async def test_cancelled_in_the_queue_leaves_it(studio: Studio) -> None:
    """A request cancelled while it waits is never painted, and its place is free."""
    begun = asyncio.Event()
    first = asyncio.ensure_future(studio.painter.paint(_long(studio), lambda progress: _on_paint(progress, begun)))
    await begun.wait()
    heard: list[Progress] = []
    waiting = asyncio.ensure_future(studio.painter.paint(studio.recipes(1), heard.append))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    first.cancel()
    await studio.painter.paint(studio.recipes(1))
    assert {progress.phase for progress in heard} == {"queued"}


async def test_killed_engine_loses_no_request(studio: Studio) -> None:
    """What was being painted and what waited are painted after the restart, as they would have been without it."""
    begun = asyncio.Event()
    first, second = _slow(studio, 40), studio.recipes(1, seed=2)
    tasks = [asyncio.ensure_future(studio.painter.paint(first, lambda progress: _on_paint(progress, begun)))]
    await begun.wait()
    tasks.append(asyncio.ensure_future(studio.painter.paint(second)))
    pid = studio.painter.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(PATIENCE_S):
        painted = await asyncio.gather(*tasks)
        assert studio.painter.pid not in (None, pid)
        again = [await studio.painter.paint(recipes) for recipes in (first, second)]
    assert [len(pictures) for pictures in painted] == [len(first), 1]
    assert not any(_differ(a.png, b.png) for a, b in zip(painted[0] + painted[1], again[0] + again[1], strict=True))


async def test_unknown_adapter_is_a_bad_recipe(studio: Studio) -> None:
    """A recipe that names an adapter which is not loaded is refused by name."""
    recipe = studio.recipes(1)[0]
    strange = dataclasses.replace(recipe.adapters[0], name="stranger", digest="0" * 64)
    with pytest.raises(BadRecipeError, match="stranger"):
        await studio.painter.paint([dataclasses.replace(recipe, adapters=(strange,))])


async def test_other_model_is_a_bad_recipe(studio: Studio) -> None:
    """A recipe made for other weights is refused: its picture could not be the same."""
    with pytest.raises(BadRecipeError, match="model"):
        await studio.painter.paint([dataclasses.replace(studio.recipes(1)[0], model_digest="0" * 64)])


async def test_impossible_size_is_a_bad_recipe(studio: Studio) -> None:
    """What the model itself refuses is told as a bad recipe, and the painter goes on."""
    recipe = studio.recipes(1)[0]
    with pytest.raises(BadRecipeError):
        await studio.painter.paint([dataclasses.replace(recipe, width=recipe.width + 1)])
    assert len(await studio.painter.paint([recipe])) == 1


async def test_learned_pack_is_painted_with_at_once(studio: Studio, tmp_path: Path) -> None:
    """A pack that appears later is learned between two requests, and again by an engine that is started anew."""
    recipe = studio.recipes(1)[0]
    twin = tmp_path / studio.pack.name
    shutil.copytree(studio.pack.folder, twin)
    adapter = next(one for one in studio.pack.adapters if one.name == recipe.adapters[0].name)
    _touch(twin / adapter.path.name)
    pack = load_pack(twin)
    digest = next(one.digest for one in pack.adapters if one.name == adapter.name)
    new = dataclasses.replace(recipe, adapters=(dataclasses.replace(recipe.adapters[0], digest=digest),))
    with pytest.raises(BadRecipeError, match="not loaded"):
        await studio.painter.paint([new])
    under_way = asyncio.ensure_future(studio.painter.paint(studio.recipes(1)))
    assert await studio.painter.learn([pack]) == ()
    assert len(await studio.painter.paint([new])) == 1
    assert len(await under_way) == 1
    assert studio.painter.pid is not None
    os.kill(studio.painter.pid, signal.SIGKILL)
    async with asyncio.timeout(PATIENCE_S):
        assert len(await studio.painter.paint([new])) == 1


def _touch(path: Path) -> None:
    """Give an adapter's file another digest: the same numbers, with a word in its metadata."""
    save_file(load_file(path), path, metadata={"touched": "yes"})


async def test_closed_painter_refuses_and_fails_what_it_had(studio: Studio) -> None:
    """Closing is quick, ends requests under way and queued by an error, and refuses new ones.

    Stands last: it closes the painter that all of these share.
    """
    painter = studio.painter
    begun = asyncio.Event()
    tasks = [asyncio.ensure_future(painter.paint(_long(studio), lambda progress: _on_paint(progress, begun)))]
    await begun.wait()
    tasks.append(asyncio.ensure_future(painter.paint(studio.recipes(1))))
    await asyncio.sleep(0)
    async with asyncio.timeout(3.0):
        await painter.close()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [PainterStoppedError, PainterStoppedError]
    with pytest.raises(PainterStoppedError):
        await painter.paint(studio.recipes(1))


def _long(studio: Studio) -> list[Recipe]:
    """A request that nobody would wait for."""
    return _slow(studio, 900)


def _slow(studio: Studio, steps: int) -> list[Recipe]:
    return [dataclasses.replace(recipe, steps=steps) for recipe in studio.recipes(2)]


def _on_paint(progress: Progress, begun: asyncio.Event) -> None:
    if progress.phase == "painting":
        begun.set()


def _differ(left: bytes, right: bytes) -> bool:
    """Whether two pictures differ by more than the rounding of one grey level."""
    import numpy as np

    first, second = (np.asarray(Image.open(io.BytesIO(png)), dtype=np.int16) for png in (left, right))
    return bool(np.abs(first - second).max() > 1)
