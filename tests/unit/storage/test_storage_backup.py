import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from storage import updates
from storage.backup import copy_database
from storage.database import Database
from storage.errors import BackupError


def rows(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [row[0] for row in connection.execute("SELECT update_id FROM updates ORDER BY 1")]


async def test_backup_while_writing_is_one_moment(database: Database, now: datetime, tmp_path: Path) -> None:
    """A copy made among commits of two rows each holds whole commits, and all that were done before it began."""
    stop = asyncio.Event()
    written = 0

    async def write() -> None:
        nonlocal written
        while not stop.is_set():
            async with database.transaction() as tx:
                await updates.seen_update(tx, 2 * written, now)
                await updates.seen_update(tx, 2 * written + 1, now)
            written += 1

    async with asyncio.TaskGroup() as group:
        group.create_task(write())
        for number in range(5):
            before = written
            await database.backup(tmp_path / f"copy{number}.db")
            copied = rows(tmp_path / f"copy{number}.db")
            assert copied == list(range(len(copied)))
            assert len(copied) % 2 == 0
            assert len(copied) >= 2 * before
        stop.set()


async def test_backup_opens_as_a_database(database: Database, now: datetime, tmp_path: Path) -> None:
    """A backup is one file, and opens like any database."""
    async with database.transaction() as tx:
        await updates.seen_update(tx, 7, now)
    folder = tmp_path / "backups"
    folder.mkdir()
    await database.backup(folder / "copy.db")
    assert [path.name for path in folder.iterdir()] == ["copy.db"]
    async with Database.open(folder / "copy.db") as copy, copy.transaction() as tx:
        assert await updates.seen_update(tx, 7, now)


async def test_backup_replaces_only_when_told(database: Database, tmp_path: Path) -> None:
    """An existing file is left alone, unless the caller asks for it to be replaced."""
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(BackupError, match="exists"):
        await database.backup(target)
    assert target.read_text() == "precious"
    await database.backup(target, replace=True)
    assert rows(target) == []


async def test_backup_onto_itself_is_refused(database: Database) -> None:
    """The database is never replaced by its own copy."""
    with pytest.raises(BackupError, match="itself"):
        await database.backup(database.path, replace=True)


async def test_failed_backup_leaves_no_file(tmp_path: Path) -> None:
    """A source that is no database gives an error, and neither a copy nor its temporary file."""
    source = tmp_path / "source.db"
    source.write_bytes(b"x" * 5000)
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(BackupError, match="cannot copy"):
        await copy_database(source, folder / "copy.db")
    assert list(folder.iterdir()) == []
    with pytest.raises(BackupError, match="no database"):
        await copy_database(tmp_path / "absent.db", folder / "copy.db")
