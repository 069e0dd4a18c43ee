import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from storage import updates
from storage.database import Database
from storage.errors import ConstraintError, DatabaseClosedError


async def known(database: Database) -> list[int]:
    return [row[0] for row in await database.reader.all("SELECT update_id FROM updates ORDER BY 1")]


async def write_and_fail(database: Database, update_id: int, now: datetime) -> None:
    async with database.transaction() as tx:
        await updates.seen_update(tx, update_id, now)
        raise RuntimeError("on purpose")


async def test_error_undoes_the_whole_transaction(database: Database, now: datetime) -> None:
    """Nothing of a transaction that raises is kept, and the next one works."""
    with pytest.raises(RuntimeError, match="on purpose"):
        await write_and_fail(database, 1, now)
    async with database.transaction() as tx:
        assert not await updates.seen_update(tx, 2, now)
    assert await known(database) == [2]


async def test_cancellation_undoes_the_whole_transaction(database: Database, now: datetime) -> None:
    """A task that is cancelled within a transaction leaves nothing behind, not even the lock."""
    inside = asyncio.Event()

    async def write_and_wait() -> None:
        async with database.transaction() as tx:
            await updates.seen_update(tx, 1, now)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.transaction() as tx:
        assert not await updates.seen_update(tx, 2, now)
    assert await known(database) == [2]


async def test_cancellation_at_any_step_keeps_all_or_nothing(database: Database, now: datetime) -> None:
    """Wherever cancellation strikes between BEGIN and COMMIT, both rows are there or none, and others can write."""

    async def write(number: int) -> None:
        async with database.transaction() as tx:
            await updates.seen_update(tx, 2 * number, now)
            async with database.transaction() as inner:
                await updates.seen_update(inner, 2 * number + 1, now)

    outcomes = set()
    for number in range(200):
        task = asyncio.create_task(write(number))
        for _ in range(2 * number):
            await asyncio.sleep(0)
        task.cancel()
        outcomes.add(type((await asyncio.gather(task, return_exceptions=True))[0]))
    assert outcomes <= {asyncio.CancelledError, type(None)}
    rows = await known(database)
    assert all((update ^ 1) in rows for update in rows)
    await write(1000)
    assert (await known(database))[-2:] == [2000, 2001]


async def test_cancelled_commit_is_told_after_it_is_done(database: Database, now: datetime) -> None:
    """A cancellation that strikes during the commit does not undo it, and still arrives."""
    committing = asyncio.Event()

    async def write() -> None:
        async with database.transaction() as tx:
            await updates.seen_update(tx, 1, now)
            committing.set()

    task = asyncio.create_task(write())
    await committing.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await known(database) == [1]


async def test_inner_transaction_is_undone_alone(database: Database, now: datetime) -> None:
    """An error in a nested transaction takes back its own rows; the outer one keeps the rest."""
    async with database.transaction() as outer:
        await updates.seen_update(outer, 1, now)
        with pytest.raises(RuntimeError, match="on purpose"):
            await write_and_fail(database, 2, now)
        async with database.transaction() as inner, database.transaction() as innermost:
            await updates.seen_update(inner, 3, now)
            await updates.seen_update(innermost, 4, now)
    assert await known(database) == [1, 3, 4]


async def test_outer_error_undoes_inner_transaction_too(database: Database, now: datetime) -> None:
    """A nested transaction that succeeded goes with the outer one that fails."""

    async def write_within() -> None:
        async with database.transaction():
            async with database.transaction() as inner:
                await updates.seen_update(inner, 1, now)
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        await write_within()
    assert await known(database) == []


async def test_refused_row_leaves_the_transaction_usable(database: Database, now: datetime) -> None:
    """A constraint's error may be caught, and the transaction goes on."""
    async with database.transaction() as tx:
        await updates.seen_update(tx, 1, now)
        with pytest.raises(ConstraintError, match="UNIQUE"):
            await tx.all("INSERT INTO updates VALUES (1, 'again')")
        await updates.seen_update(tx, 2, now)
    assert await known(database) == [1, 2]


async def test_reader_does_not_wait_for_a_writer(database: Database, now: datetime) -> None:
    """While a transaction is open, reads answer at once, with what was committed before."""
    async with database.transaction() as tx:
        await updates.seen_update(tx, 1, now)
        async with asyncio.timeout(1):
            assert await known(database) == []
    assert await known(database) == [1]


async def test_reader_cannot_write(database: Database) -> None:
    """The reading connection refuses to change anything."""
    with pytest.raises(Exception, match="readonly"):
        await database.reader.all("INSERT INTO updates VALUES (1, 'x')")


async def test_many_writers_lose_nothing(database: Database, now: datetime) -> None:
    """A hundred transactions at once are done one after the other, all of them."""

    async def write(update_id: int) -> None:
        async with database.transaction() as tx:
            assert not await updates.seen_update(tx, update_id, now)

    await asyncio.gather(*map(write, range(100)))
    assert await known(database) == list(range(100))


async def test_use_after_the_end_is_refused(tmp_path: Path, now: datetime) -> None:
    """A transaction, a reader and a database that are over say so."""
    async with Database.open(tmp_path / "a.db") as database:
        async with database.transaction() as tx:
            pass
        with pytest.raises(DatabaseClosedError):
            await updates.seen_update(tx, 1, now)
    with pytest.raises(DatabaseClosedError):
        await database.reader.one("SELECT 1")
    with pytest.raises(DatabaseClosedError):
        async with database.transaction():
            pass


async def test_closing_waits_for_the_transaction_under_way(tmp_path: Path, now: datetime) -> None:
    """What another task has begun to write when the database is closed is still committed."""
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def write(database: Database) -> None:
        async with database.transaction() as tx:
            inside.set()
            await go_on.wait()
            await updates.seen_update(tx, 1, now)

    async with Database.open(tmp_path / "a.db") as database:
        task = asyncio.create_task(write(database))
        await inside.wait()
        asyncio.get_running_loop().call_soon(go_on.set)
    await task
    async with Database.open(tmp_path / "a.db") as database:
        assert await known(database) == [1]
