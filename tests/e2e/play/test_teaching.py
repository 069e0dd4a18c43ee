"""Operators teach a style from the chat: pictures, attributes, training, publishing; and nobody else does."""

from __future__ import annotations

import io
import os
import signal
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.teaching.schooling import Programs
from storage.ids import ChatId
from storage.sessions import latest_session

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any

ADA = 1001


def picture(seed: int, kind: str = "PNG", size: tuple[int, int] = (160, 128)) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (9, 11, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC).save(out, kind)
    return out.getvalue()


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


@pytest.fixture
def school(house: House) -> House:
    """The house, with Ada as its operator."""
    house.settings = {"operators": frozenset({ADA})}
    return house


async def gather(ada: Visitor, name: str = "rider", count: int = 5) -> None:
    """Begin a lesson with a title and pictures."""
    await ada.say(f"/newstyle {name}")
    await ada.sees("What shall people read")
    await ada.say("Blue Rider")
    await ada.sees("“Blue Rider” it is")
    files = [(f"{n}.png", picture(n)) for n in range(count)]
    await ada.people.upload(ada.chat, ada.person, files, kind="document", caption="curve line, circle")
    await ada.sees(f"{count} pictures taken in\nSend more")


async def taught(ada: Visitor, name: str = "rider") -> None:
    """Take a lesson to the point where it can be trained."""
    await gather(ada, name)
    await ada.press("Done", on="pictures taken in")
    await ada.sees("What people can vary")
    await ada.press("Take them so")
    await ada.sees("All set")


async def test_lesson_counts_every_picture_and_says_what_is_wrong(school: House, ada: Visitor) -> None:
    """An album, a zip, a photo and single files come into one count in one message; each refusal has name and cure."""
    async with school.bot() as bot:
        await gather(ada)
        entries = {f"{n}.jpg": picture(n, "JPEG") for n in range(10, 13)}
        words = {"10.txt": b"angular line"}
        sent = zipped({**entries, **words, "../evil.png": picture(20), "bomb.png": b"\x00" * 200_000})
        await ada.people.upload(ada.chat, ada.person, [("more.zip", sent)], kind="document")
        await ada.people.upload(ada.chat, ada.person, [("p.jpg", picture(30, "JPEG"))], kind="photo")
        await ada.people.upload(ada.chat, ada.person, [("again.png", picture(1))], kind="document")
        await ada.people.upload(ada.chat, ada.person, [("a.gif", b"GIF89a")], kind="document")
        tally = await ada.sees("9 pictures taken in\nNot taken: 4")
        assert "again.png: is here already, as 1.png" in tally["text"]
        assert "evil.png: has a name that leads out of its zip" in tally["text"]
        assert "a.gif: is no JPEG, PNG or WebP picture" in tally["text"]
        tallies = [one for one in await ada.messages() if "pictures taken in" in one.get("text", "")]
        assert len(tallies) == 1
        rows = await bot.database.reader.all("SELECT name, words FROM lesson_pictures WHERE name = '10.jpg'")
        assert [row["words"] for row in rows] == ["angular line"]
        assert not _names(school.folder, "**/evil*")
        assert not _names(school.folder, "lessons/rider/inbox/*")


async def test_attributes_are_proposed_and_edited(school: House, ada: Visitor) -> None:
    """They come from captions and pixels; a button leaves one out, a line of text changes or adds one."""
    async with school.bot() as bot:
        await gather(ada)
        await ada.say("/done")
        await ada.sees("What people can vary")
        await ada.say("gibberish")
        await ada.sees("cannot read that")
        await ada.say("line: Curve line, straight line")
        await ada.sees("line: curve line, straight line")
        await ada.say("2 shape: circle, square, star")
        shown = await ada.sees("2 shape: circle, square, star")
        assert await ada.press("✖ shape", on="What people can vary") == "Left out."
        await ada.say("/done")
        await ada.sees("All set")
        row = await bot.database.reader.one("SELECT attributes FROM lessons")
        assert '"curve line", "straight line"' in row["attributes"]
        assert "shape" not in row["attributes"]
        assert shown["keyboard"]


async def test_lesson_goes_on_after_a_restart(school: House, ada: Visitor) -> None:
    """What was sent and not read is read by the next bot, and the conversation is where it was."""
    async with school.bot() as bot:
        await ada.say("/newstyle rider")
        await ada.sees("What shall people read")
        bot.transport.never_answered.append("getFile")
        await ada.people.upload(ada.chat, ada.person, [("1.png", picture(1))], kind="document")
        await bot.transport.is_stuck.wait()
    async with school.bot():
        await ada.sees("1 pictures taken in\nSend more")
        await ada.say("/done")
        await ada.sees("At least 4 are needed")


async def test_style_is_trained_tried_published_and_chosen(school: House, ada: Visitor, ben: Visitor) -> None:
    """The card goes from queued to a verdict; a published style is learned by the engine and offered to everyone."""
    async with school.bot() as bot:
        await taught(ada)
        await ada.say("/train rider 40")
        done = await ada.sees("clearly nearer to the style")
        assert "Distance to the style" in done["caption"]
        assert "3.25 untaught, 1.50 taught" in done["caption"]
        assert done["photo"]["width"] >= 1000
        cards = [one for one in await ada.messages() if "version 1" in one.get("caption", "")]
        assert len(cards) == 1
        assert await ada.press("Try") == "Painting four pictures…"
        await ada.sees("drawn by chance")
        assert await ada.press("Publish") == "Publishing…"
        await ada.sees("is offered now")
        assert len(school.painter.learned) == 2
        await ben.say("/start")
        await ben.press("Blue Rider")
        await ben.companion(1)
        session = await latest_session(bot.database.reader, ChatId(ben.chat))
        assert session is not None
        assert session.style_name == "rider"
        await ada.say("/styles")
        await ada.sees("rider: version 1")


async def test_running_session_keeps_its_version(school: House, ada: Visitor, ben: Visitor) -> None:
    """A new version, and the way back from it, change nothing for whoever has begun; newcomers get what is offered."""
    async with school.bot() as bot:
        await taught(ada)
        for version in (1, 2):
            await ada.say(f"/train rider {20 * version}")
            await ada.sees(f"version {version}\nDone")
            await ada.say("/publish rider")
            await ada.sees(f"version {version}, is offered now")
            if version == 1:
                await ben.say("/start")
                await ben.press("Blue Rider")
                await ben.companion(1)
        await ben.press("Next generation")
        await ben.companion(2)
        rows = await bot.database.reader.all("SELECT recipe FROM candidates")
        first = bot.sessions.services.shelf.find("rider", (await _session(bot, ben)).style_digest)
        assert first is not None
        offered = bot.sessions.services.shelf.packs["rider"]
        assert first.digest != offered.digest
        assert all(first.adapters[0].digest in row["recipe"] for row in rows)
        await ada.say("/rollback rider")
        await ada.people.wait_for(ada.chat, lambda all_: _count(all_, "version 1, is offered now") == 2)
        assert bot.sessions.services.shelf.packs["rider"].digest == first.digest
        await ada.say("/rollback rider")
        await ada.sees("No earlier version of rider")


async def _session(bot: Any, visitor: Visitor) -> Any:
    return await latest_session(bot.database.reader, ChatId(visitor.chat))


async def test_slider_is_taught_from_two_groups(school: House, ada: Visitor) -> None:
    """Pictures of one end, as many of the other; then a version of the style that has the slider as well."""
    async with school.bot() as bot:
        await taught(ada)
        await ada.say("/train rider 20")
        await ada.sees("version 1\nDone")
        await ada.say("/slider rider")
        await ada.sees("Say /slider with the style's name")
        await ada.say("/slider rider warmth")
        await ada.sees("Two groups of pictures")
        await ada.say("/done")
        await ada.sees("at least one picture first")
        files = [("a.png", picture(5)), ("b.png", picture(6))]
        await ada.people.upload(ada.chat, ada.person, files, kind="document")
        await ada.sees("little: 2 pictures taken in\nSend more")
        await ada.say("/done")
        await ada.sees("Now the same pictures")
        await ada.people.upload(ada.chat, ada.person, files[:1], kind="document")
        await ada.sees("much: 1 pictures taken in\nSend more")
        await ada.say("/done")
        await ada.sees("must pair up")
        await ada.people.upload(ada.chat, ada.person, [("b.png", picture(7))], kind="document")
        await ada.sees("much: 2 pictures taken in\nSend more")
        await ada.press("Done", on="much: 2 pictures taken in")
        await ada.sees("Slider: warmth\nDone", timeout_s=30)
        await ada.press("Publish", on="Slider: warmth")
        await ada.sees("version 2, is offered now")
        space = bot.sessions.services.shelf.packs["rider"].space
        assert [attribute.name for attribute in space.attributes][-1] == "warmth"


async def test_style_learns_again_from_what_people_like(school: House, ada: Visitor, ben: Visitor) -> None:
    """The next version is trained on liked pictures too, only proposed, beside the present one; then they are gone."""
    async with school.bot() as bot:
        await taught(ada)
        await ada.say("/retrain rider")
        await ada.sees("Publish rider first")
        await ada.say("/train rider 20")
        await ada.sees("version 1\nDone")
        await ada.press("Publish")
        await ada.sees("is offered now")
        await ben.say("/start")
        await ben.press("Blue Rider")
        await ben.companion(1)
        await ben.press("2 👍")
        await ada.say("/retrain rider")
        done = await ada.sees("Below: this version")
        assert "version 2" in done["caption"]
        assert _names(school.folder, "lessons/rider/2/pictures/liked-*") == []
        listing = (school.folder / "lessons/rider/2/pictures/metadata.jsonl").read_text()
        assert "liked-" not in listing
        said = (school.folder / "lessons/rider/2/trained-on.txt").read_text()
        assert said == "5 pictures, 1 liked"
        assert bot.sessions.services.shelf.packs["rider"].folder.parts[-3] == "1"
        await ada.say("/retrain rider sometimes")
        await ada.sees("with weekly behind it")
        await ada.say("/retrain rider weekly")
        await ada.sees("rider learns again every week")


async def test_weekly_training_begins_by_itself(school: House, ada: Visitor) -> None:
    """A week that has passed while no bot ran is made up for at the start; off ends it."""
    async with school.bot() as bot:
        await taught(ada)
        await ada.say("/train rider 20")
        await ada.sees("version 1\nDone")
        await ada.press("Publish")
        await ada.sees("is offered now")
        await ada.say("/retrain rider weekly")
        await ada.sees("every week")
        async with bot.database.transaction() as tx:
            await tx.all("UPDATE lessons SET retrain_at = '2026-01-01T00:00:00.000000+00:00'")
    async with school.bot() as bot:
        await ada.sees("version 2\nDone")
        await ada.say("/retrain rider off")
        await ada.sees("only when you say so")
        row = await bot.database.reader.one("SELECT retrain_at FROM lessons")
        assert row["retrain_at"] is None


async def test_cancelled_training_goes_on_from_its_checkpoint(school: House, ada: Visitor) -> None:
    """Cancel stops it with a checkpoint; Go on takes it from there to the end."""
    async with school.bot():
        await taught(ada, "slow-rider")
        await ada.say("/train slow-rider 400")
        await ada.sees("step 1")
        assert await ada.press("Cancel") == "Stopping at a checkpoint…"
        await ada.sees("Stopped at step")
        assert await ada.press("Go on") == "Going on from the last checkpoint…"
        await ada.sees("clearly nearer", timeout_s=30)


async def test_killed_training_is_resumed(school: House, ada: Visitor) -> None:
    """SIGKILL to the training's process costs some steps and nothing else."""
    async with school.bot() as bot:
        await taught(ada, "slow-rider")
        await ada.say("/train slow-rider 200")
        await ada.sees("step 1")
        os.kill(int((school.folder / "lessons/slow-rider/1/pid").read_text()), signal.SIGKILL)
        await ada.sees("clearly nearer", timeout_s=30)
        row = await bot.database.reader.one("SELECT deaths, state FROM trainings")
        assert (row["deaths"], row["state"]) == (1, "done")


async def test_restarted_bot_goes_on_with_training_and_card(school: House, ada: Visitor) -> None:
    """A stop of the bot in the middle of a training: the next one takes it to its end on the same card."""
    async with school.bot():
        await taught(ada, "slow-rider")
        await ada.say("/train slow-rider 300")
        await ada.sees("step 1")
    async with school.bot():
        await ada.sees("clearly nearer", timeout_s=30)
        assert len([one for one in await ada.messages() if "version 1" in one.get("caption", "")]) == 1


async def test_training_that_dies_again_and_again_fails_with_a_way_out(school: House, ada: Visitor) -> None:
    """After three deaths at the same place it is given up, and can be tried again or discarded."""
    async with school.bot():
        await taught(ada, "die-rider")
        await ada.say("/train die-rider 40")
        failed = await ada.sees("It failed", timeout_s=30)
        assert "out of memory" in failed["caption"]
        assert await ada.press("🗑 Discard", on="It failed") == "Discarded."
        await ada.sees("Discarded.")
        assert not (school.folder / "lessons/die-rider/1").exists()


async def test_nobody_else_teaches(school: House, ada: Visitor, ben: Visitor) -> None:
    """Commands and buttons of members, forwarded keyboards and groups are refused by the person's id."""
    async with school.bot():
        await taught(ada)
        for command in ("newstyle x", "train rider", "publish rider", "rollback rider", "try rider", "styles", "done"):
            await ben.say(f"/{command}")
        await ben.people.wait_for(ben.chat, lambda all_: _count(all_, "operators of this bot alone") == 7)
        begun = await ben.begin()
        for letter in "daxcgptls":
            assert await ben.forge(begun["id"], f"1:e:{letter}:1") == "That is for the operators of this bot alone."
        ada.chat = -2001
        await ada.say("/train rider")
        await ada.sees("in our private chat")


def _names(folder: Path, pattern: str) -> list[str]:
    return [path.name for path in folder.glob(pattern)]


def _count(messages: list[Any], words: str) -> int:
    return sum(words in one.get("text", "") for one in messages)


def test_programs_of_the_real_bot_give_way_to_painting() -> None:
    """What the bot starts is niced."""
    programs = Programs()
    assert "--nice" in programs.trainer
    assert programs.finisher[0] == "nice"
