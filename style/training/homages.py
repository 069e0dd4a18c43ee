"""The packs of the homages: for each, pictures that its painter draws, and jobs for the style and its sliders.

The base model has never seen a picture of theirs, so what a pack paints was injected.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from evolution import Continuous
from style.errors import BadJobError
from style.pack import PACK_FILE, load_pack
from style.procedural.homages import STYLES, Homage, pack_toml, write_folder
from style.training.job import Job, SliderJob, StyleJob
from style.training.runner import DONE, adapter_file, run_jobs
from style.training.sample_sheet import SAMPLE_FILE, paint_sample

# Seeds of the pictures: those below are for measuring, and no training sees them. Then of the sliders' pairs.
_PICTURES_FROM, _PAIRS_FROM = 10_000, 1_000_000


@dataclass(frozen=True, slots=True)
class HomageRun:
    """Settings: how many pictures of `size_px` and pairs to draw of one homage, and how long to train.

    The style's adapter is made large, to be a teacher: bring the pack's down with `shrink`, then `refine` it.
    """

    work: Path
    name: str
    base: str = "bundled"
    pictures: int = 2400
    pairs: int = 48
    size_px: int = 256
    rank: int = 32
    style_steps: int = 6000
    slider_steps: int = 200
    seed: int = 0
    device: str = "auto"


def homage_of(name: str) -> Homage:
    """Find an homage by its name.

    Raises:
        BadJobError: there is none of that name; the message lists them.
    """
    if name not in STYLES:
        raise BadJobError(f"no homage is named {name!r}; there are {', '.join(STYLES)}")
    return STYLES[name]


def draw_homage(run: HomageRun) -> None:
    """Draw the pictures, and both ends of each slider's pairs; what was drawn before stays."""
    style, folder, pictures = homage_of(run.name), run.work / run.name, _pictures(run)
    if not (pictures / "metadata.jsonl").exists():
        write_folder(style, run.pictures, pictures, _PICTURES_FROM + run.seed, run.size_px, drop=0.0)
    for attribute in _sliders(style):
        for end, value in (("low", attribute.low), ("high", attribute.high)):
            place = folder / attribute.name / end
            place.mkdir(parents=True, exist_ok=True)
            for k in range(run.pairs):
                seed, file = _PAIRS_FROM + run.seed + k, place / f"{k:03d}.png"
                if not file.exists():
                    values = {**style.random_values(seed), attribute.name: value}
                    Image.fromarray(style.draw(values, seed, run.size_px)).save(file)


def homage_jobs(run: HomageRun) -> list[Job]:
    """List the jobs in their order: the style, then a slider for each of its continuous attributes."""
    style, folder = homage_of(run.name), run.work / run.name
    learned = StyleJob(
        name=style.name,
        trigger=style.trigger,
        pictures=str(_pictures(run)),
        model=run.base,
        device=run.device,
        steps=run.style_steps,
        batch=16,
        rank=run.rank,
        rate=8e-4,
        seed=run.seed,
        held_out=0.03,
        crops_each=2,
        pixel_tags=False,  # the captions say all that was drawn
        no_tag=0.1,
        validate_every=300,
        samples_every=900,
    )
    sliders = [
        SliderJob(
            name=attribute.name,
            base=str(folder / attribute.name / "low"),
            changed=str(folder / attribute.name / "high"),
            caption=style.trigger,
            pairs=run.pairs,
            style=str(adapter_file(run.work / "jobs" / learned.name, learned)),
            model=run.base,
            device=run.device,
            steps=run.slider_steps,
            seed=run.seed,
        )
        for attribute in _sliders(style)
    ]
    return [learned, *sliders]


def train_homage(run: HomageRun, pack: Path) -> int:
    """Draw, train, or go on, and write adapters, sample and style.toml into the folder `pack`.

    The style keeps the weight that a style.toml there gave it: it was chosen by measure, and training does not change
    it. Returns the exit code of the first job that did not end well, or 0.

    Raises:
        StyleError: no such homage, or its pictures or its pack cannot be written.
    """
    style = homage_of(run.name)
    draw_homage(run)
    if (code := run_jobs(homage_jobs(run), run.work / "jobs", pack)) != DONE:
        return code
    table, sliders = pack / PACK_FILE, [attribute.name for attribute in _sliders(style)]
    weight = _weight_in(table)
    table.write_text(pack_toml(style, sliders, (), weight), encoding="utf-8")
    paint_sample(load_pack(pack), run.base, run.device)
    table.write_text(pack_toml(style, sliders, (SAMPLE_FILE,), weight), encoding="utf-8")
    load_pack(pack)
    return DONE


def _pictures(run: HomageRun) -> Path:
    """Name the folder of a run's pictures after what is in it: runs of other pictures draw their own."""
    return run.work / run.name / f"pictures-{_PICTURES_FROM + run.seed}-{run.pictures}"


def _weight_in(table: Path) -> float:
    if not table.exists():
        return 1.0
    adapters = tomllib.loads(table.read_text(encoding="utf-8")).get("adapters", [])
    return next((float(one.get("weight", 1.0)) for one in adapters if one.get("kind") == "style"), 1.0)


def _sliders(style: Homage) -> list[Continuous]:
    return [attribute for attribute in style.attributes if isinstance(attribute, Continuous)]
