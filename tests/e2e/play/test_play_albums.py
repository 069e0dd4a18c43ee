"""Albums that Telegram refuses: smaller ones instead, then single pictures; what may have arrived is never repeated."""

from __future__ import annotations

from typing import Any

import pytest

from storage.candidates import candidates_of_generation
from storage.generations import AlbumStatus, find_generation
from storage.ids import GenerationId

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any
FIRST = GenerationId(1)
ALBUM, PHOTO = "sendMediaGroup", "sendPhoto"
REFUSAL = "Bad Request: IMAGE_PROCESS_FAILED"


async def _begun(house: House, ada: Visitor, bot: Any, refused: list[tuple[str, str]]) -> None:
    """Let Ada begin, and have what follows her choice refused."""
    house.painter.hold()
    await ada.say("/start")
    await ada.press("Quick")
    await ada.sees("50 %")
    bot.transport.refused += refused
    house.painter.release()


async def test_a_refused_album_comes_as_two_smaller_ones(house: House, ada: Visitor) -> None:
    """Three and three pictures arrive, in order and known; the companion replies to the first."""
    async with house.bot() as bot:
        await _begun(house, ada, bot, [(ALBUM, REFUSAL)])
        companion = await ada.companion(1)
        albums = await ada.albums()
        assert [len(album) for album in albums] == [3, 3]
        assert companion["reply_to"] == albums[0][0]["id"]
        assert "Show again" not in str(companion)
        candidates = await candidates_of_generation(bot.database.reader, FIRST)
        assert [each.message_id for each in candidates] == [one["id"] for album in albums for one in album]
        generation = await find_generation(bot.database.reader, FIRST)
        assert generation is not None
        assert generation.album_status is AlbumStatus.DELIVERED


async def test_a_refused_smaller_album_comes_as_single_pictures(house: House, ada: Visitor) -> None:
    """The first half is refused as well: three photos one by one, then the other half as an album."""
    async with house.bot() as bot:
        await _begun(house, ada, bot, [(ALBUM, REFUSAL)] * 2)
        await ada.companion(1)
        photos = [message for message in await ada.messages() if "photo" in message and "Quick" not in str(message)]
        assert [len(album) for album in await ada.albums()] == [3]
        assert len(photos) == 6
        candidates = await candidates_of_generation(bot.database.reader, FIRST)
        assert all(each.message_id and each.file_id for each in candidates)


async def test_a_picture_that_is_refused_alone_is_offered(house: House, ada: Visitor) -> None:
    """Five arrive; the sixth can be asked for again, and then it alone is sent."""
    async with house.bot() as bot:
        await _begun(house, ada, bot, [(ALBUM, REFUSAL)] * 2 + [(PHOTO, REFUSAL)])
        await ada.sees("Show again")
        assert sum("photo" in one and "Quick" not in str(one) for one in await ada.messages()) == 5
        assert await ada.press("2 👍") == "You like 2"
        await ada.press("🖼 Show again")
        await bot.sessions.crew.idle()
        assert sum("photo" in one and "Quick" not in str(one) for one in await ada.messages()) == 6
        assert "Show again" not in str(await ada.companion(1))


async def test_an_album_refused_to_its_last_picture_is_told_and_can_be_tried(house: House, ada: Visitor) -> None:
    """Nothing was sent and nothing is lost: "Try again" brings the album."""
    async with house.bot() as bot:
        await _begun(house, ada, bot, [(ALBUM, REFUSAL)] * 3 + [(PHOTO, REFUSAL)] * 6)
        await ada.sees("Something went wrong")
        assert await ada.albums() == []
        await ada.press("🔁 Try again")
        await ada.companion(1)
        assert [len(album) for album in await ada.albums()] == [6]


@pytest.mark.parametrize(
    "words", ['Bad Request: failed to send message #2 with the error message "MEDIA_INVALID"', "?"]
)
async def test_an_album_that_broke_off_is_never_tried_in_parts(house: House, ada: Visitor, words: str) -> None:
    """Pictures before the one that failed may have arrived: a person decides."""
    async with house.bot() as bot:
        await _begun(house, ada, bot, [(ALBUM, words)])
        await ada.sees("Show again")
        sent = [entry for entry in await ada.people.transcript() if entry["method"] == ALBUM]
        assert sent == []


async def test_a_kill_between_two_parts_sends_the_rest_alone(house: House, ada: Visitor) -> None:
    """What is known to have arrived is not sent again after a restart."""
    async with house.bot() as bot:
        await _begun(house, ada, bot, [(ALBUM, REFUSAL)])
        await ada.companion(1)
        async with bot.database.transaction() as tx:
            await tx.all("UPDATE candidates SET message_id = NULL WHERE position > 3")
            await tx.all("UPDATE generations SET album_status = 'none', companion_message_id = NULL")
            await tx.all("UPDATE sessions SET phase = 'delivering'")
    async with house.bot() as bot:
        await bot.sessions.crew.idle()
        assert [len(album) for album in await ada.albums()] == [3, 3, 2]
