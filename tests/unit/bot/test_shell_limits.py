from __future__ import annotations

import asyncio
import heapq
from collections.abc import Iterator
from typing import Any

import pytest
from telegram.error import NetworkError, RetryAfter

from bot.limits import ATTEMPTS, LONGEST_HALT_S, Limits, NoBudgetError, Urgency, weigh

# PTB's own, each time it makes or reads a RetryAfter.
pytestmark = pytest.mark.filterwarnings("ignore:.*retry_after.*timedelta")


class Timeline:
    """A clock that stands still until every task waits, and then jumps to the next who wakes."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.began = self.now
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def clock(self) -> float:
        """Tell the time in seconds."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Wait for the clock to come so far."""
        self._count += 1
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, self._count, woken))
        await woken

    async def settle(self) -> None:
        """Let every task run until all of them wait."""
        for _ in range(50):
            await asyncio.sleep(0)

    async def run(self, *tasks: asyncio.Task[Any]) -> None:
        """Let the time pass until the tasks are done."""
        await self.settle()
        while not all(task.done() for task in tasks):
            at, _, woken = heapq.heappop(self._sleepers)
            self.now = max(self.now, at)
            if not woken.done():
                woken.set_result(None)
            await self.settle()


class Server:
    """Records when each call came, and refuses the next calls of a chat with the times that it was given."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.limits = Limits(clock=timeline.clock, sleep=timeline.sleep)
        self.refusals: dict[object, Iterator[int]] = {}
        self.came: list[tuple[object, float]] = []

    def call(
        self, endpoint: str, chat: object = None, *, urgency: Urgency | None = None, **data: object
    ) -> asyncio.Task[object]:
        """Make a call for a chat through the limits."""

        async def arrive() -> bool:
            self.came.append((chat, self.timeline.now - self.timeline.began))
            if (refused := next(self.refusals.get(chat, iter(())), None)) is not None:
                raise RetryAfter(refused)
            return True

        given = data if chat is None else {"chat_id": chat, **data}

        async def process() -> object:
            return await self.limits.process_request(arrive, (), {}, endpoint, given, urgency)

        return asyncio.create_task(process())

    def times(self, chat: object = None) -> list[float]:
        """Tell when the calls of a chat came, in seconds from the start."""
        return [at for who, at in self.came if chat in (None, who)]


@pytest.fixture
def timeline() -> Timeline:
    return Timeline()


@pytest.fixture
def server(timeline: Timeline) -> Server:
    return Server(timeline)


async def test_a_private_chat_gets_a_burst_and_then_one_a_second(server: Server, timeline: Timeline) -> None:
    """Twenty messages at once, and each further one a second after the last."""
    await timeline.run(*[server.call("sendMessage", 7) for _ in range(23)])
    assert server.times() == pytest.approx([0.0] * 20 + [1.0, 2.0, 3.0])


async def test_a_group_gets_twenty_messages_and_twenty_edits_a_minute(server: Server, timeline: Timeline) -> None:
    """Edits have a budget of their own: they never hold up an album."""
    await timeline.run(*[server.call("sendMessage", -7) for _ in range(21)])
    assert server.times()[-1] == pytest.approx(3.0)
    edits = [server.call("editMessageText", -7) for _ in range(20)]
    await timeline.run(*edits)
    assert server.times()[-1] == pytest.approx(3.0)


async def test_an_album_of_n_weighs_n(server: Server, timeline: Timeline) -> None:
    """After two albums of ten, a group's minute is spent."""
    album = [server.call("sendMediaGroup", -7, media=[object()] * 10) for _ in range(2)]
    await timeline.run(*album, server.call("sendMessage", -7))
    assert server.times() == pytest.approx([0.0, 0.0, 3.0])


async def test_all_chats_together_get_thirty_a_second(server: Server, timeline: Timeline) -> None:
    """Sixty messages to sixty chats take a second beyond the burst."""
    await timeline.run(*[server.call("sendMessage", chat) for chat in range(1, 61)])
    assert server.times()[29] == 0.0
    assert server.times()[59] == pytest.approx(1.0)


async def test_messages_to_a_chat_keep_their_order(server: Server, timeline: Timeline) -> None:
    """Those that wait are sent as they came."""
    done: list[asyncio.Task[object]] = []
    tasks = [server.call("sendMessage", 7) for _ in range(30)]
    for task in tasks:
        task.add_done_callback(done.append)
    await timeline.run(*tasks)
    assert done == tasks


async def test_answers_to_taps_never_wait(server: Server, timeline: Timeline) -> None:
    """A tap is answered at once, however much the chat has been sent, and halted or not."""
    server.refusals[7] = iter([60])
    busy = [server.call("sendMessage", 7) for _ in range(40)]
    await timeline.settle()
    tap = server.call("answerCallbackQuery", callback_query_id="x")
    updates = server.call("getUpdates")
    await timeline.settle()
    assert tap.done()
    assert updates.done()
    assert timeline.now == timeline.began
    for task in busy:
        task.cancel()


async def test_a_429_halts_its_chat_alone_and_is_tried_again(server: Server, timeline: Timeline) -> None:
    """The refused chat waits as long as it was told, then its call is made again; another chat goes on meanwhile."""
    server.refusals[-7] = iter([12])
    refused = server.call("sendMessage", -7)
    await timeline.settle()
    others = [server.call("sendMessage", -7), server.call("sendMessage", 8)]
    await timeline.run(refused, *others)
    assert server.times(-7) == pytest.approx([0.0, 12.0, 12.0])
    assert server.times(8) == [0.0]
    assert refused.result() is True


async def test_a_429_without_end_is_told(server: Server, timeline: Timeline) -> None:
    """After the last attempt the caller learns of it, and no call was made too soon."""
    server.refusals[7] = iter([5] * 100)
    task = server.call("sendMessage", 7)
    await timeline.run(task)
    assert isinstance(task.exception(), RetryAfter)
    assert server.times() == pytest.approx([5.0 * n for n in range(ATTEMPTS)])


async def test_a_long_halt_is_not_waited_for(server: Server, timeline: Timeline) -> None:
    """Who is told to wait for an hour decides for himself, and so does whoever comes after him."""
    server.refusals[7] = iter([int(LONGEST_HALT_S * 30)])
    first = server.call("sendMessage", 7)
    await timeline.run(first)
    second = server.call("sendMessage", 7)
    await timeline.run(second)
    assert isinstance(first.exception(), RetryAfter)
    assert isinstance(second.exception(), RetryAfter)
    assert len(server.came) == 1


async def test_other_errors_are_not_tried_again(timeline: Timeline) -> None:
    """A time-out often means "sent": it goes to the caller, after one attempt."""
    attempts = []

    async def arrive() -> bool:
        attempts.append(1)
        raise NetworkError("broken")

    limits = Limits(clock=timeline.clock, sleep=timeline.sleep)
    with pytest.raises(NetworkError):
        await limits.process_request(arrive, (), {}, "sendMediaGroup", {"chat_id": 7, "media": [1, 2]}, None)
    assert len(attempts) == 1


async def test_optional_news_leave_half_of_the_burst_to_the_album(server: Server, timeline: Timeline) -> None:
    """Progress stops at half of a chat's budget, tells so, and never waits."""
    tasks = [server.call("editMessageText", -7, urgency=Urgency.OPTIONAL) for _ in range(15)]
    await timeline.settle()
    assert [isinstance(task.exception(), NoBudgetError) for task in tasks] == [False] * 10 + [True] * 5
    assert timeline.now == timeline.began


async def test_a_cancelled_call_costs_nothing(server: Server, timeline: Timeline) -> None:
    """What a cancelled call would have spent is there for the next."""
    await timeline.run(*[server.call("sendMessage", 7) for _ in range(20)])
    waiting = server.call("sendMediaGroup", 7, media=[object()] * 10)
    await timeline.settle()
    waiting.cancel()
    await timeline.settle()
    await timeline.run(server.call("sendMessage", 7))
    assert server.times()[-1] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("endpoint", "data", "expected"),
    [
        ("sendPhoto", {}, ("send", 1)),
        ("copyMessages", {"message_ids": [1, 2, 3]}, ("send", 3)),
        ("editMessageReplyMarkup", {}, ("edit", 1)),
        ("deleteMessage", {}, ("edit", 0)),
        ("getFile", {}, ("edit", 0)),
    ],
)
def test_only_messages_and_edits_weigh(endpoint: str, data: dict[str, Any], expected: tuple[str, int]) -> None:
    """What makes no message costs none."""
    assert weigh(endpoint, data) == expected
