"""Voting together: the ways in which a group's generation closes, and what a group chooses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evolution import State
from sandbox.client import SandboxClient
from storage.chat_settings import ChatSettings, Closers, VoteMode, save_settings, settings_of_chat
from storage.due import Due, Kind, arm, disarm, due_of_chat
from storage.ids import ChatId

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any
Running = Any

ADA, BEN, CHLOE = 1001, 1002, 1003
SALON = ChatId(-2001)


@pytest.fixture
async def salon(ada: Visitor) -> AsyncIterator[list[Visitor]]:
    """Ada, Ben and Chloe in their group."""
    async with SandboxClient(ada.people.url) as people:
        yield [type(ada)(people, SALON, person) for person in (ADA, BEN, CHLOE)]


async def choose(bot: Running, settings: ChatSettings) -> None:
    """Give the group these settings, as if by its menu; the group is known by then."""
    async with bot.database.transaction() as tx:
        await save_settings(tx, SALON, settings)


async def begin(salon: list[Visitor], bot: Running, settings: ChatSettings | None = None) -> None:
    """Let Ada begin in the group, under these settings."""
    await salon[0].say("/start@vernissage_sandbox_bot")
    await salon[0].sees("🎨 Quick")
    if settings is not None:
        await choose(bot, settings)
    await salon[0].press("Quick")
    await salon[0].companion(1)


async def pass_time(house: House, bot: Running, time: timedelta) -> None:
    """Let time pass, and have the bot look at what is due, as its job queue would."""
    await bot.sessions.crew.idle()
    house.ahead += time
    bot.sessions.crew.timetable.wake()
    await bot.sessions.crew.idle()


async def due(bot: Running) -> list[Kind]:
    """What is due in the group, once the bot has thought about it."""
    await bot.sessions.crew.idle()
    return [one.kind for one in await due_of_chat(bot.database.reader, SALON)]


async def test_a_generation_closes_thirty_quiet_seconds_after_everybody_has_voted(
    house: House, salon: list[Visitor]
) -> None:
    """Two of three are not enough; after the third nothing happens at once, and a further tap starts the wait anew."""
    ada, ben, chloe = salon
    async with house.bot() as bot:
        await begin(salon, bot)
        await ada.press("1 👍")
        await ben.press("2 👍")
        await ada.sees("Voted: 2 of 3")
        assert await due(bot) == []
        await chloe.press("1 👎")
        assert await due(bot) == [Kind.QUIET]
        await pass_time(house, bot, timedelta(seconds=20))
        await chloe.press("3 👍")
        await pass_time(house, bot, timedelta(seconds=20))
        assert len(await ada.albums()) == 1
        await pass_time(house, bot, timedelta(seconds=11))
        await ada.companion(2)
        await ada.sees("Generation 1 (closed)")


async def test_a_quorum_closes_without_the_others(house: House, salon: list[Visitor]) -> None:
    """With two voters wanted, the second one's vote and ten quiet seconds bring the next generation."""
    async with house.bot() as bot:
        await begin(salon, bot, ChatSettings(quorum=2))
        await salon[0].press("1 👍")
        assert await due(bot) == []
        await salon[1].press("1 👍")
        await pass_time(house, bot, timedelta(seconds=11))
        await salon[0].companion(2)


async def test_time_closes_a_generation_and_is_called_to_mind_before(house: House, salon: list[Visitor]) -> None:
    """A quarter of the time before the end a reminder comes; at the end the votes that are there decide."""
    async with house.bot() as bot:
        await begin(salon, bot, ChatSettings(time_limit=timedelta(minutes=60)))
        await salon[0].sees("Time left: 60 min")
        await salon[1].press("4 👍")
        await pass_time(house, bot, timedelta(minutes=46))
        await salon[0].sees("14 min left to vote. Voted so far: 1 of 3.")
        await salon[0].sees("Time left: 14 min")
        assert len(await salon[0].albums()) == 1
        await pass_time(house, bot, timedelta(minutes=15))
        await salon[0].companion(2)
        assert sorted(await due(bot)) == [Kind.LIMIT, Kind.REMINDER, Kind.TICK]


async def test_time_that_is_up_without_a_vote_waits_for_the_first(house: House, salon: list[Visitor]) -> None:
    """Nobody is shown albums that nobody looks at; whoever comes late brings the next generation."""
    async with house.bot() as bot:
        await begin(salon, bot, ChatSettings(time_limit=timedelta(minutes=5)))
        await pass_time(house, bot, timedelta(minutes=6))
        await salon[0].sees("Time is up")
        assert len(await salon[0].albums()) == 1
        await salon[2].press("1 👍")
        assert Kind.QUIET in await due(bot)
        await pass_time(house, bot, timedelta(seconds=31))
        await salon[0].companion(2)


async def test_next_asks_once_where_few_have_voted(house: House, salon: list[Visitor]) -> None:
    """With one of three votes the starter is asked by a button with Yes, which closes and takes the question away."""
    ada, ben, _ = salon
    async with house.bot() as bot:
        await begin(salon, bot)
        await ben.press("1 👍")
        assert "Few have voted" in (await ada.press("Next generation", on="Generation 1") or "")
        question = await ada.sees("Voted so far: 1 of 3")
        assert "may do that" in (await ben.press("Yes") or "")
        assert "Painting the next" in (await ada.press("Yes") or "")
        await ada.companion(2)
        await ada.sees_gone(message=question["id"])


@pytest.mark.parametrize(("closers", "may"), [(Closers.STARTER, False), (Closers.EVERYONE, True)])
async def test_who_may_close_is_the_groups_choice(
    house: House, salon: list[Visitor], closers: Closers, may: bool
) -> None:
    """A member who did not begin may press Next and Stop only where everyone may; an administrator always may."""
    ada, ben, chloe = salon
    async with house.bot() as bot:
        await begin(salon, bot, ChatSettings(closers=closers))
        await ada.press("1 👍")
        await ben.press("1 👍")
        toast = await ben.press("Next generation", on="Generation 1")
        assert ("Painting" in (toast or "")) is may
        if not may:
            assert "may do that" in (await ben.press("Stop") or "")
            await ada.people.groups.promote(SALON, ADA, CHLOE)
            assert "Painting" in (await chloe.press("Next generation", on="Generation 1") or "")
        await ada.companion(2)


async def test_what_fell_due_during_a_stop_happens_once_at_the_start(house: House, salon: list[Visitor]) -> None:
    """A limit that ran out while the bot was down closes the generation when it is back, and brings one album."""
    async with house.bot() as bot:
        await begin(salon, bot, ChatSettings(time_limit=timedelta(minutes=5)))
        await salon[0].press("1 👍")
        await bot.sessions.crew.idle()
    house.ahead += timedelta(hours=2)
    async with house.bot() as bot:
        await salon[0].companion(2)
        await bot.sessions.crew.idle()
        assert len(await salon[0].albums()) == 2


async def test_a_reaction_counts_as_being_there(house: House, salon: list[Visitor]) -> None:
    """Chloe reacts and does not vote: nobody waits for her, and no picture gets a vote of hers."""
    ada, ben, chloe = salon
    async with house.bot() as bot:
        await ada.people.groups.promote(SALON, ADA, "bot")
        await begin(salon, bot)
        await ada.press("1 👍")
        await ben.press("1 👍")
        (album,) = await ada.albums()
        await chloe.people.react(SALON, album[0]["id"], CHLOE, "🔥")
        await ada.sees("Voted: 3 of 3")
        assert await due(bot) == [Kind.QUIET]
        row = await bot.database.reader.one("SELECT count(*) AS votes FROM votes")
        assert row["votes"] == 2


async def test_somebody_who_has_left_is_not_waited_for(house: House, salon: list[Visitor]) -> None:
    """In the second generation those who took part in the first are awaited, less those who are gone."""
    ada, ben, chloe = salon
    async with house.bot() as bot:
        await begin(salon, bot)
        for one in salon:
            await one.press("1 👍")
        await ada.press("Next generation", on="Generation 1")
        await ada.companion(2)
        await chloe.people.groups.leave(SALON, CHLOE)
        house.ahead += timedelta(minutes=11)
        await ada.press("1 👍")
        await ben.press("1 👍")
        await ada.sees("Voted: 2 of 2")
        assert await due(bot) == [Kind.QUIET]


async def test_the_daily_vernissage_hangs_a_generation_a_day(house: House, ada: Visitor) -> None:
    """At the chat's hour the open generation closes if it has votes; without any its buttons come to the end again."""
    async with house.bot() as bot:
        first = await ada.begin()
        now = bot.sessions.services.clock()
        async with bot.database.transaction() as tx:
            await save_settings(tx, ChatId(ADA), ChatSettings(daily_hour=now.hour))
            await arm(tx, Due(ChatId(ADA), Kind.DAILY, now, None))
        bot.sessions.crew.timetable.wake()
        await ada.sees_gone(message=first["id"])
        await ada.press("1 👍")
        await pass_time(house, bot, timedelta(days=1))
        await ada.companion(2)


async def test_settings_are_chosen_by_buttons_and_hold_at_once(house: House, ada: Visitor) -> None:
    """Four pictures from the next generation on, and the choice stands in the menu."""
    async with house.bot() as bot:
        await ada.begin()
        await ada.say("/settings")
        assert "Who may close" not in str(await ada.sees("Settings of this chat"))
        await ada.press("Pictures an album: 6")
        assert await ada.press("4") == "Pictures an album: 4"
        await ada.sees("Pictures an album: 4")
        assert (await settings_of_chat(bot.database.reader, ChatId(ADA))).album_size == 4
        await ada.press("Next generation")
        await ada.companion(2)
        assert [len(album) for album in await ada.albums()] == [6, 4]


async def test_settings_of_a_group_are_its_administrators(house: House, salon: list[Visitor]) -> None:
    """Ben gets no menu, and his press on Ada's changes nothing."""
    ada, ben, _ = salon
    async with house.bot() as bot:
        await ben.say("/settings@vernissage_sandbox_bot")
        await ben.sees("administrators choose")
        await ada.say("/settings@vernissage_sandbox_bot")
        menu = await ada.sees("Settings of this chat")
        assert "Only administrators" in (await ben.forge(menu["id"], "1:t:size:8") or "")
        assert "does nothing" in (await ada.forge(menu["id"], "1:t:size:99") or "")
        assert (await settings_of_chat(bot.database.reader, SALON)) == ChatSettings()
        await ada.press("Who may close")
        await ada.press("Everyone")
        assert (await settings_of_chat(bot.database.reader, SALON)).closers is Closers.EVERYONE


async def test_a_chat_speaks_the_language_it_has_chosen(house: House, ada: Visitor) -> None:
    """After the choice of German the menu, help and companion are German, also after a restart."""
    async with house.bot():
        await ada.begin()
        await ada.say("/settings")
        await ada.press("Language")
        await ada.press("Deutsch")
        await ada.sees("Einstellungen")
    async with house.bot():
        await ada.say("/help")
        await ada.sees("Nächste Generation")


async def test_paint_paints_in_the_learned_taste_with_no_vote(house: House, ada: Visitor) -> None:
    """Before any vote it says so; then it sends as many as were asked for, without buttons."""
    async with house.bot():
        await ada.begin()
        await ada.say("/paint")
        await ada.sees("I know nothing of your taste yet")
        await ada.press("1 👍")
        await ada.say("/paint 3")
        await ada.sees("In your taste: Quick")
        assert [len(album) for album in await ada.albums()] == [6, 3]
        await ada.say("/paint many")
        await ada.sees("a number from 1 to 8")


async def test_new_begins_in_the_style_that_was_chosen(house: House, ada: Visitor) -> None:
    """With a style in the settings /new asks nothing; while something is under way it asks."""
    async with house.bot() as bot:
        await ada.say("/new")
        await ada.sees("🎨 Quick")
        async with bot.database.transaction() as tx:
            await save_settings(tx, ChatId(ADA), ChatSettings(style_name="quick"))
        await ada.say("/new")
        await ada.companion(1)
        await ada.say("/new")
        await ada.sees("You are in the middle of an evolution")


async def test_a_poll_with_the_albums_pictures_takes_the_place_of_the_keyboard(
    house: House, salon: list[Visitor]
) -> None:
    """Chosen pictures are liked; a changed answer replaces the first, a retracted one is no vote; Next ends it."""
    ada, ben, _ = salon
    async with house.bot() as bot:
        await begin(salon, bot, ChatSettings(vote_mode=VoteMode.POLL))
        companion = await ada.sees("Choose what you like in the poll")
        assert "👍" not in str(companion["keyboard"])
        (poll,) = [message for message in await ada.messages() if "poll" in message]
        assert [option["photo"] is not None for option in poll["poll"]["options"]] == [True] * 6
        assert poll["poll"]["hides_results"]
        await ada.people.answer_poll(SALON, poll["id"], ADA, 0, 3)
        await ben.people.answer_poll(SALON, poll["id"], BEN, 1)
        await ada.sees("Voted: 2 of 3")
        await ada.people.answer_poll(SALON, poll["id"], ADA, 3)
        await ben.people.answer_poll(SALON, poll["id"], BEN)
        await ada.sees("Voted: 1 of 3")
        rows = await bot.database.reader.all("SELECT position, value FROM votes JOIN candidates ON id = candidate")
        assert [(row["position"], row["value"]) for row in rows] == [(3, 1)]
        await ada.press("Next generation", on="Generation 1")
        await ada.press("Yes")
        await ada.companion(2)
        await bot.sessions.crew.idle()
        polls = [message["poll"]["closed"] for message in await ada.messages() if "poll" in message]
        assert polls == [True, False]


async def test_a_group_is_greeted_when_it_lets_the_bot_in(house: House, ada: Visitor) -> None:
    """Added by hand, it says what it is, what rights it needs, and how to begin."""
    async with house.bot():
        group = await ada.people.add_group("Atelier", [ADA, BEN])
        ada.chat = group["id"]
        await ada.sees("Say /start to begin")


async def test_what_people_have_in_common_is_lent_to_beginners_unless_they_keep_it(
    house: House, salon: list[Visitor], ben: Visitor
) -> None:
    """Three voters of one style teach a prior that the next session starts from; a chat that does not share, none."""
    async with house.bot() as bot:
        await begin(salon, bot)
        for one in salon:
            await one.press("1 👍")
        await salon[0].press("Next generation", on="Generation 1")
        await salon[0].companion(2)
        await choose(bot, ChatSettings(contributes=False))
        await bot.sessions.commons.learn()
        assert await bot.database.reader.one("SELECT * FROM priors") is None
        await choose(bot, ChatSettings())
        await bot.sessions.commons.learn()
        await ben.begin()
        row = await bot.database.reader.one("SELECT state FROM sessions WHERE chat = ?", (BEN,))
    prior = State.from_json(row["state"]).prior
    assert prior is not None
    assert prior.sessions == 1
    assert prior.taste is not None
    assert prior.taste.people == 3


async def test_everything_of_a_session_stays_in_its_topic(house: House, ada: Visitor) -> None:
    """Begun in a forum's topic: card, album, poll, companion and reminder are all sent there."""
    async with house.bot() as bot:
        forum = await ada.people.groups.found("Forum", [ADA, BEN], kind="supergroup", is_forum=True)
        topic = (await ada.people.groups.open_topic(forum["id"], ADA, "Pictures"))["id"]
        ada.chat = forum["id"]
        await ada.people.say(forum["id"], ADA, "/start@vernissage_sandbox_bot", thread=topic)
        await ada.sees("🎨 Quick")
        async with bot.database.transaction() as tx:
            chosen = ChatSettings(vote_mode=VoteMode.POLL, time_limit=timedelta(minutes=20))
            await save_settings(tx, forum["id"], chosen)
        await ada.press("Quick")
        await ada.companion(1)
        await pass_time(house, bot, timedelta(minutes=16))
        await ada.sees("left to vote")
        said = [message for message in await ada.messages() if message["from"]["is_bot"] and "service" not in message]
        assert {message.get("thread") for message in said if "Say /start to begin" not in message.get("text", "")} == {
            topic
        }


async def test_an_anonymous_administrator_may_close_and_choose(house: House, salon: list[Visitor]) -> None:
    """Who writes in the group's name is an administrator, whose name nobody learns."""
    ada, ben, _ = salon
    async with house.bot() as bot:
        await ada.people.groups.promote(SALON, ADA, BEN, is_anonymous=True)
        await begin(salon, bot)
        await ben.say("/settings@vernissage_sandbox_bot")
        await ada.sees("Settings of this chat")
        await ada.press("1 👍")
        await ben.say("/stop@vernissage_sandbox_bot")
        await ada.sees("Stopped after generation 1")


async def test_removed_in_mid_vote_and_let_in_again_nothing_is_lost(house: House, salon: list[Visitor]) -> None:
    """While the bot is away its times rest; back again, the votes are there and what fell due is done."""
    ada, ben, _ = salon
    async with house.bot() as bot:
        await begin(salon, bot, ChatSettings(time_limit=timedelta(minutes=5)))
        await ben.press("2 👍")
        await ada.people.groups.remove(SALON, ADA, "bot")
        await pass_time(house, bot, timedelta(hours=1))
        assert len(await ada.albums()) == 1
        await ada.people.groups.demote(SALON, ADA, "bot")
        await ada.companion(2)
        rows = await bot.database.reader.all("SELECT voter, value FROM votes")
        assert [(row["voter"], row["value"]) for row in rows] == [(BEN, 1)]


async def test_the_last_one_who_is_awaited_leaves_and_the_others_go_on(house: House, salon: list[Visitor]) -> None:
    """Two of three have voted; when the third goes, the quiet seconds begin with nobody pressing anything."""
    ada, ben, chloe = salon
    async with house.bot() as bot:
        await begin(salon, bot)
        await ada.press("1 👍")
        await ben.press("1 👍")
        await ada.sees("Voted: 2 of 3")
        assert await due(bot) == []
        await chloe.people.groups.leave(SALON, CHLOE)
        await ada.sees("Voted: 2 of 2")
        assert await due(bot) == [Kind.QUIET]
        await pass_time(house, bot, timedelta(seconds=31))
        await ada.companion(2)


async def test_an_anonymous_administrators_reaction_counts_as_being_there(house: House, salon: list[Visitor]) -> None:
    """It comes in the group's name, and is one presence like any other."""
    ada, ben, _ = salon
    async with house.bot() as bot:
        await ada.people.groups.promote(SALON, ADA, "bot")
        await ada.people.groups.promote(SALON, ADA, BEN, is_anonymous=True)
        await begin(salon, bot)
        (album,) = await ada.albums()
        await ben.people.react(SALON, album[0]["id"], BEN, "🔥")
        await ada.sees("Voted: 1 of 3")


async def test_in_quiet_hours_nothing_comes_unasked(house: House, salon: list[Visitor]) -> None:
    """A reminder and an end that fall into the night wait for the morning, when the end alone is carried out."""
    now = datetime.now(UTC)
    evening = now.replace(hour=20, minute=30, second=0, microsecond=0) + timedelta(days=1)
    house.ahead = evening - now
    async with house.bot() as bot:
        await begin(salon, bot, ChatSettings(time_limit=timedelta(hours=2), quiet_hours=(22, 7)))
        await salon[1].press("1 👍")
        await pass_time(house, bot, timedelta(hours=2, minutes=10))
        assert sorted(await due(bot)) == [Kind.LIMIT, Kind.REMINDER, Kind.TICK]
        assert len(await salon[0].albums()) == 1
        await pass_time(house, bot, timedelta(hours=9))
        await salon[0].companion(2)
        assert "left to vote" not in str(await salon[0].messages())


async def test_a_poll_that_is_refused_leaves_the_keyboard(house: House, salon: list[Visitor]) -> None:
    """A server that sends no polls of pictures still gets its group a vote."""
    ada, _, _ = salon
    async with house.bot() as bot:
        await ada.people.house.add_fault("server_error", method="sendPoll", count=None)
        await begin(salon, bot, ChatSettings(vote_mode=VoteMode.POLL))
        assert "👍" in str((await ada.companion(1))["keyboard"])
        assert await ada.press("1 👍") == "You like 1"


async def test_a_group_that_migrates_keeps_its_votes_and_its_times(house: House, salon: list[Visitor]) -> None:
    """Heard from Telegram itself: what was due in the group happens in the supergroup, with the votes of before."""
    ada, ben, _ = salon
    async with house.bot() as bot:
        await begin(salon, bot, ChatSettings(time_limit=timedelta(minutes=5)))
        await ben.press("2 👍")
        moved = await ada.people.groups.migrate(SALON, ADA)
        ada.chat = moved["id"]
        await ada.people.say(ada.chat, ADA, "/help@vernissage_sandbox_bot")
        await ada.sees("/settings")
        assert await due_of_chat(bot.database.reader, SALON) == ()
        await pass_time(house, bot, timedelta(minutes=6))
        await ada.companion(2)
        rows = await bot.database.reader.all("SELECT voter, value FROM votes")
        assert [(row["voter"], row["value"]) for row in rows] == [(BEN, 1)]


async def test_a_voter_who_leaves_takes_nobody_elses_place(house: House, salon: list[Visitor]) -> None:
    """Ben's vote stands though he is gone, and Chloe, who has not voted, is still waited for; in any generation."""
    ada, ben, chloe = salon
    async with house.bot() as bot:
        await begin(salon, bot)
        await ben.press("1 👍")
        await ben.people.groups.leave(SALON, BEN)
        await ada.press("1 👍")
        await ada.sees("Voted: 2 of 3")
        assert await due(bot) == []
        await ben.people.groups.join(SALON, BEN)
        await chloe.press("1 👍")
        await ada.press("Next generation", on="Generation 1")
        await ada.companion(2)
        await ben.press("1 👍")
        await ben.people.groups.leave(SALON, BEN)
        await ada.press("1 👍")
        await ada.sees("Generation 2\nVoted: 2 of 3")
        assert await due(bot) == []


async def test_the_link_that_adds_the_bot_to_a_group_also_begins(house: House, ada: Visitor) -> None:
    """Telegram then writes /start with the link's payload in the group: the styles are offered there."""
    async with house.bot():
        group = await ada.people.add_group("Atelier", [ADA, BEN])
        ada.chat = group["id"]
        await ada.sees("Say /start to begin")
        await ada.say("/start@vernissage_sandbox_bot group")
        await ada.press("Quick")
        await ada.companion(1)


async def test_a_kill_between_a_reaction_and_what_it_makes_due_loses_nothing(
    house: House, salon: list[Visitor]
) -> None:
    """All three were there by reactions alone; the quiet seconds that a kill kept from the database begin anew."""
    ada = salon[0]
    async with house.bot() as bot:
        await ada.people.groups.promote(SALON, ADA, "bot")
        await begin(salon, bot)
        (album,) = await ada.albums()
        for person in (ADA, BEN, CHLOE):
            await ada.people.react(SALON, album[0]["id"], person, "🔥")
        await ada.sees("Voted: 3 of 3")
        await bot.sessions.crew.idle()
        async with bot.database.transaction() as tx:
            assert await disarm(tx, SALON, Kind.QUIET)
    async with house.bot() as bot:
        assert await due(bot) == [Kind.QUIET]
