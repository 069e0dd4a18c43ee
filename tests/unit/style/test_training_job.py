"""Jobs: what stands in their file, and what their process tells, when it is stopped, started again, or cannot work."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from safetensors.torch import load_file, save_file

from style.adapter import check_adapter_file
from style.errors import BadJobError
from style.procedural import draw, random_spec
from style.training import runner
from style.training.events import EventLog
from style.training.job import Job, SliderJob, StyleJob, from_json, read_job, save_job, to_json
from style.training.kandinsky import KandinskyRun, kandinsky_jobs
from style.training.runner import run_job

# diffusers' schedulers give tensors to numpy in a way that numpy 2 tells of.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

TIME_LIMIT_S = 240


@pytest.fixture
def job(tmp_path: Path, tiny_model: Path) -> StyleJob:
    """A style job that would take long, on four pictures and the tiny model."""
    model, pictures = Path(shutil.copytree(tiny_model, tmp_path / "model")), tmp_path / "pictures"
    pictures.mkdir()
    for k in range(4):
        Image.fromarray(draw(random_spec(k), 96, 1)).save(pictures / f"{k}.png")
    return StyleJob(
        name="tiny", trigger="tiny", pictures=str(pictures), model=str(model), device="cpu", steps=100_000,
        batch=1, rank=2, crops_each=1, validate_every=100_000, samples_every=100_000, prompts=("red",), sample_steps=1,
    )  # fmt: skip


@pytest.mark.parametrize(
    "job",
    [
        StyleJob(name="a", trigger="k", pictures="/p", synonyms={"x": "y"}, prompts=("ä", "b"), rate=1e-4),
        SliderJob(name="a", drawn="parallel", method="two_pass"),
        SliderJob(name="a", base="/b.png", changed="/c.png", style="/s.safetensors"),
    ],
)
def test_job_comes_back_from_json(job: Job, tmp_path: Path) -> None:
    """A job is the same after its file was written and read."""
    assert from_json(to_json(job)) == job
    save_job(tmp_path / "new", job)
    assert read_job(tmp_path / "new") == job
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["job.json"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "expected a JSON object whose kind is one of style, slider"),
        ("[]", "expected a JSON object"),
        ('{"kind": "poem"}', "one of style, slider"),
        ('{"kind": "style", "name": "a", "trigger": "k"}', "pictures: Field required"),
        ('{"kind": "style", "name": "A!", "trigger": "k", "pictures": "p"}', "name: String should match"),
        ('{"kind": "style", "name": "a", "trigger": "k", "pictures": "p", "lr": 1}', "lr: Unexpected keyword"),
        ('{"kind": "slider", "name": "a", "drawn": "parallel", "steps": 0}', "steps: Input should be greater"),
        ('{"kind": "slider", "name": "a", "drawn": "smell"}', "drawn: Input should be 'brightness'"),
        ('{"kind": "slider", "name": "a"}', "either drawn, or both base and changed"),
        ('{"kind": "slider", "name": "a", "base": "b"}', "either drawn, or both base and changed"),
        ('{"kind": "slider", "name": "a", "drawn": "parallel", "base": "b", "changed": "c"}', "either drawn, or both"),
    ],
)
def test_bad_job_is_told_with_its_fault(text: str, told: str, tmp_path: Path) -> None:
    """Each fault of a job's file is named with its field, the file, and what is expected."""
    (tmp_path / "job.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadJobError, match=rf"job\.json: .*{told}"):
        read_job(tmp_path)


def test_stopped_job_goes_on_and_is_done_once(
    job: StyleJob, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """SIGTERM ends a job with a checkpoint and code 130; its next process goes on to the adapter; then it is done.

    On other weights of the same base it is not: what was learned does not fit them, and that is said.
    """
    folder = tmp_path / "job"
    save_job(folder, job)
    with _started(folder) as process:
        events = _events(process)
        assert next(events) == {"event": "started", "steps": 100_000, "step": 0, "pictures": 4, "held_out": 1}
        assert next(event for event in events if event["event"] == "step")["loss"] > 0
        process.send_signal(signal.SIGTERM)
        cancelled = list(events)[-1]
        assert process.wait(TIME_LIMIT_S) == 130
    assert cancelled["event"] == "cancelled"
    save_job(folder, replace(job, steps=cancelled["step"] + 2))
    with _started(folder) as process:
        events_after = list(_events(process))
        assert process.wait(TIME_LIMIT_S) == 0
    assert events_after[0]["step"] == cancelled["step"]
    done = events_after[-1]
    assert {**done, "seconds": 0} == {
        "event": "done", "adapter": "tiny.safetensors", "best_step": cancelled["step"] + 2, "seconds": 0,
    }  # fmt: skip
    assert check_adapter_file(folder / "tiny.safetensors") > 0
    capsys.readouterr()
    assert run_job(folder) == 0
    assert [_plain(line) for line in capsys.readouterr().out.splitlines()] == [done]
    logged = [_plain(line) for line in (folder / "log.jsonl").read_text("utf-8").splitlines()]
    assert logged[0]["event"] == "started"
    assert logged[-1 - len(events_after) :] == [*events_after, done]
    _turn_weights(Path(job.model))
    assert run_job(folder) == 2
    failed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert failed["kind"] == "BadJobError"
    assert "base '" in failed["error"]
    assert "begin in a new folder" in failed["error"]


def test_failure_is_told_and_logged(job: StyleJob, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A job whose pictures cannot be used ends with code 2, its error's class and words, on stdout as in the log."""
    folder = tmp_path / "job"
    save_job(folder, replace(job, pictures=str(tmp_path / "gone")))
    assert run_job(folder) == 2
    line = capsys.readouterr().out
    told = json.loads(line)
    assert (told["event"], told["kind"]) == ("failed", "BadPicturesError")
    assert "gone: it is not a folder" in told["error"]
    assert told["at"] > 1.6e9
    assert (folder / "log.jsonl").read_text("utf-8") == line


def test_job_on_a_broken_model_fails(job: StyleJob, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A model that is not there is the operator's to mend: code 2 and its class."""
    save_job(tmp_path / "job", replace(job, model=str(tmp_path / "no-model")))
    assert run_job(tmp_path / "job") == 2
    assert json.loads(capsys.readouterr().out)["kind"] == "BadModelError"


def test_defect_is_told_too(
    job: StyleJob, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is nobody's input but our own fault ends with code 1, an event, and its trace on stderr."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("our own")

    save_job(tmp_path / "job", job)
    monkeypatch.setattr(runner, "open_trainable", fail)
    assert run_job(tmp_path / "job") == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out)["kind"] == "ZeroDivisionError"
    assert "Traceback" in captured.err


def test_folder_has_one_process(tmp_path: Path, job: StyleJob, capsys: pytest.CaptureFixture[str]) -> None:
    """A second process on a folder, or one on no folder, says so and leaves the log alone."""
    folder = tmp_path / "job"
    save_job(folder, job)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert run_job(folder) == 2
    assert run_job(tmp_path / "gone") == 2
    errors = [json.loads(line)["error"] for line in capsys.readouterr().out.splitlines()]
    assert "another process works on its job" in errors[0]
    assert "gone is not a folder" in errors[1]
    assert not (folder / "log.jsonl").exists()


def test_log_ends_a_line_that_was_cut(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After a kill in the middle of a line, the next event stands on a line of its own."""
    (tmp_path / "log.jsonl").write_text('{"event": "st', encoding="utf-8")
    EventLog(tmp_path / "log.jsonl")({"event": "step", "loss": 0.123456789})
    line = (tmp_path / "log.jsonl").read_text("utf-8").splitlines()[1]
    assert json.loads(line)["loss"] == 0.123457
    assert capsys.readouterr().out == line + "\n"


def test_kandinsky_is_a_style_and_three_sliders_on_it(tmp_path: Path) -> None:
    """The first pack's jobs: the style from the paintings, then a slider for each attribute, trained with the style."""
    style, *sliders = kandinsky_jobs(KandinskyRun(work=tmp_path, paintings=tmp_path / "paintings"))
    assert isinstance(style, StyleJob)
    assert [slider.name for slider in sliders] == ["brightness", "structure", "parallel"]
    assert {slider.style for slider in sliders if isinstance(slider, SliderJob)} == {
        str(tmp_path / "jobs" / "kandinsky" / "kandinsky.safetensors")
    }


@contextmanager
def _started(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "style.training", "job", str(folder)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        watchdog = threading.Timer(TIME_LIMIT_S, process.kill)
        watchdog.start()
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


def _events(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    for line in process.stdout:
        yield _plain(line)


def _turn_weights(model: Path) -> None:
    """Train the model on, so to speak: the signs of one layer's biases are turned."""
    file = model / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(file)
    tensors["conv_in.bias"] = 1.0 - tensors["conv_in.bias"]
    save_file(tensors, file, metadata={"format": "pt"})


def _plain(line: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(line)
    del event["at"]
    return event
