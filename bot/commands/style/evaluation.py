"""`vernissage style evaluate NAME`: a style's words, sliders, nearness to the painter's pictures and variety."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.commands.console import say
from bot.commands.style.progress import time_left
from bot.commands.style.studio import Studio, open_studio
from bot.errors import BadInputError
from style.decode import ModelInfo
from style.engine.client import LocalPainter
from style.engine.process import PROGRAM
from style.errors import BadPicturesError, TrainingError
from style.measures import studio as painting
from style.measures.evaluation import Evaluation, Plan, Scorer, evaluate
from style.measures.paintings import LEAST_HELD_OUT, LEAST_PAINTINGS, cut_paintings
from style.measures.tables import text_of
from style.order import read_fields
from style.pack import Pack
from style.report.record import EVALUATION_FILE
from style.training.paintings import Painting, read_folder, split

_LEAST_SEEDS, _MOST_SEEDS = 20, 1000  # with fewer, a slider is painted from fewer seeds than can be judged


@dataclass(frozen=True, slots=True)
class Compared:
    """The paintings to compare with, and those among them that were held out of the style's training, maybe none."""

    paintings: Sequence[Painting] = ()
    held: Sequence[Painting] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `style evaluate`."""
    parser.add_argument("name", metavar="NAME", help="the style; a wrong name lists those there are")
    parser.add_argument(
        "--pictures", type=Path, metavar="FOLDER", help="the painter's (default: those of its training)"
    )
    parser.add_argument(
        "--seeds",
        type=int,
        default=48,
        metavar="N",
        help=f"requests, {_LEAST_SEEDS} to {_MOST_SEEDS}, each painted with the style and without (default 48); words "
        "and sliders are painted beside them, in proportion",
    )
    parser.add_argument(
        "--learned",
        action="store_true",
        help="also CLIP score, KID, PickScore and CSD, with those of their weights that are on this machine",
    )
    parser.add_argument("--download", action="store_true", help="with --learned: fetch the weights that are missing")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the figures as JSON (default: beside the training)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), help="default: VERNISSAGE_DEVICE")


def main(arguments: argparse.Namespace) -> int:
    """Paint, measure, print tables, write JSON, and renew the training's report."""
    if not _LEAST_SEEDS <= arguments.seeds <= _MOST_SEEDS:
        raise BadInputError(f"--seeds must be {_LEAST_SEEDS} to {_MOST_SEEDS}, got {arguments.seeds}")
    if arguments.download and not arguments.learned:
        raise BadInputError("--download fetches weights of learned measures; give --learned too")
    studio = open_studio(arguments.device)
    pack = studio.find_pack(arguments.name)
    if pack.base != studio.model:
        raise BadInputError(f"the style {pack.name} is for the model {pack.base}; set VERNISSAGE_MODEL to it")
    training = studio.last_version(pack.name)
    compared = choose_paintings(arguments.pictures, training)
    scorer = _judges(arguments.download) if arguments.learned else None
    found = asyncio.run(measure(studio, pack, Plan.of(arguments.seeds), compared, scorer=scorer))
    say(f"\n{text_of(found)}\n")
    out = arguments.out or (training or studio.data.trainings / pack.name) / EVALUATION_FILE
    _write(out, figures(found))
    say(f"{out}: the same as JSON")
    if training is not None and arguments.out is None:
        say(f"{_report(training, pack)}: the report")
    return 0


def choose_paintings(given: Path | None, training: Path | None) -> Compared:
    """Read the folder that was given, or that of the training, which alone tells what was held out.

    Raises:
        BadPicturesError: the folder cannot be used, or one that was given holds too few pictures.
    """
    order = (read_fields(training) or {}) if training else {}
    trained_on = Path(order["pictures"]).absolute() if isinstance(order.get("pictures"), str) else None
    folder = given or trained_on
    if folder is None or (given is None and not folder.is_dir()):
        say("  note: no pictures to compare with; give --pictures FOLDER for the style distance")
        return Compared()
    is_of_training = folder.absolute() == trained_on
    paintings = read_folder(folder, order.get("synonyms") if is_of_training else None)
    if len(paintings) < LEAST_PAINTINGS:
        few = f"{folder}: {len(paintings)} pictures; a style distance needs at least {LEAST_PAINTINGS}"
        if given is not None:
            raise BadPicturesError(f"{few}: add some, or leave --pictures out")
        say(f"  note: {few}, and is left out")
        return Compared()
    held = split(paintings, order.get("held_out", 0.15), order.get("seed", 0))[1] if is_of_training else []
    if is_of_training and len(held) < LEAST_HELD_OUT:
        say(f"  note: of {len(paintings)} pictures training held out {len(held)}, too few to compare with alone")
        held = []
    return Compared(paintings, held)


async def measure(
    studio: Studio,
    pack: Pack,
    plan: Plan,
    compared: Compared,
    program: Sequence[str] = PROGRAM,
    scorer: Scorer | None = None,
) -> Evaluation:
    """Paint what the plan says in the engine's own process, and measure it.

    Raises:
        StyleError: the model, the pack or the painting failed.
    """
    settings = studio.settings
    painter = LocalPainter(model=settings.model, device=settings.device, packs=(pack,), program=program)
    try:
        model = await painter.start()
        side_px = _side_px(pack, model)
        paintings = cut_paintings(compared.paintings, compared.held, side_px) if compared.paintings else None
        total = plan.pictures(painting.Studio(painter, model, pack), paintings)
        say(f"painting {total} pictures …")
        return await evaluate(painter, pack, model, plan, paintings, Quarters(total), scorer)
    finally:
        await painter.close()


def figures(found: Evaluation) -> dict[str, Any]:
    """Give all that was measured as JSON holds it, and what reports show first.

    That is the style distance `before` and `after`, with the `interval` of the latter, `against` the paintings that
    were held out, or all of them where none were.
    """
    measured: dict[str, Any] = json.loads(found.to_json())
    against = "held out" if "held out" in found.progress else "all"
    rows = {row.pictures: row for row in found.style if (row.paintings, row.asked) == (against, "by chance")}
    if not rows:
        return measured
    base, styled = rows["base alone"], rows["with the style"]
    first = {"before": base.overall, "after": styled.overall, "interval": [styled.low, styled.high]}
    return {"against": against, **first, **measured}


class Quarters:
    """Says at each quarter of `total` pictures how long the rest will take."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._total, self._clock, self._began = total, clock, clock()
        self._done = self._quarter = 0

    def __call__(self, painted: int) -> None:
        """Count pictures just painted."""
        self._done += painted
        if (quarter := 4 * self._done // self._total) > self._quarter:
            self._quarter = quarter
            left = (self._clock() - self._began) * (self._total - self._done) / self._done
            say(f"  {25 * quarter} %" + (f", about {time_left(left)} to go" if quarter < 4 else ""))


def _judges(download: bool) -> Scorer:
    """Load the learned measures' judges, and say which of them are not to be had."""
    from style.measures.judges import load_judges  # torch, which nothing else here needs

    found = load_judges(download=download)
    for reason in found.missing:
        say(f"  note: {reason}")
    return found


def _side_px(pack: Pack, model: ModelInfo) -> int:
    return min(pack.sampling.width or model.width, pack.sampling.height or model.height)


def _write(path: Path, found: dict[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise TrainingError(f"{path}: cannot be written ({error.strerror}); give another --out") from error


def _report(training: Path, pack: Pack) -> Path:
    from style.report.writing import write_report  # matplotlib, which other commands do without

    return write_report(training, pack.title, pack.digest)
