import asyncio

import pytest

from bot.workers import Workers


async def test_wakings_during_work_are_worth_one_more_run() -> None:
    """A worker that is woken while busy looks again, once."""
    runs: list[int] = []
    release = asyncio.Event()

    async def work(key: int) -> None:
        runs.append(key)
        await release.wait()

    workers = Workers(work, "test")
    workers.wake(1)
    await asyncio.sleep(0)
    workers.wake(1)
    workers.wake(1)
    release.set()
    await workers.idle()
    assert runs == [1, 1]


async def test_one_key_that_fails_leaves_the_others_alone(caplog: pytest.LogCaptureFixture) -> None:
    """A mishap is logged with its key and ends nobody else's work."""
    done: list[int] = []

    async def work(key: int) -> None:
        if key == 1:
            raise ValueError("no paint")
        done.append(key)

    workers = Workers(work, "chat")
    workers.wake(1)
    workers.wake(2)
    await workers.idle()
    assert done == [2]
    assert "chat 1 failed" in caplog.text


async def test_closing_ends_work_at_once_and_accepts_no_more() -> None:
    """After close nothing runs, whatever was under way."""

    async def work(_: int) -> None:
        await asyncio.Event().wait()

    workers = Workers(work, "test")
    workers.wake(1)
    await asyncio.sleep(0)
    await asyncio.wait_for(workers.close(1.0), 2.0)
    workers.wake(2)
    await asyncio.wait_for(workers.idle(), 1.0)


async def test_a_waking_while_a_run_is_dismissed_begins_a_new_run() -> None:
    """Whoever wakes a worker that is just being ended finds the work done all the same."""
    runs: list[str] = []
    ending, may_end = asyncio.Event(), asyncio.Event()

    async def work(_: int) -> None:
        runs.append("run")
        if len(runs) == 1:
            try:
                await asyncio.Event().wait()
            finally:
                ending.set()
                await may_end.wait()

    workers = Workers(work, "test")
    workers.wake(1)
    await asyncio.sleep(0)
    dismissing = asyncio.create_task(workers.dismiss(1))
    await ending.wait()
    workers.wake(1)
    may_end.set()
    await dismissing
    await workers.idle()
    assert runs == ["run", "run"]
