from datetime import datetime, timedelta

import pytest

from storage import chats
from storage.chat_settings import ChatSettings, Closers, VoteMode, save_settings, settings_of_chat
from storage.database import Database
from storage.errors import ConstraintError
from storage.ids import ChatId

CHOSEN = ChatSettings(
    album_size=8,
    time_limit=timedelta(minutes=90),
    quorum=3,
    closers=Closers.EVERYONE,
    shows_counts=True,
    vote_mode=VoteMode.POLL,
    style_name="kandinsky",
    utc_offset=timedelta(hours=5, minutes=30),
    daily_hour=9,
    quiet_hours=(22, 8),
    contributes=False,
)


async def test_settings_come_back_as_they_were_saved(database: Database, chat: ChatId) -> None:
    """A chat that has chosen nothing has the usual settings; what it chooses comes back, and the last choice holds."""
    assert await settings_of_chat(database.reader, chat) == ChatSettings()
    for settings in (CHOSEN, ChatSettings(quorum=2)):
        async with database.transaction() as tx:
            await save_settings(tx, chat, settings)
        assert await settings_of_chat(database.reader, chat) == settings


@pytest.mark.parametrize(
    "wrong",
    [
        ChatSettings(album_size=3),
        ChatSettings(time_limit=timedelta(seconds=59)),
        ChatSettings(quorum=0),
        ChatSettings(daily_hour=24),
        ChatSettings(quiet_hours=(8, 8)),
        ChatSettings(utc_offset=timedelta(hours=15)),
    ],
)
async def test_impossible_settings_are_refused(database: Database, chat: ChatId, wrong: ChatSettings) -> None:
    """The schema keeps out what no chat could mean."""
    with pytest.raises(ConstraintError):
        async with database.transaction() as tx:
            await save_settings(tx, chat, wrong)


async def test_settings_follow_a_group_to_its_new_id(database: Database, chat: ChatId, now: datetime) -> None:
    """A supergroup has the settings of the group that it was, unless it has made choices of its own."""
    new = ChatId(-1009)
    async with database.transaction() as tx:
        await save_settings(tx, chat, CHOSEN)
        await chats.ensure_chat(tx, new, chats.ChatKind.SUPERGROUP, "Painters", now)
        await chats.rekey_chat(tx, chat, new, now)
    assert await settings_of_chat(database.reader, new) == CHOSEN
