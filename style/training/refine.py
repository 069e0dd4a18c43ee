"""Refining a style: its adapter learns to paint in few steps, on the accelerated model, what a slow sampler paints.

An adapter is trained on the base and laid onto the accelerated model, whose guidance knows no style. Here it is taught
by the base with the style on, guided, and led away from an earlier state of the model (autoguidance: Karras et al.,
arXiv 2406.02507), which draws the same less clearly. It all goes into the adapter: painting costs no more than before.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from evolution import Config, ask, start
from style.decode import ModelInfo, decode
from style.digest import file_digest
from style.engine.model import load_model
from style.errors import BadJobError
from style.measures.paintings import HELD_OUT_SHARE, SPLIT_SEED
from style.pack import Pack
from style.training import adapters
from style.training.acceleration import plain_base
from style.training.distil import DistilRun, Material, Pupil, train_student
from style.training.paintings import Painting, caption, read_folder, split

_REQUESTS, _SEED = 2000, 0


@dataclass(frozen=True, slots=True)
class RefineRun:
    """Settings: how the student learns, and the `weight` at which the style is on in its teacher.

    With `paintings`, half of the captions are the tags of those that the style was trained on; all others are what a
    bot's first generation asks. `worse` holds an earlier state of the model, `teacher` an adapter file of the style
    that the teacher has on in place of the pack's: one too large to ship, or trained on more.
    """

    distil: DistilRun
    weight: float
    model: str = "bundled"
    worse: Path | None = None
    teacher: Path | None = None
    paintings: Path | None = None
    synonyms: Mapping[str, str] | None = None


def refine_style(run: RefineRun, pack: Pack) -> Path:
    """Refine the style adapter of a pack in its place, or go on; returns its file.

    What the adapter was is kept in the run's folder, and is what another run there goes on from.

    Raises:
        BadJobError: the pack has no adapter that is a style, the model has no accelerator, or the run's folder is of
            another adapter or other settings.
        StyleError: model, pack, the teacher's adapter or paintings cannot be read.
    """
    if (style := pack.style) is None:
        raise BadJobError(f"{pack.name}: has no adapter of kind style; there is nothing to refine")
    accelerated = load_model(run.model, run.distil.device, torch.float32)
    if accelerated.info.guidance > 1:
        raise BadJobError(f"{run.model}: has no accelerator to refine a style for; make one with `distil`")
    before, refined = (run.distil.folder / part / f"{style.name}.safetensors" for part in ("before", "refined"))
    _keep(style.path, before, refined)
    plain = plain_base(run.model, run.distil.device)
    taught_by = run.teacher or before
    for pipeline, file, weight in ((accelerated.pipeline, before, style.weight), (plain, taught_by, run.weight)):
        adapters.load(pipeline, pipeline.unet, style.name, file)
        adapters.weigh(pipeline.unet, style.name, weight)
    steps = replace(run.distil, paint_steps=accelerated.info.steps)
    captions = _Captions(pack, accelerated.info, _learned(run))
    worse = None if run.worse is None else plain_base(str(run.worse), run.distil.device)
    settings = {
        "adapter": file_digest(before),
        "base": accelerated.info.digest,
        "weight": style.weight,
        "teacher": file_digest(taught_by),
        "teacher_weight": run.weight,
        "worse": str(run.worse),
        "paintings": str(run.paintings),
    }
    pupil = Pupil(style.name, plain.unet, settings)
    train_student(steps, accelerated.pipeline, Material(captions, 2 * _REQUESTS), worse, pupil)
    adapters.save(accelerated.pipeline, style.name, refined)
    _copy(refined, style.path)
    return style.path


def _keep(current: Path, before: Path, refined: Path) -> None:
    """Keep a pack's adapter as what the run begins with; one that was trained anew since then is not written over."""
    if not before.exists():
        before.parent.mkdir(parents=True, exist_ok=True)
        _copy(current, before)
    if file_digest(current) not in {file_digest(file) for file in (before, refined) if file.exists()}:
        raise BadJobError(
            f"{current}: is neither what the run in {before.parents[1]} began with nor what it made; "
            "give another --work to refine it"
        )


def _copy(source: Path, target: Path) -> None:
    fresh = target.with_suffix(".new")
    shutil.copyfile(source, fresh)
    fresh.replace(target)


class _Captions:
    """What is asked for while an adapter is refined: even rows are a bot's first requests, odd ones paintings' tags."""

    def __init__(self, pack: Pack, model: ModelInfo, paintings: Sequence[Painting]) -> None:
        _, chromosomes = ask(start(pack.space, _SEED, Config(strategy="random")), _REQUESTS)
        self._prompts = [decode(pack, chromosome, model).prompt for chromosome in chromosomes]
        self._trigger, self._paintings = pack.trigger, paintings

    def __call__(self, row: int, seed: int) -> str:
        """Write the caption of a row; other seeds shuffle its tags otherwise."""
        if row % 2 == 0 or not self._paintings:
            return self._prompts[row // 2]
        tags = self._paintings[row // 2 % len(self._paintings)].tags
        return caption(self._trigger, tags, np.random.default_rng((row, seed)))


def _learned(run: RefineRun) -> list[Painting]:
    if run.paintings is None:
        return []
    # What the style's own training held out is not spoken of here.
    return split(read_folder(run.paintings, run.synonyms), HELD_OUT_SHARE, SPLIT_SEED)[0]
