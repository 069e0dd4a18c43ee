"""What all training runs share: the rate's course, the average, checkpoints that a crash cannot break."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from style.training.loop import Clock, MovingAverage, RunFiles, learning_rate


def test_rate_rises_stays_and_falls() -> None:
    """Linear warm-up to the peak, a plateau, then down to 2 % over the last share."""
    course = [learning_rate(step, 1000, 1.0, 100, decay_share=0.3) for step in range(1000)]
    assert course[0] == pytest.approx(0.01)
    assert course[49] == pytest.approx(0.5)
    assert set(course[99:701]) == {1.0}
    assert course[850] == pytest.approx(0.5)
    assert course[999] == pytest.approx(0.02)
    assert course[700:] == sorted(course[700:], reverse=True)


def test_lengthened_run_keeps_its_course_so_far() -> None:
    """Before the decay begins, the rate does not depend on how long the run is to be."""
    short, long = ([learning_rate(step, steps, 1.0, 10) for step in range(60)] for steps in (100, 500))
    assert short == long


def test_run_of_seconds_ends_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """With seconds, a run stands where its time stands, what earlier sittings took included."""
    now = 100.0
    monkeypatch.setattr("style.training.loop.time.monotonic", lambda: now)
    clock = Clock(steps=1000, seconds=60.0, spent_s=15.0)
    now += 15.0
    assert clock.worked_s() == 30.0
    assert clock.place(3) == 500
    assert not clock.is_over(3)
    now += 30.0
    assert clock.is_over(4)


def test_run_without_seconds_ends_by_steps() -> None:
    """Without seconds, only the steps count."""
    clock = Clock(steps=10, spent_s=1e9)
    assert clock.place(7) == 7
    assert not clock.is_over(9)
    assert clock.is_over(10)


def test_average_swapped_twice_is_as_before() -> None:
    """Swapping puts the average into the parameters, and swapping again puts both back, bit for bit."""
    parameter = torch.nn.Parameter(torch.randn(5))
    average = MovingAverage([parameter])
    with torch.no_grad():
        parameter.add_(1.0)
    average.update(100)
    trained, mean = parameter.detach().clone(), average.shadow[0].clone()
    assert not torch.equal(trained, mean)
    average.swap()
    assert torch.equal(parameter, mean)
    average.swap()
    assert torch.equal(parameter, trained)
    assert torch.equal(average.shadow[0], mean)


def test_average_follows_and_lags() -> None:
    """The average comes nearer to a constant value with each step, quickly at first, slowly later."""
    parameter = torch.nn.Parameter(torch.zeros(1))
    average = MovingAverage([parameter], decay=0.99)
    with torch.no_grad():
        parameter.add_(1.0)
    average.update(0)
    assert average.shadow[0].item() == pytest.approx(0.9)
    late = MovingAverage([torch.nn.Parameter(torch.zeros(1))], decay=0.99)
    with torch.no_grad():
        late._parameters[0].add_(1.0)
    late.update(100_000)
    assert late.shadow[0].item() == pytest.approx(0.01)


def test_checkpoint_comes_back_as_written(tmp_path: Path) -> None:
    """A checkpoint holds tensors and plain values; a new run has none."""
    files = RunFiles(tmp_path / "new" / "run")
    assert files.load() is None
    files.save({"step": 3, "weights": [torch.arange(4.0)]})
    state = files.load()
    assert state is not None
    assert state["step"] == 3
    assert torch.equal(state["weights"][0], torch.arange(4.0))
    assert [path.name for path in files.folder.iterdir()] == ["checkpoint.pt"]


def test_crash_while_saving_leaves_the_old_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a checkpoint on disk is never the one that is read; the next save is whole again."""
    files = RunFiles(tmp_path)
    files.save({"step": 1})

    def crash(state: dict[str, Any], path: Path) -> None:
        path.write_bytes(b"half a checkp")
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(torch, "save", crash)
        with pytest.raises(OSError, match="no space"):
            files.save({"step": 2})
    assert files.load() == {"step": 1}
    files.save({"step": 3})
    assert files.load() == {"step": 3}


def test_checkpoint_that_holds_code_is_refused(tmp_path: Path) -> None:
    """Reading a checkpoint runs nothing: whatever is neither tensor nor plain value is refused."""
    torch.save({"step": 1, "path": Path("x")}, tmp_path / "checkpoint.pt")
    with pytest.raises(Exception, match=r"[Ww]eights.only"):
        RunFiles(tmp_path).load()


def test_log_is_lines_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line has its time and its figures, in the file as on the terminal."""
    files = RunFiles(tmp_path / "run")
    files.log(step=1, loss=0.123456789)
    files.log(step=2, loss=0.1)
    lines = (tmp_path / "run" / "log.jsonl").read_text("utf-8")
    rows = [json.loads(line) for line in lines.splitlines()]
    assert [(row["step"], row["loss"]) for row in rows] == [(1, 0.12346), (2, 0.1)]
    assert rows[0]["at"] > 1.6e9
    assert capsys.readouterr().out == lines
