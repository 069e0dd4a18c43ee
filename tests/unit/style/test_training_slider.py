"""Sliders: each method moves pictures the right way, a killed run ends as others do, pairs differ in one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler
from PIL import Image

from style.errors import BadJobError, BadPicturesError, TrainingError
from style.procedural import draw, random_spec
from style.training import adapters, course, events
from style.training.events import Event
from style.training.job import SliderJob
from style.training.lora import style_loss
from style.training.model import build_scheduler
from style.training.objectives import carried_over
from style.training.pairs import Pairs, drawn_pairs, drawn_specs, pairs_of_files
from style.training.process import process_of
from style.training.slider import train_slider
from style.training.trainable import Trainable, trainable_of

pytestmark = [
    # diffusers' schedulers give tensors to numpy in a way that numpy 2 tells of.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The configuration file of this scheduler:FutureWarning"),
]

JOB = SliderJob(
    name="light", drawn="brightness", steps=20, batch=8, rate=4e-3, samples_every=100, prompts=("red",), sample_steps=1
)


def _toy_pairs() -> Pairs:
    """Thirty-two 8 × 8 patterns, each dark and bright: a first channel of -1 or +1 on the same noise."""
    generator = torch.Generator().manual_seed(5)
    pattern = 0.4 * torch.randn(32, 4, 8, 8, generator=generator)
    shift = torch.zeros(1, 4, 1, 1)
    shift[:, 0] = 1.0
    return Pairs(pattern - shift, pattern + shift, ["red"] * 32)


@pytest.fixture(scope="module")
def toy(shaped_pipeline: Callable[[str], Any]) -> Callable[[str], Trainable]:
    """A function that gives a model of 16 px that has learned dark and bright patterns, as flow, epsilon or v."""
    states: dict[str, Any] = {}

    def build(process: str) -> Trainable:
        pipeline = shaped_pipeline("epsilon" if process == "flow" else process)
        if process == "flow":
            pipeline.scheduler = build_scheduler()
        model = trainable_of(pipeline, torch.device("cpu"), 16)
        if process not in states:
            states[process] = _taught(model)
        model.denoiser.load_state_dict(states[process])
        return model

    return build


def _taught(model: Trainable, steps: int = 120) -> dict[str, Any]:
    pairs, dice = _toy_pairs(), torch.Generator().manual_seed(1)
    pictures, words = torch.cat([pairs.low, pairs.high]), model.embed(["red"] * 16)
    model.denoiser.requires_grad_()
    optimiser = torch.optim.AdamW(model.denoiser.parameters(), lr=4e-3)
    for _ in range(steps):
        latents = pictures[torch.randint(64, (16,), generator=dice)]
        noise, times = torch.randn(latents.shape, generator=dice), torch.rand(16, generator=dice) * 0.96 + 0.02
        loss = style_loss(model, latents, noise, times, words)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch ships it untyped
        optimiser.step()
    return {name: value.clone() for name, value in model.denoiser.state_dict().items()}


@torch.no_grad()
def _brightness(model: Trainable, weight: float) -> float:
    """Say how bright the pictures are that the model sees in half-noisy patterns of middle brightness."""
    pairs, generator = _toy_pairs(), torch.Generator().manual_seed(9)
    middle = (pairs.low + pairs.high) / 2
    noise, times = torch.randn(middle.shape, generator=generator), torch.full((32,), 0.6)
    noisy = model.process.add_noise(middle, noise, times)
    adapters.weigh(model.denoiser, "light", weight)
    made = model.predict(noisy, times, model.embed(["red"] * 32))
    return float(model.process.picture(noisy, made, times)[:, 0].mean())


@pytest.mark.parametrize(
    ("process", "method"),
    [
        ("flow", "x0_shift"),
        ("flow", "concept"),
        ("flow", "addift"),
        ("flow", "two_pass"),
        ("epsilon", "x0_shift"),
        ("v_prediction", "addift"),
    ],
)
def test_slider_brightens_up_and_darkens_down(
    process: str, method: Any, toy: Callable[[str], Trainable], tmp_path: Path
) -> None:
    """After training on pairs of dark and bright, +1 is brighter than the base, and -1 darker."""
    model = toy(process)
    outcome = train_slider(replace(JOB, method=method), tmp_path, model, _toy_pairs())
    assert (outcome.step, outcome.best_step, outcome.is_cancelled) == (20, 20, False)
    dark, base, bright = (_brightness(model, weight) for weight in (-1.0, 0.0, 1.0))
    assert bright - base > 0.03
    if method != "two_pass":  # it never trains a negative weight
        assert base - dark > 0.03


@pytest.mark.parametrize(
    "scheduler", [build_scheduler(), DDIMScheduler(), DDIMScheduler(prediction_type="v_prediction")]
)
def test_addift_carries_what_the_base_sees(scheduler: Any) -> None:
    """The student's target stands for the base's picture of the other end plus the difference, in each process."""
    process, pairs, times = process_of(scheduler), _toy_pairs(), torch.linspace(0.1, 0.9, 32)
    generator = torch.Generator().manual_seed(2)
    noise, says = (torch.randn(pairs.low.shape, generator=generator) for _ in range(2))
    target = carried_over(process, says, pairs.low, pairs.high, noise, times)
    seen = process.picture(process.add_noise(pairs.low, noise, times), says, times)
    asked = process.picture(process.add_noise(pairs.high, noise, times), target, times)
    assert torch.allclose(asked, seen + pairs.high - pairs.low, atol=1e-3)


@pytest.mark.parametrize("method", ["x0_shift", "two_pass"])
def test_killed_slider_ends_with_the_same_weights(
    method: Any, toy: Callable[[str], Trainable], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that dies and goes on from its last checkpoint ends bit for bit as one that was left alone."""
    job = replace(JOB, method=method, steps=6)
    monkeypatch.setattr(events, "_EVERY_S", 0.0)
    monkeypatch.setattr(course, "SAVE_EVERY_S", 0.0)
    left_alone = toy("flow")
    train_slider(job, tmp_path / "a", left_alone, _toy_pairs())

    def die(event: Event) -> None:
        if event.get("step") == 5:
            raise MemoryError

    with pytest.raises(MemoryError):
        train_slider(job, tmp_path / "b", toy("flow"), _toy_pairs(), die)
    told: list[Event] = []
    resumed = toy("flow")
    train_slider(job, tmp_path / "b", resumed, _toy_pairs(), told.append)
    assert [event["step"] for event in told if event["event"] in ("started", "step")] == [4, 5, 6]
    assert _same_weights(left_alone, resumed)


def test_stopped_slider_keeps_its_steps(toy: Callable[[str], Trainable], tmp_path: Path) -> None:
    """Asked to stop, a run ends with a checkpoint, from which it goes on; with another rank it is refused."""
    answers = iter([False, False, True])
    outcome = train_slider(replace(JOB, steps=4), tmp_path, toy("flow"), _toy_pairs(), stopped=lambda: next(answers))
    assert (outcome.step, outcome.is_cancelled) == (2, True)
    with pytest.raises(BadJobError, match="other settings \\(rank 4, now 5\\); set them back, or begin in a new"):
        train_slider(replace(JOB, steps=4, rank=5), tmp_path, toy("flow"), _toy_pairs())
    assert train_slider(replace(JOB, steps=4), tmp_path, toy("flow"), _toy_pairs()).step == 4


def test_style_is_on_in_half_of_the_steps(toy: Callable[[str], Trainable], tmp_path: Path) -> None:
    """A slider that is trained with a style sees it on and off in turns, and leaves it on, unchanged."""
    styled = toy("flow")
    adapters.add(styled.denoiser, "style", rank=2, seed=1)
    adapters.save(styled.pipeline, "style", tmp_path / "style.safetensors")
    model, seen = toy("flow"), []
    predict = type(model).predict

    def note(self: Any, *args: Any) -> torch.Tensor:
        layer = next(part for part in self.denoiser.modules() if "the_style" in getattr(part, "scaling", {}))
        seen.append(layer.scaling["the_style"])
        return predict(self, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(model), "predict", note)
        train_slider(replace(JOB, steps=4, style=str(tmp_path / "style.safetensors")), tmp_path, model, _toy_pairs())
    assert seen == [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0]


def test_unsure_method_is_warned_of(toy: Callable[[str], Trainable], tmp_path: Path) -> None:
    """Addift on a model that predicts noise is told to be unsure, and what is surer; on a flow it is not."""
    for process, warnings in (("epsilon", 1), ("flow", 0)):
        told: list[Event] = []
        job = replace(JOB, method="addift", steps=2)
        train_slider(job, tmp_path / process, toy(process), _toy_pairs(), told.append)
        assert [event["event"] for event in told].count("warning") == warnings


def test_loss_that_is_no_number_ends_the_run(toy: Callable[[str], Trainable], tmp_path: Path) -> None:
    """A loss that went astray is told with its step and the cure, and never reaches a checkpoint."""
    pairs = replace(_toy_pairs(), low=torch.full((32, 4, 8, 8), float("nan")))
    with pytest.raises(TrainingError, match="loss at step 0 is nan; lower the rate"):
        train_slider(JOB, tmp_path, toy("flow"), pairs)
    assert not (tmp_path / "checkpoint.pt").exists()


@pytest.mark.parametrize("attribute", ["brightness", "structure", "parallel"])
def test_drawn_pairs_differ_in_one_thing(attribute: str) -> None:
    """Both ends have the same seed and all else the same, and no picture is the other's."""
    for low, high in drawn_specs(attribute, 6, seed=0):
        assert (getattr(low, attribute), getattr(high, attribute)) == (-1.0, 1.0)
        assert replace(low, **{attribute: 1.0}) == high  # type: ignore[arg-type]  # all three are floats
        assert not np.array_equal(draw(low, 32, 1), draw(high, 32, 1))
        colours = [np.unique(draw(spec, 96, 2).reshape(-1, 3) // 32, axis=0) for spec in (low, high)]
        if attribute != "brightness":
            shared = {tuple(c) for c in colours[0].tolist()} & {tuple(c) for c in colours[1].tolist()}
            assert len(shared) > 0.4 * min(len(colour) for colour in colours)


def test_captions_of_drawn_pairs_leave_the_ends_unsaid(toy: Callable[[str], Trainable]) -> None:
    """Words that tell the ends apart are in no caption; the hues and forms are."""
    pairs = drawn_pairs(toy("flow"), "parallel", 3, seed=0)
    assert pairs.low.shape == pairs.high.shape == (3, 4, 8, 8)
    assert not any("parallel" in caption for caption in pairs.captions)
    assert all(any(line in caption for line in ("curve", "angular", "straight")) for caption in pairs.captions)


def test_files_are_cut_at_the_same_places(toy: Callable[[str], Trainable], tmp_path: Path) -> None:
    """A pair of files, the changed one larger, gives crops whose difference is that of the pictures, at both ends."""
    picture = draw(random_spec(3), 120, 1)
    Image.fromarray(picture).save(tmp_path / "base.png")
    Image.fromarray(picture).resize((240, 240)).save(tmp_path / "changed.png")
    pairs = pairs_of_files(toy("flow"), tmp_path / "base.png", tmp_path / "changed.png", "red", 5, seed=0)
    assert pairs.captions == ["red"] * 5
    assert float((pairs.low - pairs.high).abs().mean()) < 0.1 * float((pairs.low - pairs.low.flip(0)).abs().mean())
    assert len({row.numpy().tobytes() for row in pairs.low}) == 5


def test_folders_pair_by_name(toy: Callable[[str], Trainable], tmp_path: Path) -> None:
    """Two folders are paired in the order of their names; where one has more pictures, both are counted."""
    for folder, count in (("base", 2), ("changed", 2)):
        (tmp_path / folder).mkdir()
        for k in range(count):
            Image.fromarray(draw(random_spec(k), 100, 1)).save(tmp_path / folder / f"{k}.png")
    model = toy("flow")
    pairs = pairs_of_files(model, tmp_path / "base", tmp_path / "changed", "", 6, seed=0)
    assert torch.equal(pairs.low, pairs.high)
    assert len(pairs.low) == 6
    (tmp_path / "base" / "1.png").unlink()
    with pytest.raises(BadPicturesError, match=r"base holds 1 pictures and .*changed 2; give as many in both"):
        pairs_of_files(model, tmp_path / "base", tmp_path / "changed", "", 6, seed=0)
    with pytest.raises(BadPicturesError, match=r"gone\.png: it cannot be read as a picture"):
        pairs_of_files(model, tmp_path / "base" / "gone.png", tmp_path / "base" / "0.png", "", 6, seed=0)
    with pytest.raises(BadPicturesError, match=r"one is a folder, the other is not"):
        pairs_of_files(model, tmp_path / "base", tmp_path / "base" / "0.png", "", 6, seed=0)


def _same_weights(left: Trainable, right: Trainable) -> bool:
    both = (left.denoiser.state_dict(), right.denoiser.state_dict())
    return both[0].keys() == both[1].keys() and all(torch.equal(both[0][name], both[1][name]) for name in both[0])
