"""`vernissage style import FILE`: a LoRA that others trained becomes a pack."""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from bot.commands.console import say
from bot.commands.style import samples
from bot.commands.style.studio import PUBLISHED, Studio, open_studio
from bot.errors import BadInputError
from evolution import Multiple, Single
from style.errors import StyleError, TrainingError
from style.foreign import ImportReport, import_adapter
from style.pack import Pack
from style.pack_writer import Draft, write_pack
from style.places import BUNDLED
from style.procedural.spec import HUES, LINES, PLANES
from style.proposal import propose_attributes

_ALL_WORDS = (Single("line", LINES), Multiple("hue", HUES, count=3), Multiple("plane", PLANES, count=2))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `style import`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .safetensors file")
    parser.add_argument("--name", required=True, help="the style's name: a-z, 0-9, _ and -")
    parser.add_argument("--title", help="what people read (default: the name)")
    parser.add_argument("--trigger", metavar="WORDS", help="what calls the style up (default: what the file says)")
    parser.add_argument("--licence", default="not stated", help="the licence of the pack")
    parser.add_argument("--credits", help="whom to thank (default: the file's name)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), help="default: VERNISSAGE_DEVICE")
    parser.add_argument("--again", action="store_true", help="replace a style that exists")


def main(arguments: argparse.Namespace) -> int:
    """Convert the adapter, paint a sample, write the pack; what could not be taken over is said."""
    studio = open_studio(arguments.device)
    studio.check_new(arguments.name, again=arguments.again)
    folder = studio.version(arguments.name)
    try:
        studio.data.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".import-", dir=studio.data.root) as workbench:
            adapter = Path(workbench, f"{arguments.name}.safetensors")
            report = import_adapter(arguments.file, adapter, studio.settings.model)
            for warning in report.warnings:
                say(f"  note: {warning}")
            draft = _draft(studio, arguments, report, adapter)
            shown = _sample(studio, draft, Path(workbench))
            replaced = folder / "replaced" / arguments.name if arguments.again else None
            pack = write_pack(replace(draft, samples=shown), studio.data.packs, replaced)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / PUBLISHED).write_text(pack.digest + "\n", encoding="utf-8")
    except OSError as error:
        cure = "set VERNISSAGE_DATA to a folder that can be written"
        raise TrainingError(f"{studio.data.root}: cannot be written to ({error.strerror}); {cure}") from error
    say(f"{pack.folder}: {len(report.layers)} layers, trigger {pack.trigger!r}; edit its style.toml as you like")
    say(f"next: vernissage paint --style {pack.name}")
    return 0


def _draft(studio: Studio, arguments: argparse.Namespace, report: ImportReport, adapter: Path) -> Draft:
    trigger = arguments.trigger or ", ".join(report.trigger_words)
    if not trigger:
        raise BadInputError(f"{arguments.file} does not say what calls its style up; give --trigger WORDS")
    # What a file says of its training stands in many pictures: each tag counts as often as it takes.
    tags = [report.source.tags] * 2 + [()]
    proposed = propose_attributes(tags, trigger)
    is_told = len(report.source.tags) > 1
    return Draft(
        name=arguments.name,
        title=arguments.title or arguments.name,
        trigger=trigger,
        base=studio.model,
        licence=arguments.licence,
        credits=arguments.credits or f"Imported from {arguments.file.name}.",
        attributes=_ALL_WORDS if studio.model == BUNDLED or not is_told else proposed.attributes,
        adapter=adapter,
    )


def _sample(studio: Studio, draft: Draft, folder: Path) -> tuple[Path, ...]:
    """Paint the pack's sample with the pack itself; where that fails it is said, and there is none."""
    pack: Pack = write_pack(draft, folder / "packs")
    try:
        return (samples.paint_sample(studio.settings, pack, folder / "sample.png"),)
    except StyleError as error:
        say(f"  note: no sample could be painted: {error}")
        return ()
