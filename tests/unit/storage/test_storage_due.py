from datetime import datetime, timedelta

from storage.chats import rekey_chat, suspend_chat
from storage.database import Database
from storage.due import Due, Kind, arm, disarm, due_of_chat, due_until, next_due
from storage.generations import Generation
from storage.ids import ChatId, MessageId, PersonId
from storage.presences import company, forget_presence, generation_of_message, note_presence, turnout


async def test_what_is_due_comes_by_its_time_and_once(database: Database, chat: ChatId, now: datetime) -> None:
    """One of each kind a chat; the later one replaces the earlier; taken away it is gone."""
    async with database.transaction() as tx:
        await arm(tx, Due(chat, Kind.DAILY, now, None))
        await arm(tx, Due(chat, Kind.DAILY, now + timedelta(hours=2), None))
        await arm(tx, Due(chat, Kind.TICK, now + timedelta(hours=1), None))
    assert await due_until(database.reader, now) == ()
    assert await next_due(database.reader) == now + timedelta(hours=1)
    assert [one.kind for one in await due_until(database.reader, now + timedelta(hours=3))] == [Kind.TICK, Kind.DAILY]
    async with database.transaction() as tx:
        assert await disarm(tx, chat, Kind.TICK)
        assert not await disarm(tx, chat, Kind.TICK)
    assert [one.kind for one in await due_of_chat(database.reader, chat)] == [Kind.DAILY]


async def test_nothing_is_due_in_a_chat_that_cannot_be_reached(database: Database, chat: ChatId, now: datetime) -> None:
    """A suspended chat's rows wait; a moved chat's go along."""
    new = ChatId(-1005)
    async with database.transaction() as tx:
        await arm(tx, Due(chat, Kind.DAILY, now, None))
        await suspend_chat(tx, chat, now)
    assert await next_due(database.reader) is None
    async with database.transaction() as tx:
        await rekey_chat(tx, chat, new, now)
    assert [one.chat for one in await due_until(database.reader, now)] == [new]


async def test_who_was_there_is_who_voted_or_was_noted(
    database: Database, generation: Generation, ann: PersonId, now: datetime
) -> None:
    """A presence counts towards the turnout, and can be taken back."""
    async with database.transaction() as tx:
        await note_presence(tx, generation.id, ann, now)
        await note_presence(tx, generation.id, ann, now)
    assert await turnout(database.reader, generation.id) == {ann}
    assert await company(database.reader, generation.session) == {ann}
    async with database.transaction() as tx:
        await forget_presence(tx, generation.id, ann)
    assert await turnout(database.reader, generation.id) == frozenset()


async def test_a_message_leads_to_its_generation(database: Database, chat: ChatId, generation: Generation) -> None:
    """By the album's first picture or by the companion, and only in its own chat."""
    async with database.transaction() as tx:
        await tx.all("UPDATE candidates SET message_id = 50 + position WHERE generation = ?", (generation.id,))
        await tx.all("UPDATE generations SET companion_message_id = 60 WHERE id = ?", (generation.id,))
    found = [await generation_of_message(database.reader, chat, MessageId(number)) for number in (50, 60, 61)]
    assert found == [generation.id, generation.id, None]
    assert await generation_of_message(database.reader, ChatId(-7), MessageId(50)) is None
