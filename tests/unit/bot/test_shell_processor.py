from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from telegram import Bot, Chat, Message, Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters

from bot.processor import InOrder, UpdateQueue


def make_update(number: int, chat: int) -> Update:
    sent = Message(number, datetime(2026, 1, 1, tzinfo=UTC), Chat(chat, "private"), text=str(number))
    return Update(number, message=sent)


class Offline(Bot):
    """A bot that says nothing."""

    def __init__(self) -> None:
        super().__init__("1:offline")

    async def initialize(self) -> None:
        """Reach no server."""

    async def shutdown(self) -> None:
        """Leave no server."""

    @property
    def id(self) -> int:
        """Some id."""
        return 1


@pytest.fixture
def processor() -> InOrder:
    return InOrder(concurrent=3, unfinished=50)


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def gates() -> dict[int, asyncio.Event]:
    """A gate for each update that must wait in its handler."""
    return {}


@pytest_asyncio.fixture
async def application(
    processor: InOrder, log: list[str], gates: dict[int, asyncio.Event]
) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    async def handle(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        number = update.update_id
        log.append(f"+{number}")
        if number in gates:
            await gates[number].wait()
        if number < 0:
            raise ValueError(number)
        log.append(f"-{number}")

    async def on_error(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        log.append(f"!{context.error}")

    builder = ApplicationBuilder().bot(Offline()).updater(None).job_queue(None)
    application = builder.concurrent_updates(processor).update_queue(UpdateQueue(unfinished=50)).build()
    application.add_handler(MessageHandler(filters.ALL, handle))
    application.add_error_handler(on_error)
    async with application:
        await application.start()
        yield application
        for gate in gates.values():
            gate.set()
        await application.stop()


Ready = Callable[[], bool]


async def until(ready: Ready) -> None:
    for _ in range(1000):
        if ready():
            return
        await asyncio.sleep(0)
    raise AssertionError("never became so")


async def test_updates_of_a_chat_are_processed_in_order(
    application: Application[Any, Any, Any, Any, Any, Any], log: list[str], gates: dict[int, asyncio.Event]
) -> None:
    """While the first is in work the later ones of its chat wait; other chats do not."""
    gates[1] = asyncio.Event()
    for number, chat in [(1, 7), (2, 7), (3, 7), (4, 8)]:
        await application.update_queue.put(make_update(number, chat))
    await until(lambda: "-4" in log)
    assert log == ["+1", "+4", "-4"]
    gates[1].set()
    await until(lambda: "-3" in log)
    assert log[3:] == ["-1", "+2", "-2", "+3", "-3"]


async def test_a_waiting_chat_takes_no_place_from_others(
    application: Application[Any, Any, Any, Any, Any, Any], log: list[str], gates: dict[int, asyncio.Event]
) -> None:
    """Many updates of one busy chat occupy one of the places for work, not all."""
    gates[1] = asyncio.Event()
    for number in range(1, 20):
        await application.update_queue.put(make_update(number, 7))
    await application.update_queue.put(make_update(99, 8))
    await until(lambda: "-99" in log)
    gates[1].set()
    await until(lambda: "-19" in log)


async def test_an_error_ends_one_update_alone(
    application: Application[Any, Any, Any, Any, Any, Any], log: list[str]
) -> None:
    """A handler that fails is told to the error handler, and the chat's next update is processed."""
    for number in (-1, 2):
        await application.update_queue.put(make_update(number, 7))
    await until(lambda: "-2" in log)
    assert log == ["+-1", "!-1", "+2", "-2"]


async def test_no_more_are_in_work_than_allowed(
    application: Application[Any, Any, Any, Any, Any, Any], log: list[str], gates: dict[int, asyncio.Event]
) -> None:
    """Of five chats three are served; the others when a place is free. None is dropped."""
    gates.update({number: asyncio.Event() for number in range(1, 6)})
    for number in gates:
        await application.update_queue.put(make_update(number, 10 + number))
    await until(lambda: len(log) == 3)
    await asyncio.sleep(0)
    assert log == ["+1", "+2", "+3"]
    for gate in gates.values():
        gate.set()
    await until(lambda: len(log) == 10)


async def test_fetching_waits_while_too_many_are_unfinished() -> None:
    """What is beyond the bound stays in the queue, and from there with Telegram."""
    queue = UpdateQueue(unfinished=2)
    for number in range(3):
        await queue.put(number)
    assert [await queue.get(), await queue.get()] == [0, 1]
    third = asyncio.create_task(queue.get())
    for _ in range(5):
        await asyncio.sleep(0)
    assert not third.done()
    queue.task_done()
    assert await third == 2


async def test_a_cancelled_wait_for_updates_keeps_its_place() -> None:
    """Somebody who stops waiting for an update leaves the bound as it was."""
    queue = UpdateQueue(unfinished=1)
    for _ in range(3):
        waiting = asyncio.create_task(queue.get())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await queue.put("x")
    assert await queue.get() == "x"


async def test_a_stop_that_cannot_wait_ends_all(processor: InOrder) -> None:
    """Cancelling ends what is in work and what waits, with no coroutine left behind."""
    began: list[int] = []

    async def work(number: int) -> None:
        began.append(number)
        await asyncio.Event().wait()

    tasks = [asyncio.create_task(processor.process_update(make_update(n, 7), work(n))) for n in range(3)]
    await until(lambda: began == [0])
    processor.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in results)
    assert began == [0]


async def test_what_belongs_to_nobody_needs_no_turn(processor: InOrder) -> None:
    """An update without chat or person is processed at once."""
    ran: list[int] = []

    async def work(number: int) -> None:
        ran.append(number)

    for n in range(2):
        await processor.process_update(Update(n), work(n))
    assert ran == [0, 1]
