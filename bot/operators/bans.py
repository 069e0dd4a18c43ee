"""/ban and /unban: whom the bot does not serve. Told once in plain words, then no more; their votes do not count.

A ban is looked up at each update, so that one from the shell holds at once. Operators cannot be banned.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime

from telegram import Update
from telegram.error import TelegramError

from bot.crew import Crew
from bot.messenger import ChatMovedError, ChatUnreachableError
from bot.operators.ids import read_id
from bot.operators.register import Order
from bot.outcomes import Outcome
from bot.services import Services
from bot.visits import Visit
from storage.bans import add_ban, all_bans, find_ban, lift_ban, note_told, open_generations_of_voter
from storage.chats import revive_chat, suspend_chat
from storage.database import Transaction
from storage.ids import ChatId
from storage.sessions import active_session

log = logging.getLogger(__name__)

KEPT_REASON = 100
_SHOWN = 40
_KNOWN_FOR_S = 1.0


async def put_ban(tx: Transaction, who: int, reason: str, by: int, at: datetime) -> bool:
    """Ban a person or a chat, which then is sent nothing more either; return whether that is news."""
    is_new = await add_ban(tx, who, reason[:KEPT_REASON], by, at)
    await suspend_chat(tx, ChatId(who), at)
    return is_new


async def remove_ban(tx: Transaction, who: int) -> bool:
    """Serve a person or a chat again; return whether there was a ban."""
    was_banned = await lift_ban(tx, who)
    if was_banned:
        await revive_chat(tx, ChatId(who))
    return was_banned


class Bans:
    """Turns the banned away, and takes operators' orders about them."""

    def __init__(self, services: Services, crew: Crew) -> None:
        self._services = services
        self._crew = crew
        # Every update asks. What the chat orders is seen at once, what the shell does within a second.
        self._known: frozenset[int] = frozenset()
        self._known_until = 0.0

    async def stops(self, update: Update, visit: Visit | None) -> bool:
        """Say whether an update comes from somebody banned or from a banned chat; if so, tell them, once."""
        if update.message is not None and (update.message.migrate_to_chat_id or update.message.migrate_from_chat_id):
            # A group that moves takes its ban along.
            return False
        ids = _ids(update)
        ban = None
        if await self._may_be_banned(ids):
            ban = await find_ban(self._services.database.reader, ids)
        if ban is None or ban.id in self._services.settings.operators:
            return False
        if visit is not None:
            await self._tell(update, visit, ban.id, ban.reason)
        return True

    async def ban(self, order: Order) -> Outcome:
        """Answer /ban ID [reason], or list the bans."""
        words = order.words
        said, _, reason = order.text.partition(" ")
        who = read_id(said)
        if who is None:
            bans = (await all_bans(self._services.database.reader))[:_SHOWN]
            lines = [f"{ban.banned_at:%Y-%m-%d} {ban.id} {ban.reason}".rstrip() for ban in bans]
            return Outcome("\n".join([words.ban_how.format(count=len(lines)), *lines])[:4000])
        if who in self._services.settings.operators:
            return Outcome(words.ban_operator)
        async with self._services.database.transaction() as tx:
            await put_ban(tx, who, " ".join(reason.split()), order.visit.person, self._services.clock())
            session = await active_session(tx, ChatId(who))
        if session is not None:
            await self._crew.halt(session.id)
        await self._recount(who)
        return Outcome(words.ban_done.format(who=who))

    async def unban(self, order: Order) -> Outcome:
        """Answer /unban ID."""
        who = read_id(order.text.strip())
        if who is None:
            return Outcome(order.words.unban_how)
        async with self._services.database.transaction() as tx:
            was_banned = await remove_ban(tx, who)
            session = await active_session(tx, ChatId(who))
        if not was_banned:
            return Outcome(order.words.unban_nothing.format(who=who))
        if session is not None:
            self._crew.go_on(session.id)
        await self._recount(who)
        return Outcome(order.words.unban_done.format(who=who))

    async def _may_be_banned(self, ids: tuple[int, ...]) -> bool:
        now = time.monotonic()
        if now >= self._known_until:
            bans = await all_bans(self._services.database.reader)
            self._known, self._known_until = frozenset(ban.id for ban in bans), now + _KNOWN_FOR_S
        return not self._known.isdisjoint(ids)

    async def _recount(self, who: int) -> None:
        """Have open votes show, and count, what holds now."""
        self._known_until = 0.0
        for generation in await open_generations_of_voter(self._services.database.reader, who):
            self._crew.count_votes(generation)
        self._crew.timetable.wake()

    async def _tell(self, update: Update, visit: Visit, who: int, reason: str) -> None:
        query, message = update.callback_query, update.message
        text = message.text or "" if message is not None else ""
        if query is None and not (message is not None and (visit.audience.is_private or text.startswith("/"))):
            return
        async with self._services.database.transaction() as tx:
            is_news = await note_told(tx, who, self._services.clock())
        said = " ".join(filter(None, (visit.audience.words.toast_banned, reason)))
        if query is not None:
            await self._crew.messenger.answer(query.id, said if is_news else None)
        elif is_news:
            try:
                await self._crew.messenger.send(visit.audience, said)
            except (TelegramError, ChatUnreachableError, ChatMovedError) as error:
                log.info("chat %s was not told of a ban: %s", visit.chat, error)


def _ids(update: Update) -> tuple[int, ...]:
    """Name all that an update comes from: chat, person, and the chat in whose name somebody acts."""
    found = (update.effective_chat, update.effective_user, update.effective_sender)
    return tuple({each.id for each in found if each is not None})
