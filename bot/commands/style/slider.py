"""`vernissage style slider`: what differs between pictures becomes a number that people can turn."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.commands.console import say
from bot.commands.style import job
from bot.commands.style.studio import PUBLISHED, Studio, check_name, open_studio
from bot.errors import BadInputError
from style.errors import BadPicturesError
from style.order import make_job, place_job
from style.pack import Pack
from style.pack_writer import add_slider
from style.places import BUNDLED_PACKS
from style.training.decoding import SUFFIXES, PictureFaultError, decode_picture
from style.training.job import Job
from style.training.listing import Finding

INTERRUPTED = 130
_LOOK_PX = 256
_MOST_SKEW = 0.02


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `style slider`."""
    parser.add_argument(
        "ends", type=Path, nargs="*", metavar="BASE CHANGED", help="two pictures, or two folders of the same file names"
    )
    parser.add_argument("--name", required=True, help="the slider's name: CHANGED shows more of it than BASE")
    parser.add_argument("--style", required=True, metavar="STYLE", help="the style that gets the slider")
    parser.add_argument("--pairs", type=Path, metavar="FOLDER", help="a folder with the folders low and high in it")
    parser.add_argument(
        "--drawn",
        choices=("brightness", "structure", "parallel"),
        help="pairs that this program draws, and no pictures",
    )
    parser.add_argument("--caption", help="what all pictures show")
    parser.add_argument("--method", choices=("x0_shift", "concept", "addift", "two_pass"), help="how to learn it")
    parser.add_argument("--steps", type=int, help="how long to train")
    parser.add_argument("--seed", type=int, default=0, help="train the same again (default 0)")
    parser.add_argument("--rank", type=int, help="how much the adapter can hold")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), help="default: VERNISSAGE_DEVICE")
    parser.add_argument("--again", action="store_true", help="replace a slider of this name")


def main(arguments: argparse.Namespace) -> int:
    """Train the slider and add it to the style's pack; the same command again goes on where it was stopped."""
    studio = open_studio(arguments.device)
    pack = _check_style(studio, arguments.style, check_name(arguments.name), again=arguments.again)
    ends = None if arguments.drawn else _ends(arguments)
    folder = studio.version(f"{pack.name}.{arguments.name}").absolute()
    going_on = place_job(folder, _job(studio, pack, arguments, ends))
    say(f"{'going on' if going_on else 'training'} in {folder}; Ctrl-C stops at a checkpoint")
    outcome = job.train(folder)
    if outcome.adapter is None:
        say(f"stopped at step {outcome.step}; the same command goes on from there")
        return INTERRUPTED
    pack = add_slider(pack, arguments.name, outcome.adapter)
    (folder / PUBLISHED).write_text(pack.digest + "\n", encoding="utf-8")
    say(f"{pack.folder}: {arguments.name} from -1 to 1; sessions under way in {pack.name} cannot go on without it")
    say(f"{_report(folder, f'{pack.title}: {arguments.name}', pack)}: the report")
    say(f"next: vernissage paint --style {pack.name} --set {arguments.name}=1")
    return 0


def find_pairs(base: Path, changed: Path) -> list[tuple[Path, Path]]:
    """Pair two pictures, or the pictures of two folders by their names, and look at each.

    Raises:
        BadPicturesError: the message lists all that is wrong, each with file and cure.
    """
    if base.is_dir() and changed.is_dir():
        names = [
            {path.name for path in folder.iterdir() if path.suffix.lower() in SUFFIXES} for folder in (base, changed)
        ]
        pairs = [(base / name, changed / name) for name in sorted(names[0] & names[1])]
        alone = sorted((base if name in names[0] else changed) / name for name in names[0] ^ names[1])
        faults = [Finding(str(path), "has no picture of its name in the other folder; add one") for path in alone]
        if not pairs:
            faults.append(Finding(str(base), f"holds no picture that has its name in {changed} as well"))
    else:
        pairs, faults = [(base, changed)], []
    for low, high in pairs:
        faults += _pair_faults(low, high)
    if faults:
        count = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
        raise BadPicturesError("\n  ".join((f"{base} and {changed}: {count}:", *map(str, faults))))
    return pairs


def _pair_faults(low: Path, high: Path) -> list[Finding]:
    shapes, faults = [], []
    for path in (low, high):
        try:
            shapes.append(decode_picture(path, _LOOK_PX).pixels.shape)
        except PictureFaultError as error:
            faults.append(Finding(str(path), str(error)))
    if len(shapes) == 2:
        first, second = (shape[1] / shape[0] for shape in shapes)
        if abs(first / second - 1) > _MOST_SKEW:
            faults.append(Finding(str(high), f"has another shape than {low}; cut both alike"))
    return faults


def _check_style(studio: Studio, style: str, name: str, *, again: bool) -> Pack:
    pack = studio.find_pack(style)
    if pack.folder.is_relative_to(BUNDLED_PACKS.resolve()):
        raise BadInputError(
            f"the style {style} ships with the program and stays as it is; copy {pack.folder} into "
            f"{studio.data.packs} under another name (in its style.toml too), and give that as --style"
        )
    if pack.base != studio.model:
        raise BadInputError(f"the style {style} is for the model {pack.base}; set VERNISSAGE_MODEL to it")
    known = {attribute.name for attribute in pack.space.attributes}
    if name in known and not again:
        raise BadInputError(f"the style {style} has an attribute {name}; give another --name, or --again to replace it")
    if name in known and not any(slider.attribute == name for slider in pack.sliders):
        raise BadInputError(f"the attribute {name} of {style} is one of words; give the slider another --name")
    return pack


def _ends(arguments: argparse.Namespace) -> tuple[Path, Path]:
    typed: list[Path] = arguments.ends
    if arguments.pairs is not None and not typed:
        ends = (arguments.pairs / "low", arguments.pairs / "high")
    elif arguments.pairs is None and len(typed) == 2:
        ends = (typed[0], typed[1])
    else:
        raise BadInputError("give BASE and CHANGED, or --pairs FOLDER, or --drawn: one of the three")
    if missing := [str(path) for path in ends if not path.exists()]:
        raise BadInputError(
            f"not there: {', '.join(missing)}; give two pictures, or two folders of the same file names"
        )
    if ends[0].is_dir() != ends[1].is_dir():
        raise BadInputError(
            f"{ends[0]} and {ends[1]}: one is a folder and one is not; give two pictures or two folders"
        )
    say(f"{len(find_pairs(*ends))} pairs")
    return ends


def _job(studio: Studio, pack: Pack, arguments: argparse.Namespace, ends: tuple[Path, Path] | None) -> Job:
    fields = {
        "name": arguments.name,
        "model": studio.settings.model,
        "device": studio.settings.device,
        "drawn": arguments.drawn,
        "base": str(ends[0].absolute()) if ends else None,
        "changed": str(ends[1].absolute()) if ends else None,
        "caption": arguments.caption,
        "style": str(pack.style.path) if pack.style else None,
        "seed": arguments.seed,
        "steps": arguments.steps,
        "rank": arguments.rank,
        "method": arguments.method,
    }
    return make_job("slider", fields)


def _report(folder: Path, title: str, pack: Pack) -> Path:
    from style.report.writing import write_report  # matplotlib, which other commands do without

    return write_report(folder, title, pack.digest)
