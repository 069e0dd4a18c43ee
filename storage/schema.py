"""The schema's version: tells whether a file may be opened, and brings it up to date.

The numbered files in `migrations/` are the schema; `PRAGMA user_version` records the number of the last one applied,
in the same transaction as its changes, and `PRAGMA application_id` marks the file as ours. Everything here blocks
and runs in a thread. Knows nothing of what the tables mean.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from storage.errors import (
    DatabaseBusyError,
    DatabaseError,
    NewerDatabaseError,
    NotADatabaseError,
    StorageError,
    name_error,
)

APPLICATION_ID = 0x56524E53  # "VRNS"
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables
_MAGIC = b"SQLite format 3\x00"
_HEADER_SIZE = 100
_RETRY_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step of the schema."""

    number: int
    name: str
    sql: str


def load_migrations() -> tuple[Migration, ...]:
    """Read the steps that came with the package, in order; their numbers run from 1 without a gap."""
    folder = resources.files("storage") / "migrations"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    steps = tuple(Migration(int(file.name[:4]), file.name, file.read_text(encoding="utf-8")) for file in files)
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))  # noqa: S101 - our own bug, no bad input
    return steps


def check_file(path: Path, newest: int) -> None:
    """Refuse a file that this program must not open, without changing a byte of it or of its write-ahead log.

    A file that is absent or empty is a database to come.

    Raises:
        NotADatabaseError: the file is no SQLite database, is damaged, or belongs to another program.
        NewerDatabaseError: the file's schema is newer than migration `newest`.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise DatabaseError(f"SQLite {sqlite3.sqlite_version} is too old; install {wanted} or newer")
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_SIZE)
    except FileNotFoundError:
        return
    except OSError as error:
        raise DatabaseError(f"cannot read {path}: {error.strerror}; give a path to a readable file") from error
    if not header:
        return
    if len(header) < _HEADER_SIZE or not header.startswith(_MAGIC):
        raise NotADatabaseError(f"{path} is not an SQLite database; give another path, or move that file away")
    # Offsets 60 and 68 of the header hold user_version and application_id (https://www.sqlite.org/fileformat.html).
    version, application = (int.from_bytes(header[at : at + 4], "big") for at in (60, 68))
    _check_version(path, application, version, newest)
    # A log that was not yet copied into the file may know better, as may the list of tables.
    version, application, tables = _read_identity(path)
    _check_version(path, application, version, newest)
    if tables and application != APPLICATION_ID:
        raise NotADatabaseError(f"{path} is a database of another program; give another path")


def _read_identity(path: Path) -> tuple[int, int, int]:
    """Return user_version, application_id and the number of tables and the like, changing nothing."""
    log = path.with_name(f"{path.name}-wal")
    # Beside a file in WAL mode that has no log, even a read-only connection would create one, unless told that
    # nobody writes; and without a log there is nothing that a writer could be in the middle of.
    mode = "mode=ro" if log.exists() else "mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None)) as reader:
            (version,) = reader.execute("PRAGMA user_version").fetchone()
            (application,) = reader.execute("PRAGMA application_id").fetchone()
            (tables,) = reader.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error as error:
        raise _name(error, path) from error
    return version, application, tables


def _check_version(path: Path, application: int, version: int, newest: int) -> None:
    if application not in (0, APPLICATION_ID):
        raise NotADatabaseError(f"{path} is a database of another program; give another path")
    if application == APPLICATION_ID and version > newest:
        raise NewerDatabaseError(
            f"{path} has schema {version}, and this program knows schemas up to {newest}: it was written by a newer "
            "version; run that version, or restore an older backup"
        )


def migrate(path: Path, steps: Sequence[Migration], busy_timeout_s: float) -> int:
    """Bring the database up to the last of `steps`, creating the file if need be, and return its version.

    Each step and its record are one transaction, so a killed process leaves the schema between two steps, never
    within one; another process that migrates at the same moment waits, then finds nothing left to do.

    Raises:
        DatabaseBusyError: another process held the database for longer than `busy_timeout_s`.
        NewerDatabaseError: a newer version of this program was faster.
        DatabaseError: a step failed, and was rolled back; or the file cannot be used.
    """
    try:
        with closing(sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None)) as connection:
            _switch_to_wal(connection, busy_timeout_s)
            for step in steps:
                _apply(connection, step)
            (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as error:
        raise _name(error, path) from error
    _check_version(path, APPLICATION_ID, version, len(steps))
    return int(version)


def _name(error: sqlite3.Error, path: Path) -> StorageError:
    return name_error(error, path) or DatabaseError(f"cannot open {path}: {error}")


def _switch_to_wal(connection: sqlite3.Connection, timeout_s: float) -> None:
    """Set write-ahead logging, which the file remembers.

    SQLite does not call its busy handler where two processes switch at once, so the waiting is done here.
    """
    for _ in range(max(1, round(timeout_s / _RETRY_EVERY_S))):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if not isinstance(name_error(error, Path()), DatabaseBusyError):
                raise
        time.sleep(_RETRY_EVERY_S)
    connection.execute("PRAGMA journal_mode = WAL")


def _apply(connection: sqlite3.Connection, step: Migration) -> None:
    """Apply one step unless the database has it already.

    Foreign keys stay off on this connection, so that a step may rebuild a table; they are checked before the commit.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] < step.number:
            for statement in _statements(step.sql):
                connection.execute(statement)
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise DatabaseError(f"migration {step.name} would leave {len(broken)} rows without what they refer to")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {step.number:d}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _statements(sql: str) -> Iterator[str]:
    """Split a script at the ends of its statements; `executescript` would commit our transaction first."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    assert not pending.strip(), f"a migration ends within: {pending!r}"  # noqa: S101 - our own bug, no bad input
