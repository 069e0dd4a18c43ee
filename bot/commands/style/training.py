"""`vernissage style train FOLDER --name NAME`: a folder of pictures becomes a pack that the bot can offer."""

from __future__ import annotations

import argparse
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.commands.console import say
from bot.commands.style import job, samples
from bot.commands.style.studio import PUBLISHED, Studio, open_studio, parse_renames
from bot.errors import BadInputError
from style.errors import StyleError, TrainingError
from style.order import make_job, place_job
from style.pack import Pack
from style.pack_writer import Draft, write_pack
from style.proposal import propose_attributes
from style.report.record import TAGS_FILE, read_record
from style.trainer import Outcome
from style.training.job import JOB_FILE, Job
from style.training.paintings import Painting, inspect_folder
from style.training.tagging import look_tags
from style.words import known_words

INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Request:
    """What was typed, after checks; `folder` is where the training lies."""

    studio: Studio
    folder: Path
    name: str
    title: str
    licence: str
    credits: str
    trigger: str
    job: Job
    replaced: Path | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `style train`."""
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="pictures with metadata.jsonl, or a .txt beside each"
    )
    parser.add_argument("--name", required=True, help="the style's name: a-z, 0-9, _ and -")
    parser.add_argument("--title", help="what people read (default: the name)")
    parser.add_argument("--trigger", help="the word that stands for the style in prompts (default: the name)")
    parser.add_argument("--steps", type=int, help="how long to train")
    parser.add_argument("--seed", type=int, default=0, help="train the same again (default 0)")
    parser.add_argument("--rank", type=int, help="how much the adapter can hold")
    parser.add_argument("--batch", type=int, help="pictures a step")
    parser.add_argument("--rate", type=float, help="learning rate")
    parser.add_argument("--held-out", type=float, metavar="SHARE", help="share of the pictures kept to check on")
    parser.add_argument(
        "--rename", action="append", default=[], metavar="OLD=NEW", help="take a tag for another; may be repeated"
    )
    parser.add_argument("--licence", default="not stated", help="the licence of the pack")
    parser.add_argument("--credits", help="whom to thank (default: how many pictures of what folder)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), help="default: VERNISSAGE_DEVICE")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="for checkpoints, samples, report (default: data folder)"
    )
    parser.add_argument("--again", action="store_true", help="a new version of a style that exists")


def main(arguments: argparse.Namespace) -> int:
    """Train, write the pack and the report; the same command again goes on where it was stopped."""
    studio = open_studio(arguments.device)
    studio.check_new(arguments.name, again=arguments.again)
    renamed = parse_renames(arguments.rename)
    say(f"looking at {arguments.folder} …")
    found = inspect_folder(arguments.folder, renamed, known_words(studio.model))
    for note in found.notes:
        say(f"  note: {note}")
    paintings = found.require(arguments.folder)
    request = _request(studio, arguments, renamed, len(paintings))
    going_on = place_job(request.folder, request.job)
    _write_tags(request.folder, paintings)
    say(f"{'going on' if going_on else 'training'} in {request.folder}; Ctrl-C stops at a checkpoint")
    outcome = job.train(request.folder)
    if outcome.adapter is None:
        say(f"stopped at step {outcome.step}; the same command goes on from there")
        return INTERRUPTED
    say("painting a sample …")
    pack = publish(request, outcome, paintings)
    page = _report(request, pack)
    say(f"{pack.folder}: the style {pack.name}; edit its style.toml as you like")
    say(f"{page}: the report")
    say(f"next: vernissage paint --style {pack.name} · vernissage style evaluate {pack.name}")
    return 0


def publish(request: Request, outcome: Outcome, paintings: Sequence[Painting]) -> Pack:
    """Make a pack of a finished training, with a sample that it painted, and put it among the packs.

    Raises:
        BadPackError: it cannot be written.
    """
    assert outcome.adapter is not None, "a finished training has an adapter"  # noqa: S101 - the caller looked
    proposed = propose_attributes(
        [(*painting.tags, *look_tags(painting.pixels)) for painting in paintings], request.trigger
    )
    model, _, revision = request.studio.settings.model.partition("@")
    draft = Draft(
        name=request.name,
        title=request.title,
        trigger=request.trigger,
        base=request.studio.model,
        base_revision=revision or None if not Path(model).is_dir() else None,
        licence=request.licence,
        credits=request.credits,
        attributes=proposed.attributes,
        left_out=proposed.left_out,
        adapter=outcome.adapter,
    )
    workbench = request.folder / "draft"
    shutil.rmtree(workbench, ignore_errors=True)  # what a killed run left
    shown = _sample(request, draft, workbench)
    pack = write_pack(replace(draft, samples=shown), request.studio.data.packs, request.replaced)
    shutil.rmtree(workbench, ignore_errors=True)
    (request.folder / PUBLISHED).write_text(pack.digest + "\n", encoding="utf-8")
    return pack


def _request(studio: Studio, arguments: argparse.Namespace, renamed: dict[str, str], pictures: int) -> Request:
    folder = (arguments.out or studio.version(arguments.name)).absolute()
    if arguments.out is not None and (folder / PUBLISHED).exists():
        raise BadInputError(f"{folder} holds a finished training; give another --out")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / JOB_FILE).exists():
        raise BadInputError(f"{folder} holds other things than a training; give an empty or a new --out")
    fields = {
        "name": arguments.name,
        "trigger": arguments.trigger or arguments.name,
        "model": studio.settings.model,
        "device": studio.settings.device,
        "pictures": str(arguments.folder.absolute()),
        "seed": arguments.seed,
        "steps": arguments.steps,
        "batch": arguments.batch,
        "rank": arguments.rank,
        "rate": arguments.rate,
        "held_out": arguments.held_out,
        "synonyms": renamed,
    }
    taken = f"Trained on {pictures} pictures of {arguments.folder.absolute().name}."
    return Request(
        studio=studio,
        folder=folder,
        name=arguments.name,
        title=arguments.title or arguments.name,
        licence=arguments.licence,
        credits=arguments.credits or taken,
        trigger=fields["trigger"],
        job=make_job("style", fields),
        replaced=folder / "replaced" / arguments.name if arguments.again else None,
    )


def _sample(request: Request, draft: Draft, folder: Path) -> tuple[Path, ...]:
    """Paint the pack's sample with the pack itself; where that fails, take the grid of the step that was taken."""
    try:
        pack = write_pack(draft, folder / "packs")
        return (samples.paint_sample(request.studio.settings, pack, folder / "sample.png"),)
    except StyleError as error:
        say(f"  note: no sample could be painted ({error}); a grid of the training stands in for it")
    record = read_record(request.folder)
    grids = dict(record.samples)
    best = grids.get(record.best_step if record.best_step is not None else -1)
    return tuple(filter(None, [best or next(reversed(grids.values()), None)]))


def _write_tags(folder: Path, paintings: Sequence[Painting]) -> None:
    """Keep how often each tag stands, for the report."""
    counts = Counter(
        tag for painting in paintings for tag in dict.fromkeys((*painting.tags, *look_tags(painting.pixels)))
    )
    try:
        (folder / TAGS_FILE).write_text(json.dumps(counts, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise TrainingError(f"{folder}: cannot be written to ({error.strerror}); make room there") from error


def _report(request: Request, pack: Pack) -> Path:
    from style.report.writing import write_report  # matplotlib, which no other command needs

    return write_report(request.folder, request.title, pack.digest)
