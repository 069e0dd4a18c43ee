from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from bot import cli
from bot.heartbeat import DEAD_AFTER_S, beating, last_beat_s
from bot.settings import Settings

DEADLINE_S = 30.0


@pytest.fixture(autouse=True)
def heart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Make an empty data folder the only setting, and give its heartbeat's place."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"VERNISSAGE_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERNISSAGE_DATA", str(tmp_path))
    return tmp_path / "heartbeat"


def age(heart: Path, seconds: float) -> None:
    """Make the last beat so old."""
    os.utime(heart, (time.time() - seconds,) * 2)


async def test_every_beat_makes_the_sign_of_life_new(heart: Path) -> None:
    """The file is touched again and again, each time after the check has passed."""
    checked = asyncio.Queue[None](maxsize=1)
    async with asyncio.timeout(DEADLINE_S), beating(heart, lambda: checked.put(None), every_s=0):
        for _ in range(3):
            await checked.get()
        age(heart, 1000)
        # Of the next three checks, at least one began after the file was made old.
        for _ in range(3):
            await checked.get()
    assert (last_beat_s(heart) or 1000) < 900


async def test_a_failing_check_lets_beats_out_until_it_passes(heart: Path, caplog: pytest.LogCaptureFixture) -> None:
    """While the check fails there is no sign of life; once it passes again, there is."""
    answers = asyncio.Queue[Exception | None]()
    for answer in (OSError("the disk is gone"), OSError("still"), None, None):
        answers.put_nowait(answer)
    was_there = []

    async def check() -> None:
        answer = await answers.get()
        was_there.append(last_beat_s(heart) is not None)
        answers.task_done()
        if answer is not None:
            raise answer

    async with asyncio.timeout(DEADLINE_S), beating(heart, check, every_s=0):
        await answers.join()
    assert was_there == [False, False, False, True]
    assert "the disk is gone" in caplog.text


def test_health_tells_a_living_bot_by_code_0(heart: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A beat younger than the limit is life."""
    heart.touch()
    assert cli.main(["health"]) == 0
    assert capsys.readouterr().out.startswith("alive")


@pytest.mark.parametrize("seconds", [DEAD_AFTER_S + 1, -DEAD_AFTER_S - 1])
def test_health_tells_a_dead_bot_by_code_1(heart: Path, seconds: float, capsys: pytest.CaptureFixture[str]) -> None:
    """A beat that is too old, or from a future that the clock has left, is none."""
    heart.touch()
    age(heart, seconds)
    assert cli.main(["health"]) == 1
    assert "dead" in capsys.readouterr().err


def test_health_without_any_beat_names_the_file(heart: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder on which no bot ever ran has no sign of life."""
    assert cli.main(["health"]) == 1
    assert str(heart) in capsys.readouterr().err


def test_health_never_ends_with_code_2(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Bad settings are code 1 here, as a container engine keeps 2 for itself."""
    monkeypatch.setenv("VERNISSAGE_DEVICE", "toaster")
    assert cli.main(["health"]) == 1
    assert "VERNISSAGE_DEVICE" in capsys.readouterr().err
