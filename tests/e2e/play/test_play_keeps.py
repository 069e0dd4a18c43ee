"""What a person keeps: originals, taste, family tree, the prompting model as a file; and what is erased."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from PIL import Image

from evolution import State, voters_of
from storage.ids import ChatId
from storage.sessions import latest_session, read_state
from style.recipe import Recipe

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any


async def test_an_original_comes_as_a_file_with_its_recipe(house: House, ada: Visitor) -> None:
    """/original 3 sends the stored pixels with the recipe in both fields; bare, it asks which."""
    async with house.bot() as bot:
        await ada.begin()
        await ada.say("/original 3")
        sent = await ada.sees("Generation 1, picture 3")
        png = await ada.people.file(sent["document"]["file_id"])
        candidate = (await bot.database.reader.all("SELECT * FROM candidates ORDER BY position"))[2]
        with Image.open(io.BytesIO(png)) as image:
            assert image.size == (128, 128)
            assert image.info["parameters"].splitlines()[1].startswith("Steps: 4, CFG scale: 1, Seed: ")
            assert Recipe.from_json(image.info["vernissage"]).to_json() == candidate["recipe"]
        assert sent["document"]["file_name"] == "quick-1-3.png"
        await ada.say("/original")
        await ada.sees("Which picture of generation 1")
        assert await ada.press("🖼 5") == "Bringing the original…"
        await ada.sees("Generation 1, picture 5")
        await ada.say("/original 1.9")
        await ada.sees("pictures 1 to 6")
        await ada.say("/original 7.1")
        await ada.sees("no such generation")
        await ada.say("/original please")
        await ada.sees("/original 2.3 for")


async def test_taste_comes_as_a_chart_with_words_and_heeds_the_open_album(house: House, ada: Visitor) -> None:
    """Before a vote it says what to do; after one it shows a wide picture, without closing the album."""
    async with house.bot():
        await ada.say("/taste")
        await ada.sees("/start begins")
        await ada.begin()
        await ada.say("/taste")
        await ada.sees("know nothing of your taste yet")
        await ada.press("1 👍")
        await ada.press("2 👎")
        await ada.say("/taste")
        shown = await ada.sees("What I have learned")
        assert "votes: 1 👍, 1 👎" in shown["caption"]
        assert shown["photo"]["width"] > 700
        assert await ada.press("3 👍") == "You like 3"


async def test_lineage_comes_as_a_picture_of_all_generations(house: House, ada: Visitor) -> None:
    """Two albums make two rows, and a lost picture is no reason to draw nothing."""
    async with house.bot():
        await ada.begin()
        await ada.press("1 👍")
        await ada.press("Next generation")
        await ada.companion(2)
        next((house.folder / "pictures").glob("*/*.png")).unlink()
        await ada.say("/lineage")
        shown = await ada.sees("generations 1 to 2")
        assert shown["photo"]["height"] < shown["photo"]["width"]


async def test_a_groups_keepsakes_tell_nothing_of_an_open_album(house: House, ada: Visitor) -> None:
    """What others like would sway: votes show in /taste only when their album has closed."""
    async with house.bot():
        ada.chat = -2001
        await ada.begin()
        await ada.press("1 👍")
        await ada.say("/taste")
        await ada.sees("know nothing of your taste yet")
        await ada.press("Next generation")
        await ada.press("Yes")
        await ada.companion(2)
        await ada.say("/taste")
        await ada.sees("votes: 1 👍, 0 👎")


async def test_a_prompting_model_goes_on_in_another_chat(house: House, ada: Visitor, ben: Visitor) -> None:
    """Exported after a vote, imported by somebody else: it is bred from there; under way, it is refused."""
    async with house.bot() as bot:
        await ada.begin()
        await ada.press("1 👍")
        await ada.say("/export")
        sent = await ada.sees("It names nobody")
        model = await ada.people.file(sent["document"]["file_id"])
        await ada.people.upload(ada.chat, ada.person, [("m.json", model)], kind="document")
        await ada.sees("End it with /stop")
        await ben.say("/import")
        await ben.sees("Send me the file")
        await ben.people.upload(ben.chat, ben.person, [("m.json", b"{}")], kind="document")
        await ben.sees("cannot read that file")
        await ben.people.upload(ben.chat, ben.person, [("m.json", model)], kind="document")
        await ben.sees("from 1 generations and 1 votes")
        await ben.companion(1)
        session = await latest_session(bot.database.reader, ChatId(ben.chat))
        assert session is not None
        state = State.from_json(await read_state(bot.database.reader, session.id))
        assert state.generation == 2
        assert voters_of(state) == (str(ben.person),)


async def test_a_group_imports_by_a_reply_to_the_file(house: House, ada: Visitor, ben: Visitor) -> None:
    """A reply to a file says which is meant."""
    async with house.bot():
        await ben.begin()
        await ben.say("/export")
        model = await ada.people.file((await ben.sees("It names nobody"))["document"]["file_id"])
        ada.chat = -2001
        (sent,) = await ada.people.upload(ada.chat, ada.person, [("m.json", model)], kind="document")
        await ada.people.say(ada.chat, ada.person, "/import", reply_to=sent["id"])
        await ada.sees("Welcome back")
        await ada.companion(1)


async def test_forget_erases_a_person_everywhere_and_leaves_the_others(
    house: House, ada: Visitor, ben: Visitor
) -> None:
    """Ada's chat, pictures and votes go, in the group's learned state too; Ben's stay, and the group goes on."""
    async with house.bot() as bot:
        reader = bot.database.reader
        await ada.begin()
        await ada.press("1 👍")
        group = replace(ada, chat=-2001)
        await group.begin()
        await group.press("1 👍")
        await replace(ben, chat=-2001).press("2 👍")
        await group.press("Next generation")
        await group.companion(2)
        session = await latest_session(reader, ChatId(-2001))
        assert session is not None
        assert voters_of(State.from_json(await read_state(reader, session.id))) == ("1001", "1002")
        await group.say("/forget")
        await group.sees("in our private chat")
        await ada.say("/forget")
        sure = await ada.sees("What stays")
        assert await ada.press("Keep it all") == "Nothing was erased."
        await ada.sees("Nothing was erased")
        assert "does nothing" in (await ben.forge((await ben.begin())["id"], f"1:f:{ada.person}") or "")
        assert await ada.forge(sure["id"], f"1:f:{ada.person}") == "Erasing…"
        await ada.sees("is erased")
        assert voters_of(State.from_json(await read_state(reader, session.id))) == ("1002",)
        assert [row["voter"] for row in await reader.all("SELECT DISTINCT voter FROM votes")] == [1002]
        assert await reader.one("SELECT 1 FROM chats WHERE id = 1001") is None
        assert await reader.one("SELECT 1 FROM people WHERE id = 1001") is None
        kept = {row["picture"] for row in await reader.all("SELECT picture FROM candidates")}
        assert {file.parent.name + file.stem for file in (house.folder / "pictures").glob("*/*.png")} == kept
        assert await replace(ben, chat=-2001).press("3 👍") == "You like 3"
        await ada.say("/taste")
        await ada.sees("/start begins")
