"""Distillation: a student of two steps and no guidance comes near to its guided teacher of many."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from style.accelerator import read_accelerator
from style.errors import BadJobError
from style.training.base import save_base
from style.training.distil import DistilRun, Material, few_step_error, save_student, train_student
from style.training.targets import (
    Method,
    Teacher,
    Worse,
    consistency_examples,
    progressive_examples,
    reflow_examples,
    sampler_times,
)

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline

# diffusers' schedulers give tensors to numpy in a way that numpy 2 tells of.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

WORDS = ("red", "blue", "green")
GUIDANCE = 3.0

# --- targets, on a flow that is known exactly: every picture is the one number that its words name


def _known(noisy: Tensor, times: Tensor, text: Tensor) -> SimpleNamespace:
    """The velocity to `mean(text)`: straight lines, so that any number of steps ends in the same place."""
    picture = text.mean(dim=(1, 2)).view(-1, 1, 1, 1)
    return SimpleNamespace(sample=(noisy - picture) / (times / 1000.0).view(-1, 1, 1, 1))


@pytest.fixture
def known() -> tuple[Teacher, Tensor, Tensor]:
    """A teacher of the known flow, noise (2, 1, 2, 2), and words that mean 1 and 2; no words mean 0."""
    text = torch.stack([torch.full((3, 4), 1.0), torch.full((3, 4), 2.0)])
    noise = torch.randn((2, 1, 2, 2), generator=torch.Generator().manual_seed(0))
    return Teacher(_known, torch.zeros(1, 3, 4), GUIDANCE), noise, text


def test_sampler_times_are_the_pipelines(small_pipeline: Callable[[], StableDiffusionPipeline]) -> None:
    """A student stands where the shipped sampler will stand."""
    scheduler = small_pipeline().scheduler
    scheduler.set_timesteps(4)
    assert torch.equal(sampler_times(4), scheduler.sigmas)


def test_teacher_folds_guidance_in(known: tuple[Teacher, Tensor, Tensor]) -> None:
    """The guided walk ends in unsaid + guidance · (said − unsaid), from one batch of both halves a step."""
    teacher, noise, text = known
    picture = teacher.picture(noise, text, torch.tensor([1.0, 0.5, 0.0]), sub_steps=2)
    assert torch.allclose(picture.mean(dim=(1, 2, 3)), torch.tensor([GUIDANCE, 2 * GUIDANCE]), atol=1e-5)


def test_teacher_emphasises_what_was_muted(known: tuple[Teacher, Tensor, Tensor]) -> None:
    """Beside its guidance, the walk leads away from the muted captions, by the emphasis, each from its own."""
    teacher, noise, text = known
    muted = text - torch.tensor([0.5, 0.25]).view(2, 1, 1)
    picture = teacher.emphasising(muted, 4.0).picture(noise, text, torch.tensor([1.0, 0.5, 0.0]), sub_steps=2)
    wanted = torch.tensor([GUIDANCE + 4.0 * 0.5, 2 * GUIDANCE + 4.0 * 0.25])
    assert torch.allclose(picture.mean(dim=(1, 2, 3)), wanted, atol=1e-5)


def test_teacher_leads_away_from_a_worse_network(known: tuple[Teacher, Tensor, Tensor]) -> None:
    """Beside its guidance, the walk leads away from what a worse network says of the same captions, as far as told."""
    teacher, noise, text = known
    worse = Worse(teacher._unet, text - torch.tensor([0.5, 0.25]).view(2, 1, 1), 2.0)
    picture = teacher.leaving(worse).picture(noise, text, torch.tensor([1.0, 0.5, 0.0]), sub_steps=2)
    wanted = torch.tensor([GUIDANCE + 2.0 * 0.5, 2 * GUIDANCE + 2.0 * 0.25])
    assert torch.allclose(picture.mean(dim=(1, 2, 3)), wanted, atol=1e-5)


def test_progressive_student_stands_on_its_teachers_way(known: tuple[Teacher, Tensor, Tensor]) -> None:
    """An example a big step; each leads from where the one before ended, and the last to the teacher's picture."""
    teacher, noise, text = known
    times = torch.tensor([1.0, 0.6, 0.0])
    examples = progressive_examples(teacher, noise, text, times, sub_steps=3)
    assert examples.times.tolist() == pytest.approx([1.0, 1.0, 0.6, 0.6])
    assert torch.equal(examples.noisy[:2], noise)
    reached = examples.noisy - torch.tensor([0.4, 0.4, 0.6, 0.6]).view(-1, 1, 1, 1) * examples.velocity
    assert torch.allclose(reached[:2], examples.noisy[2:], atol=1e-5)
    assert torch.allclose(reached[2:], teacher.picture(noise, text, times, 3), atol=1e-5)


def test_consistent_student_sees_the_picture_that_its_average_sees_later(
    known: tuple[Teacher, Tensor, Tensor],
) -> None:
    """At the last step the target is the teacher's own picture; before it, what the average says one step later."""
    teacher, noise, text = known
    start, end = torch.tensor([0.5, 1.0]), torch.tensor([0.0, 0.5])
    latents = torch.ones_like(noise)

    def average(noisy: Tensor, times: Tensor, text: Tensor) -> Tensor:
        return (noisy - 7.0) / times.view(-1, 1, 1, 1).clamp(min=1e-6)  # sees a picture of sevens everywhere

    examples = consistency_examples(teacher, average, latents, noise, text, (start, end), sub_steps=2)
    picture = examples.noisy - start.view(-1, 1, 1, 1) * examples.velocity
    assert torch.allclose(examples.noisy[0], 0.5 * latents[0] + 0.5 * noise[0])
    assert torch.allclose(picture[0], torch.full((1, 2, 2), GUIDANCE), atol=1e-5)
    assert torch.allclose(picture[1], torch.full((1, 2, 2), 7.0), atol=1e-5)


def test_reflow_student_goes_straight(known: tuple[Teacher, Tensor, Tensor]) -> None:
    """From any point of the line, the velocity leads to the picture that the teacher made of the line's noise."""
    teacher, noise, text = known
    start = torch.tensor([1.0, 0.9, 0.4, 0.3])
    examples = reflow_examples(teacher, noise, text, torch.tensor([1.0, 0.5, 0.0]), start, sub_steps=2)
    ends = examples.noisy - start.view(-1, 1, 1, 1) * examples.velocity
    assert torch.allclose(ends, teacher.picture(noise, text, torch.tensor([1.0, 0.0]), 4).repeat(2, 1, 1, 1), atol=1e-5)
    assert torch.allclose(examples.noisy[0], noise[0])


# --- training, on a small network that has learned three words


@pytest.fixture(scope="module")
def toy(drawn_pictures: NDArray[np.uint8]) -> StableDiffusionPipeline:
    """A base of one block on latents (16, 4, 4): a word is a colour with a little noise, learned in a second or two."""
    from diffusers import UNet2DConditionModel

    from style.training.autoencoder import build_autoencoder
    from style.training.denoiser import draw_times, embed, flow_loss
    from style.training.encoder import principal_components, write_encoder
    from style.training.model import assemble, build_text_encoder, build_tokenizer

    torch.manual_seed(0)
    vae, tokenizer = build_autoencoder(width=8), build_tokenizer()
    write_encoder(vae, *principal_components(drawn_pictures))
    text_encoder = build_text_encoder(tokenizer).eval().requires_grad_(False)
    unet = UNet2DConditionModel(
        sample_size=4, in_channels=16, out_channels=16, block_out_channels=(32,), layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D",), up_block_types=("CrossAttnUpBlock2D",),
        cross_attention_dim=128, attention_head_dim=2, norm_num_groups=8,
    )  # fmt: skip
    text = embed(tokenizer, text_encoder, [*WORDS, ""])
    optimiser, dice = torch.optim.Adam(unet.parameters(), 4e-3), torch.Generator().manual_seed(0)
    for step in range(60):
        rows = torch.randint(4, (16,), generator=dice)
        noise = torch.randn((16, 16, 4, 4), generator=dice)
        loss = flow_loss(unet, _latents(rows, step), text[rows], noise, draw_times(16, dice))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch ships it untyped
        optimiser.step()
    return assemble(vae, text_encoder, tokenizer, unet.eval())


def _latents(rows: Tensor, seed: int) -> Tensor:
    """Pictures of the words in these rows; the fourth word, none, is their mean."""
    centres = torch.randn((3, 16, 1, 1), generator=torch.Generator().manual_seed(5))
    centres = torch.cat([centres, centres.mean(0, keepdim=True)])
    return centres[rows] + 0.3 * torch.randn((len(rows), 16, 4, 4), generator=torch.Generator().manual_seed(seed))


MATERIAL = Material(lambda row, seed: WORDS[row % 3], 60, _latents(torch.arange(60) % 3, 1))


def _run(folder: Path, **changes: Any) -> DistilRun:
    run = DistilRun(
        folder, paint_steps=2, sub_steps=2, guidance=GUIDANCE, steps=20, batch=6, judged=8, rank=8,
        peak_rate=8e-3, warm_up=3, average=0.8,
    )  # fmt: skip
    return replace(run, **changes)


@pytest.mark.parametrize("method", get_args(Method))
def test_each_method_brings_the_student_nearer(method: Method, toy: StableDiffusionPipeline, tmp_path: Path) -> None:
    """After a few steps of training, two unguided steps are nearer to the teacher's pictures than before."""
    train_student(_run(tmp_path, method=method), copy.deepcopy(toy), MATERIAL)
    before, after = (line["few_step_error"] for line in _log(tmp_path))
    assert after < 0.85 * before


def test_emphasis_is_what_the_student_is_judged_by(toy: StableDiffusionPipeline, tmp_path: Path) -> None:
    """With emphasis the teacher goes farther than with guidance alone, and nothing changes where no word is muted."""
    errors = {}
    for name, emphasis, mute in (("plain", 0.0, None), ("kept", 5.0, str), ("muted", 5.0, lambda caption: "")):
        train_student(
            _run(tmp_path / name, steps=0, emphasis=emphasis), copy.deepcopy(toy), replace(MATERIAL, mute=mute)
        )
        errors[name] = _log(tmp_path / name)[0]["few_step_error"]
    assert errors["kept"] == pytest.approx(errors["plain"], rel=1e-4)
    assert errors["muted"] > 1.2 * errors["plain"]


def test_student_is_judged_by_a_teacher_that_leaves_the_worse(toy: StableDiffusionPipeline, tmp_path: Path) -> None:
    """Leaving a worse model moves the teacher's pictures, and leaving the very same one moves nothing."""
    earlier, errors = copy.deepcopy(toy), {}
    with torch.no_grad():
        for parameter in earlier.unet.parameters():
            parameter.mul_(0.8)
    for name, worse in (("alone", None), ("same", copy.deepcopy(toy)), ("worse", earlier)):
        train_student(_run(tmp_path / name, steps=0, away=3.0), copy.deepcopy(toy), MATERIAL, worse)
        errors[name] = _log(tmp_path / name)[0]["few_step_error"]
    assert errors["same"] == pytest.approx(errors["alone"], rel=1e-4)
    assert errors["worse"] != pytest.approx(errors["alone"], rel=0.05)


def test_student_and_average_are_told_apart_in_bfloat16(toy: StableDiffusionPipeline, tmp_path: Path) -> None:
    """The copies of weights that autocast keeps change nothing: with and without them, the same student."""
    ends = []
    for kept in (True, False):
        pipeline, run = copy.deepcopy(toy), _run(tmp_path / str(kept), method="consistency", steps=4, bfloat16=True)
        torch.set_autocast_cache_enabled(kept)
        try:
            train_student(run, pipeline, MATERIAL)
        finally:
            torch.set_autocast_cache_enabled(True)
        ends.append(pipeline.unet.state_dict())
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


def test_all_weights_can_learn_too(toy: StableDiffusionPipeline, tmp_path: Path) -> None:
    """Rank 0 trains the network itself, and leaves no adapter in it."""
    pipeline = copy.deepcopy(toy)
    train_student(_run(tmp_path, rank=0, peak_rate=2e-3), pipeline, MATERIAL)
    before, after = (line["few_step_error"] for line in _log(tmp_path))
    assert after < 0.85 * before
    assert not getattr(pipeline.unet, "peft_config", None)


@pytest.mark.parametrize("method", ["progressive", "consistency"])
def test_resumed_run_ends_as_an_uninterrupted_one(
    method: Method,
    toy: StableDiffusionPipeline,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kill_after: Callable[[pytest.MonkeyPatch, int], None],
) -> None:
    """Killed after the second of four steps and started again: the same weights, bit for bit."""
    whole, broken = (_run(tmp_path / name, method=method, steps=4, save_every_s=0.0) for name in ("whole", "broken"))
    expected = copy.deepcopy(toy)
    train_student(whole, expected, MATERIAL)
    with monkeypatch.context() as patch:
        kill_after(patch, 2)
        with pytest.raises(KeyboardInterrupt):
            train_student(broken, copy.deepcopy(toy), MATERIAL)
    resumed = copy.deepcopy(toy)
    train_student(broken, resumed, MATERIAL)
    assert [line["step"] for line in _log(tmp_path / "broken")] == [0, 1, 2, 3, 4]
    first, second = (pipeline.unet.state_dict() for pipeline in (expected, resumed))
    assert all(torch.equal(first[name], second[name]) for name in first.keys() | second.keys())
    assert any(bool(value.any()) for name, value in first.items() if "lora_B" in name)


def test_run_does_not_go_on_with_other_settings(toy: StableDiffusionPipeline, tmp_path: Path) -> None:
    """A checkpoint of another guidance is refused, and more steps are no other settings."""
    train_student(_run(tmp_path, steps=1), copy.deepcopy(toy), MATERIAL)
    with pytest.raises(BadJobError, match=r"other settings \(guidance 3.0, now 2.0\); set them back, or begin"):
        train_student(_run(tmp_path, steps=2, guidance=2.0), copy.deepcopy(toy), MATERIAL)
    train_student(_run(tmp_path, steps=2), copy.deepcopy(toy), MATERIAL)
    assert [line["step"] for line in _log(tmp_path)] == [0, 1, 2]


def test_error_of_the_teacher_itself_is_nothing(known: tuple[Teacher, Tensor, Tensor]) -> None:
    """Where the flow is straight, few steps of the teacher are as good as many; another velocity is not."""
    teacher, noise, text = known
    times = torch.tensor([1.0, 0.5, 0.0])
    picture = teacher.picture(noise, text, times, sub_steps=4)
    assert few_step_error(teacher.velocity, noise, text, times, picture) < 1e-5
    assert few_step_error(lambda noisy, at, words: 0 * noisy, noise, text, times, picture) > 0.5


def test_saved_student_is_an_accelerator(toy: StableDiffusionPipeline, tmp_path: Path) -> None:
    """What is written is read back by the engine's side: its layers, its steps, and no guidance."""
    run, pipeline = _run(tmp_path / "run", steps=2), copy.deepcopy(toy)
    train_student(run, pipeline, MATERIAL)
    save_student(run, pipeline, tmp_path / "model")
    accelerator = read_accelerator(tmp_path / "model")
    assert accelerator is not None
    assert (accelerator.steps, accelerator.guidance) == (2, 1.0)
    assert accelerator.layers == sum("lora_A" in name for name in pipeline.unet.state_dict())


def test_new_base_takes_its_old_accelerator_away(toy: StableDiffusionPipeline, tmp_path: Path) -> None:
    """What was distilled from other weights is not merged into these."""
    run, pipeline = _run(tmp_path / "run", steps=1), copy.deepcopy(toy)
    train_student(run, pipeline, MATERIAL)
    save_student(run, pipeline, tmp_path / "model")
    assert read_accelerator(tmp_path / "model") is not None
    save_base(copy.deepcopy(toy), tmp_path / "model")
    assert read_accelerator(tmp_path / "model") is None
    assert (tmp_path / "model" / "model_index.json").is_file()


def test_consistency_without_pictures_is_refused(toy: StableDiffusionPipeline, tmp_path: Path) -> None:
    """The one method that starts from pictures says so at once."""
    with pytest.raises(ValueError, match="latents"):
        train_student(_run(tmp_path, method="consistency"), toy, replace(MATERIAL, latents=None))


def _log(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text("utf-8").splitlines()]
