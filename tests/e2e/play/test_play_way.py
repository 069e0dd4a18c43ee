"""The way of a vote, in one person's chat: from /start to a generation that was voted for."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from evolution import State
from storage.ids import GenerationId
from storage.votes import votes_of_generation
from style.errors import PainterBusyError, PainterStoppedError

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any


async def test_start_shows_a_sample_and_leads_to_an_album_with_its_votes(house: House, ada: Visitor) -> None:
    """/start offers the style under a photo; its button brings six numbered pictures and the companion under them."""
    async with house.bot():
        await ada.say("/start")
        assert "never write a prompt" in (await ada.sees("never write a prompt"))["text"]
        assert "photo" in await ada.sees("🎨 Quick")
        assert "first generation" in (await ada.press("Quick") or "")
        companion = await ada.companion(1)
        (album,) = await ada.albums()
        assert len(album) == 6
        assert companion["reply_to"] == album[0]["id"]
        assert [max(picture["photo"]["width"], picture["photo"]["height"]) >= 512 for picture in album] == [True] * 6
        texts = [key["text"] for row in companion["keyboard"] for key in row]
        assert texts[:4] == ["1 👍", "1 👎", "2 👍", "2 👎"]
        assert house.painter.requests == [6]


async def test_pictures_are_numbered_as_sent_and_plain_in_the_store(house: House, ada: Visitor) -> None:
    """What is sent differs from the original in its corner alone."""
    async with house.bot():
        await ada.begin()
        (album,) = await ada.albums()
        corners = set()
        for picture in album:
            with Image.open(io.BytesIO(await ada.people.file(picture["photo"]["file_id"]))) as image:
                corners.add(image.crop((0, 0, 70, 70)).tobytes())
        assert len(corners) == 6
    stored = list((house.folder / "pictures").glob("*/*.png"))
    assert len(stored) == 6
    assert {_size(path.read_bytes()) for path in stored} == {(128, 128)}


async def test_a_tap_likes_switches_and_takes_back(house: House, ada: Visitor) -> None:
    """A like becomes a dislike by the other button, and nothing by the same; toast, button and count say so."""
    async with house.bot():
        await ada.begin()
        assert await ada.press("3 👍") == "You like 3"
        assert "3 👍 ✓" in _texts(await ada.sees("1 👍, 0 👎"))
        assert await ada.press("3 👎") == "You dislike 3"
        assert "3 👎 ✓" in _texts(await ada.sees("0 👍, 1 👎"))
        assert await ada.press("3 👎") == "Taken back: 3"
        assert not [text for text in _texts(await ada.sees("0 👍, 0 👎")) if "✓" in text]


async def test_votes_lead_to_the_next_generation(house: House, ada: Visitor) -> None:
    """Next brings another album, and the old keyboard says that it is closed."""
    async with house.bot():
        first = await ada.begin()
        await ada.press("1 👍")
        await ada.press("2 👍")
        old = {key["text"]: key["callback_data"] for row in first["keyboard"] for key in row}
        assert "Painting" in (await ada.press("Next generation") or "")
        await ada.companion(2)
        assert [len(album) for album in await ada.albums()] == [6, 6]
        assert "closed" in (await ada.forge(first["id"], old["3 👍"]) or "")
        assert "closed" in (await ada.forge(first["id"], old["➡️ Next generation"]) or "")
        await ada.sees("Generation 1 (closed)")
        assert house.painter.requests == [6, 6]


async def test_evolution_is_told_each_vote_at_the_close(house: House, ada: Visitor) -> None:
    """A like, a dislike and what was left alone stand in the state that the next generation was asked from."""
    async with house.bot() as bot:
        await ada.begin()
        await ada.press("1 👍")
        await ada.press("4 👎")
        await ada.press("Next generation")
        await ada.companion(2)
        row = await bot.database.reader.one("SELECT state FROM sessions")
    closed = State.from_json(row["state"]).generations[0]
    assert [(vote.index, vote.value) for vote in closed.votes] == [(0, 1), (1, 0), (2, 0), (3, -1), (4, 0), (5, 0)]


async def test_next_without_votes_goes_on_kindly(house: House, ada: Visitor) -> None:
    """Nobody has to vote."""
    async with house.bot():
        await ada.begin()
        assert "No votes this time" in (await ada.press("Next generation") or "")
        await ada.companion(2)


async def test_taps_are_answered_while_painting_and_next_twice_is_once(
    house: House, ada: Visitor, ben: Visitor
) -> None:
    """While one chat's picture is painted, its own presses and everybody else's are answered."""
    async with house.bot():
        await ben.begin()
        await ada.begin()
        house.painter.hold()
        await ada.press("Next generation")
        await ada.sees("50 %")
        assert "being painted" in (await ada.press("Next generation") or "")
        assert "being painted" in (await ada.press("1 👍") or "")
        assert await ben.press("1 👍") == "You like 1"
        house.painter.release()
        await ada.companion(2)
        assert house.painter.requests == [6, 6, 6]
        await ada.sees_gone(words="Painting generation 2")


async def test_cancel_goes_back_to_the_vote_before(house: House, ada: Visitor) -> None:
    """A cancelled generation was never there: its vote is open again with all that was given, and Next asks anew."""
    async with house.bot() as bot:
        first = await ada.begin()
        await ada.press("4 👍")
        house.painter.hold()
        await ada.press("Next generation")
        await ada.sees("50 %")
        assert await ada.press("Cancel") == "Cancelled."
        await ada.sees("Generation 1 is open again")
        await bot.sessions.crew.idle()
        assert house.painter.cancelled == 1
        assert await ada.press("5 👍", on="1 👍, 0 👎") == "You like 5"
        house.painter.release()
        await ada.press("Next generation")
        await ada.companion(2)
        assert len(await ada.albums()) == 2
        assert first["id"] in {message["id"] for message in await ada.messages()}


async def test_cancel_of_the_first_generation_goes_back_to_the_styles(house: House, ada: Visitor) -> None:
    """There is nothing before the first generation but the choice of a style."""
    async with house.bot():
        house.painter.hold()
        await ada.say("/start")
        await ada.press("Quick")
        await ada.press("Cancel")
        await ada.sees("Choose a style whenever")
        house.painter.release()
        await ada.press("Quick")
        await ada.companion(1)


@pytest.mark.parametrize("error", [PainterBusyError("full"), PainterStoppedError("closed"), ValueError("a bug")])
async def test_a_painters_mishap_is_told_kindly_and_tried_again(house: House, ada: Visitor, error: Exception) -> None:
    """The votes are kept, and Try again goes on."""
    async with house.bot():
        house.painter.errors.append(error)
        await ada.say("/start")
        await ada.press("Quick")
        assert await ada.press("Try again") == "Trying again."
        await ada.companion(1)
        await ada.sees_gone(words="Try again")


async def test_start_in_mid_session_offers_to_go_on_or_anew(house: House, ada: Visitor) -> None:
    """Going on brings the companion down, with its votes; starting anew ends the old session and offers styles."""
    async with house.bot():
        old = await ada.begin()
        await ada.press("2 👍")
        await ada.say("/start")
        await ada.press("Go on")
        again = await ada.people.wait_for(
            ada.chat, lambda all_: [m for m in all_ if m["id"] > old["id"] + 1 and "2 👍 ✓" in str(m)]
        )
        await ada.sees_gone(message=old["id"])
        await ada.say("/start")
        await ada.press("Start anew")
        await ada.sees("🎨 Quick")
        data = again[0]["keyboard"][0][0]["callback_data"]
        assert "has ended" in (await ada.forge(again[0]["id"], data) or "")
        await ada.press("Quick")
        await ada.people.wait_for(
            ada.chat, lambda all_: len({m["media_group_id"] for m in all_ if "media_group_id" in m}) == 2
        )


async def test_best_so_far_hangs_up_what_is_liked(house: House, ada: Visitor) -> None:
    """Nothing liked: a kind word; one: a photo; more: an album, by the ids of files that Telegram has already."""
    async with house.bot():
        await ada.begin()
        assert "Nothing liked yet" in (await ada.press("Best so far") or "")
        await ada.press("2 👍")
        await ada.say("/best")
        assert (await ada.sees("generation 1: 2"))["photo"]["file_id"]
        await ada.press("5 👍")
        await ada.press("Best so far", on="2 👍, 0 👎")
        await ada.sees("generation 1: 2, 5")
        uploads = [entry for entry in await ada.people.transcript() if entry["method"] == "sendMediaGroup"]
        assert ["attach://" in str(entry["request"]) for entry in uploads] == [True, False]


async def test_stop_ends_the_session_and_keeps_the_best(house: House, ada: Visitor) -> None:
    """After Stop, taps say that it has ended, /best still shows, and a second /stop finds nothing."""
    async with house.bot():
        await ada.begin()
        await ada.press("1 👍")
        assert await ada.press("Stop") == "Stopped."
        await ada.sees("Stopped after generation 1")
        assert "has ended" in (await ada.press("2 👍") or "")
        await ada.say("/best")
        await ada.sees("generation 1: 1")
        await ada.say("/stop")
        await ada.sees("nothing to stop")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/help", "Your Telegram id is 1001"),
        ("/dance", "don't know that command"),
        ("hello", "No words are needed"),
        ("/best", "/start begins"),
        ("/stop", "nothing to stop"),
    ],
)
async def test_everything_said_is_answered_with_what_to_do(house: House, ada: Visitor, said: str, answer: str) -> None:
    """Help, unknown commands, plain text, and commands that come too early."""
    async with house.bot():
        await ada.say(said)
        await ada.sees(answer)


async def test_forged_and_foreign_presses_change_nothing(house: House, ada: Visitor, ben: Visitor) -> None:
    """Nonsense, pictures that are not there, and another chat's generation: a kind answer, no vote."""
    async with house.bot() as bot:
        mine = await ada.begin()
        theirs = await ben.begin()
        foreign = theirs["keyboard"][0][0]["callback_data"]
        for data in ("nonsense", "1:v:1:9:+", "1:v:999:1:+", "9:n:1", foreign, "1:n:2", "1:x:2", "1:c:2", "1:w:2"):
            assert "does nothing any more" in (await ada.forge(mine["id"], data) or ""), data
        for generation in (1, 2):
            assert await votes_of_generation(bot.database.reader, GenerationId(generation)) == ()
        assert await ben.press("1 👍") == "You like 1"


async def test_only_allowed_chats_are_served(house: House, ada: Visitor, ben: Visitor) -> None:
    """Others hear one kind sentence, whatever they do."""
    house.settings["allowed_chats"] = {1001}
    async with house.bot():
        await ben.say("/start")
        assert "reserved for other chats" in (await ben.sees("reserved"))["text"]
        await ada.begin()
        assert len(await ben.messages()) == 2


async def test_a_group_votes_together_and_sees_no_counts(house: House, ada: Visitor, ben: Visitor) -> None:
    """Everybody's taps count; the companion tells how many have voted, not how."""
    async with house.bot() as bot:
        ada.chat = ben.chat = -2001
        await ada.begin()
        assert await ada.press("1 👍") == "You like 1"
        assert await ben.press("1 👎") == "You dislike 1"
        await bot.sessions.crew.idle()
        assert "✓" not in str(await ada.sees("Voted: 2 of 3"))
        assert [vote.value for vote in await votes_of_generation(bot.database.reader, GenerationId(1))] == [1, -1]


def _size(picture: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(picture)) as image:
        return image.size


def _texts(message: Any) -> list[str]:
    return [key["text"] for row in message["keyboard"] for key in row]
