"""Faults on demand, flood limits by weight, and the clock that tests move."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from sandbox.errors import ClientError

Stage = Any  # the class lives in this folder's conftest.py, which no module can import
ADA, BEN, SALON = 1001, 1002, -2001


async def _shown(stage: Stage, chat: int = ADA) -> list[str | None]:
    return [message.get("text") for message in await stage.people.messages(chat)]


async def _album(stage: Stage, count: int, chat: int = ADA) -> dict[str, Any]:
    document = stage.server.state.files.add_document(b"a", "a.txt").file.file_id
    media = [{"type": "document", "media": document}] * count
    body: dict[str, Any] = await stage.call("sendMediaGroup", chat_id=chat, media=media)
    return body


ERRORS: list[tuple[dict[str, Any], int, str, list[str]]] = [
    ({"kind": "too_many_requests", "retry_after_s": 9}, 429, "Too Many Requests: retry after 9", []),
    ({"kind": "server_error"}, 500, "Internal Server Error", []),
    ({"kind": "server_error", "status": 502}, 502, "Bad Gateway", []),
    ({"kind": "server_error", "status": 504, "delivered": True}, 504, "Gateway Timeout", ["a"]),
]


@pytest.mark.parametrize(("fault", "code", "words", "arrived"), ERRORS)
async def test_an_error_comes_before_or_after_delivery(
    stage: Stage, fault: dict[str, Any], code: int, words: str, arrived: list[str]
) -> None:
    """The answer is the fault's; what was delivered before it stays."""
    await stage.people.house.add_fault(**fault)
    body = await stage.call("sendMessage", chat_id=ADA, text="a")
    assert (body["error_code"], body["description"]) == (code, words)
    assert await _shown(stage) == arrived
    assert (await stage.call("sendMessage", chat_id=ADA, text="b"))["ok"]
    entry = (await stage.people.transcript())[0]
    assert (entry["fault"], entry["ok"], entry["breach"]) == (fault["kind"], False, None)


@pytest.mark.parametrize("kind", ["cut", "timeout"])
@pytest.mark.parametrize("delivered", [False, True])
async def test_an_answer_is_lost_before_or_after_delivery(stage: Stage, kind: str, delivered: bool) -> None:
    """The connection ends with no answer; only the chat tells whether the message arrived."""
    await stage.people.house.add_fault(kind, delivered=delivered, pause_s=0)
    with pytest.raises(aiohttp.ClientError):
        await stage.call("sendMessage", chat_id=ADA, text="a")
    assert await _shown(stage) == (["a"] if delivered else [])
    [entry] = await stage.people.transcript()
    assert (entry["error"], len(entry["sent"])) == (f"no answer: {kind}", int(delivered))


async def test_a_timeout_lasts_until_the_client_gives_up(stage: Stage) -> None:
    """A client that waits less than the pause sees its own time-out, and the message has arrived all the same."""
    await stage.people.house.add_fault("timeout", delivered=True, pause_s=3600)
    request = asyncio.create_task(stage.call("sendMessage", chat_id=ADA, text="a"))
    await stage.people.wait_for(ADA, lambda messages: messages)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert await _shown(stage) == ["a"]


@pytest.mark.parametrize(("items", "then"), [(0, "error"), (2, "error"), (1, "cut"), (3, "timeout")])
async def test_an_album_arrives_in_part(stage: Stage, items: int, then: str) -> None:
    """Some of it is there, and the bot is not told how much."""
    await stage.people.house.add_fault("partial_album", items=items, then=then, pause_s=0)
    if then == "error":
        body = await _album(stage, 4)
        assert f"failed to send message #{items + 1}" in body["description"]
    else:
        with pytest.raises(aiohttp.ClientError):
            await _album(stage, 4)
    assert len(await stage.people.messages(ADA)) == items


async def test_a_slow_link_answers_late_but_well(stage: Stage) -> None:
    """Answers and downloads are held back, and nothing is lost."""
    document = stage.server.state.files.add_document(b"0123456789", "a.txt").file
    await stage.people.house.add_fault("slow", method="sendMessage", pause_s=0.01)
    await stage.people.house.add_fault("slow", method="download", pause_s=0, bytes_per_s=1000)
    assert (await stage.call("sendMessage", chat_id=ADA, text="a"))["ok"]
    url = f"{stage.server.url}/file/bot{stage.server.token}/{document.path}"
    async with stage.http.get(url) as answer:
        assert await answer.read() == b"0123456789"
    assert [fault["hits"] for fault in await stage.people.house.faults()] == [1, 1]


@pytest.mark.parametrize(
    ("fault", "status"), [({"kind": "server_error", "status": 503}, 503), ({"kind": "too_many_requests"}, 429)]
)
async def test_downloads_fail_too(stage: Stage, fault: dict[str, Any], status: int) -> None:
    """Where the rule names them."""
    document = stage.server.state.files.add_document(b"0123456789", "a.txt").file
    await stage.people.house.add_fault(**fault, method="download")
    async with stage.http.get(f"{stage.server.url}/file/bot{stage.server.token}/{document.path}") as answer:
        assert answer.status == status


async def test_an_update_comes_twice(stage: Stage) -> None:
    """With the same id: a bot must know it again (https://core.telegram.org/bots/api#update)."""
    await stage.people.house.add_fault("duplicate_update", update="message")
    await stage.people.say(ADA, ADA, "a")
    await stage.people.say(ADA, ADA, "b")
    updates = await stage.updates()
    assert [update["message"]["text"] for update in updates] == ["a", "a", "b"]
    assert updates[0]["update_id"] == updates[1]["update_id"]


async def test_updates_of_other_kinds_pass(stage: Stage) -> None:
    """A held update comes after the next of another kind, or when its time is up; ids go on growing."""
    await stage.people.house.add_fault("reorder_updates", update="message", count=2, pause_s=10)
    await stage.people.say(BEN, BEN, "first")
    await stage.people.block(ADA, ADA)
    one, two = await stage.updates()
    assert ("my_chat_member" in one, two["message"]["text"]) == (True, "first")
    assert one["update_id"] < two["update_id"]
    await stage.people.say(BEN, BEN, "alone")
    assert await stage.updates() == []
    await stage.people.house.advance(10)
    assert (await stage.updates())[0]["message"]["text"] == "alone"


async def test_a_rule_hits_whom_it_names(stage: Stage) -> None:
    """By method and chat, after some were let through, a number of times."""
    await stage.people.house.add_fault("server_error", method="sendMessage", chat=ADA, skip=1, count=2)
    got = [(await stage.call("sendMessage", chat_id=chat, text="a"))["ok"] for chat in (ADA, BEN, ADA, ADA, ADA)]
    assert got == [True, True, False, False, True]
    assert (await stage.call("getMe"))["ok"]


async def test_chance_is_the_same_for_the_same_seed(stage: Stage) -> None:
    """A rule draws by a generator of its own."""
    runs = []
    for _ in range(2):
        fault = await stage.people.house.add_fault("server_error", method="getMe", probability=0.5, seed=4, count=None)
        runs.append([(await stage.call("getMe"))["ok"] for _ in range(12)])
        await stage.people.house.remove_fault(fault["id"])
    assert runs[0] == runs[1]
    assert 0 < sum(runs[0]) < 12


async def test_faults_are_listed_and_removed(stage: Stage) -> None:
    """One by one or all together; polling is never hit unless it is named."""
    house = stage.people.house
    first = await house.add_fault("server_error", count=None)
    await house.add_fault("server_error", method="getUpdates", count=None)
    assert [fault["kind"] for fault in await house.faults()] == ["server_error", "server_error"]
    await house.remove_fault(first["id"])
    with pytest.raises(ClientError, match="no fault"):
        await house.remove_fault(first["id"])
    assert (await stage.call("getUpdates"))["error_code"] == 500
    await house.clear_faults()
    assert (await house.faults(), await stage.updates()) == ([], [])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "meteor"}, "kind must be one of"),
        ({"kind": "cut", "colour": "red"}, "a fault has no field colour"),
        ({"kind": "cut", "method": "sendKiss"}, "method names no method"),
        ({"kind": "duplicate_update", "update": "kiss"}, "update names no kind of update"),
        ({"kind": "cut", "count": 0}, "count must be a number, 1 or more"),
        ({"kind": "cut", "probability": 2}, "probability is at most 1"),
        ({"kind": "server_error", "status": 404}, "status must be one of"),
        ({"kind": "partial_album", "then": "rain"}, "then must be one of"),
        ({"kind": "cut", "delivered": "yes"}, "delivered must be true or false"),
    ],
)
async def test_a_fault_that_makes_no_sense_is_refused(stage: Stage, fields: dict[str, Any], words: str) -> None:
    """In words that name what was expected."""
    with pytest.raises(ClientError, match=words):
        await stage.people.house.add_fault(**fields)


FLOODS: list[tuple[str, int, int, list[float]]] = [
    # where, how many at once, the wait told to the next, and whether it is good after that wait
    ("sendMessage", ADA, 22, [1]),
    ("sendMessage", SALON, 22, [3]),
    ("editMessageText", ADA, 22, [1]),
    ("editMessageText", SALON, 22, [3]),
]


@pytest.mark.parametrize(("method", "chat", "burst", "waits"), FLOODS)
async def test_a_chat_takes_a_burst_and_then_little(
    stage: Stage, method: str, chat: int, burst: int, waits: list[float]
) -> None:
    """A message a second, in groups twenty a minute (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this)."""
    sent = (await stage.do("sendMessage", chat_id=chat, text="a"))["message_id"]
    stage.clock.advance(60)
    edits = {"message_id": sent} if method == "editMessageText" else {}
    for number in range(burst):
        await stage.do(method, chat_id=chat, text=str(number), **edits)
    body = await stage.call(method, chat_id=chat, text="b", **edits)
    assert (body["error_code"], body["parameters"]["retry_after"]) == (429, waits[0])
    assert (await stage.call("sendChatAction", chat_id=chat, action="typing"))["ok"]
    await stage.people.house.advance(waits[0])
    assert (await stage.call(method, chat_id=chat, text="c", **edits))["ok"]


@pytest.mark.parametrize(("count", "albums"), [(10, 2), (5, 4), (2, 11)])
async def test_an_album_weighs_what_it_holds(stage: Stage, count: int, albums: int) -> None:
    """An album of n counts as n (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this)."""
    for _ in range(albums):
        assert (await _album(stage, count))["ok"]
    assert (await _album(stage, max(count, 3)))["error_code"] == 429


async def test_all_chats_together_have_a_limit(stage: Stage) -> None:
    """About thirty messages a second over all chats; a refused one spends nothing."""
    people = [(await stage.people.add_person(f"P{number}"))["id"] for number in range(8)]
    codes = [(await _album(stage, 5, chat)).get("error_code") for chat in people]
    assert codes == [None] * 7 + [429]
    await stage.people.house.advance(1)
    assert (await _album(stage, 10, people[7]))["ok"]


async def test_flood_limits_can_be_switched_off(stage: Stage) -> None:
    """For tests that are about something else."""
    await stage.people.house.set_flood_limits(False)
    for number in range(30):
        await stage.do("sendMessage", chat_id=ADA, text=str(number))


async def test_updates_wait_a_day_and_presses_150_seconds(stage: Stage) -> None:
    """By the clock that is moved over HTTP (https://core.telegram.org/bots/api#getting-updates)."""
    await stage.people.say(ADA, ADA, "a")
    await stage.people.house.advance(24 * 3600 - 1)
    assert len(await stage.do("getUpdates")) == 1
    await stage.people.house.advance(2)
    assert await stage.do("getUpdates") == []


async def test_the_transcript_tells_time_and_breach(stage: Stage) -> None:
    """Each request stands there with how long it took, what it sent, and what was wrong with it."""
    sent = await stage.do("sendMessage", chat_id=ADA, text="a")
    await stage.call("sendMessage", chat_id=ADA, text="a", colour="red")
    await stage.do("editMessageText", chat_id=ADA, message_id=sent["message_id"], text="b")
    good, bad, edit = await stage.people.transcript()
    assert (good["sent"], good["breach"], good["took_ms"] >= 0) == ([sent["message_id"]], None, True)
    assert "colour is not a field" in str(bad["breach"])
    assert (bad["sent"], edit["sent"]) == ([], [])
    assert stage.server.token not in json.dumps([good, bad])
