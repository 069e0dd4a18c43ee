from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage import chats, events, people, styles, updates
from storage.database import Database
from storage.errors import ConstraintError
from storage.ids import ChatId, PersonId
from storage.times import from_text, to_text


async def test_events_come_back_newest_first(database: Database, chat: ChatId, ann: PersonId, now: datetime) -> None:
    """What was appended is read with who, when and what."""
    async with database.transaction() as tx:
        await events.append_event(tx, "session opened", now, chat=chat, person=ann, data={"style": "kandinsky"})
        await events.append_event(tx, "album delivered", now, chat=chat)
        await events.append_event(tx, "started", now)
    last, first = await events.events_of_chat(database.reader, chat, limit=10)
    assert (last.kind, last.person, last.data) == ("album delivered", None, {})
    assert (first.kind, first.happened_at, first.person, first.data) == (
        "session opened", now, ann, {"style": "kandinsky"},
    )  # fmt: skip


async def test_events_do_not_change(database: Database, chat: ChatId, ann: PersonId, now: datetime) -> None:
    """The log refuses a change of what happened, yet lets a person be erased from it."""
    async with database.transaction() as tx:
        await events.append_event(tx, "voted", now, chat=chat, person=ann)
        with pytest.raises(ConstraintError, match="only appended"):
            await tx.all("UPDATE events SET kind = 'nothing'")
        await tx.all("DELETE FROM people WHERE id = ?", (ann,))
    (event,) = await events.events_of_chat(database.reader, chat, limit=10)
    assert (event.kind, event.person) == ("voted", None)


async def test_repeated_update_is_known(database: Database, now: datetime) -> None:
    """An update is new once, and new again only after it was pruned."""
    async with database.transaction() as tx:
        assert not await updates.seen_update(tx, 5, now)
        assert await updates.seen_update(tx, 5, now)
        assert not await updates.seen_update(tx, 6, now + timedelta(hours=1))
        assert await updates.prune_updates(tx, now + timedelta(minutes=1)) == 1
        assert not await updates.seen_update(tx, 5, now)
        assert await updates.seen_update(tx, 6, now)


async def test_chat_and_person_are_brought_up_to_date(
    database: Database, chat: ChatId, ann: PersonId, now: datetime
) -> None:
    """A second sight changes the names and keeps the first moment, the language chosen and the suspension."""
    async with database.transaction() as tx:
        await chats.set_language(tx, chat, "de")
        await chats.suspend_chat(tx, chat, now)
        await chats.ensure_chat(tx, chat, chats.ChatKind.GROUP, "Renamed", now + timedelta(days=1))
        await people.ensure_person(tx, ann, "Anna", None, now + timedelta(days=1))
    found = await chats.find_chat(database.reader, chat)
    assert found == chats.Chat(chat, chats.ChatKind.GROUP, "Renamed", "de", suspended_at=now, created_at=now)
    assert await people.find_person(database.reader, ann) == people.Person(ann, "Anna", None, created_at=now)


async def test_each_version_of_a_style_is_kept(database: Database, now: datetime) -> None:
    """A style seen again with another digest is another row, and one seen again is the same."""
    async with database.transaction() as tx:
        await styles.ensure_style(tx, "kandinsky", "d2", "Kandinsky", now + timedelta(days=1))
        await styles.ensure_style(tx, "kandinsky", "d2", "Kandinsky II", now + timedelta(days=2))
    versions = await styles.versions_of_style(database.reader, "kandinsky")
    assert [(style.digest, style.title) for style in versions] == [("d1", "Kandinsky"), ("d2", "Kandinsky")]


def test_moments_are_utc_and_exact() -> None:
    """Any zone comes back as the same moment in UTC, whole seconds have the same width, and no zone is an error."""
    moment = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=5)))
    assert from_text(to_text(moment)) == moment
    assert to_text(moment) == "2026-02-28T20:30:00.000000+00:00"
    assert from_text(to_text(moment)).tzinfo is UTC
    with pytest.raises(ValueError, match="time zone"):
        to_text(datetime(2026, 3, 1))  # noqa: DTZ001 - the very thing that is refused
