"""The denoiser's training: it learns, ends by time, and goes on after a kill from a model that was saved."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from style.errors import StyleError
from style.training.denoiser import DenoiserRun, FlowTask, train_denoiser
from style.training.encoder import project
from style.training.loop import RunFiles
from style.training.optimiser import MuonAdamW
from style.training.shards import Shards

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline

Build = Callable[[], "StableDiffusionPipeline"]


@pytest.fixture
def latents(small_pipeline: Build, drawn_pictures: NDArray[np.uint8]) -> Tensor:
    """Latents of the drawn pictures over and over, enough to hold some out."""
    return project(small_pipeline().vae, drawn_pictures).repeat(3, 1, 1, 1)


def _train(run: DenoiserRun, pipeline: StableDiffusionPipeline, latents: Tensor) -> list[Tensor]:
    train_denoiser(run, pipeline.unet, pipeline.text_encoder, pipeline.tokenizer, latents, lambda row, seed: "red")
    return [parameter.detach().clone() for parameter in pipeline.unet.parameters()]


def test_held_out_loss_falls(small_pipeline: Build, latents: Tensor, tmp_path: Path) -> None:
    """Some steps bring the loss on pictures that were not trained on below that of an untrained network."""
    losses = []
    for steps in (1, 20):
        folder = tmp_path / str(steps)
        run = DenoiserRun(folder, steps=steps, batch=8, peak_rate=1e-2, warm_up=3)
        _train(run, small_pipeline(), latents)
        losses.append(json.loads((folder / "log.jsonl").read_text("utf-8"))["held"])
    assert losses[1] < losses[0] - 0.1


def test_broken_runs_of_one_seed_end_alike(
    small_pipeline: Build, latents: Tensor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sitting draws from the seed and the step it begins at: two runs broken at one step end alike."""
    ends = []
    for name in ("first", "second"):
        run = DenoiserRun(tmp_path / name, steps=2, batch=4)
        _train(run, small_pipeline(), latents)
        ends.append(_train(replace(run, steps=4), small_pipeline(), latents))
    assert all(torch.equal(one, other) for one, other in zip(*ends, strict=True))
    saved = RunFiles(tmp_path / "first").load()
    assert saved is not None
    assert saved["step"] == 4


def test_every_parameter_has_a_gradient_in_bfloat16(small_pipeline: Build, latents: Tensor) -> None:
    """In half of the precision each part of both networks still learns, in about the direction of the full one."""
    pipeline, found = small_pipeline(), []
    dice = torch.Generator().manual_seed(0)
    noise, times = torch.randn(latents[:8].shape, generator=dice), torch.rand(8, generator=dice)
    unet = pipeline.unet.to(memory_format=torch.channels_last)
    for bfloat16 in (False, True):
        task = FlowTask(unet, pipeline.text_encoder, pipeline.tokenizer, None, bfloat16)
        Shards(task).backward(["red, circle", "blue"] * 4, latents[:8], noise, times)
        found.append([torch.clone(parameter.grad) for parameter in task.parameters() if parameter.grad is not None])
    full, half = found
    still = [k for k, (one, other) in enumerate(zip(full, half, strict=True)) if one.any() and not other.any()]
    assert still == []
    assert torch.cosine_similarity(_flat(full), _flat(half), dim=0) > 0.98


def _flat(gradients: list[Tensor]) -> Tensor:
    return torch.cat([gradient.flatten() for gradient in gradients])


class _Squares:
    """A task that can be pickled: the mean square of what a layer gives."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.layer = nn.Linear(5, 3)

    def parameters(self) -> list[nn.Parameter]:
        return list(self.layer.parameters())

    def __call__(self, names: list[str], rows: Tensor) -> Tensor:
        if "broken" in names:
            raise ValueError("a broken row")
        mean: Tensor = self.layer(rows).square().mean()
        return mean


def test_shards_sum_up_to_the_gradient_of_the_whole_batch() -> None:
    """Three processes, of unequal shares, find the gradient and the loss that one finds, after a step as well."""
    rows, names = torch.randn(10, 5, generator=torch.Generator().manual_seed(0)), [str(k) for k in range(10)]
    found = []
    for count in (1, 3):
        task = _Squares()
        shards = Shards(task, count)
        for _ in range(2):
            loss = shards.backward(names, rows)
            with torch.no_grad():
                for parameter in task.parameters():
                    assert parameter.grad is not None
                    parameter.sub_(0.1 * parameter.grad)
        found.append(
            (loss, [torch.clone(parameter.grad) for parameter in task.parameters() if parameter.grad is not None])
        )
        shards.close()
    assert found[0][0] == pytest.approx(found[1][0], rel=1e-5)
    assert len(found[0][1]) == 2
    assert all(torch.allclose(one, other, atol=1e-6) for one, other in zip(found[0][1], found[1][1], strict=True))


def test_cores_of_waiting_shards_are_used() -> None:
    """Between two batches the first process has all cores, and one again when the next batch comes."""
    shards = Shards(_Squares(), 3)
    with shards.resting():
        assert torch.get_num_threads() == 3
    assert torch.get_num_threads() == 1
    shards.close()
    with shards.resting():
        assert torch.get_num_threads() == 1


def test_failing_shard_is_told() -> None:
    """What goes wrong in another process stops the training with its reason, and so does its end."""
    shards = Shards(_Squares(), 2)
    with pytest.raises(StyleError, match="a broken row"):
        shards.backward(["fine", "fine", "fine", "broken"], torch.zeros(4, 5))
    (other,) = multiprocessing.active_children()
    other.kill()
    other.join()
    with pytest.raises(StyleError, match="goes on from its checkpoint"):
        shards.backward(["fine"] * 4, torch.zeros(4, 5))
    shards.close()


def test_run_of_no_seconds_does_nothing(small_pipeline: Build, latents: Tensor, tmp_path: Path) -> None:
    """A run whose time is up before it begins leaves the network as it was."""
    pipeline = small_pipeline()
    before = [parameter.detach().clone() for parameter in pipeline.unet.parameters()]
    after = _train(DenoiserRun(tmp_path, steps=4, seconds=1e-9), pipeline, latents)
    assert all(torch.equal(one, other) for one, other in zip(before, after, strict=True))


def test_optimiser_moves_all_parameters(small_pipeline: Build) -> None:
    """Matrices, convolutions, norms and biases all change by one step, in the network's own memory."""
    unet = small_pipeline().unet.to(memory_format=torch.channels_last)
    before = {name: parameter.detach().clone() for name, parameter in unet.named_parameters()}
    optimiser = MuonAdamW([unet], 1e-2)
    for parameter in unet.parameters():
        parameter.grad = torch.randn_like(parameter)
    optimiser.step()
    unmoved = [name for name, parameter in unet.named_parameters() if torch.equal(parameter, before[name])]
    assert unmoved == []


def test_optimiser_refuses_convolutions_it_cannot_see_through() -> None:
    """A network whose convolutions are in another memory order is refused: its updates would be lost."""
    with pytest.raises(ValueError, match="channels_last"):
        MuonAdamW([nn.Sequential(nn.Conv2d(4, 8, 3))], 1e-3)
