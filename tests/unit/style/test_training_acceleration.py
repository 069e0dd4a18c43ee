"""The accelerator's material: readers of forms are fitted to the base's studies once, and kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from style.procedural import Spec, is_study
from style.training import acceleration
from style.training.acceleration import train_accelerator
from style.training.base import BaseRun, save_base
from style.training.distil import DistilRun
from style.training.reward import FormReader, ReaderRun, fit_readers

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def test_rewarded_accelerator_keeps_its_readers(
    small_pipeline: Callable[[], StableDiffusionPipeline], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its readers are fitted to studies alone and tell how well they see; a second run takes them from the folder."""
    monkeypatch.setattr(acceleration, "ReaderRun", partial(ReaderRun, readers=1, steps=2, batch=4))
    monkeypatch.setattr(acceleration, "_CHECKED", 20)
    fitted: list[tuple[int, ...]] = []
    fit = fit_readers

    def counted(run: ReaderRun, latents: torch.Tensor, specs: list[Spec]) -> list[FormReader]:
        fitted.append((len(latents), len(specs), sum(map(is_study, specs))))
        return fit(run, latents, specs)

    monkeypatch.setattr(acceleration, "fit_readers", counted)
    model, base = tmp_path / "model", BaseRun(work=tmp_path / "work", pictures=60)
    save_base(small_pipeline(), model)
    for out in ("first", "second"):
        (tmp_path / out).mkdir()
        run = DistilRun(tmp_path / "work" / out, reward=0.1, steps=1, batch=4, judged=1, paint_steps=2, sub_steps=1)
        if out == "second":
            (tmp_path / "work" / "second").mkdir()
            (tmp_path / "work" / "first" / "form-readers").rename(tmp_path / "work" / "second" / "form-readers")
        train_accelerator(run, base, model, tmp_path / out)
        assert (tmp_path / out / "accelerator.safetensors").exists()
    ((rows, specs, studies),) = fitted
    assert rows == specs == studies > 4
    seen = json.loads((tmp_path / "work" / "second" / "form-readers" / "log.jsonl").read_text("utf-8"))
    assert {"line", "point", "triangle", "square", "circle"} < set(seen)
