"""A style's training: resumed exactly, the best step kept, stopped with a checkpoint, sampled on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from style.procedural import draw, random_spec
from style.training import course, events, lora
from style.training.events import Event
from style.training.job import StyleJob
from style.training.lora import train_style
from style.training.paintings import Painting
from style.training.trainable import Conditioning, StableDiffusion, Trainable, trainable_of

# diffusers' schedulers give tensors to numpy in a way that numpy 2 tells of.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

JOB = StyleJob(
    name="tiny", trigger="tiny", pictures="-", steps=6, batch=2, rank=2, crops_each=2, held_out=0.25,
    validate_every=3, samples_every=3, prompts=("red", "blue"), sample_steps=1,
)  # fmt: skip
PAINTINGS = [Painting(str(k), ("red",), draw(random_spec(k), 96, 1)) for k in range(4)]


@pytest.fixture
def fresh(shaped_pipeline: Callable[[str], Any]) -> Callable[[], Trainable]:
    """A function that opens a tiny model, always the same one."""
    return lambda: trainable_of(shaped_pipeline("epsilon"), torch.device("cpu"), 32)


def test_killed_style_ends_with_the_same_weights(
    fresh: Callable[[], Trainable], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that dies after a checkpoint and goes on ends bit for bit as one that was left alone."""
    monkeypatch.setattr(events, "_EVERY_S", 0.0)
    monkeypatch.setattr(course, "SAVE_EVERY_S", 1e9)
    left_alone, resumed = fresh(), fresh()
    alone: list[Event] = []
    train_style(JOB, tmp_path / "a", left_alone, PAINTINGS, alone.append)

    def die(event: Event) -> None:
        if event["event"] == "step" and event["step"] == 5:
            raise MemoryError

    with pytest.raises(MemoryError):
        train_style(JOB, tmp_path / "b", fresh(), PAINTINGS, die)
    told: list[Event] = []
    train_style(JOB, tmp_path / "b", resumed, PAINTINGS, told.append)
    assert [event["step"] for event in told if event["event"] in ("started", "step")] == [3, 4, 5, 6]
    assert _validations(told) == _validations(alone)[2:]
    both = left_alone.denoiser.state_dict(), resumed.denoiser.state_dict()
    assert all(torch.equal(both[0][name], both[1][name]) for name in both[0])
    assert any(bool(value.any()) for name, value in both[0].items() if "lora_B" in name)


def test_events_tell_the_whole_run(
    fresh: Callable[[], Trainable], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Started with its counts, steps with the time left, validations from the base on, grids of samples in files."""
    monkeypatch.setattr(events, "_EVERY_S", 0.0)
    told: list[Event] = []
    train_style(JOB, tmp_path, fresh(), PAINTINGS, told.append)
    assert told[0] == {"event": "started", "steps": 6, "step": 0, "pictures": 4, "held_out": 1}
    assert [step for step, _ in _validations(told)] == [0, 3, 6]
    steps = [event for event in told if event["event"] == "step"]
    assert [event["step"] for event in steps] == [1, 2, 3, 4, 5, 6]
    assert steps[-1]["seconds_left"] == 0.0 < steps[0]["seconds_left"]
    files = [event["file"] for event in told if event["event"] == "samples"]
    assert files == ["samples/step-000003.png", "samples/step-000006.png"]
    grid = np.asarray(Image.open(tmp_path / files[1]))
    assert grid.shape == (3 * 32 + 2 * 4, 2 * 32 + 4, 3)
    assert sorted(path.name for path in (tmp_path / "samples").iterdir()) == [Path(file).name for file in files]


def test_best_step_is_kept(fresh: Callable[[], Trainable], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The weights left in the network are those of the best validation, not the last; the base itself is never kept."""
    losses = iter([0.1, 0.5, 0.9])
    monkeypatch.setattr(lora._Validation, "loss", lambda _self: next(losses))
    model, told = fresh(), list[Event]()
    outcome = train_style(JOB, tmp_path, model, PAINTINGS, told.append)
    assert (outcome.step, outcome.best_step) == (6, 3)
    assert [event["best"] for event in told if event["event"] == "validation"] == [False, True, False]
    assert told[-1]["event"] == "warning"
    assert "no step was better than the base model" in told[-1]["text"]
    kept = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    left = [value for name, value in model.denoiser.state_dict().items() if "lora_" in name]
    assert all(torch.equal(value, best) for value, best in zip(left, kept["kept"]["best"], strict=True))
    assert not all(torch.equal(value, last) for value, last in zip(left, kept["parameters"], strict=True))


def test_stopped_style_leaves_a_checkpoint(fresh: Callable[[], Trainable], tmp_path: Path) -> None:
    """Asked to stop, even while samples are painted, a run says at which step, and goes on from there."""
    stops = iter([False, False, False, True, True])
    outcome = train_style(JOB, tmp_path, fresh(), PAINTINGS, stopped=lambda: next(stops))
    assert (outcome.step, outcome.is_cancelled) == (3, True)
    assert not (tmp_path / "samples").exists()
    told: list[Event] = []
    assert train_style(replace(JOB, steps=4), tmp_path, fresh(), PAINTINGS, told.append).step == 4
    assert told[0]["step"] == 3
    assert (tmp_path / "samples" / "step-000003.png").exists()


@pytest.mark.parametrize(("pixels", "extra"), [(False, False), (True, True)])
def test_captions_say_the_tags_and_what_pixels_show_if_asked(
    fresh: Callable[[], Trainable], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pixels: bool, extra: bool
) -> None:
    """With nothing left out every caption has its painting's tag; hues read off the pixels join it where wanted."""
    said, embed = list[str](), StableDiffusion.embed

    def listen(model: StableDiffusion, captions: list[str]) -> Conditioning:
        said.extend(captions)
        return embed(model, captions)

    monkeypatch.setattr(StableDiffusion, "embed", listen)
    train_style(replace(JOB, pixel_tags=pixels, no_tag=0.0, no_caption=0.0), tmp_path, fresh(), PAINTINGS)
    captions = [text for text in said if text.startswith("tiny")]
    assert len(captions) >= JOB.steps * JOB.batch
    assert all("red" in text.split(", ") for text in captions)
    assert any(len(text.split(", ")) > 2 for text in captions) == extra


def _validations(told: list[Event]) -> list[tuple[int, float]]:
    return [(event["step"], event["loss"]) for event in told if event["event"] == "validation"]
