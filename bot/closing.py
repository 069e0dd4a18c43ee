"""When a generation closes by itself, and who may close it.

A generation closes when its time is up, when as many have voted as the chat wants or all who are awaited and nobody has
for a while, or when somebody who may presses Next. Owns these rules and what is written down to be due; carrying it
out is `bot.timetable`'s. Knows nothing of updates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messenger import Messenger
from bot.services import Services
from bot.visits import Visit
from storage.chat_settings import ChatSettings, Closers, settings_of_chat
from storage.database import Transaction
from storage.due import Due, Kind, arm, disarm
from storage.generations import Generation, find_generation, latest_generation
from storage.ids import ChatId, GenerationId, PersonId
from storage.presences import company, turnout
from storage.sessions import Phase, Session, find_session

# So long nobody has voted: then those who are done are done.
QUIET = timedelta(seconds=30)
QUORUM_QUIET = timedelta(seconds=10)
# Before the end of its time, at this share of it, a generation is called to mind; limits shorter than that are not.
REMINDER_SHARE = 0.25
SHORTEST_REMINDED = timedelta(minutes=5)
# The time left is shown anew so often.
TICKS, SHORTEST_TICK = 10, timedelta(minutes=1)
# In the first generation nobody is known yet: all members are awaited where they are this few.
SMALL_GROUP = 12
# What Telegram said of members holds for this long.
_KNOWN_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many have voted, or were there, and how many are awaited in all; None where nobody can know."""

    voted: int
    awaited: int | None

    @property
    def is_complete(self) -> bool:
        """Whether everybody who is awaited has voted."""
        return self.awaited is not None and self.voted >= max(self.awaited, 1)

    @property
    def is_low(self) -> bool:
        """Whether less than half of those who are awaited have voted."""
        return self.awaited is not None and 2 * self.voted < self.awaited


class Closing:
    """The rules, with what Telegram says of members remembered for some minutes."""

    def __init__(self, services: Services, messenger: Messenger) -> None:
        self._services = services
        self._messenger = messenger
        self._counts: dict[ChatId, tuple[datetime, int | None]] = {}
        self._left: dict[tuple[ChatId, PersonId], tuple[datetime, bool]] = {}

    async def opened(self, tx: Transaction, session: Session, generation: GenerationId) -> None:
        """Write down what the opening of a vote makes due, in the transaction that opens it."""
        for kind in (Kind.LIMIT, Kind.QUIET, Kind.REMINDER, Kind.TICK):
            await disarm(tx, session.chat, kind)
        settings, found = await settings_of_chat(tx, session.chat), await find_generation(tx, generation)
        if settings.time_limit is not None and found is not None and found.voting_at is not None:
            for kind, after in _moments(settings.time_limit).items():
                await arm(tx, Due(session.chat, kind, found.voting_at + after, generation))

    async def voted(self, key: GenerationId) -> bool:
        """Look, after a vote or a presence, whether the end is near; return whether that changed what is due."""
        reader, now = self._services.database.reader, self._services.clock()
        found = await find_generation(reader, key)
        session = None if found is None else await find_session(reader, found.session)
        if found is None or session is None or session.phase is not Phase.VOTING or session.chat > 0:
            return False
        settings = await settings_of_chat(reader, session.chat)
        wait = self._wait(settings, await self.turnout(session, found), found, now)
        async with self._services.database.transaction() as tx:
            last = await latest_generation(tx, session.id)
            if last is None or last.id != key or last.closed_at is not None:
                return False
            if wait is None:
                return await disarm(tx, session.chat, Kind.QUIET)
            await arm(tx, Due(session.chat, Kind.QUIET, now + wait, key))
        return True

    async def turnout(self, session: Session, generation: Generation) -> Turnout:
        """Count who has voted, and who is awaited: whoever took part before and is still there.

        In the first generation of a small group all its members are awaited; of a larger one nobody knows.
        """
        reader = self._services.database.reader
        if session.chat > 0:
            # Nobody else is awaited, and nobody asks.
            return Turnout(0, None)
        there = await turnout(reader, generation.id)
        people = await self._count(session.chat)
        if generation.number == 1:
            if people is None or people > SMALL_GROUP:
                return Turnout(len(there), None)
            # Whoever voted and left is counted as a voter, but no longer among the group's people.
            return Turnout(len(there), people + await self._count_gone(session.chat, there))
        missing = await company(reader, session.id) - there
        awaited = len(there) + len(missing) - await self._count_gone(session.chat, missing)
        if people is not None and awaited > people:
            at_most = people + await self._count_gone(session.chat, there)
            awaited = max(min(awaited, at_most), len(there))
        return Turnout(len(there), awaited or None)

    def forget_members(self, chat: ChatId) -> None:
        """Have Telegram asked anew about a group's members: they have changed."""
        self._counts.pop(chat, None)
        self._left = {key: told for key, told in self._left.items() if key[0] != chat}

    async def may_close(self, visit: Visit, session: Session) -> bool:
        """Say whether a visitor may close a generation of the session, or end it."""
        if visit.audience.is_private:
            return True
        settings = await settings_of_chat(self._services.database.reader, visit.chat)
        if settings.closers is Closers.EVERYONE:
            return True
        if settings.closers is Closers.STARTER and visit.person == session.started_by:
            return True
        return await self._messenger.is_administrator(visit.chat, visit.person)

    def _wait(
        self, settings: ChatSettings, turnout: Turnout, generation: Generation, now: datetime
    ) -> timedelta | None:
        """Say how long to wait for another vote before closing; None: this is not the end yet."""
        if settings.quorum is not None and turnout.voted >= settings.quorum:
            return QUORUM_QUIET
        is_late = (
            settings.time_limit is not None
            and generation.voting_at is not None
            and now >= generation.voting_at + settings.time_limit
        )
        return QUIET if turnout.voted and (turnout.is_complete or is_late) else None

    async def _count(self, chat: ChatId) -> int | None:
        now = self._services.clock()
        if chat not in self._counts or now - self._counts[chat][0] >= _KNOWN_FOR:
            self._counts = {key: told for key, told in self._counts.items() if now - told[0] < _KNOWN_FOR}
            self._counts[chat] = now, await self._messenger.count_people(chat)
        return self._counts[chat][1]

    async def _count_gone(self, chat: ChatId, people: frozenset[PersonId]) -> int:
        return [await self._has_left(chat, person) for person in sorted(people)].count(True)

    async def _has_left(self, chat: ChatId, person: PersonId) -> bool:
        now, key = self._services.clock(), (chat, person)
        if key not in self._left or now - self._left[key][0] >= _KNOWN_FOR:
            self._left = {other: told for other, told in self._left.items() if now - told[0] < _KNOWN_FOR}
            self._left[key] = now, await self._messenger.has_left(chat, person)
        return self._left[key][1]


def _moments(limit: timedelta) -> dict[Kind, timedelta]:
    """Say when, after the opening, what is due: the end, the reminder before it, the next look at the time left."""
    moments = {Kind.LIMIT: limit, Kind.TICK: tick(limit)}
    if limit >= SHORTEST_REMINDED:
        moments[Kind.REMINDER] = limit * (1 - REMINDER_SHARE)
    return moments


def tick(limit: timedelta) -> timedelta:
    """Say how often the time left is shown anew."""
    return max(limit / TICKS, SHORTEST_TICK)
