"""What running the bot needs of the storage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage.audit import Entry, Verdict, append_audit, last_audit, prune_refusals
from storage.bans import add_ban, find_ban
from storage.broadcasts import (
    Arrival,
    BroadcastStatus,
    add_broadcast,
    address_broadcast,
    attempt_next,
    count_arrivals,
    move_broadcast,
    note_arrival,
)
from storage.chats import ChatKind, ensure_chat, find_chat, rekey_chat, revive_chat, suspend_chat
from storage.database import Database, Transaction
from storage.errors import ConstraintError
from storage.ids import BroadcastId, ChatId, PersonId
from storage.quotas import quota_of, set_quota

NOW = datetime(2026, 11, 26, tzinfo=UTC)
ADA, GROUP, SUPERGROUP = PersonId(1001), ChatId(-2001), ChatId(-1002001)


async def _sending(tx: Transaction, *chats: ChatId, suspended: ChatId | None = None) -> BroadcastId:
    await tx.all("DELETE FROM chats")  # what the fixture has made known
    for chat in chats:
        await ensure_chat(tx, chat, ChatKind.GROUP, "x", NOW)
    if suspended is not None:
        await suspend_chat(tx, suspended, NOW)
    key = await add_broadcast(tx, ADA, "text", NOW)
    await move_broadcast(tx, key, BroadcastStatus.DRAFT, BroadcastStatus.SENDING, NOW)
    await address_broadcast(tx, key)
    return key


async def test_the_audit_log_is_only_appended(database: Database) -> None:
    """Nobody changes afterwards what was done."""
    async with database.transaction() as tx:
        await append_audit(tx, Entry(NOW, ADA, "/ban", Verdict.ALLOWED, {"text": "7"}))
    with pytest.raises(ConstraintError):
        async with database.transaction() as tx:
            await tx.all("UPDATE audit SET actor = 7")


async def test_refusals_are_forgotten_and_what_was_allowed_is_not(database: Database) -> None:
    """Anybody can make refusals, so they would fill the disk."""
    async with database.transaction() as tx:
        for verdict in Verdict:
            await append_audit(tx, Entry(NOW, ADA, "/ban", verdict, {}))
        assert await prune_refusals(tx, NOW + timedelta(days=1)) == 1
    assert [entry.verdict for entry in await last_audit(database.reader, 9)] == [Verdict.ALLOWED]


async def test_a_broadcast_takes_each_chat_once_and_leaves_out_the_unreachable(database: Database) -> None:
    """Suspended and banned chats are not addressed; what was attempted is not taken again."""
    async with database.transaction() as tx:
        await add_ban(tx, 8, "", ADA, NOW)
        key = await _sending(tx, ChatId(-1), ChatId(-2), ChatId(7), ChatId(8), suspended=ChatId(7))
        assert [await attempt_next(tx, key) for _ in range(3)] == [-2, -1, None]
        await note_arrival(tx, key, ChatId(-1), Arrival.SENT)
        await note_arrival(tx, key, ChatId(-1), Arrival.WAITING)
        assert await attempt_next(tx, key) is None
        counts = await count_arrivals(tx, key)
        assert (counts[Arrival.SENT], counts[Arrival.ATTEMPTED], counts[Arrival.WAITING]) == (1, 1, 0)


@pytest.mark.parametrize("is_known", [False, True])
async def test_a_group_that_moves_takes_ban_and_quota_along(database: Database, is_known: bool) -> None:
    """Becoming a supergroup is no way out."""
    async with database.transaction() as tx:
        for chat in (GROUP, *([SUPERGROUP] if is_known else [])):
            await ensure_chat(tx, chat, ChatKind.GROUP, "x", NOW)
        await add_ban(tx, GROUP, "loud", ADA, NOW)
        await suspend_chat(tx, GROUP, NOW)
        await set_quota(tx, GROUP, 3)
        await rekey_chat(tx, GROUP, SUPERGROUP, NOW)
        assert await find_ban(tx, (SUPERGROUP,)) is not None
        assert await quota_of(tx, SUPERGROUP) == 3
        assert not await revive_chat(tx, SUPERGROUP)
        moved = await find_chat(tx, SUPERGROUP)
        assert moved is not None
        assert moved.suspended_at is not None


async def test_a_group_that_moves_does_not_hear_a_broadcast_twice(database: Database) -> None:
    """Sent under the old id, it is not sent again under the new one that was known already."""
    async with database.transaction() as tx:
        key = await _sending(tx, GROUP, SUPERGROUP)
        assert await attempt_next(tx, key) == SUPERGROUP
        await note_arrival(tx, key, SUPERGROUP, Arrival.WAITING)
        await tx.all("UPDATE broadcast_chats SET status = 'sent' WHERE chat = ?", (GROUP,))
        await rekey_chat(tx, GROUP, SUPERGROUP, NOW)
        assert await attempt_next(tx, key) is None
        assert (await count_arrivals(tx, key))[Arrival.SENT] == 1
