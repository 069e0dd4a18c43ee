"""The report of a training: read from its log, one self-contained page, one picture."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from style.errors import TrainingError
from style.report.record import read_record
from style.report.writing import write_report

WHEN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def training(tmp_path: Path) -> Path:
    """A training that was killed once: steps 11 to 20 stand twice in its log, and a line is cut."""
    (tmp_path / "samples").mkdir()
    lines = [{"event": "started", "steps": 40, "step": 0, "pictures": 8, "held_out": 2}]
    for step in (*range(1, 21), *range(11, 41)):
        lines.append({"event": "step", "step": step, "steps": 40, "loss": 1.0 / step, "seconds_left": 1})
        if step % 10 == 0:
            Image.new("RGB", (128, 96), (step * 6, 80, 120)).save(tmp_path / "samples" / f"{step}.png")
            lines.append({"event": "validation", "step": step, "loss": 0.6 if step != 30 else 0.5, "best": True})
            lines.append({"event": "samples", "step": step, "file": f"samples/{step}.png"})
    lines.append({"event": "warning", "text": "small <b>pictures</b>"})
    lines.append({"event": "done", "adapter": "rothko.safetensors", "best_step": 30, "seconds": 4000.0})
    log = "\n".join(map(json.dumps, lines[:25])) + '\n{"event": "st\nnoise\n' + "\n".join(map(json.dumps, lines[25:]))
    (tmp_path / "log.jsonl").write_text(log, encoding="utf-8")
    order = {
        "kind": "style",
        "name": "rothko",
        "trigger": "a<i>",
        "model": "bundled",
        "pictures": "paintings",
        "rank": 8,
    }
    (tmp_path / "job.json").write_text(json.dumps(order), encoding="utf-8")
    (tmp_path / "tags.json").write_text(json.dumps({"red": 5, "<u>": 2}), encoding="utf-8")
    return tmp_path


def size_of(path: Path) -> tuple[int, int]:
    """Read a picture's size."""
    with Image.open(path) as picture:
        return picture.size


def test_log_is_read_as_it_went(training: Path) -> None:
    """Each step counts once, by its last word; cut lines are passed over; the step that was taken is told."""
    record = read_record(training)
    assert [step for step, _ in record.losses] == list(range(1, 41))
    assert record.validations == ((10, 0.6), (20, 0.6), (30, 0.5), (40, 0.6))
    assert (record.best_step, record.seconds, record.pictures, record.held_out) == (30, 4000.0, 8, 2)
    assert [step for step, _ in record.samples] == [10, 20, 30, 40]
    assert record.warnings == ("small <b>pictures</b>",)


def test_page_is_one_file_with_everything_in_it(training: Path) -> None:
    """Pictures stand in the page, nothing is fetched, and what comes from outside is escaped."""
    page = write_report(training, "Mark <Rothko>", "c0ffee" * 8, WHEN).read_text("utf-8")
    assert page.count("data:image/") == 2 + 4
    assert re.findall(r"(?:src|href|srcset)=\"(?!data:)", page) == []
    assert "http" not in page
    for inside in (
        "Mark &lt;Rothko&gt;",
        "a&lt;i&gt;",
        "small &lt;b&gt;",
        "&lt;u&gt;",
        "c0ffee",
        "66.7<small> min",
        "−17",
    ):
        assert inside in page
    assert page.count("class=taken") == 1


def test_measured_distance_is_shown(training: Path) -> None:
    """Once measured, the distance stands there before and after, with its interval."""
    assert "How near it came" not in write_report(training, "Rothko", None, WHEN).read_text("utf-8")
    figures = {"before": 3.41, "after": 1.62, "interval": [1.41, 1.83]}
    (training / "evaluation.json").write_text(json.dumps(figures), encoding="utf-8")
    page = write_report(training, "Rothko", None, WHEN).read_text("utf-8")
    assert "3.41 → 1.62" in page
    assert "1.62 (1.41 to 1.83, 19 times of 20)" in page


def test_all_that_was_measured_is_shown(training: Path) -> None:
    """Way, sliders, words and variety stand in the page in plain words; what is no number is a dash."""
    word = {"word": "<red>", "attribute": "h&e", "asked": 0.71, "unasked": 0.2, "chance": 0.25, "ceiling": None}
    slider = {"attribute": "glow", "measured": "chroma", "rank": -0.93, "ordered": 0.875, "layout": None}
    figures = {
        "before": 3.0, "after": 2.0, "interval": [1.5, 2.5], "against": "held out", "style": [{}],
        "progress": {
            "held out": {"value": 0.5, "low": -0.04, "high": 0.75},
            "held out, as tagged": {"value": 0.6, "low": 0.4, "high": 0.8},
        },
        "sliders": [slider, {**slider, "measured": "none"}], "mixed": [word], "unjudged": ["a&b"],
        "diversity": {"colour": 0.82, "composition": 1.1, "duplicates": 0.03},
    }  # fmt: skip
    (training / "evaluation.json").write_text(json.dumps(figures), encoding="utf-8")
    page = write_report(training, "Rothko", None, WHEN).read_text("utf-8")
    assert "pictures that training never saw" in page
    assert "<th>of the way to the pictures</th><td>50 % (−4 % to 75 %, 19 times of 20)</td>" in page
    assert "where it is asked for what they show</th><td>60 % (40 % to 80 %, 19 times of 20)</td>" in page
    assert "<th>glow</th><td>strength of colour</td><td>−0.93</td><td>88 %</td><td>–</td>" in page
    assert "<td>nothing measured</td>" in page
    assert "<th>&lt;red&gt;</th><td>h&amp;e</td><td>71 %</td><td>20 %</td><td>25 %</td><td>–</td>" in page
    assert "nothing here can see them: a&amp;b." in page
    assert "<th>nearly the same as another</th><td>3 %</td>" in page


def test_picture_shows_grids_and_curve(training: Path) -> None:
    """The PNG has the page's width, and more of it where there are sample grids."""
    write_report(training, "A title that is far too long for one line " * 4, None, WHEN)
    whole = size_of(training / "report.png")
    for sample in (training / "samples").iterdir():
        sample.unlink()
    write_report(training, "Rothko", None, WHEN)
    bare = size_of(training / "report.png")
    assert whole[0] == bare[0] == 1400
    assert whole[1] > bare[1] + 300


def test_many_checkpoints_are_thinned_out(training: Path) -> None:
    """Of many sample grids a dozen is shown, the first, the last and the one that was taken among them."""
    with (training / "log.jsonl").open("a", encoding="utf-8") as log:
        for step in range(41, 71):
            Image.new("RGB", (1600, 1200) if step == 70 else (64, 48)).save(training / "samples" / f"{step}.png")
            log.write(f'\n{{"event": "samples", "step": {step}, "file": "samples/{step}.png"}}')
    page = write_report(training, "Rothko", None, WHEN).read_text("utf-8")
    shown = [int(step) for step in re.findall(r'alt="Samples at step (\d+)"', page)]
    assert 12 <= len(shown) <= 13
    assert {10, 30, 70} <= set(shown)
    assert page.count("data:image/jpeg") == 1


def test_young_training_has_a_report(tmp_path: Path) -> None:
    """A training with neither steps nor samples is reported without curve and grids, as not finished."""
    (tmp_path / "job.json").write_text('{"kind": "style", "name": "x"}', encoding="utf-8")
    page = write_report(tmp_path, "Rothko", None, WHEN).read_text("utf-8")
    assert "It is not finished" in page
    assert "data:image" not in page


def test_report_that_cannot_be_written_is_told(training: Path) -> None:
    """A place that takes no file is named."""
    (training / "report.html").mkdir()
    with pytest.raises(TrainingError, match="the report cannot be written"):
        write_report(training, "Rothko", None, WHEN)
