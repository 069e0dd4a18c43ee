"""Sharing: a link hands on a copy of what was learned, or crosses it with the opener's own; it can be stopped."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from evolution import State, voters_of
from storage.ids import ChatId
from storage.sessions import latest_session, read_state

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any
_LINK = re.compile(r"https://t\.me/\w+\?start=(share-[A-Za-z0-9_-]{22})")


async def _learned(visitor: Visitor) -> None:
    """Let somebody play one generation, and like something in the next; in a group few have voted, so it asks."""
    await visitor.begin()
    await visitor.press("1 👍")
    await visitor.press("Next generation")
    if visitor.chat < 0:
        await visitor.press("Yes, next")
    await visitor.companion(2)
    await visitor.press("2 👍")


async def _link(visitor: Visitor, command: str) -> str:
    await visitor.say(command)
    found = _LINK.search((await visitor.sees("t.me"))["text"])
    assert found is not None
    return found[1]


async def _state(bot: Any, chat: int) -> State:
    session = await latest_session(bot.database.reader, ChatId(chat))
    assert session is not None
    return State.from_json(await read_state(bot.database.reader, session.id))


async def test_a_shared_link_begins_with_a_copy_of_the_taste(house: House, ada: Visitor, ben: Visitor) -> None:
    """Ben is told in two lines what it is, goes on from there, and changes nothing of Ada's; nobody is named."""
    async with house.bot() as bot:
        await _learned(ada)
        payload = await _link(ada, "/share")
        (row,) = await bot.database.reader.all("SELECT model FROM shares")
        # As a number of its own: its digits may stand by chance within a seed or a value.
        assert re.search(rf"(?<![\d.]){ada.person}(?!\d)", row["model"]) is None
        assert "Ada" not in row["model"]
        before = await _state(bot, ada.chat)
        await ben.say(f"/start {payload}")
        told = await ben.sees("A friend has shared a taste with you: Quick, learned from 2 generations and 2 votes.")
        assert len(told["text"].splitlines()) == 2
        await ben.companion(1)
        assert voters_of(await _state(bot, ben.chat)) == (str(ben.person),)
        assert await ben.press("1 👎") == "You dislike 1"
        assert await _state(bot, ada.chat) == before


async def test_a_stopped_link_leads_nowhere(house: House, ada: Visitor, ben: Visitor) -> None:
    """Only who shared it can stop it; then the friend hears so, and a new link is another one."""
    async with house.bot():
        ada.chat = ben.chat = -2001
        await _learned(ada)
        payload = await _link(ada, "/share")
        assert await _link(ada, "/share") == payload
        assert await ben.press("Stop sharing") == "Only the person who made this link can stop it."
        assert await ada.press("Stop sharing") == "That link is stopped."
        await ada.sees("This link leads nowhere any more")
        ben.chat = ben.person
        await ben.say(f"/start {payload}")
        await ben.sees("That link leads nowhere any more")
        await ben.say("/start share-" + "A" * 22)
        assert await ben.albums() == []
        await ada.say("/share")
        await ada.people.wait_for(
            ada.chat, lambda all_: [one for one in _LINK.findall(str(all_)) if one != payload], timeout_s=10.0
        )


async def test_nothing_learned_is_nothing_to_share(house: House, ada: Visitor) -> None:
    """Neither before a session nor before its first vote; a payload of another kind is just /start."""
    async with house.bot():
        await ada.say("/share")
        await ada.sees("nothing to share yet")
        await ada.say("/start hello")
        await ada.press("Quick")
        await ada.companion(1)
        await ada.say("/blend")
        await ada.people.wait_for(ada.chat, lambda all_: sum("nothing to share" in str(one) for one in all_) == 2)


async def test_a_link_does_not_end_what_is_under_way(house: House, ada: Visitor, ben: Visitor) -> None:
    """The friend is asked to end it first; then the same link works."""
    async with house.bot():
        await _learned(ada)
        payload = await _link(ada, "/share")
        await ben.begin()
        await ben.say(f"/start {payload}")
        await ben.sees("End it with /stop")
        await ben.say("/stop")
        await ben.sees("Stopped after")
        await ben.say(f"/start {payload}")
        await ben.sees("A friend has shared a taste with you")


async def test_a_blend_crosses_two_tastes_of_one_style(house: House, ada: Visitor, ben: Visitor) -> None:
    """Without a taste of one's own it says what to do; with one, both peoples' votes are in the new session."""
    async with house.bot() as bot:
        await _learned(ada)
        payload = await _link(ada, "/blend")
        await ben.say(f"/start {payload}")
        await ben.sees("no taste of your own in Quick yet")
        await _learned(ben)
        await ben.say("/stop")
        await ben.sees("Stopped after")
        await ben.say(f"/start {payload}")
        await ben.sees("Two tastes in one: Quick")
        await bot.sessions.crew.idle()
        voters = voters_of(await _state(bot, ben.chat))
        assert len(voters) == 2
        assert str(ben.person) in voters
        assert str(ada.person) not in voters


async def test_a_blend_of_two_styles_is_refused_in_words(house: House, ada: Visitor, ben: Visitor) -> None:
    """Both styles are named, and what to do."""
    async with house.bot() as bot:
        await _learned(ada)
        payload = await _link(ada, "/blend")
        await _learned(ben)
        await ben.say("/stop")
        await ben.sees("Stopped after")
        packs = bot.sessions.services.shelf.packs
        packs["slow"] = replace(packs["quick"], name="slow", title="Slow")
        async with bot.database.transaction() as tx:
            await tx.all("UPDATE shares SET model = json_replace(model, '$.style.name', 'slow')")
        await ben.say(f"/start {payload}")
        await ben.sees("That taste is of the style Slow, yours is of Quick")


async def test_who_is_forgotten_is_shared_no_longer(house: House, ada: Visitor, ben: Visitor) -> None:
    """A group's link goes with any of its voters, for nobody could tell which votes in it were theirs."""
    async with house.bot() as bot:
        ada.chat = -2001
        await _learned(ada)
        await _link(ada, "/share")
        ben.chat = -2001
        await ben.press("3 👍")
        ben.chat = ben.person
        await ben.say("/forget")
        await ben.press("🗑")
        await ben.sees("Everything that I kept of you is erased")
        assert await bot.database.reader.all("SELECT * FROM shares") == []
