"""The open database: one connection that writes, one that reads, and transactions.

Owns the connections, their settings and their life. Knows nothing of the tables: queries live in the module of their
noun, and take a `Reader` (any read) or a `Transaction` (reads and writes) first.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Self

import aiosqlite

from storage.backup import copy_database
from storage.errors import DatabaseBusyError, DatabaseClosedError, name_error
from storage.schema import check_file, load_migrations, migrate

Value = str | int | float | bytes | None

_BUSY_TIMEOUT_S = 10.0

# A commit that `transaction` has returned from survives a killed process with NORMAL as with FULL: the operating
# system has the pages, and each carries a checksum. FULL would also sync the log at every commit, and each tap would
# wait for the disk: benchmarks/vote_writes.py on two busy cores, six runs of each in turns, gave a p99 of 40 to 206 ms
# at 100 votes/s, and flat out a median of 273 votes/s; NORMAL 6 to 59 ms, and 1350 votes/s. A tap has 150 ms for all.
# The price: a power cut may take the last commits, as many as the system has not written by itself (on Linux about
# the last 30 s); it never damages the file, and takes none without all that came after it.
_SYNCHRONOUS = "NORMAL"


class Reader:
    """Runs single queries; each sees all that was committed before it started."""

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._ended = False

    async def all(self, sql: str, values: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """Run one statement and return its rows.

        Raises:
            ConstraintError: the schema forbids the change.
            DatabaseBusyError: another process held the database for too long.
            DatabaseClosedError: the database is closed, or the transaction is over.
            DatabaseError: the file can no longer be read or written.
            DiskFullError: no room is left.
        """
        if self._ended:
            raise DatabaseClosedError(f"{self._path} is closed, or this transaction of it is over")
        try:
            return list(await self._connection.execute_fetchall(sql, values))
        except sqlite3.Error as error:
            named = name_error(error, self._path)
            if named is None:
                raise
            raise named from error

    async def one(self, sql: str, values: Sequence[Value] = ()) -> sqlite3.Row | None:
        """Run one statement and return its first row, if it has one. Raises as `all` does."""
        rows = await self.all(sql, values)
        return rows[0] if rows else None

    def end(self) -> None:
        """Refuse all further use."""
        self._ended = True


class Transaction(Reader):
    """Runs queries that are kept together or not at all. Only `Database.transaction` makes one."""


class Database:
    """An open database. Made by `open` alone; everything belongs to one event loop."""

    def __init__(self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        self.path = path
        self.reader = Reader(reader, path)
        self._writer = writer
        self._lock = asyncio.Lock()
        self._owner: asyncio.Task[object] | None = None
        self._depth = 0
        self._closed = False

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator[Self]:
        """Open the database at `path`, creating it or bringing its schema up to date, and close it at the end.

        Raises:
            NotADatabaseError: the file holds something else.
            NewerDatabaseError: a newer version wrote it; not a byte was changed.
            DatabaseBusyError: another process holds it.
            DatabaseError: the file or its folder cannot be used.
        """
        steps = load_migrations()
        await asyncio.to_thread(check_file, path, len(steps))
        await asyncio.to_thread(migrate, path, steps, _BUSY_TIMEOUT_S)
        async with AsyncExitStack() as stack:
            writer = await stack.enter_async_context(_connect(path, f"PRAGMA synchronous = {_SYNCHRONOUS}"))
            reader = await stack.enter_async_context(_connect(path, "PRAGMA query_only = ON"))
            database = cls(path, writer, reader)
            try:
                yield database
            finally:
                await _finish(database._close())

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Begin a transaction, commit it at the end, and roll it back on any error, cancellation included.

        Transactions wait for one another, so nothing slow belongs into one. Within one, the same task may begin
        another: a savepoint, rolled back alone. Another task may not, if the first waits for it, as it does for a
        task group and, in Python 3.11, for `asyncio.wait_for` (use `asyncio.timeout`): it would wait for itself.
        A task that is cancelled while it commits is told so only when the commit is done.

        Raises:
            DatabaseBusyError: others held the database for longer than the time-out.
            DatabaseClosedError: the database is closed.
        """
        task = asyncio.current_task()
        if self._owner is not None and self._owner is task:
            async with self._savepoint() as inner:
                yield inner
            return
        await self._acquire()
        self._owner = task
        transaction = Transaction(self._writer, self.path)
        try:
            await transaction.all("BEGIN IMMEDIATE")
            yield transaction
            await transaction.all("COMMIT")
        except BaseException:
            # The writer's thread takes its work in order: this comes after a BEGIN that was under way, and undoes it,
            # or after a COMMIT that was under way, and then there is nothing left to undo.
            await _finish(self._writer.rollback())
            raise
        finally:
            transaction.end()
            self._owner = None
            self._lock.release()

    async def backup(self, target: Path, *, replace: bool = False) -> None:
        """Write a consistent copy of the database to `target` while it is in use. See `storage.backup`."""
        await copy_database(self.path, target, replace=replace)

    @asynccontextmanager
    async def _savepoint(self) -> AsyncIterator[Transaction]:
        self._depth += 1
        name = f"depth_{self._depth}"
        transaction = Transaction(self._writer, self.path)
        try:
            await transaction.all(f"SAVEPOINT {name}")
            yield transaction
        except BaseException:
            await _finish(self._undo(name))
            raise
        else:
            # Outside of the try: a cancellation that strikes here undoes the outer transaction, this one with it.
            await _finish(transaction.all(f"RELEASE {name}"))
        finally:
            transaction.end()
            self._depth -= 1

    async def _undo(self, savepoint: str) -> None:
        # Where SQLite itself gave up the whole transaction, the savepoint is gone too, and there is nothing to undo.
        if self._writer.in_transaction:
            await self._writer.execute_fetchall(f"ROLLBACK TO {savepoint}")
            await self._writer.execute_fetchall(f"RELEASE {savepoint}")

    async def _acquire(self) -> None:
        try:
            async with asyncio.timeout(_BUSY_TIMEOUT_S):
                await self._lock.acquire()
        except TimeoutError as error:
            raise DatabaseBusyError(f"waited {_BUSY_TIMEOUT_S:g} s for a transaction of our own to end") from error
        if self._closed:
            self._lock.release()
            raise DatabaseClosedError(f"{self.path} is closed")

    async def _close(self) -> None:
        """Begin no other transaction, and let the one under way end, unless it takes too long: then it is undone."""
        self._closed = True
        self.reader.end()
        with suppress(TimeoutError):
            async with asyncio.timeout(_BUSY_TIMEOUT_S), self._lock:
                pass


@asynccontextmanager
async def _connect(path: Path, pragma: str) -> AsyncIterator[aiosqlite.Connection]:
    """Open a connection that begins no transaction by itself, with the settings that SQLite does not remember."""
    async with aiosqlite.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None) as connection:
        connection.row_factory = sqlite3.Row
        await connection.execute_fetchall("PRAGMA foreign_keys = ON")
        await connection.execute_fetchall(pragma)
        yield connection


async def _finish(work: Awaitable[object]) -> None:
    """Wait for `work` to its end, whatever happens to the waiting task, which is told of its cancellation then."""
    task = asyncio.ensure_future(work)
    interrupted = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            interrupted = True
    if interrupted:
        raise asyncio.CancelledError from task.exception()
    task.result()
