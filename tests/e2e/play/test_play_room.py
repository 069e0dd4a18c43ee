"""The disk: what nobody can reach goes, what somebody likes stays, and a full disk stops painting and no vote."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import room, waiting
from storage.ids import GenerationId
from storage.times import to_text
from storage.votes import votes_of_generation

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any
DAY_S = 86_400


def _age(folder: Path, days: float) -> list[Path]:
    """Make all stored pictures so many days old; return them."""
    files = sorted(folder.glob("pictures/*/*.png"))
    for file in files:
        os.utime(file, (time.time() - days * DAY_S,) * 2)
    return files


async def _close_long_ago(bot: Any, days: float) -> None:
    async with bot.database.transaction() as tx:
        before = to_text(bot.sessions.services.clock() - timedelta(days=days))
        await tx.all("UPDATE sessions SET closed_at = ? WHERE phase = 'closed'", (before,))


async def test_unliked_pictures_of_a_session_long_closed_go(house: House, ada: Visitor) -> None:
    """After 30 days only the liked one is left; /best shows it, and /original says that another is gone."""
    async with house.bot() as bot:
        await ada.begin()
        await ada.press("2 👍")
        await ada.press("⏹ Stop")
        await ada.sees("Stopped after")
        _age(house.folder, 31)
        assert (await bot.sessions.crew.room.tidy()).removed == 0
        await _close_long_ago(bot, 31)
        tidied = await bot.sessions.crew.room.tidy()
        assert (tidied.removed, len(_age(house.folder, 0))) == (5, 1)
        await ada.say("/best")
        await ada.sees("Your best so far")
        await ada.say("/original 1")
        await ada.sees("not on my disk any more")


async def test_pictures_of_an_open_session_stay_however_old(house: House, ada: Visitor) -> None:
    """Somebody may come back to the album; a file that no row names goes after a day."""
    async with house.bot() as bot:
        await ada.begin()
        orphan = await bot.sessions.services.pictures.put(b"an orphan")
        assert (await bot.sessions.crew.room.tidy()).removed == 0
        files = _age(house.folder, 400)
        assert (await bot.sessions.crew.room.tidy()).removed == 1
        assert not bot.sessions.services.pictures.path(orphan).exists()
        assert len(files) == 7


async def test_the_budget_is_kept_by_the_oldest_that_nobody_can_reach(house: House, ada: Visitor) -> None:
    """A budget of nearly nothing takes pictures of closed sessions before their time, and lets painting go on."""
    house.settings["disk_budget"] = 14_000
    async with house.bot() as bot:
        await ada.begin()
        await ada.press("⏹ Stop")
        await ada.sees("Stopped after")
        files = _age(house.folder, 2)
        size = sum(file.stat().st_size for file in files)
        big = await bot.sessions.services.pictures.put(os.urandom(14_000 - size // 2))
        os.utime(bot.sessions.services.pictures.path(big), (time.time() - 1.5 * DAY_S,) * 2)
        await bot.sessions.crew.room.tidy()
        await bot.sessions.crew.room.make()
        assert not all(file.exists() for file in files)
        await ada.say("/start")
        await ada.press("Quick")
        await ada.companion(1)


async def test_a_full_disk_stops_painting_and_no_vote(
    house: House, ada: Visitor, ben: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chat and operator hear of it once, open albums take votes, and it goes on by itself when there is room."""
    free = {"bytes": 10**12}
    monkeypatch.setattr(room, "free_bytes", lambda _: free["bytes"])
    monkeypatch.setattr(waiting, "LOOK_AGAIN_S", 0.05)
    house.settings["operators"] = frozenset({ada.person})
    async with house.bot() as bot:
        await ada.begin()
        await ben.begin()
        free["bytes"] = room.RESERVE_BYTES - 1
        await ben.press("1 👍")
        await ben.press("Next generation")
        await ben.sees("My disk is full, so painting has to rest")
        await ada.sees("raise VERNISSAGE_DISK_BUDGET")
        assert await ada.press("3 👍") == "You like 3"
        assert [vote.value for vote in await votes_of_generation(bot.database.reader, GenerationId(1))] == [1]
        await asyncio.wait_for(_looked(bot), 5)
        free["bytes"] = 10**12
        await ben.companion(2)
        told = [one for one in await ada.messages() if "VERNISSAGE_DISK_BUDGET" in one.get("text", "")]
        assert len(told) == 1


async def _looked(bot: Any) -> None:
    """Return when room has been looked for in vain once more."""
    looked = asyncio.Event()
    make = bot.sessions.crew.room.make

    async def look() -> None:
        try:
            await make()
        finally:
            looked.set()

    bot.sessions.crew.room.make = look
    await looked.wait()
