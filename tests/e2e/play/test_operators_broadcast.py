"""A broadcast over HTTP against the sandbox: confirmed, sent once to each chat, and not twice after a kill."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sandbox.client import SandboxClient
from storage.broadcasts import Arrival, count_arrivals
from storage.chats import ChatKind, ensure_chat
from storage.ids import BroadcastId, ChatId

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any
Running = Any

ADA, BEN = 1001, 1002
TEXT = "The gallery is closed on Monday."


@pytest.fixture
def operated(house: House) -> House:
    """A bot that Ada runs."""
    house.settings["operators"] = frozenset({ADA})
    return house


async def _people(bot: Running, people: SandboxClient, count: int) -> list[int]:
    """Let people say something to the bot, each in private."""
    chats = []
    for number in range(count):
        person = await people.add_person(f"Guest{number}")
        await people.say(person["id"], person["id"], "/help")
        await people.wait_for(person["id"], lambda all_: any(one["from"]["is_bot"] for one in all_) or None)
        chats.append(person["id"])
    return chats


async def _copies(people: SandboxClient, chat: int) -> int:
    return [one.get("text") for one in await people.messages(chat) if one["from"]["is_bot"]].count(TEXT)


async def test_a_broadcast_is_shown_confirmed_and_sent_once_to_each(operated: House, ada: Visitor) -> None:
    """Nothing is sent before the button; then every chat has it once, and the counts are told."""
    async with operated.bot() as bot, SandboxClient(ada.people.url) as people:
        chats = await _people(bot, people, 3)
        await ada.say(f"/broadcast {TEXT}")
        question = await ada.sees("Chats it goes to: 4")
        assert [await _copies(people, chat) for chat in chats] == [0, 0, 0]
        data = question["keyboard"][0][0]["callback_data"]
        assert await ada.forge(question["id"], data) == "It is on its way."
        assert await ada.forge(question["id"], data) == "It is on its way."
        await ada.sees("Sent: 4, not reachable: 0, unknown (never sent again): 0, not tried: 0.")
        assert [await _copies(people, chat) for chat in chats] == [1, 1, 1]


async def test_a_discarded_broadcast_is_never_sent(operated: House, ada: Visitor) -> None:
    """Cancel means that nothing went out, and its button sends nothing later."""
    async with operated.bot() as bot, SandboxClient(ada.people.url) as people:
        (chat,) = await _people(bot, people, 1)
        await ada.say(f"/broadcast {TEXT}")
        question = await ada.sees("Send it?")
        await ada.press("✖️ Cancel")
        await ada.sees("nothing was sent")
        await ada.forge(question["id"], "1:p:castsend:1")
        await bot.sessions.desk.close()
        assert await _copies(people, chat) == 0


async def test_a_broadcast_killed_in_the_middle_goes_on_and_reaches_nobody_twice(operated: House, ada: Visitor) -> None:
    """Killed while an answer is awaited: the rest get it after the restart, that one chat is counted as unknown."""
    async with SandboxClient(ada.people.url) as people:
        async with operated.bot() as bot:
            chats = await _people(bot, people, 4)
            await ada.say(f"/broadcast {TEXT}")
            question = await ada.sees("Send it?")
            bot.transport.never_answered.append("sendMessage")
            await ada.forge(question["id"], "1:p:castsend:1")
            await asyncio.wait_for(bot.transport.is_stuck.wait(), 10)
        async with operated.bot() as bot:
            await ada.sees("Sent: 4, not reachable: 0, unknown (never sent again): 1, not tried: 0.")
            counts = await count_arrivals(bot.database.reader, BroadcastId(1))
            assert (counts[Arrival.SENT], counts[Arrival.ATTEMPTED]) == (4, 1)
        assert [await _copies(people, chat) for chat in chats] == [1, 1, 1, 1]


async def test_a_chat_that_cannot_be_reached_is_counted_and_others_get_it(operated: House, ada: Visitor) -> None:
    """A chat that Telegram does not know fails alone."""
    async with operated.bot() as bot, SandboxClient(ada.people.url) as people:
        (chat,) = await _people(bot, people, 1)
        async with bot.database.transaction() as tx:
            await ensure_chat(tx, ChatId(555), ChatKind.PRIVATE, "gone", bot.sessions.services.clock())
        await ada.say(f"/broadcast {TEXT}")
        question = await ada.sees("Chats it goes to: 3")
        await ada.forge(question["id"], question["keyboard"][0][0]["callback_data"])
        await ada.sees("Sent: 2, not reachable: 1")
        assert await _copies(people, chat) == 1
