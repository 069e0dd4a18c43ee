import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import DatabaseError, NewerDatabaseError, NotADatabaseError
from storage.schema import APPLICATION_ID, Migration, load_migrations, migrate

NEWEST = len(load_migrations())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def query(path: Path, sql: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchone()[0]


async def test_new_database_records_its_version_and_owner(tmp_path: Path) -> None:
    """A database that is opened for the first time carries the last migration's number and our mark."""
    path = tmp_path / "new.db"
    async with Database.open(path):
        pass
    assert query(path, "PRAGMA user_version") == NEWEST
    assert query(path, "PRAGMA application_id") == APPLICATION_ID
    assert query(path, "PRAGMA journal_mode") == "wal"


async def test_second_opening_keeps_what_is_there(tmp_path: Path) -> None:
    """Opening an up-to-date database applies nothing and loses nothing."""
    path = tmp_path / "kept.db"
    async with Database.open(path) as database, database.transaction() as tx:
        await tx.all("INSERT INTO updates VALUES (7, 'x')")
    async with Database.open(path) as database:
        assert await database.reader.one("SELECT 1 FROM updates WHERE update_id = 7") is not None


async def test_newer_database_is_refused_untouched(tmp_path: Path) -> None:
    """A database from a newer version stays byte for byte, and no file appears beside it."""
    path = tmp_path / "newer.db"
    async with Database.open(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {NEWEST + 1}")
    before = contents(tmp_path)
    with pytest.raises(NewerDatabaseError, match=rf"schema {NEWEST + 1}.*up to {NEWEST}.*newer version"):
        async with Database.open(path):
            pass
    assert contents(tmp_path) == before


async def test_newer_version_only_in_the_log_is_refused_untouched(tmp_path: Path) -> None:
    """A newer version whose record is still in the write-ahead log is seen there, and file and log stay as they are."""
    path = tmp_path / "newer.db"
    async with Database.open(path):
        pass
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(f"PRAGMA user_version = {NEWEST + 1}")
        before = {name: content for name, content in contents(tmp_path).items() if not name.endswith("-shm")}
        assert before["newer.db-wal"]
        assert int.from_bytes(before["newer.db"][60:64], "big") == NEWEST
        with pytest.raises(NewerDatabaseError):
            async with Database.open(path):
                pass
        assert {name: contents(tmp_path)[name] for name in before} == before


@pytest.mark.parametrize("content", [b"not a database", b"x" * 5000, b"SQLite format 3\x00" + b"\xff" * 5000])
async def test_other_file_is_refused_untouched(tmp_path: Path, content: bytes) -> None:
    """A file that is no database is refused by name and left as it is."""
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(NotADatabaseError, match=r"letter\.txt"):
        async with Database.open(path):
            pass
    assert contents(tmp_path) == {"letter.txt": content}


@pytest.mark.parametrize("journal_mode", ["delete", "wal"])
async def test_other_programs_database_is_refused_untouched(tmp_path: Path, journal_mode: str) -> None:
    """A database that another program made is not migrated."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal_mode}")
        connection.execute("CREATE TABLE recipes (id)")
    before = contents(tmp_path)
    with pytest.raises(NotADatabaseError, match="another program"):
        async with Database.open(path):
            pass
    assert contents(tmp_path) == before


async def test_missing_folder_is_named(tmp_path: Path) -> None:
    """A path into a folder that does not exist gives an error with the path and the cure."""
    with pytest.raises(DatabaseError, match=r"nowhere.*folder exists"):
        async with Database.open(tmp_path / "nowhere" / "a.db"):
            pass


def test_failed_step_leaves_the_step_before(tmp_path: Path) -> None:
    """A migration that fails half-way is undone with its record, and goes through once it is mended."""
    path = tmp_path / "steps.db"
    first = Migration(1, "first", "CREATE TABLE a (x);\nCREATE TABLE b (x);\n")
    broken = Migration(2, "broken", "CREATE TABLE c (x);\nINSERT INTO nowhere VALUES (1);\n")
    with pytest.raises(DatabaseError, match="nowhere"):
        migrate(path, [first, broken], busy_timeout_s=1)
    assert query(path, "PRAGMA user_version") == 1
    assert query(path, "SELECT group_concat(name) FROM sqlite_schema") == "a,b"
    assert migrate(path, [first, Migration(2, "mended", "CREATE TABLE c (x);\n")], busy_timeout_s=1) == 2


def test_step_that_breaks_a_reference_is_refused(tmp_path: Path) -> None:
    """A migration may not leave rows whose parent is gone."""
    first = Migration(1, "first", "CREATE TABLE a (id INTEGER PRIMARY KEY);\nCREATE TABLE b (a REFERENCES a (id));\n")
    orphan = Migration(2, "orphan", "INSERT INTO b VALUES (9);\n")
    with pytest.raises(DatabaseError, match="orphan"):
        migrate(tmp_path / "references.db", [first, orphan], busy_timeout_s=1)


def test_trigger_in_a_step_stays_one_statement(tmp_path: Path) -> None:
    """The semicolons within a trigger's body do not end the statement."""
    sql = "CREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a\nBEGIN\n  DELETE FROM a;\n  DELETE FROM a;\nEND;\n"
    migrate(tmp_path / "trigger.db", [Migration(1, "trigger", sql)], busy_timeout_s=1)
    assert query(tmp_path / "trigger.db", "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'") == 1


async def test_two_processes_open_a_new_database_at_once(tmp_path: Path) -> None:
    """Processes that meet at a file that is not there yet all find it whole."""
    code = (
        "import asyncio, sys, pathlib\nfrom storage.database import Database\n"
        "async def main():\n    async with Database.open(pathlib.Path(sys.argv[1])) as d:\n"
        "        await d.reader.one('SELECT count(*) FROM votes')\n"
        "sys.stdin.readline()\nasyncio.run(main())\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "shared.db")]
    children = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: ASYNC220 - short
        for _ in range(4)
    ]
    results = await asyncio.gather(*(asyncio.to_thread(child.communicate, "\n", 60) for child in children))
    assert [(child.returncode, error) for child, (_, error) in zip(children, results, strict=True)] == [(0, "")] * 4
    assert query(tmp_path / "shared.db", "PRAGMA user_version") == NEWEST
