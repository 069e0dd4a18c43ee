"""Refining a style: the adapter comes nearer to what its slow teacher paints, on the accelerated model."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from PIL import Image

from style.accelerator import WEIGHTS_FILE, write_sampling
from style.digest import file_digest
from style.engine.model import load_model
from style.errors import BadJobError, BadPackError
from style.pack import Pack, load_pack
from style.training import adapters
from style.training.base import save_base
from style.training.distil import DistilRun
from style.training.refine import RefineRun, refine_style

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Already found a `peft_config`:UserWarning"),
]

PACK = """
name = "plain"
title = "Plain"
trigger = "plain"
prompt = "{trigger}, {hue}"
licence = "CC0-1.0"
credits = "random numbers"

[base]
model = "model"

[[attributes]]
name = "hue"
kind = "single"
values = ["red", "blue"]

[[adapters]]
name = "plain"
file = "plain.safetensors"
kind = "style"
weight = 1.5
"""


@pytest.fixture(scope="module")
def model(small_pipeline: Callable[[], StableDiffusionPipeline], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base model in small with a random accelerator of two steps."""
    folder = tmp_path_factory.mktemp("refine") / "model"
    save_base(small_pipeline(), folder)
    _write_adapter(small_pipeline(), "accelerator", 3, folder / WEIGHTS_FILE)
    write_sampling(folder, steps=2, guidance=1.0)
    return folder


@pytest.fixture
def pack(small_pipeline: Callable[[], StableDiffusionPipeline], tmp_path: Path) -> Pack:
    """A pack with a random style for it."""
    folder = tmp_path / "packs" / "plain"
    folder.mkdir(parents=True)
    (folder / "style.toml").write_text(PACK, encoding="utf-8")
    _write_adapter(small_pipeline(), "plain", 4, folder / "plain.safetensors")
    return load_pack(folder)


def _write_adapter(pipeline: StableDiffusionPipeline, name: str, seed: int, path: Path, rank: int = 4) -> None:
    dice = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in adapters.add(pipeline.unet, name, rank, seed):
            parameter.copy_(0.1 * torch.randn(parameter.shape, generator=dice))
    adapters.save(pipeline, name, path)


def _run(folder: Path, model: Path, steps: int = 2, **changes: Any) -> RefineRun:
    distil = DistilRun(
        folder, sub_steps=1, guidance=1.5, emphasis=0.0, away=1.0, steps=steps, batch=8, judged=6,
        peak_rate=5e-3, warm_up=2, average=0.8,
    )  # fmt: skip
    return RefineRun(distil, weight=1.0, model=str(model), **changes)


def test_refined_style_is_nearer_to_its_teacher(pack: Pack, model: Path, tmp_path: Path) -> None:
    """The file is replaced by one that loads, what it was is kept, and the few-step error falls."""
    before = pack.adapters[0].path.read_bytes()
    file = refine_style(_run(tmp_path / "work", model, steps=8, worse=model), pack)
    assert file == pack.adapters[0].path
    assert file.read_bytes() != before
    assert (tmp_path / "work" / "before" / "plain.safetensors").read_bytes() == before
    first, last = (line["few_step_error"] for line in _log(tmp_path / "work"))
    assert last < 0.95 * first
    painting = load_model(str(model), "cpu")
    adapters.load(painting.pipeline, painting.denoiser, "plain", file)


def test_another_adapter_teaches(
    pack: Pack, model: Path, small_pipeline: Callable[[], StableDiffusionPipeline], tmp_path: Path
) -> None:
    """A teacher's adapter of another rank leads elsewhere, is left as it is, and is part of the run's settings."""
    large, twin = tmp_path / "large.safetensors", Path(shutil.copytree(pack.folder, tmp_path / "twin" / "plain"))
    _write_adapter(small_pipeline(), "plain", 7, large, rank=8)
    taught, digest = _run(tmp_path / "taught", model, teacher=large), file_digest(large)
    own = refine_style(_run(tmp_path / "own", model), load_pack(twin))
    other = refine_style(taught, pack)
    assert file_digest(other) != file_digest(own)
    assert other.stat().st_size == own.stat().st_size
    assert file_digest(large) == digest
    with pytest.raises(BadJobError, match="other settings \\(teacher "):
        refine_style(replace(taught, teacher=None), pack)


def test_teacher_that_is_missing_is_refused(pack: Pack, model: Path, tmp_path: Path) -> None:
    """The file is named, and the pack's adapter stays as it is."""
    before = file_digest(pack.adapters[0].path)
    with pytest.raises(BadPackError, match=r"missing\.safetensors"):
        refine_style(_run(tmp_path / "work", model, teacher=tmp_path / "missing.safetensors"), pack)
    assert file_digest(pack.adapters[0].path) == before


def test_a_run_that_is_over_changes_nothing_more(pack: Pack, model: Path, tmp_path: Path) -> None:
    """Run again in the same folder, it starts from what the adapter was, and ends in the same file."""
    file = refine_style(_run(tmp_path / "work", model), pack)
    once = file_digest(file)
    assert file_digest(refine_style(_run(tmp_path / "work", model), load_pack(pack.folder))) == once


def test_an_adapter_trained_anew_is_not_written_over(
    pack: Pack, model: Path, small_pipeline: Callable[[], StableDiffusionPipeline], tmp_path: Path
) -> None:
    """What came into the pack after a run began there is no part of it; another folder refines it."""
    file = refine_style(_run(tmp_path / "work", model), pack)
    _write_adapter(small_pipeline(), "plain", 5, file)
    anew = file.read_bytes()
    with pytest.raises(BadJobError, match="nor what it made; give another --work to refine it"):
        refine_style(_run(tmp_path / "work", model), load_pack(pack.folder))
    assert file.read_bytes() == anew
    refine_style(_run(tmp_path / "other", model), load_pack(pack.folder))
    assert file.read_bytes() != anew


def test_killed_run_goes_on_with_its_own_settings_alone(
    pack: Pack,
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kill_after: Callable[[pytest.MonkeyPatch, int], None],
) -> None:
    """Killed before its end it leaves the pack alone, goes on to the same file, and refuses another guidance."""
    twin = load_pack(Path(shutil.copytree(pack.folder, tmp_path / "twin" / "plain")))
    whole = file_digest(refine_style(_run(tmp_path / "whole", model), twin))
    run = _run(tmp_path / "work", model)
    run = replace(run, distil=replace(run.distil, save_every_s=0.0))
    before = file_digest(pack.adapters[0].path)
    with monkeypatch.context() as patch:
        kill_after(patch, 1)
        with pytest.raises(KeyboardInterrupt):
            refine_style(run, pack)
    assert file_digest(pack.adapters[0].path) == before
    other = replace(run, distil=replace(run.distil, guidance=2.0))
    with pytest.raises(BadJobError, match=r"other settings \(guidance 1.5, now 2.0\)"):
        refine_style(other, pack)
    with pytest.raises(BadJobError, match=r"other settings \(teacher_weight 1.0, now 0.5\)"):
        refine_style(replace(run, weight=0.5), pack)
    assert file_digest(refine_style(run, pack)) == whole


def test_paintings_lend_their_tags(pack: Pack, model: Path, tmp_path: Path) -> None:
    """With the style's pictures at hand, other captions are asked for, and so another adapter is learned."""
    folder, rng = tmp_path / "pictures", np.random.default_rng(0)
    folder.mkdir()
    for k in range(8):
        Image.fromarray(rng.integers(0, 256, (128, 128, 3), np.uint8)).save(folder / f"{k}.png")
        (folder / f"{k}.txt").write_text("plain, green, circle", encoding="utf-8")
    twin = load_pack(Path(shutil.copytree(pack.folder, tmp_path / "twin" / "plain")))
    alone = refine_style(_run(tmp_path / "alone", model), pack)
    with_tags = refine_style(_run(tmp_path / "tags", model, paintings=folder), twin)
    assert file_digest(alone) != file_digest(with_tags)


def test_model_without_accelerator_is_refused(pack: Pack, model: Path, tmp_path: Path) -> None:
    """There is nothing to refine for; the adapter stays as it is, and the cure is named."""
    slow = Path(shutil.copytree(model, tmp_path / "slow"))
    for file in slow.glob("accelerator.*"):
        file.unlink()
    before = file_digest(pack.adapters[0].path)
    with pytest.raises(BadJobError, match="no accelerator to refine a style for; make one with `distil`"):
        refine_style(_run(tmp_path / "work", slow), pack)
    assert file_digest(pack.adapters[0].path) == before


def test_pack_without_a_style_is_refused(pack: Pack, model: Path, tmp_path: Path) -> None:
    """A pack of sliders alone has nothing that could be refined."""
    table = pack.folder / "style.toml"
    table.write_text(PACK[: PACK.index("[[adapters]]")], encoding="utf-8")
    with pytest.raises(BadJobError, match="no adapter of kind style"):
        refine_style(_run(tmp_path / "work", model), load_pack(pack.folder))


def _log(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text("utf-8").splitlines()]
