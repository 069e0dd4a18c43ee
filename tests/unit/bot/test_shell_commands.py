from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot import cli
from bot.commands.demo import Address, bot_environment, parse_address
from bot.commands.doctor import check_database, check_disk, check_model_files, check_pictures, check_shelf
from bot.commands.paint import draw, parse_genes
from bot.errors import BadInputError, StartError
from bot.settings import Settings
from evolution import Continuous, Multiple, Single, Space
from storage.database import Database
from style.shelf import Shelf

SPACE = Space(
    (
        Single("line", ("curve line", "angular line")),
        Multiple("hue", ("red", "green", "blue"), count=2),
        Continuous("brightness", -1.0, 1.0),
    )
)
Say = Callable[[], tuple[str, str]]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"VERNISSAGE_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_version_and_help_load_nothing_heavy() -> None:
    """The command line answers at once: neither torch nor Telegram's library is loaded for it."""
    code = "import sys, bot.cli; bot.cli.main([]); print({'torch', 'telegram', 'numpy', 'PIL'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "set()"
    assert all(name in result.stdout for name in cli.COMMANDS)


def test_the_bot_s_process_never_imports_torch() -> None:
    """All that `vernissage run` loads, loads without torch and its family."""
    code = "import sys, bot.lifespan; print({'torch','diffusers','transformers','peft','sandbox'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"


def test_every_bad_setting_is_told_in_one_go(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`vernissage run` with bad settings ends with code 2 and no traceback, and names each."""
    monkeypatch.setenv("VERNISSAGE_DEVICE", "toaster")
    monkeypatch.setenv("VERNISSAGE_OPERATORS", "ada")
    assert cli.main(["run", "--no-env-file"]) == 2
    told = capsys.readouterr().err
    assert all(f"VERNISSAGE_{name}" in told for name in ("TOKEN", "DEVICE", "OPERATORS"))
    assert "Traceback" not in told


def test_an_error_of_a_package_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A backup of a database that is not there fails with code 1 and a line that says so."""
    assert cli.main(["backup", "copy.db"]) == 1
    assert capsys.readouterr().err == (
        "vernissage: there is no database at data/vernissage.db; start the bot once, or check VERNISSAGE_DATA\n"
    )


async def test_backup_copies_the_database(tmp_path: Path) -> None:
    """The copy is a whole database, made while the original is open."""
    (tmp_path / "data").mkdir()
    async with Database.open(tmp_path / "data" / "vernissage.db"):
        assert await asyncio.to_thread(cli.main, ["backup", "copy.db"]) == 0
    assert check_database(tmp_path / "copy.db").cure is None


def test_doctor_finds_a_damaged_database(tmp_path: Path) -> None:
    """A file that is no database, and one from a later version, are problems with a cure; none yet is fine."""
    file = tmp_path / "vernissage.db"
    assert check_database(file).cure is None
    file.write_bytes(b"not a database at all" * 100)
    assert check_database(file).cure is not None
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("PRAGMA application_id = 1448234579; PRAGMA user_version = 9999; CREATE TABLE t(x);")
    assert check_database(file).cure is not None


def test_doctor_looks_at_disk_model_and_styles(tmp_path: Path) -> None:
    """What is missing is a problem with a cure, and what is there is not."""
    assert "GB free" in check_disk(tmp_path / "not" / "yet").words
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "c.png").write_bytes(b"12345")
    assert [check_pictures(tmp_path, budget).cure is None for budget in (4, 5)] == [False, True]
    assert check_model_files(str(tmp_path)).cure is not None
    assert check_model_files("somebody/model@1").cure is None
    (tmp_path / "model_index.json").write_text("{}")
    assert check_model_files(str(tmp_path)).cure is None
    assert [finding.cure is None for finding in check_shelf(Shelf(packs={}, problems=("a", "b")))] == [False] * 3


def test_doctor_ends_with_one_where_there_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a token the quick check ends with code 1 and names the cure; with a bad setting, likewise."""
    assert cli.main(["doctor", "--quick"]) == 1
    assert "@BotFather" in capsys.readouterr().out
    monkeypatch.setenv("VERNISSAGE_DEVICE", "toaster")
    assert cli.main(["doctor", "--quick"]) == 1
    assert "problem  settings" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        ("size=3", "line, hue, brightness"),
        ("line", "ATTRIBUTE=VALUE"),
        ("line=zigzag", "curve line, angular line"),
        ("hue=red", "2 different of: red, green, blue"),
        ("hue=red,red", "2 different of: red, green, blue"),
        ("brightness=2", "-1 to 1"),
        ("brightness=nan", "-1 to 1"),
        ("brightness=much", "-1 to 1"),
    ],
)
def test_a_bad_gene_lists_what_there_is(setting: str, names: str) -> None:
    """Whatever is mistyped, the error names what may be typed."""
    with pytest.raises(BadInputError, match=names):
        parse_genes(SPACE, [setting])


def test_set_genes_are_in_every_picture_and_the_rest_is_drawn() -> None:
    """The fixed attributes are as set; the same seed draws the same again, and another seed others."""
    genes = parse_genes(SPACE, ["line = angular line", "hue=green, red", "brightness=-0.5"])
    drawn = draw(SPACE, genes, 6, seed=1)
    for chromosome in drawn:
        SPACE.check(chromosome)
        assert set(chromosome.words("hue")) == {"green", "red"}
        assert chromosome.number("brightness") == -0.5
    assert drawn == draw(SPACE, genes, 6, seed=1)
    assert {c.seed for c in drawn}.isdisjoint({c.seed for c in draw(SPACE, genes, 6, seed=2)})


def test_an_unknown_style_lists_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """`paint --style` with a wrong name ends with code 2."""
    assert cli.main(["paint", "--style", "nobody"]) == 2
    assert "there are:" in capsys.readouterr().err


def test_the_demo_s_bot_is_led_to_the_sandbox_alone() -> None:
    """Of the person's settings only model, device and log are kept: no token of theirs, no webhook, no data."""
    environment = {
        "PATH": "p",
        "VERNISSAGE_TOKEN": "1:theirs",
        "VERNISSAGE_WEBHOOK_URL": "https://example.org",
        "VERNISSAGE_MODEL": "m",
    }
    made = bot_environment(environment, Address("http://127.0.0.1:1", "1:ours"), Path("d"))
    assert made == {
        "PATH": "p",
        "VERNISSAGE_MODEL": "m",
        "VERNISSAGE_TOKEN": "1:ours",
        "VERNISSAGE_API_URL": "http://127.0.0.1:1",
        "VERNISSAGE_DATA": "d",
        "VERNISSAGE_OPERATORS": "1001",
    }


def test_the_demo_reads_the_sandbox_s_address() -> None:
    """Its line gives URL and token; any other line, or none, is an error."""
    assert parse_address("sandbox: http://127.0.0.1:8080 token 1:x\n") == Address("http://127.0.0.1:8080", "1:x")
    assert parse_address("sandbox: http://0.0.0.0:80 token 1:x").url == "http://127.0.0.1:80"
    with pytest.raises(StartError):
        parse_address("")


def test_the_demo_names_the_cure_for_a_taken_port(capsys: pytest.CaptureFixture[str]) -> None:
    """A port that somebody listens on ends the demo with code 2 and another port to try."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert cli.main(["demo", "--port", str(port)]) == 2
    assert "vernissage demo --port" in capsys.readouterr().err


def test_python_m_bot_is_the_program() -> None:
    """`python -m bot` and `vernissage` are the same."""
    result = subprocess.run(
        [sys.executable, "-m", "bot", "--version"], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert result.stdout.startswith("vernissage ")


def test_a_reader_who_has_heard_enough_is_no_error() -> None:
    """Where the reading end of a pipe is closed, a command ends without a traceback, as `head` makes it."""
    reading, writing = os.pipe()
    os.close(reading)
    result = subprocess.run(
        [sys.executable, "-m", "bot", "style", "list"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (result.returncode, result.stderr) == (cli.UNHEARD, "")


def test_a_start_leaves_little_to_collect() -> None:
    """A full collection of what a start has made would hold up every tap: it is taken out, in a process of its own."""
    code = (
        "import gc, bot.lifespan; bot.lifespan.spare_collections();"
        "print(gc.get_freeze_count() > 10_000 > len(gc.get_objects()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "True"
