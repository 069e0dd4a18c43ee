"""Paint what docs/artist.md shows of each bundled style: twelve samples, and the strips of its sliders.

For each style, `NAME.jpg` has two rows of six requests drawn by chance, and below them the same requests and seeds
without any adapter; `NAME-sliders.jpg` has two rows a slider, each one seed at seven weights from its low to its high
end. Everything goes the way that the bot goes.

    python -m benchmarks.style_sheets --out docs/pictures
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from style.measures.studio import Pictures, Studio, open_studios
from style.places import BUNDLED, BUNDLED_PACKS
from style.shelf import bundled_pack, load_shelf

COLUMNS = 6
WEIGHTS = 7
_CELL_PX, _GAP_PX = 192, 4


def save_rows(rows: Sequence[Pictures], file: Path, gap_after: int) -> None:
    """Write rows of (n, h, w, 3) pictures as one sheet of small cells, a wider gap after each `gap_after` rows."""
    step, most = _CELL_PX + _GAP_PX, max(len(row) for row in rows)
    breaks = (len(rows) - 1) // gap_after
    height = len(rows) * step - _GAP_PX + breaks * 3 * _GAP_PX
    sheet = Image.new("RGB", (most * step - _GAP_PX, height), "white")
    for number, row in enumerate(rows):
        y = number * step + number // gap_after * 3 * _GAP_PX
        for column, picture in enumerate(row):
            cell = Image.fromarray(picture).resize((_CELL_PX, _CELL_PX), Image.Resampling.LANCZOS)
            sheet.paste(cell, (column * step, y))
    sheet.save(file, quality=88)


async def paint_samples(studio: Studio, file: Path, seed: int) -> None:
    """Paint twelve requests with the style, and the same ones without."""
    rng = np.random.default_rng(seed)
    wishes = [studio.request(rng) for _ in range(2 * COLUMNS)]
    rows = []
    for on in (True, False):
        painted = await studio.paint([studio.recipe(wish, seed + k, styled=on) for k, wish in enumerate(wishes)])
        rows += [painted[:COLUMNS], painted[COLUMNS:]]
    save_rows(rows, file, 2)


async def paint_strips(studio: Studio, file: Path, seed: int) -> None:
    """Paint each slider's way at two seeds."""
    rng, rows = np.random.default_rng(seed), []
    for slider in studio.sliders():
        for k in range(2):
            wish = studio.request(rng)
            weights = np.linspace(slider.low, slider.high, WEIGHTS)
            recipes = [studio.recipe({**wish, slider.name: float(weight)}, seed + 50 + k) for weight in weights]
            rows.append(await studio.paint(recipes))
    if rows:
        save_rows(rows, file, 2)


async def _run(arguments: argparse.Namespace) -> None:
    packs = [bundled_pack(name) for name in arguments.pack or sorted(load_shelf([BUNDLED_PACKS], BUNDLED).packs)]
    async with open_studios(packs, arguments.threads) as studios:
        for studio in studios:
            name = studio.pack.name
            await paint_samples(studio, arguments.out / f"{name}.jpg", arguments.seed)
            await paint_strips(studio, arguments.out / f"{name}-sliders.jpg", arguments.seed)
            print(f"{name}: painted", flush=True)


def main() -> None:
    """Paint the sheets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", nargs="*", help="the bundled styles to show (default: all)")
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"), help="folder of the sheets")
    parser.add_argument("--seed", type=int, default=300)
    parser.add_argument("--threads", type=int, default=1, help="of torch")
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
