"""Permits, on a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operators.quotas import read_quota
from bot.permits import DrainedError, QuotaReachedError, check, take
from storage.database import Database
from storage.drains import begin_drain
from storage.ids import ChatId, PersonId
from storage.quotas import EVERYBODY, set_quota, used_on

NOW = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)
GROUP, ADA, BEN = ChatId(-2001), PersonId(1001), PersonId(1002)


async def test_pictures_count_for_chat_and_person_and_once_in_private(tmp_path: Path) -> None:
    """In a group both pay; a person's own chat is the person."""
    async with Database.open(tmp_path / "db") as database, database.transaction() as tx:
        await take(tx, GROUP, ADA, 6, NOW)
        await take(tx, ChatId(ADA), ADA, 4, NOW)
        assert [await used_on(tx, who, NOW.date()) for who in (GROUP, ADA, BEN)] == [6, 10, 0]


async def test_a_quota_ends_at_midnight_of_utc(tmp_path: Path) -> None:
    """Whoever would exceed it hears how long it lasts, and a day later may."""
    async with Database.open(tmp_path / "db") as database, database.transaction() as tx:
        await set_quota(tx, EVERYBODY, 10)
        await take(tx, GROUP, ADA, 6, NOW)
        with pytest.raises(QuotaReachedError) as caught:
            await take(tx, GROUP, BEN, 6, NOW)
        assert (caught.value.used, caught.value.quota, caught.value.left) == (6, 10, timedelta(hours=2))
        assert caught.value.again_at == datetime(2026, 11, 27, tzinfo=UTC)
        await take(tx, GROUP, BEN, 6, NOW + timedelta(hours=2))


async def test_ones_own_quota_holds_in_place_of_everybodys(tmp_path: Path) -> None:
    """More than the others, or nothing at all."""
    async with Database.open(tmp_path / "db") as database, database.transaction() as tx:
        await set_quota(tx, EVERYBODY, 1)
        await set_quota(tx, ADA, 100)
        await set_quota(tx, BEN, 0)
        await check(tx, ChatId(ADA), ADA, 6, NOW)
        with pytest.raises(QuotaReachedError):
            await check(tx, ChatId(BEN), BEN, 1, NOW)


async def test_a_drained_bot_permits_nothing(tmp_path: Path) -> None:
    """Not even without a quota."""
    async with Database.open(tmp_path / "db") as database, database.transaction() as tx:
        await begin_drain(tx, ADA, NOW)
        with pytest.raises(DrainedError):
            await check(tx, GROUP, BEN, 1, NOW)


@given(st.text(max_size=30))
def test_a_quota_is_read_strictly(said: str) -> None:
    """Whatever is typed is refused or has an id and a number in its range."""
    parsed = read_quota(said)
    assert parsed is None or parsed[1] is None or 0 <= parsed[1] <= 1_000_000
