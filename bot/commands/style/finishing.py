"""`vernissage style finish FOLDER`: a training becomes a pack in its own folder, measured, with its report.

The pack lies in `FOLDER/pack/NAME`, where nobody is offered it: that is what the chat publishes, and rolls back to.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import threading
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.commands.console import say
from bot.commands.paint import draw
from bot.commands.style.evaluation import Quarters, choose_paintings, figures
from bot.commands.style.samples import sheet, two_rows
from bot.commands.style.studio import Studio, open_studio
from bot.teaching.folders import COMPARISON_FILE, LESSON_FILE, PACK_FOLDER
from evolution import Multiple, Single
from style.decode import ModelInfo, decode
from style.engine.client import LocalPainter
from style.engine.process import PROGRAM
from style.errors import BadPackError, TrainingError
from style.measures.evaluation import Evaluation, Plan, evaluate
from style.measures.paintings import cut_paintings
from style.order import read_fields
from style.pack import Pack, load_pack
from style.pack_writer import Draft, add_slider, write_pack
from style.painter import Painter
from style.report.record import EVALUATION_FILE, TAGS_FILE
from style.sheet import COUNT, SEED
from style.training.paintings import read_folder
from style.training.tagging import look_tags


@dataclass(frozen=True, slots=True)
class Finished:
    """The pack, and what was measured of it; None: there were too few pictures for that."""

    pack: Pack
    evaluation: Evaluation | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `style finish`."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a training that is done, with a lesson.json in it")
    parser.add_argument("--seeds", type=int, default=24, metavar="N", help="requests to measure with (default 24)")
    parser.add_argument("--tied", action="store_true", help="end when standard input ends, as it does with its starter")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), help="default: VERNISSAGE_DEVICE")


def main(arguments: argparse.Namespace) -> int:
    """Write pack, evaluation and report into the folder."""
    if arguments.tied:
        threading.Thread(target=_end_with_input, daemon=True).start()
    studio, folder = open_studio(arguments.device), arguments.folder.absolute()
    if (fields := read_fields(folder)) is not None and fields.get("kind") == "slider":
        pack = finish_slider(folder, str(fields["name"]))
        say(f"{pack.folder}: the pack, with {fields['name']}; {_report(folder, pack)}: the report")
        return 0
    draft = read_draft(studio, folder)
    _write_tags(folder)
    found = asyncio.run(finish(studio, folder, draft, arguments.seeds))
    if found.evaluation is not None:
        text = json.dumps(figures(found.evaluation), ensure_ascii=False, indent=1)
        (folder / EVALUATION_FILE).write_text(text + "\n", encoding="utf-8")
    say(f"{found.pack.folder}: the pack; {_report(folder, found.pack)}: the report")
    return 0


def _end_with_input() -> None:
    """Wait for the end of standard input, then end this process: a killed starter must leave nobody in the folder."""
    # Not by `sys.stdin`: a thread that waits in its buffer keeps the interpreter from ending in order.
    while os.read(0, 4096):
        pass
    os._exit(1)


def finish_slider(folder: Path, name: str) -> Pack:
    """Add a trained slider to a copy of the pack that its lesson.json names as "base".

    Raises:
        TrainingError: no training is done there, or its lesson.json cannot be read.
        BadPackError: the pack would be none with the slider.
    """
    adapter = folder / f"{name}.safetensors"
    try:
        base = Path(json.loads((folder / LESSON_FILE).read_text("utf-8"))["base"])
        place = folder / PACK_FOLDER / base.name
        shutil.rmtree(folder / PACK_FOLDER, ignore_errors=True)  # what a killed run left
        shutil.copytree(base, place)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"{folder / LESSON_FILE}: cannot be used ({error!r}); begin the slider anew") from error
    if not adapter.is_file():
        raise TrainingError(f"{folder}: no training is done there; train first")
    return add_slider(load_pack(place), name, adapter)


def read_draft(studio: Studio, folder: Path) -> Draft:
    """Read what the pack is to say.

    Raises:
        TrainingError: the folder holds no training that is done, or no lesson.json that can be read.
    """
    fields = read_fields(folder) or {}
    name = str(fields.get("name", ""))
    adapter = folder / f"{name}.safetensors"
    try:
        lesson: dict[str, Any] = json.loads((folder / LESSON_FILE).read_text("utf-8"))
        attributes = tuple(attribute_of(row) for row in lesson["attributes"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"{folder / LESSON_FILE}: cannot be read ({error!r}); begin the lesson anew") from error
    if not name or not adapter.is_file():
        raise TrainingError(f"{folder}: no training is done there; train first")
    model, _, revision = studio.settings.model.partition("@")
    return Draft(
        name=name,
        title=str(lesson["title"]),
        trigger=str(fields.get("trigger", name)),
        base=studio.model,
        base_revision=revision or None if not Path(model).is_dir() else None,
        licence=str(lesson.get("licence", "not stated")),
        credits=str(lesson.get("credits", "not stated")),
        attributes=attributes,
        adapter=adapter,
    )


def attribute_of(row: dict[str, Any]) -> Single | Multiple:
    """Read an attribute of a lesson."""
    values = tuple(str(value) for value in row["values"])
    if row["kind"] == "single":
        return Single(str(row["name"]), values)
    return Multiple(str(row["name"]), values, count=int(row["count"]))


async def finish(
    studio: Studio, folder: Path, draft: Draft, seeds: int, program: tuple[str, ...] = PROGRAM
) -> Finished:
    """Start an engine with the draft, paint the pack's sample, write the pack, and measure it.

    Raises:
        StyleError: the model, the pack or the painting failed.
    """
    workbench = folder / "draft"
    shutil.rmtree(workbench, ignore_errors=True)  # what a killed run left
    drafted = write_pack(draft, workbench / "packs")
    settings = studio.settings
    against = _against(folder)
    packs = (drafted,) if against is None else (drafted, against)
    painter = LocalPainter(model=settings.model, device=settings.device, packs=packs, program=program)
    try:
        model = await painter.start()
        recipes = [decode(drafted, one, model) for one in draw(drafted.space, {}, COUNT, SEED)]
        sample = sheet(await painter.paint(recipes), workbench / "sample.png")
        shutil.rmtree(folder / PACK_FOLDER, ignore_errors=True)
        pack = write_pack(replace(draft, samples=(sample,)), folder / PACK_FOLDER)
        shutil.rmtree(workbench, ignore_errors=True)
        if against is not None:
            await compare(painter, model, against, drafted, folder / COMPARISON_FILE)
        compared = choose_paintings(None, folder)
        if not compared.paintings:
            return Finished(pack, None)
        paintings = cut_paintings(compared.paintings, compared.held, min(model.width, model.height))
        plan = Plan(seeds, 2, 2, 2)
        return Finished(pack, await evaluate(painter, drafted, model, plan, paintings, Quarters(4 * seeds)))
    finally:
        await painter.close()


async def compare(painter: Painter, model: ModelInfo, before: Pack, after: Pack, path: Path) -> None:
    """Paint the same seeds with two versions of a style, one above the other, into the PNG file `path`.

    The words are the same too where both have the same attributes.

    Raises:
        PainterError: they could not be painted.
    """
    genes = [draw(pack.space, {}, COUNT, SEED) for pack in (before, after)]
    if set(before.space.attributes) == set(after.space.attributes):
        genes[1] = genes[0]
    rows = [
        await painter.paint([decode(pack, one, model) for one in some])
        for pack, some in zip((before, after), genes, strict=True)
    ]
    two_rows(rows, path)


def _against(folder: Path) -> Pack | None:
    """Read the pack that the new one is to be compared with, where its lesson names one that is still there."""
    fields: dict[str, Any] = json.loads((folder / LESSON_FILE).read_text("utf-8"))
    try:
        return load_pack(Path(str(fields["against"])))
    except (KeyError, BadPackError):
        return None


def _report(folder: Path, pack: Pack) -> Path:
    from style.report.writing import write_report  # matplotlib, which other commands do without

    return write_report(folder, pack.title, pack.digest)


def _write_tags(folder: Path) -> None:
    """Keep how often each tag stands, for the report."""
    pictures = Path(str((read_fields(folder) or {}).get("pictures", folder)))
    counts = Counter(tag for one in read_folder(pictures) for tag in dict.fromkeys((*one.tags, *look_tags(one.pixels))))
    (folder / TAGS_FILE).write_text(json.dumps(counts, ensure_ascii=False) + "\n", encoding="utf-8")
