"""`vernissage style evaluate NAME`: pictures with a style and without it, measured against the painter's own."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.commands.console import say
from bot.commands.paint import draw
from bot.commands.style.studio import Studio, open_studio
from bot.errors import BadInputError
from evolution import Chromosome
from style.decode import decode
from style.engine.client import LocalPainter
from style.engine.process import PROGRAM
from style.errors import BadPicturesError, TrainingError
from style.evaluation import LEAST_PAINTINGS, measure_attributes, measure_distance, squares
from style.order import read_fields
from style.pack import Pack
from style.painter import Progress
from style.report.record import EVALUATION_FILE
from style.training.paintings import read_folder

_SEED = 20_260_101
_MOST_SEEDS = 1000


@dataclass(frozen=True, slots=True)
class Painted:
    """Pictures of the same chromosomes with the style's adapters and without any, (n, h, w, 3) each."""

    with_style: NDArray[np.uint8]
    without: NDArray[np.uint8]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `style evaluate`."""
    parser.add_argument("name", metavar="NAME", help="the style; a wrong name lists those there are")
    parser.add_argument(
        "--pictures", type=Path, metavar="FOLDER", help="the painter's (default: those of its training)"
    )
    parser.add_argument("--seeds", type=int, default=48, metavar="N", help="pictures to paint, each twice (default 48)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the figures as JSON (default: beside the training)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), help="default: VERNISSAGE_DEVICE")


def main(arguments: argparse.Namespace) -> int:
    """Paint, measure, print a table, write JSON, and renew the training's report."""
    if not 4 <= arguments.seeds <= _MOST_SEEDS:
        raise BadInputError(f"--seeds must be 4 to {_MOST_SEEDS}, got {arguments.seeds}")
    studio = open_studio(arguments.device)
    pack = studio.find_pack(arguments.name)
    if pack.base != studio.model:
        raise BadInputError(f"the style {pack.name} is for the model {pack.base}; set VERNISSAGE_MODEL to it")
    training = studio.last_version(pack.name)
    folder = arguments.pictures or _trained_on(training)
    paintings = [painting.pixels for painting in read_folder(folder)] if folder else []
    if paintings and len(paintings) < LEAST_PAINTINGS:
        raise BadPicturesError(f"{folder}: {len(paintings)} pictures; a distance needs at least {LEAST_PAINTINGS}")
    if not paintings:
        say("  note: no pictures to compare with; give --pictures FOLDER for the distance")
    chromosomes = draw(pack.space, {}, arguments.seeds, _SEED)
    painted = asyncio.run(paint_both(studio, pack, chromosomes))
    figures = measure(pack, chromosomes, painted, paintings)
    for line in table(figures):
        say(line)
    out = arguments.out or (training or studio.data.trainings / pack.name) / EVALUATION_FILE
    _write(out, figures)
    say(f"{out}: the same as JSON")
    if training is not None and arguments.out is None:
        say(f"{_report(training, pack)}: the report")
    return 0


def measure(
    pack: Pack, chromosomes: Sequence[Chromosome], painted: Painted, paintings: Sequence[NDArray[np.uint8]]
) -> dict[str, Any]:
    """Measure what was painted, in one value that JSON can hold."""
    figures: dict[str, Any] = {"style": pack.name, "digest": pack.digest, "seeds": len(chromosomes)}
    if paintings:
        side = min(painted.with_style.shape[1:3])
        like = squares(list(paintings), side)
        with_style, without = (squares(list(some), side) for some in (painted.with_style, painted.without))
        figures |= measure_distance(with_style, without, like)
    return figures | {"attributes": measure_attributes(pack.space, chromosomes, list(painted.with_style))}


def table(figures: dict[str, Any]) -> list[str]:
    """Lay out the figures, a line each."""
    lines = [f"{figures['style']}, {figures['seeds']} pictures"]
    if "after" in figures:
        low, high = figures["interval"]
        lines += [
            f"style distance to {figures['paintings']} pictures (1: half of them against the other half)",
            f"  without the style  {figures['before']:.2f}",
            f"  with it            {figures['after']:.2f}  ({low:.2f} to {high:.2f}, 19 times of 20)",
            "  of it              " + ", ".join(f"{part} {value:.2f}" for part, value in figures["parts"].items()),
        ]
    for name, found in figures["attributes"].items():
        words = ", ".join(f"{what.replace('_', ' ')} {value:.2f}" for what, value in found.items())
        lines.append(f"attribute {name}: {words}")
    return lines


async def paint_both(
    studio: Studio, pack: Pack, chromosomes: Sequence[Chromosome], program: Sequence[str] = PROGRAM
) -> Painted:
    """Paint chromosomes with the style and with the bare model.

    Raises:
        StyleError: the model, the pack or the painting failed.
    """
    settings = studio.settings
    painter = LocalPainter(model=settings.model, device=settings.device, packs=(pack,), program=program)
    try:
        model = await painter.start()
        recipes = [decode(pack, chromosome, model) for chromosome in chromosomes]
        bare = [replace(recipe, adapters=()) for recipe in recipes]
        sets = []
        for words, some in (("with the style", recipes), ("without it", bare)):
            say(f"painting {len(some)} pictures {words} …")
            sets.append(np.stack([_pixels(picture.png) for picture in await painter.paint(some, _Told())]))
        return Painted(*sets)
    finally:
        await painter.close()


class _Told:
    """Says how far a painting is, at each quarter."""

    def __init__(self) -> None:
        self._quarter = 0

    def __call__(self, progress: Progress) -> None:
        if progress.phase == "painting" and (quarter := 4 * progress.done // max(1, progress.total)) > self._quarter:
            self._quarter = quarter
            say(f"  {25 * quarter} %")


def _trained_on(training: Path | None) -> Path | None:
    pictures = (read_fields(training) or {}).get("pictures") if training else None
    return Path(pictures) if isinstance(pictures, str) and Path(pictures).is_dir() else None


def _pixels(png: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGB"))


def _write(path: Path, figures: dict[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise TrainingError(f"{path}: cannot be written ({error.strerror}); give another --out") from error


def _report(training: Path, pack: Pack) -> Path:
    from style.report.writing import write_report  # matplotlib, which other commands do without

    return write_report(training, pack.title, pack.digest)
