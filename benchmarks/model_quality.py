"""Measure whether the bundled model paints what it is asked for: hue, brightness, and nearness to a style.

Everything goes the way that the bot goes: recipes to the engine's own process, PNGs back.

    python -m benchmarks.model_quality --seeds 200 --paintings FOLDER --sheet docs/pictures/model.png
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from style.decode import ModelInfo
from style.engine.client import LocalPainter
from style.measures.colour import dominant_hue, hue_shares, mean_lightness
from style.measures.distance import bootstrap, distance, mean_of, overall, relative
from style.pack import Pack
from style.places import BUNDLED, BUNDLED_PACKS
from style.procedural import HUES, LINES, PLANES
from style.recipe import AdapterUse, Recipe
from style.shelf import load_shelf

Pictures = NDArray[np.uint8]
_AT_ONCE = 20  # recipes of one request


@dataclass(frozen=True, slots=True)
class Bench:
    """What all measurements share: the painter, its model, the pack, and how many seeds to paint."""

    painter: LocalPainter
    model: ModelInfo
    pack: Pack
    seeds: int

    def recipe(self, prompt: str, seed: int, **weights: float) -> Recipe:
        """Write a recipe with the pack's sampling and these adapter weights (0: left out)."""
        digests = {adapter.name: adapter.digest for adapter in self.pack.adapters}
        uses = tuple(AdapterUse(name, digests[name], weight) for name, weight in weights.items() if weight)
        sampling = self.pack.sampling
        return Recipe(
            style=self.pack.name,
            prompt=prompt,
            seed=seed,
            width=self.model.width,
            height=self.model.height,
            steps=sampling.steps or self.model.steps,
            guidance=self.model.guidance if sampling.guidance is None else sampling.guidance,
            adapters=uses,
            model=self.model.id,
            model_digest=self.model.digest,
        )

    async def paint(self, recipes: Sequence[Recipe]) -> Pictures:
        """Paint recipes: (n, h, w, 3) uint8."""
        pngs: list[bytes] = []
        for k in range(0, len(recipes), _AT_ONCE):
            pngs += [picture.png for picture in await self.painter.paint(recipes[k : k + _AT_ONCE])]
        return np.stack([np.asarray(Image.open(io.BytesIO(png)).convert("RGB")) for png in pngs])


def random_prompt(rng: np.random.Generator, *, hues: bool = True) -> str:
    """Draw a prompt as the style's space would: a line, three hues, two planes."""
    words = [str(rng.choice(LINES)), *(str(p) for p in rng.choice(PLANES, 2, replace=False))]
    if hues:
        words += [str(hue) for hue in rng.choice(HUES, 3, replace=False)]
    return ", ".join(words)


async def measure_hues(bench: Bench) -> dict[str, dict[str, float]]:
    """Ask for one hue at a time: how often it covers most of the picture, against how often it does unasked."""
    found: dict[str, list[str]] = {}
    covers: dict[str, float] = {}
    for hue in HUES:
        rng = np.random.default_rng(11)
        prompts = [f"{random_prompt(rng, hues=False)}, {hue}" for _ in range(bench.seeds)]
        pictures = await bench.paint([bench.recipe(prompt, 3000 + k) for k, prompt in enumerate(prompts)])
        found[hue] = [dominant_hue(picture) for picture in pictures]
        covers[hue] = float(np.mean([hue_shares(picture)[hue] for picture in pictures]))
    table = {}
    for hue in HUES:
        others = [name for asked in HUES if asked != hue for name in found[asked]]
        asked_rate, unasked = found[hue].count(hue) / bench.seeds, others.count(hue) / len(others)
        table[hue] = {
            "dominant when asked": asked_rate,
            "when not asked": unasked,
            "mean share when asked": covers[hue],
        }
    return table


async def measure_brightness(bench: Bench) -> dict[str, float]:
    """Paint the same seeds with the slider at −1, 0 and +1, with the style LoRA on: is lightness in order?"""
    rng = np.random.default_rng(12)
    prompts = [f"{bench.pack.trigger}, {random_prompt(rng)}" for _ in range(bench.seeds)]
    lightness = {}
    for weight in (-1.0, 0.0, 1.0):
        recipes = [bench.recipe(prompt, 5000 + k, kandinsky=1.0, brightness=weight) for k, prompt in enumerate(prompts)]
        lightness[weight] = np.array([mean_lightness(picture) for picture in await bench.paint(recipes)])
    return {
        "pairs in order, -1 < +1": float((lightness[-1.0] < lightness[1.0]).mean()),
        "pairs in order, -1 < 0": float((lightness[-1.0] < lightness[0.0]).mean()),
        "pairs in order, 0 < +1": float((lightness[0.0] < lightness[1.0]).mean()),
        **{f"mean L at {weight:+.0f}": float(values.mean()) for weight, values in lightness.items()},
    }


async def measure_style(bench: Bench, paintings: Pictures, held: Pictures) -> dict[str, dict[str, float]]:
    """Measure the set distance to all and to held-out paintings, with and without the LoRA, on the same seeds.

    In units of the mean distance between two random halves of the painter's own work.
    """
    rng = np.random.default_rng(13)
    prompts = [f"{bench.pack.trigger}, {random_prompt(rng)}" for _ in range(bench.seeds)]
    without = await bench.paint([bench.recipe(prompt, 7000 + k) for k, prompt in enumerate(prompts)])
    with_lora = await bench.paint([bench.recipe(prompt, 7000 + k, kandinsky=1.0) for k, prompt in enumerate(prompts)])
    halves = [rng.permutation(len(paintings)) for _ in range(10)]
    middle = len(paintings) // 2
    unit = mean_of([distance(paintings[half[:middle]], paintings[half[middle:]]) for half in halves])
    table = {}
    for name, pictures in (("base alone", without), ("with the LoRA", with_lora)):
        for against, reference in (("held out", held), ("all paintings", paintings)):
            parts = relative(pictures, reference, unit)
            low, high = bootstrap(pictures, reference, unit)
            table[f"{name}, {against}"] = {
                "colour": parts.colour,
                "texture": parts.texture,
                "line": parts.line,
                "composition": parts.composition,
                "overall": overall(parts),
                "low": low,
                "high": high,
            }
    return table


def _paintings(folder: Path, size: int, seed: int = 0, share: float = 0.15) -> tuple[Pictures, Pictures]:
    """Read the paintings' middle squares; returns all, and those that the style's training held out."""
    from style.training.kandinsky import SYNONYMS
    from style.training.lora import split
    from style.training.paintings import Painting, crops, read_folder

    paintings = read_folder(folder, SYNONYMS)
    _, held = split(paintings, share, seed)

    def squares(chosen: Sequence[Painting]) -> Pictures:
        return np.stack([crops(painting, 1, size, 0)[0] for painting in chosen])

    return squares(paintings), squares(held)


async def paint_sheet(bench: Bench, file: Path) -> None:
    """Paint single hues, the slider's way, and the same seeds without and with the style: a row each."""
    hues = [bench.recipe(f"{LINES[k % 3]}, {PLANES[k % 4]}, {hue}", 40 + k) for k, hue in enumerate(HUES)]
    prompt = f"{bench.pack.trigger}, curve line, circle, triangle, red, blue, yellow"
    way = [bench.recipe(prompt, 77, kandinsky=1.0, brightness=weight) for weight in np.linspace(-1, 1, len(HUES))]
    rng = np.random.default_rng(14)
    prompts = [f"{bench.pack.trigger}, {random_prompt(rng)}" for _ in range(len(HUES))]
    base = [bench.recipe(prompt, 90 + k) for k, prompt in enumerate(prompts)]
    style = [bench.recipe(prompt, 90 + k, kandinsky=1.0) for k, prompt in enumerate(prompts)]
    rows = [await bench.paint(row) for row in (hues, way, base, style)]
    gap = np.full((bench.model.height, 6, 3), 255, dtype=np.uint8)
    lines = [np.concatenate([part for picture in row for part in (picture, gap)], axis=1) for row in rows]
    space = np.full((6, lines[0].shape[1], 3), 255, dtype=np.uint8)
    Image.fromarray(np.concatenate([part for line in lines for part in (line, space)], axis=0)).save(file)


def _print(title: str, rows: dict[str, dict[str, float]]) -> None:
    columns = list(next(iter(rows.values())))
    width = max(len(name) for name in rows) + 2
    print(f"\n{title}\n{'':{width}}" + "  ".join(columns))
    for name, row in rows.items():
        print(f"{name:{width}}" + "  ".join(f"{row[column]:{len(column)}.3f}" for column in columns))


async def _run(arguments: argparse.Namespace) -> None:
    shelf = load_shelf([BUNDLED_PACKS], BUNDLED)
    pack = shelf.packs["kandinsky"]
    if arguments.steps:
        pack = replace(pack, sampling=replace(pack.sampling, steps=arguments.steps))
    painter = LocalPainter(model=BUNDLED, device="auto", packs=[pack])
    model = await painter.start()
    bench = Bench(painter, model, pack, arguments.seeds)
    results: dict[str, object] = {"seeds": arguments.seeds, "model": model.digest, "pack": pack.digest}
    try:
        if arguments.sheet:
            await paint_sheet(bench, arguments.sheet)
        if not arguments.seeds:
            return
        hues = await measure_hues(bench)
        _print("One hue asked for (share of pictures)", hues)
        brightness = await measure_brightness(bench)
        _print("Brightness slider", {"kandinsky": brightness})
        results |= {"hues": hues, "brightness": brightness}
        if arguments.paintings:
            all_paintings, held = _paintings(arguments.paintings, model.width)
            style = await measure_style(bench, all_paintings, held)
            _print("Style distance (1: between two halves of the painter's own work)", style)
            results["style"] = style
    finally:
        await painter.close()
    print(json.dumps(results))


def main() -> None:
    """Run the benchmark and print its tables, then one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=200, help="pictures for each thing asked; 0: none")
    parser.add_argument("--paintings", type=Path, help="folder of the style's paintings, for the style distance")
    parser.add_argument("--sheet", type=Path, help="write a sheet of pictures to this file")
    parser.add_argument("--steps", type=int, help="sampling steps (default: the pack's)")
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
