"""What operators order, over HTTP against the sandbox: bans, quotas, the queue, statistics, and a drain."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.client import SandboxClient
from storage.chat_settings import ChatSettings, save_settings
from storage.chats import find_chat
from storage.generations import latest_generation
from storage.ids import ChatId
from storage.sessions import Phase, active_session, set_phase
from storage.votes import tally_generation, votes_of_generation

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any
Running = Any

ADA, BEN, SALON = 1001, 1002, -2001


@pytest.fixture
def operated(house: House) -> House:
    """A bot that Ada runs."""
    house.settings["operators"] = frozenset({ADA})
    return house


async def _phase(bot: Running, chat: int) -> Phase:
    session = await active_session(bot.database.reader, ChatId(chat))
    assert session is not None
    return session.phase


async def test_a_banned_person_is_told_once_and_does_not_count(operated: House, ada: Visitor, ben: Visitor) -> None:
    """The first tap is answered by a plain word, all others by nothing; votes are kept but not counted."""
    async with operated.bot() as bot:
        await ben.begin()
        assert await ben.press("1 👍") == "You like 1"
        await ada.say(f"/ban {BEN} spams")
        await ada.sees(f"{BEN} is banned")
        companion = await ben.companion(1)
        data = companion["keyboard"][0][0]["callback_data"]
        assert "closed it to you. spams" in str(await ben.forge(companion["id"], data))
        assert await ben.forge(companion["id"], data) is None
        session = await active_session(bot.database.reader, ChatId(BEN))
        assert session is not None
        generation = await latest_generation(bot.database.reader, session.id)
        assert generation is not None
        assert await votes_of_generation(bot.database.reader, generation.id) == ()
        assert not any(tally.likes for tally in await tally_generation(bot.database.reader, generation.id))


async def test_a_ban_survives_a_restart_and_is_lifted(operated: House, ada: Visitor, ben: Visitor) -> None:
    """Banned today, banned after a restart, welcome again after /unban, with the votes as they were."""
    async with operated.bot():
        await ben.begin()
        await ben.press("1 👍")
        await ada.say(f"/ban {BEN}")
        await ada.sees(f"{BEN} is banned")
    async with operated.bot() as bot:
        await ben.say("/help")
        await ben.sees("closed it to you")
        chat = await find_chat(bot.database.reader, ChatId(BEN))
        assert chat is not None
        assert chat.suspended_at is not None
        await ada.say(f"/unban {BEN}")
        await ada.sees("welcome again")
        assert await ben.press("1 👍") == "Taken back: 1"


async def test_an_operator_cannot_be_banned(operated: House, ada: Visitor) -> None:
    """Nobody locks themselves out."""
    async with operated.bot():
        await ada.say(f"/ban {ADA}")
        await ada.sees("An operator cannot be banned")


async def test_a_used_quota_is_told_with_its_end_and_ends_with_the_day(
    operated: House, ada: Visitor, ben: Visitor
) -> None:
    """The tap that would go over it says how long it lasts, the vote stays open, and the next day goes on."""
    async with operated.bot() as bot:
        await ada.say("/quota 6")
        await ada.sees("everybody: 6 pictures a day")
        await ben.begin()
        assert "There are 6 pictures a day, and 6 are painted" in str(await ben.press("➡️ Next"))
        assert await _phase(bot, BEN) is Phase.VOTING
        await ben.say("/paint 1")
        await ben.sees("There are 6 pictures a day")
        operated.ahead = timedelta(days=1)
        assert "Painting" in str(await ben.press("➡️ Next")) or await _phase(bot, BEN) is not Phase.VOTING
        await ben.companion(2)


async def test_one_quota_of_ones_own_goes_before_everybodys(operated: House, ada: Visitor, ben: Visitor) -> None:
    """Ben may have more than the others."""
    async with operated.bot():
        await ada.say("/quota 0")
        await ada.sees("everybody: 0 pictures")
        await ada.say(f"/quota {BEN} 12")
        await ada.sees(f"{BEN}: 12 pictures")
        await ben.begin()
        await ben.press("➡️ Next")
        await ben.companion(2)


async def test_a_drain_finishes_what_runs_refuses_the_rest_and_says_when_it_is_safe(
    operated: House, ada: Visitor, ben: Visitor
) -> None:
    """With a painting under way: it is finished, new work is refused in a friendly way, and then it is safe to stop."""
    async with operated.bot() as bot:
        await ben.begin()
        operated.painter.hold()
        await ben.press("➡️ Next")
        await ben.sees("Painting generation 2")
        await ada.say("/drain")
        await ada.sees("Draining: what runs is finished")
        await ada.say("/start")
        assert "paint nothing new" in str(await ada.press("🎨 Quick"))
        assert not any("safe to stop." in str(message) for message in await ada.messages())
        operated.painter.release()
        await ben.companion(2)
        await ada.sees("Nothing is painted any more: safe to stop")
        assert "paint nothing new" in str(await ben.press("➡️ Next"))
        assert await _phase(bot, BEN) is Phase.VOTING


async def test_a_drain_outlives_a_restart_until_it_is_resumed(operated: House, ada: Visitor, ben: Visitor) -> None:
    """After the restart nothing new is begun until /resume."""
    async with operated.bot():
        await ben.begin()
        await ada.say("/drain")
        await ada.sees("Nothing is painted any more")
    async with operated.bot():
        assert "paint nothing new" in str(await ben.press("➡️ Next"))
        await ada.say("/resume")
        await ada.sees("I take work again")
        await ben.press("➡️ Next")
        await ben.companion(2)


async def test_work_that_comes_another_way_is_refused_too_and_goes_on_after_resume(
    operated: House, ada: Visitor, ben: Visitor
) -> None:
    """A session that was on its way to painting when the drain came is told so, and is painted after /resume."""
    async with operated.bot() as bot:
        await ben.begin()
        await ada.say("/drain")
        await ada.sees("Nothing is painted any more")
        session = await active_session(bot.database.reader, ChatId(BEN))
        assert session is not None
        async with bot.database.transaction() as tx:
            await set_phase(tx, session.id, Phase.VOTING, Phase.PAINTING, bot.sessions.services.clock())
        bot.sessions.crew.go_on(session.id)
        await ben.sees("paint nothing new")
        await ada.say("/resume")
        await ada.sees("I take work again")
        await ben.companion(2)


async def test_a_drain_holds_back_what_falls_due(operated: House, ada: Visitor, ben: Visitor) -> None:
    """A vote whose time is up stays open while the bot is drained, and closes afterwards."""
    async with operated.bot() as bot:
        await ben.say("/help")
        await ben.sees("/start begins")
        async with bot.database.transaction() as tx:
            await save_settings(tx, ChatId(BEN), ChatSettings(time_limit=timedelta(hours=1)))
        await ben.begin()
        await ben.press("1 👍")
        await ada.say("/drain")
        await ada.sees("Nothing is painted any more")
        operated.ahead = timedelta(hours=2)
        bot.sessions.crew.timetable.wake()
        await bot.sessions.crew.idle()
        assert await _phase(bot, BEN) is Phase.VOTING
        await ada.say("/resume")
        await ada.sees("I take work again")
        operated.ahead = timedelta(hours=3)
        bot.sessions.crew.timetable.wake()
        await ben.companion(2)


async def test_the_queue_shows_what_paints_and_cancels_it(operated: House, ada: Visitor, ben: Visitor) -> None:
    """The button ends the painting, the chat hears of it and votes on; a second press finds nothing."""
    async with operated.bot() as bot:
        await ben.begin()
        operated.painter.hold()
        await ben.press("➡️ Next")
        await ben.sees("Painting generation 2")
        await ada.say("/queue")
        shown = await ada.sees("generation 2, painting 50 %")
        data = shown["keyboard"][0][0]["callback_data"]
        assert await ada.forge(shown["id"], data) == "Cancelled."
        await ben.sees("An operator has cancelled the painting. Generation 1 is open again")
        assert await _phase(bot, BEN) is Phase.VOTING
        assert await ada.forge(shown["id"], data) == "There is nothing left to cancel."
        await ada.sees("Nothing paints, waits or trains")


async def test_a_banned_members_taps_in_a_group_are_not_heard(operated: House, ada: Visitor, ben: Visitor) -> None:
    """In a group the others go on, and what the banned tap is not written down."""
    async with operated.bot() as bot, SandboxClient(ada.people.url) as people:
        ada_there, ben_there = type(ada)(people, SALON, ADA), type(ada)(people, SALON, BEN)
        await ada_there.say("/start@vernissage_sandbox_bot")
        await ada_there.press("Quick")
        companion = await ada_there.companion(1)
        data = companion["keyboard"][0][0]["callback_data"]
        await ada.say(f"/ban {BEN}")
        await ada.sees(f"{BEN} is banned")
        assert "closed it to you" in str(await ben_there.forge(companion["id"], data))
        assert await ada_there.forge(companion["id"], data) == "You like 1"
        session = await active_session(bot.database.reader, ChatId(SALON))
        assert session is not None
        generation = await latest_generation(bot.database.reader, session.id)
        assert generation is not None
        await ada.say(f"/unban {BEN}")
        await ada.sees("welcome again")
        assert [vote.voter for vote in await votes_of_generation(bot.database.reader, generation.id)] == [ADA]


async def test_a_banned_chat_is_not_served_and_its_painting_ends(operated: House, ada: Visitor, ben: Visitor) -> None:
    """What is painted for it ends, it is told once, and after /unban the painting goes on by itself."""
    async with operated.bot() as bot:
        await ben.begin()
        operated.painter.hold()
        await ben.press("➡️ Next")
        await ben.sees("Painting generation 2")
        await ada.say(f"/ban {BEN}")
        await ada.sees(f"{BEN} is banned")
        await bot.sessions.crew.rest()
        assert operated.painter.cancelled == 1
        operated.painter.release()
        await ada.say(f"/unban {BEN}")
        await ada.sees("welcome again")
        await ben.companion(2)


async def test_statistics_are_told_and_drawn(operated: House, ada: Visitor, ben: Visitor) -> None:
    """Chats, voters, generations, pictures and both medians come with a chart."""
    async with operated.bot():
        await ben.begin()
        await ben.press("1 👍")
        await ben.press("➡️ Next")
        await ben.companion(2)
        await ada.say("/stats")
        message = await ada.sees("Generations: 2, pictures: 12")
        assert "Voters: 1, votes: 1" in message["caption"]
        assert " ms\n" in message["caption"]
        assert " s\n" in message["caption"]
