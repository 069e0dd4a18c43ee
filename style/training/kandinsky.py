"""The first style pack: the LoRA on 68 of Kandinsky's Bauhaus paintings, and its sliders on top of it, as jobs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from style.pack import load_pack
from style.training.job import Drawn, Job, SliderJob, StyleJob
from style.training.runner import DONE, adapter_file, run_jobs
from style.training.sample_sheet import paint_sample

# The authors' tags in the words of the attribute table.
SYNONYMS = {"curved line": "curve line", "angular": "angular line"}


@dataclass(frozen=True, slots=True)
class KandinskyRun:
    """Settings: where the paintings and the base model lie, and how long to train."""

    work: Path
    paintings: Path
    base: str = "bundled"
    style_steps: int = 800
    slider_steps: int = 300
    seed: int = 0
    device: str = "auto"


def kandinsky_jobs(run: KandinskyRun) -> list[Job]:
    """List the jobs in their order: the style, then a slider for each attribute that the painter can draw."""
    style = StyleJob(
        name="kandinsky",
        trigger="kandinsky",
        pictures=str(run.paintings),
        synonyms=SYNONYMS,
        model=run.base,
        device=run.device,
        steps=run.style_steps,
        seed=run.seed,
    )
    sliders = [
        SliderJob(
            name=attribute,
            drawn=attribute,
            style=str(adapter_file(run.work / "jobs" / style.name, style)),
            model=run.base,
            device=run.device,
            steps=run.slider_steps,
            seed=run.seed,
        )
        for attribute in get_args(Drawn)
    ]
    return [style, *sliders]


def train_kandinsky(run: KandinskyRun, pack: Path) -> int:
    """Train style and sliders, or go on, and write adapters and sample into the folder `pack`, which has a style.toml.

    Returns the exit code of the first job that did not end well, or 0; the jobs' events say what happened.

    Raises:
        StyleError: the pack that came of it cannot be read or painted.
    """
    if (code := run_jobs(kandinsky_jobs(run), run.work / "jobs", pack)) != DONE:
        return code
    paint_sample(load_pack(pack), run.base, run.device)
    return DONE
