"""The operators' orders from a shell: the same code as in the chat, on the database of a bot that may be running."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from storage.database import Database


@pytest.fixture
async def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a database, and a working folder without a .env."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERNISSAGE_DATA", str(tmp_path))
    monkeypatch.setenv("VERNISSAGE_OPERATORS", "1001")
    async with Database.open(tmp_path / "vernissage.db"):
        pass
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_a_ban_from_the_shell_is_written_down_and_lifted(capsys: pytest.CaptureFixture[str]) -> None:
    """A group is banned by its id below zero, the audit log says so, and /unban's twin lifts it."""
    assert main(["operator", "ban", "-2001", "too", "loud"]) == 0
    assert main(["operator", "audit"]) == 0
    assert main(["operator", "unban", "-2001"]) == 0
    said = capsys.readouterr().out
    assert "-2001 is banned" in said
    assert '0 /ban {"text": "-2001 too loud"}' in said
    assert "-2001 is welcome again" in said


@pytest.mark.usefixtures("folder")
def test_quotas_and_statistics_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Everybody's quota and one's own are listed, and the counts of an empty database are zero."""
    assert main(["operator", "quota", "60"]) == 0
    assert main(["operator", "quota", "-2001", "12"]) == 0
    assert main(["operator", "quota", "60", "none"]) == 0
    assert main(["operator", "stats"]) == 0
    said = capsys.readouterr().out
    assert "everybody: 60 pictures a day\n-2001: 12 pictures a day" in said
    assert "Generations: 0, pictures: 0" in said


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("typed", [["ban", "1001"], ["quota", "many"], ["quota", "1", "2", "3"], ["ban", "0"]])
def test_bad_orders_are_refused_with_code_two(typed: list[str]) -> None:
    """An operator, a word that is no number, and an id that nobody has."""
    try:
        code = main(["operator", *typed])
    except SystemExit as end:
        code = int(str(end.code))
    assert code == 2
