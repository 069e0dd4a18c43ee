"""Measure whether the bundled model and a style on it paint what they are asked for: words, sliders, style, diversity.

Everything goes the way that the bot goes: recipes to the engine's own process, PNGs back. Says before it begins how
many pictures it paints. The measures are those of `style.measures.evaluation`.

    python -m benchmarks.model_quality --seeds 200 --paintings FOLDER --sheet docs/pictures/model.jpg
    python -m benchmarks.model_quality --pack de-stijl --seeds 200 --json de-stijl.json
"""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from style.errors import BadPackError
from style.measures.evaluation import Plan, evaluate
from style.measures.paintings import read_paintings
from style.measures.studio import Studio, open_studios
from style.measures.tables import text_of
from style.procedural import HUES, LINES, PLANES
from style.recipe import Recipe
from style.shelf import bundled_pack
from style.training.kandinsky import SYNONYMS


async def paint_sheet(studio: Studio, file: Path) -> None:
    """Paint single hues, each slider's way, and the same seeds without and with the style: a row each."""
    wish = studio.request(np.random.default_rng(14))
    rows: list[list[Recipe]] = [
        [replace(studio.recipe(wish, 40 + k, styled=False), prompt=f"{LINES[k % 3]}, {PLANES[k % 4]}, {hue}")
         for k, hue in enumerate(HUES)],
    ]  # fmt: skip
    for slider in studio.sliders():
        weights = np.linspace(slider.low, slider.high, len(HUES))
        rows.append([studio.recipe({**wish, slider.name: float(weight)}, 77) for weight in weights])
    rng = np.random.default_rng(14)
    wishes = [studio.request(rng) for _ in HUES]
    rows += [[studio.recipe(asked, 90 + k, styled=on) for k, asked in enumerate(wishes)] for on in (False, True)]
    gap = np.full((studio.model.height, 6, 3), 255, dtype=np.uint8)
    lines = [
        np.concatenate([part for picture in await studio.paint(row) for part in (picture, gap)], axis=1) for row in rows
    ]
    space = np.full((6, lines[0].shape[1], 3), 255, dtype=np.uint8)
    Image.fromarray(np.concatenate([part for line in lines for part in (line, space)], axis=0)).save(file)


async def _run(arguments: argparse.Namespace) -> None:
    try:
        pack = bundled_pack(arguments.pack)
    except BadPackError as error:
        raise SystemExit(str(error)) from error
    if arguments.steps:
        pack = replace(pack, sampling=replace(pack.sampling, steps=arguments.steps))
    async with open_studios([pack], arguments.threads) as (studio,):
        if arguments.sheet:
            await paint_sheet(studio, arguments.sheet)
        if not arguments.seeds:
            return
        asked = {"alone": arguments.alone, "slider": arguments.slider, "pair": arguments.pair}
        plan = replace(Plan.of(arguments.seeds), **{name: count for name, count in asked.items() if count})
        plan = replace(plan, alone_of=tuple(arguments.alone_of))
        paintings = None
        if arguments.paintings:
            paintings = read_paintings(arguments.paintings, studio.model.width, synonyms=SYNONYMS)
        print(f"Painting {plan.pictures(studio, paintings)} pictures …", flush=True)
        found = await evaluate(studio.painter, pack, studio.model, plan, paintings)
    print(f"\n{text_of(found)}\n")
    line = json.dumps({"seeds": arguments.seeds, **json.loads(found.to_json())}, ensure_ascii=False)
    if arguments.json:
        arguments.json.write_text(line + "\n", encoding="utf-8")
    print(line)


def main() -> None:
    """Run the benchmark and print its tables, then one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", default="kandinsky", help="the bundled style to measure")
    parser.add_argument("--seeds", type=int, default=200, help="requests painted with and without the style; 0: none")
    parser.add_argument("--alone", type=int, help="seeds for each word alone (default: a quarter)")
    parser.add_argument("--alone-of", nargs="*", default=[], help="the attributes of those words (default: all)")
    parser.add_argument("--slider", type=int, help="seeds for each slider, at five weights each (default: a fifth)")
    parser.add_argument("--pair", type=int, help="seeds for each corner of a pair of sliders (default: a tenth)")
    parser.add_argument("--paintings", type=Path, help="folder of the style's paintings, for the style distance")
    parser.add_argument("--sheet", type=Path, help="write a sheet of pictures to this file")
    parser.add_argument("--threads", type=int, help="of torch, where pictures are painted (default: as many as cores)")
    parser.add_argument("--json", type=Path, help="also write the line of JSON to this file")
    parser.add_argument("--steps", type=int, help="sampling steps (default: the pack's)")
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
