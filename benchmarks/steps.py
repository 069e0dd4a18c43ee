"""Measure what fewer steps cost in quality and gain in time: the slow sampler against the fast, on the same seeds.

Each way to paint gets the same prompts and seeds; the reference is the base with many guided steps. A student is a
folder with an accelerator, or one with a whole model; the accelerator that ships is always among them.

    python -m benchmarks.steps --student mine=FOLDER --pictures 48

The columns: seconds an album of 6, by the clock and of the engine's processor time; set distance to the reference's
pictures and to drawn ones (1: between two halves of the drawn ones), root mean square difference to the reference's
picture of the same seed (pixels in 0–1), share of the picture in the hues that were asked for; then, with the style and
its slider on, the set distance to the reference with these on, and by how much lightness L rises from the slider's −1
to +1.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray
from PIL import Image

from style.accelerator import SAMPLING_FILE, WEIGHTS_FILE, read_accelerator
from style.decode import ModelInfo
from style.engine.client import LocalPainter
from style.measures.colour import hue_shares, mean_lightness
from style.measures.distance import StyleDistance, distance, mean_of, overall, relative
from style.pack import Pack, load_pack
from style.places import BUNDLED_MODEL, BUNDLED_PACKS
from style.procedural import HUES, LINES, PLANES, draw, random_spec
from style.recipe import AdapterUse, Recipe

Pictures = NDArray[np.uint8]
ALBUM = 6
_FIRST_DRAWN = 20_000_000  # seeds that no training has seen


@dataclass(frozen=True, slots=True)
class Way:
    """One way to paint: a model, its steps, its guidance."""

    student: str
    steps: int
    guidance: float

    @property
    def name(self) -> str:
        """What the table calls it."""
        return f"{self.student}, {self.steps} {'guided ' if self.guidance > 1 else ''}steps"


@dataclass(frozen=True, slots=True)
class Easel:
    """A painter with its model, and what it is asked for."""

    painter: LocalPainter
    model: ModelInfo
    pack: Pack
    prompts: Sequence[str]

    async def paint(self, way: Way, weights: dict[str, float], count: int | None = None) -> Pictures:
        """Paint the prompts, each at its seed, (n, h, w, 3)."""
        digests = {adapter.name: adapter.digest for adapter in self.pack.adapters}
        uses = tuple(AdapterUse(name, digests[name], weight) for name, weight in weights.items())
        trigger = f"{self.pack.trigger}, " if weights else ""
        model = self.model
        recipes = [
            Recipe(
                self.pack.name, trigger + prompt, 9000 + k, model.width, model.height,
                way.steps, way.guidance, uses, model.id, model.digest,
            )
            for k, prompt in enumerate(self.prompts[:count])
        ]  # fmt: skip
        pngs = []
        for k in range(0, len(recipes), ALBUM):
            pngs += [picture.png for picture in await self.painter.paint(recipes[k : k + ALBUM])]
        return np.stack([np.asarray(Image.open(io.BytesIO(png)).convert("RGB")) for png in pngs])


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that one way painted: without adapters, and with the style and its slider at −1 and +1."""

    seconds: float
    processor_s: float
    plain: Pictures
    dark: Pictures
    light: Pictures


async def paint_sheet(easel: Easel, way: Way, albums: int) -> Sheet:
    """Paint everything one way, and time albums of it; their median counts."""
    plain = await easel.paint(way, {})
    dark, light = [
        await easel.paint(way, {"kandinsky": 1.0, "brightness": weight}, len(plain) // 2) for weight in (-1.0, 1.0)
    ]
    engine = psutil.Process(easel.painter.pid)
    seconds, processor_s = [], []
    for _ in range(albums):
        before, start = sum(engine.cpu_times()[:2]), time.perf_counter()
        await easel.paint(way, {}, ALBUM)
        seconds.append(time.perf_counter() - start)
        processor_s.append(sum(engine.cpu_times()[:2]) - before)
    return Sheet(statistics.median(seconds), statistics.median(processor_s), plain, dark, light)


def compare(
    sheet: Sheet, slow: Sheet, drawn: Pictures, unit: StyleDistance, asked: Sequence[set[str]]
) -> dict[str, float]:
    """Give the figures of one way, as the module's text explains them."""
    styled, slow_styled = (np.concatenate([one.dark, one.light]) for one in (sheet, slow))
    difference = (sheet.plain.astype(np.float64) - slow.plain) / 255.0
    shares = [hue_shares(picture) for picture in sheet.plain]
    return {
        "s an album": sheet.seconds,
        "CPU s": sheet.processor_s,
        "to slow": overall(relative(sheet.plain, slow.plain, unit)),
        "to drawn": overall(relative(sheet.plain, drawn, unit)),
        "rms": float(np.sqrt((difference**2).mean())),
        "asked hues": float(
            np.mean([sum(share[hue] for hue in hues) for share, hues in zip(shares, asked, strict=True)])
        ),
        "styled to slow": overall(relative(styled, slow_styled, unit)),
        "slider L": float(
            np.mean([mean_lightness(b) - mean_lightness(a) for a, b in zip(sheet.dark, sheet.light, strict=True)])
        ),
    }


def random_prompt(rng: np.random.Generator) -> tuple[str, set[str]]:
    """Draw a prompt as the style's space would, and the hues that it asks for."""
    planes, hues = rng.choice(PLANES, 2, replace=False), rng.choice(HUES, 3, replace=False)
    return ", ".join(str(word) for word in (rng.choice(LINES), *planes, *hues)), {str(hue) for hue in hues}


def gather(students: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Put a whole model for each name into `folder`: `base`, which has no accelerator, and the students."""
    base = Path(shutil.copytree(BUNDLED_MODEL, folder / "base", ignore=lambda *_: [WEIGHTS_FILE, SAMPLING_FILE]))
    models = {"base": base}
    for name, student in students.items():
        models[name] = student
        if not (student / "model_index.json").is_file():
            models[name] = Path(shutil.copytree(base, folder / name))
            for file in (WEIGHTS_FILE, SAMPLING_FILE):
                shutil.copy(student / file, models[name] / file)
    return models


async def _run(arguments: argparse.Namespace, models: Mapping[str, Path]) -> None:
    rng = np.random.default_rng(21)
    prompts, asked = zip(*(random_prompt(rng) for _ in range(arguments.pictures)), strict=True)
    pack = load_pack(BUNDLED_PACKS / "kandinsky")
    guided = dict.fromkeys((arguments.slow, 12, *arguments.steps))
    ways = [Way("base", steps, arguments.guidance) for steps in guided]
    ways += [Way(name, steps, 1.0) for name in models if name != "base" for steps in arguments.steps]
    sheets: dict[Way, Sheet] = {}
    digests: dict[str, str] = {}
    for name, model in models.items():
        painter = LocalPainter(model=str(model), device=arguments.device, packs=[pack], threads=arguments.threads)
        info = await painter.start()
        digests[name] = info.digest
        try:
            easel = Easel(painter, info, pack, prompts)
            for way in ways:
                if way.student == name:
                    sheets[way] = await paint_sheet(easel, way, arguments.albums)
        finally:
            await painter.close()
    _report(arguments, ways, sheets, asked, digests)


def _report(
    arguments: argparse.Namespace,
    ways: Sequence[Way],
    sheets: dict[Way, Sheet],
    asked: Sequence[set[str]],
    digests: dict[str, str],
) -> None:
    slow = sheets[ways[0]]
    count, side = len(slow.plain), slow.plain.shape[1]
    drawn = np.stack([draw(random_spec(_FIRST_DRAWN + k), side) for k in range(2 * count)])
    halves = [np.random.default_rng(k).permutation(2 * count) for k in range(5)]
    unit = mean_of([distance(drawn[half[:count]], drawn[half[count:]]) for half in halves])
    rows = {way.name: compare(sheets[way], slow, drawn, unit, asked) for way in ways}
    columns = list(next(iter(rows.values())))
    width = max(len(name) for name in rows) + 2
    print(f"{'':{width}}" + "  ".join(columns))
    for name, row in rows.items():
        print(f"{name:{width}}" + "  ".join(f"{row[column]:{len(column)}.3f}" for column in columns))
    if arguments.sheet:
        _save_sheet(arguments.sheet, [sheets[way] for way in ways if way.steps in (arguments.slow, arguments.shown)])
    print(
        json.dumps(
            {
                "benchmark": "steps",
                "pictures": count,
                "guidance": arguments.guidance,
                "threads": arguments.threads,
                "models": digests,
                "ways": {name: {key: round(value, 4) for key, value in row.items()} for name, row in rows.items()},
            }
        )
    )


def _save_sheet(file: Path, rows: Sequence[Sheet]) -> None:
    """Write a row of plain pictures and one of styled ones for each way, the same seeds below one another."""
    across = min(10, len(rows[0].light))
    lines = [np.concatenate(list(pictures[:across]), axis=1) for row in rows for pictures in (row.plain, row.light)]
    Image.fromarray(np.concatenate(lines, axis=0)).save(file)


def _student(text: str) -> tuple[str, Path]:
    name, _, folder = text.partition("=")
    if not name or not folder:
        raise argparse.ArgumentTypeError(f"{text!r}: expected NAME=FOLDER")
    return name, Path(folder).absolute()


def main() -> None:
    """Run the benchmark and print its table, then one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--student", type=_student, action="append", default=[], help="NAME=FOLDER; may be repeated")
    parser.add_argument("--steps", type=int, nargs="+", default=[1, 2, 4, 6, 8])
    parser.add_argument("--slow", type=int, default=24, help="steps of the reference")
    parser.add_argument("--guidance", type=float, default=2.5)
    parser.add_argument("--pictures", type=int, default=48)
    parser.add_argument("--albums", type=int, default=5, help="albums to time each way")
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
    parser.add_argument("--threads", type=int, default=1, help="of torch")
    parser.add_argument("--sheet", type=Path, help="write pictures of the reference and of each way at --shown steps")
    parser.add_argument("--shown", type=int, default=4)
    arguments = parser.parse_args()
    shipped = {"bundled": BUNDLED_MODEL} if read_accelerator(BUNDLED_MODEL) else {}
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(arguments, gather({**shipped, **dict(arguments.student)}, Path(folder))))


if __name__ == "__main__":
    main()
