"""What a chat has chosen for its sessions; what it has not chosen has the value of `ChatSettings()`.

The language, which is older, is a column of `chats`. Who may choose is the caller's to decide.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from storage.database import Reader, Transaction
from storage.ids import ChatId

ALBUM_SIZES = range(4, 9)


class Closers(StrEnum):
    """Who may close a generation in a group: whoever started the session and administrators, these alone, or all."""

    STARTER = "starter"
    ADMINISTRATORS = "administrators"
    EVERYONE = "everyone"


class VoteMode(StrEnum):
    """How a chat votes: by the companion's keyboard, or by a native poll."""

    KEYBOARD = "keyboard"
    POLL = "poll"


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """A chat's choices.

    Attributes:
        album_size: pictures a generation, 4 to 8.
        time_limit: after which a generation closes, a minute to a week; None: no limit.
        quorum: how many voters close a generation; None: no quorum.
        closers: who may close one by `Next generation`.
        shows_counts: whether a group sees counts before the close.
        vote_mode: keyboard or poll.
        style_name: the style that /new begins with, unasked; None: ask.
        utc_offset: what the chat's clock is ahead of UTC.
        daily_hour: the hour, on the chat's clock, of the daily generation; None: none.
        quiet_hours: from this hour to that, on the chat's clock, nothing is sent unasked; may span midnight.
        contributes: whether what is learned here may help others' first generations.
    """

    album_size: int = 6
    time_limit: timedelta | None = None
    quorum: int | None = None
    closers: Closers = Closers.STARTER
    shows_counts: bool = False
    vote_mode: VoteMode = VoteMode.KEYBOARD
    style_name: str | None = None
    utc_offset: timedelta = timedelta(0)
    daily_hour: int | None = None
    quiet_hours: tuple[int, int] | None = None
    contributes: bool = True


async def settings_of_chat(reader: Reader, chat: ChatId) -> ChatSettings:
    """Return what the chat has chosen."""
    row = await reader.one("SELECT * FROM chat_settings WHERE chat = ?", (chat,))
    return ChatSettings() if row is None else _settings(row)


async def save_settings(tx: Transaction, chat: ChatId, settings: ChatSettings) -> None:
    """Write all of a chat's choices in place of those before.

    Raises:
        ConstraintError: the chat is not known, or a value is out of its range.
    """
    quiet_from, quiet_until = settings.quiet_hours or (None, None)
    await tx.all(
        """
        INSERT OR REPLACE INTO chat_settings (
            chat, album_size, time_limit_s, quorum, closers, shows_counts, vote_mode, style_name, utc_offset_min,
            daily_hour, quiet_from_hour, quiet_until_hour, contributes
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            chat,
            settings.album_size,
            None if settings.time_limit is None else round(settings.time_limit.total_seconds()),
            settings.quorum,
            settings.closers,
            int(settings.shows_counts),
            settings.vote_mode,
            settings.style_name,
            round(settings.utc_offset.total_seconds() / 60),
            settings.daily_hour,
            quiet_from,
            quiet_until,
            int(settings.contributes),
        ),
    )


def _settings(row: sqlite3.Row) -> ChatSettings:
    limit_s, quiet_from = row["time_limit_s"], row["quiet_from_hour"]
    return ChatSettings(
        album_size=row["album_size"],
        time_limit=None if limit_s is None else timedelta(seconds=limit_s),
        quorum=row["quorum"],
        closers=Closers(row["closers"]),
        shows_counts=bool(row["shows_counts"]),
        vote_mode=VoteMode(row["vote_mode"]),
        style_name=row["style_name"],
        utc_offset=timedelta(minutes=row["utc_offset_min"]),
        daily_hour=row["daily_hour"],
        quiet_hours=None if quiet_from is None else (quiet_from, row["quiet_until_hour"]),
        contributes=bool(row["contributes"]),
    )
