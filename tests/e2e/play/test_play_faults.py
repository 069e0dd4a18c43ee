"""What goes wrong: stops in every phase, lost answers, blocks, repetitions. No vote is lost, no album comes twice."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from bot.callback_data import Mark
from bot.visits import Visit
from storage.candidates import candidates_of_generation, set_picture
from storage.chats import ChatKind, find_chat
from storage.generations import AlbumStatus, find_generation
from storage.ids import ChatId, GenerationId, MessageId, PersonId, SessionId
from storage.sessions import Phase, active_session, set_phase
from storage.votes import votes_of_generation

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any
FIRST = GenerationId(1)


async def test_a_stop_while_painting_goes_on_painting(house: House, ada: Visitor) -> None:
    """The restarted bot paints what was under way, under the same card, and the album comes once."""
    house.painter.hold()
    async with house.bot():
        await ada.say("/start")
        await ada.press("Quick")
        await ada.sees("50 %")
    house.painter.release()
    async with house.bot():
        await ada.companion(1)
        await ada.sees_gone(words="Painting generation")
    assert house.painter.requests == [6, 6]
    assert len(await ada.albums()) == 1


async def test_a_stop_before_the_companion_sends_it_and_no_album(house: House, ada: Visitor) -> None:
    """An album whose delivery is known is not sent again for want of its companion."""
    async with house.bot() as bot:
        bot.transport.never_answered.append("deleteMessage")
        await ada.begin()
        await bot.transport.is_stuck.wait()
        async with bot.database.transaction() as tx:
            await tx.all("UPDATE generations SET companion_message_id = NULL")
    async with house.bot() as bot:
        await bot.sessions.crew.idle()
        assert await ada.press("1 👍") == "You like 1"
    assert len(await ada.albums()) == 1


async def test_votes_survive_a_stop(house: House, ada: Visitor) -> None:
    """What was acknowledged is there after a restart: a second tap takes it back."""
    async with house.bot():
        await ada.begin()
        await ada.press("1 👍")
        await ada.press("2 👎")
    async with house.bot() as bot:
        assert [vote.value for vote in await votes_of_generation(bot.database.reader, FIRST)] == [1, -1]
        assert await ada.press("1 👍") == "Taken back: 1"
        await ada.press("Next generation")
        await ada.companion(2)


async def test_a_lost_answer_to_an_album_leads_to_an_offer(house: House, ada: Visitor) -> None:
    """The album is not sent again by itself; one press shows it again, two show it once."""
    async with house.bot() as bot:
        bot.transport.lost.append("sendMediaGroup")
        companion = await ada.begin()
        assert "If the pictures did not reach you" in companion["text"]
        assert len(await ada.albums()) == 1
        assert await ada.press("2 👍") == "You like 2"
        data = next(key["callback_data"] for row in companion["keyboard"] for key in row if "Show" in key["text"])
        toasts = await asyncio.gather(*(ada.forge(companion["id"], data) for _ in range(2)))
        assert "Sending the pictures again." in toasts
        await ada.sees_gone(message=companion["id"])
        again = await ada.companion(1)
        assert "Show again" not in str(again)
        assert "2 👍 ✓" in str(again)
        albums = await ada.albums()
        assert len(albums) == 2
        assert again["reply_to"] == albums[1][0]["id"]
        await ada.press("Next generation")
        await ada.companion(2)


async def test_a_stop_between_sending_and_hearing_never_sends_twice(house: House, ada: Visitor) -> None:
    """The stop is quick; the restarted bot knows only that it tried, so it offers instead of sending."""
    async with house.bot() as bot:
        bot.transport.never_answered.append("sendMediaGroup")
        await ada.say("/start")
        await ada.press("Quick")
        await bot.transport.is_stuck.wait()
        began = time.monotonic()
        await bot.sessions.stop()
        assert time.monotonic() - began < 3.0
        generation = await find_generation(bot.database.reader, FIRST)
        assert generation is not None
        assert generation.album_status is AlbumStatus.ATTEMPTED
    async with house.bot():
        await ada.sees("Show again")
        assert len(await ada.albums()) == 1


async def test_a_stop_waits_for_an_album_that_is_about_to_arrive(house: House, ada: Visitor) -> None:
    """Its outcome is written down, so that the restarted bot is sure of it."""
    house.painter.hold()
    async with house.bot() as bot:
        await ada.say("/start")
        await ada.press("Quick")
        await ada.sees("50 %")
        house.painter.release()
        await ada.people.wait_for(ada.chat, lambda all_: any("media_group_id" in message for message in all_))
        await bot.sessions.stop()
        generation = await find_generation(bot.database.reader, FIRST)
        assert generation is not None
        assert generation.album_status is AlbumStatus.DELIVERED
    async with house.bot():
        assert "Show again" not in str(await ada.companion(1))
        assert len(await ada.albums()) == 1


async def test_a_lost_answer_to_a_companion_leaves_every_keyboard_working(house: House, ada: Visitor) -> None:
    """A companion may come twice, its album never; whichever is pressed counts and shows it."""
    async with house.bot() as bot:
        await ada.say("/start")
        await ada.sees("🎨 Quick")
        house.painter.hold()
        await ada.press("Quick")
        await ada.sees("50 %")
        bot.transport.lost.append("sendMessage")
        house.painter.release()
        await ada.companion(1)
        await bot.sessions.crew.idle()
        companions = [message for message in await ada.messages() if "Next generation" in str(message.get("keyboard"))]
        assert (len(companions), len(await ada.albums())) == (2, 1)
        for message, number in zip(companions, (1, 2), strict=True):
            row = message["keyboard"][0]
            assert await ada.forge(message["id"], row[2 * (number - 1)]["callback_data"]) == f"You like {number}"
            await bot.sessions.crew.idle()
        assert "1 👍 ✓" in str(await ada.sees("2 👍 ✓"))


async def test_a_press_on_a_card_left_behind_clears_it_away(house: House, ada: Visitor) -> None:
    """A card whose sending was never answered for is sent twice; the first goes when it is pressed."""
    async with house.bot() as bot:
        await ada.say("/start")
        await ada.sees("🎨 Quick")
        bot.transport.lost.append("sendMessage")
        await ada.press("Quick")
        await ada.companion(1)
        await bot.sessions.crew.idle()
        assert "nothing left to cancel" in (await ada.press("Cancel") or "")
        await ada.sees_gone(words="Cancel")


async def test_pictures_lost_from_the_store_are_painted_anew(house: House, ada: Visitor) -> None:
    """A database restored without its pictures still leads to an album."""
    house.painter.hold()
    async with house.bot() as bot:
        await ada.say("/start")
        await ada.press("Quick")
        await ada.sees("50 %")
        await bot.sessions.stop()
        async with bot.database.transaction() as tx:
            for candidate in await candidates_of_generation(tx, FIRST):
                await set_picture(tx, candidate.id, "0" * 64)
            await set_phase(tx, SessionId(1), Phase.PAINTING, Phase.DELIVERING, bot.sessions.services.clock())
    house.painter.release()
    async with house.bot():
        await ada.companion(1)
    assert len(await ada.albums()) == 1


async def test_a_blocked_bot_waits_and_goes_on_when_it_is_let_in(house: House, ada: Visitor) -> None:
    """Blocked while painting: the chat is suspended and nothing is lost; let in again, the album comes."""
    house.painter.hold()
    async with house.bot() as bot:
        await ada.say("/start")
        await ada.press("Quick")
        await ada.sees("50 %")
        await ada.people.block(ada.chat, ada.person)
        house.painter.release()
        await bot.sessions.crew.idle()
        assert await ada.albums() == []
    async with house.bot() as bot:
        await bot.sessions.crew.idle()
        assert await ada.albums() == []
        await ada.people.block(ada.chat, ada.person, blocked=False)
        await ada.companion(1)
        assert len(await ada.albums()) == 1


async def test_a_block_that_is_met_while_sending_suspends_the_chat(house: House, ada: Visitor) -> None:
    """Telegram's 403 alone is enough: no update has to tell of the block. Speaking again revives the chat."""
    house.painter.hold()
    async with house.bot() as bot:
        await ada.say("/start")
        await ada.press("Quick")
        await ada.sees("50 %")
        house.sandbox.state.chats.get(ada.chat).is_blocked = True
        house.painter.release()
        await bot.sessions.crew.idle()
        chat = await find_chat(bot.database.reader, ChatId(ada.chat))
        assert chat is not None
        assert chat.suspended_at is not None
        house.sandbox.state.chats.get(ada.chat).is_blocked = False
        await ada.say("hello?")
        await ada.companion(1)
        assert len(await ada.albums()) == 1


async def test_a_repeated_update_does_nothing(house: House, ada: Visitor) -> None:
    """Telegram may send a tap again: it must not take itself back."""
    async with house.bot() as bot:
        companion = await ada.begin()
        visit = _visit(9_000_001)
        toasts = [
            (await bot.sessions.generations.mark(visit, MessageId(companion["id"]), Mark(1, 0, 1))).toast
            for _ in range(2)
        ]
        assert toasts == ["You like 1", None]
        assert [vote.value for vote in await votes_of_generation(bot.database.reader, FIRST)] == [1]


async def test_two_next_at_the_same_moment_are_one(house: House, ada: Visitor) -> None:
    """Even if they are handled side by side, one generation follows."""
    async with house.bot() as bot:
        await ada.begin()
        visits = [_visit(9_000_001), _visit(9_000_002), _visit(9_000_003)]
        outcomes = await asyncio.gather(*(bot.sessions.generations.next(visit, FIRST) for visit in visits))
        assert sum("being painted" in (outcome.toast or "") for outcome in outcomes) == 2
        await bot.sessions.crew.idle()
        assert house.painter.requests == [6, 6]


async def test_many_quick_taps_are_all_kept_and_make_few_edits(house: House, ada: Visitor) -> None:
    """Twelve taps, each answered and written; the keyboard is edited for many at once, and ends up right."""
    house.companion_gap_s = 0.3
    async with house.bot() as bot:
        companion = await ada.begin()
        taps = [key["callback_data"] for row in companion["keyboard"][:3] for key in row]
        await asyncio.gather(*(ada.forge(companion["id"], data) for data in taps))
        await bot.sessions.crew.idle()
        votes = {vote.position: vote.value for vote in await votes_of_generation(bot.database.reader, FIRST)}
        shown = str((await ada.sees("Next generation"))["keyboard"])
        assert len(votes) == 6
        for position, value in votes.items():
            assert f"{position + 1} {'👍' if value > 0 else '👎'} ✓" in shown
        edits = [entry for entry in await ada.people.transcript() if entry["method"] == "editMessageText"]
        assert len(edits) < 6


async def test_a_failure_nobody_foresaw_is_told_once_and_logged_with_its_chat(
    house: House, ada: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The person hears that nothing is lost; the log has the chat, and not the token."""
    async with house.bot() as bot:

        async def fail(_: Visit) -> None:
            raise ValueError("a bug")

        monkeypatch.setattr(bot.sessions.entrance, "greet", fail)
        await ada.say("/start")
        await ada.sees("nothing of yours is lost")
        await ada.say("/start")
        await ada.say("/help")
        await ada.sees("Your Telegram id")
        told = [message for message in await ada.messages() if "nothing of yours is lost" in message.get("text", "")]
        assert len(told) == 1
    assert "chat 1001" in caplog.text
    assert house.sandbox.token not in caplog.text


async def test_a_group_that_moves_takes_its_session_along(house: House, ada: Visitor) -> None:
    """After the migration the session is the supergroup's, and its old buttons still mean it."""
    async with house.bot() as bot:
        ada.chat = -2001
        await ada.begin()
        await bot.sessions.move(ChatId(-2001), ChatId(-1002001))
        session = await active_session(bot.database.reader, ChatId(-1002001))
        assert session is not None
        assert await active_session(bot.database.reader, ChatId(-2001)) is None
        visit = _visit(9_000_001, chat=-1002001, kind=ChatKind.SUPERGROUP)
        outcome = await bot.sessions.generations.mark(visit, MessageId(1), Mark(1, 0, 1))
        assert outcome.toast == "You like 1"


def _visit(update_id: int, chat: int = 1001, kind: ChatKind = ChatKind.PRIVATE) -> Visit:
    return Visit(update_id, ChatId(chat), kind, "Ada", None, PersonId(1001), "Ada", "en")
