"""Permits: whether new work may begin, and for how many pictures. Refused while the bot is drained or a quota is used.

Asked at the tap, so that a vote stays open, and once more where the work begins. Knows nothing of what is painted.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.hours import span
from bot.words import Words
from storage.database import Reader, Transaction
from storage.drains import find_drain
from storage.ids import ChatId, PersonId
from storage.quotas import add_usage, quota_of, used_on

LOOK_AGAIN_AFTER = timedelta(minutes=5)
"""When what falls due in a drained bot is looked at again."""


class NotPermittedError(Exception):
    """New work may not begin, but from `again_at` on it may, or may be asked for again."""

    def __init__(self, message: str, again_at: datetime) -> None:
        super().__init__(message)
        self.again_at = again_at


class DrainedError(NotPermittedError):
    """The bot takes no new work, for maintenance."""


class QuotaReachedError(NotPermittedError):
    """The pictures would be more than the quota of the day, of which `used` were painted."""

    def __init__(self, quota: int, used: int, now: datetime) -> None:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        super().__init__(f"{used} of {quota} pictures of the day are used", midnight)
        self.quota, self.used, self.left = quota, used, midnight - now


async def check(reader: Reader, chat: ChatId, person: PersonId | None, pictures: int, now: datetime) -> None:
    """Check that work may begin in a chat, at the wish of a person; `now` is in UTC.

    Raises:
        DrainedError: no work may.
        QuotaReachedError: the chat's quota or the person's would be exceeded.
    """
    if await find_drain(reader) is not None:
        raise DrainedError("the bot is drained", now + LOOK_AGAIN_AFTER)
    for who in _payers(chat, person):
        quota = await quota_of(reader, who)
        if quota is not None and (used := await used_on(reader, who, now.date())) + pictures > quota:
            raise QuotaReachedError(quota, used, now)


async def take(tx: Transaction, chat: ChatId, person: PersonId | None, pictures: int, now: datetime) -> None:
    """Check, and count the pictures, in the transaction that begins the work. Raises as `check`."""
    await check(tx, chat, person, pictures, now)
    for who in _payers(chat, person):
        await add_usage(tx, who, now.date(), pictures)


def say(words: Words, error: NotPermittedError) -> str:
    """Say why work may not begin, and when it may."""
    if isinstance(error, QuotaReachedError):
        return words.toast_quota.format(quota=error.quota, used=error.used, left=span(words, error.left))
    return words.toast_drained


def _payers(chat: ChatId, person: PersonId | None) -> set[int]:
    """Name who pays: the chat and the person, which in private are one."""
    return {int(chat)} | (set() if person is None else {int(person)})
