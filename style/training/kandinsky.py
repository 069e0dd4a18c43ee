"""The first style pack: the LoRA on 68 of Kandinsky's Bauhaus paintings, and its sliders on top of it, as jobs."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from style.training.job import Drawn, Job, SliderJob, StyleJob, save_job
from style.training.runner import DONE, adapter_file, run_job

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
            style=str(adapter_file(job_folder(run, style), style)),
            model=run.base,
            device=run.device,
            steps=run.slider_steps,
            seed=run.seed,
        )
        for attribute in get_args(Drawn)
    ]
    return [style, *sliders]


def job_folder(run: KandinskyRun, job: Job) -> Path:
    """Say in which folder a job of this run works."""
    return run.work / "jobs" / job.name


def train_kandinsky(run: KandinskyRun, pack: Path) -> int:
    """Train style and sliders, or go on, and write their adapters into the folder `pack`.

    Returns the exit code of the first job that did not end well, or 0; the jobs' events say what happened.
    """
    for job in kandinsky_jobs(run):
        folder = job_folder(run, job)
        save_job(folder, job)
        if (code := run_job(folder)) != DONE:
            return code
        pack.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(adapter_file(folder, job), pack / f"{job.name}.safetensors")
    return DONE
