"""/broadcast: a text for all chats, shown and confirmed first, sent slowly, and never twice to a chat.

Each attempt is written down before it is made, so that after a kill the rest is sent, and what was under way is counted
as unknown. Knows nothing of who may order it.
"""

from __future__ import annotations

import asyncio
import logging

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, TelegramError

from bot.callback_data import Operate, write
from bot.crew import Crew
from bot.messenger import ChatMovedError, ChatUnreachableError, retry_after_s, was_not_sent
from bot.operators.register import Order
from bot.outcomes import Outcome
from bot.services import Services
from bot.visits import Audience, audience_of_chat
from bot.words import Words
from bot.workers import Workers
from storage.broadcasts import (
    Arrival,
    Broadcast,
    BroadcastStatus,
    add_broadcast,
    address_broadcast,
    attempt_next,
    count_arrivals,
    count_reachable,
    find_broadcast,
    move_broadcast,
    note_arrival,
    sending_broadcasts,
)
from storage.ids import BroadcastId, ChatId, MessageId

log = logging.getLogger(__name__)

MOST_CHARACTERS = 4_000
GAP_S = 0.1
"""Between two chats: a third of what Telegram allows in all, so that nobody who plays waits for it."""
PAUSE_S = 5.0
"""Before another attempt, where nothing was sent and Telegram does not say how long to wait."""
_CARD_EVERY = 20


class Broadcasting:
    """Drafts, sends and counts."""

    def __init__(self, services: Services, crew: Crew) -> None:
        self._services = services
        self._crew = crew
        self._cards: dict[BroadcastId, MessageId] = {}
        self.workers = Workers(self._send, "broadcast")

    async def start(self) -> None:
        """Go on with what a stop left unsent."""
        for broadcast in await sending_broadcasts(self._services.database.reader):
            self.workers.wake(broadcast.id)

    async def draft(self, order: Order) -> Outcome:
        """Answer /broadcast TEXT: show what it would be, and ask."""
        words, text = order.words, order.text.strip()
        if not text or len(text) > MOST_CHARACTERS:
            return Outcome(words.broadcast_how.format(most=MOST_CHARACTERS))
        async with self._services.database.transaction() as tx:
            key = await add_broadcast(tx, order.visit.person, text, self._services.clock())
            count = await count_reachable(tx)

        async def ask() -> None:
            await self._crew.messenger.send(order.visit.audience, text)
            question = words.broadcast_sure.format(count=count)
            await self._crew.messenger.send(order.visit.audience, question, _asking(words, key, count))

        return Outcome(None, ask)

    async def confirm(self, order: Order) -> Outcome:
        """Begin to send a draft; a second press finds it begun."""
        found = await self._named(order)
        if found is None or order.message is None:
            return Outcome(order.words.toast_unknown_button)
        async with self._services.database.transaction() as tx:
            draft, sending = BroadcastStatus.DRAFT, BroadcastStatus.SENDING
            if not await move_broadcast(tx, found.id, draft, sending, self._services.clock()):
                return Outcome(order.words.broadcast_begun)
            await address_broadcast(tx, found.id)
        self._cards[found.id] = order.message
        self.workers.wake(found.id)
        return Outcome(order.words.broadcast_begun)

    async def discard(self, order: Order) -> Outcome:
        """Give up a draft, or stop what is being sent; what was sent stays."""
        found, now = await self._named(order), self._services.clock()
        if found is None or order.message is None:
            return Outcome(order.words.toast_unknown_button)
        message, stopped = order.message, BroadcastStatus.STOPPED
        async with self._services.database.transaction() as tx:
            was_draft = await move_broadcast(tx, found.id, BroadcastStatus.DRAFT, stopped, now)
            was_sending = await move_broadcast(tx, found.id, BroadcastStatus.SENDING, stopped, now)
        if was_sending:
            self.workers.wake(found.id)
        if not was_draft:
            return Outcome(order.words.broadcast_stopping if was_sending else order.words.toast_nothing_to_cancel)
        audience, text = order.visit.audience, order.words.broadcast_discarded
        return Outcome(text, lambda: self._crew.messenger.edit(audience, message, text))

    async def _named(self, order: Order) -> Broadcast | None:
        if not order.subject.isdecimal():
            return None
        return await find_broadcast(self._services.database.reader, BroadcastId(int(order.subject[:15])))

    async def _send(self, key: int) -> None:
        broadcast = await find_broadcast(self._services.database.reader, BroadcastId(key))
        if broadcast is None:
            return
        count = 0
        while (chat := await self._next(broadcast.id)) is not None:
            if count % _CARD_EVERY == 0:
                await self._show(broadcast)
            count += 1
            await self._try(broadcast, chat)
            await asyncio.sleep(GAP_S)
        await self._report(broadcast)

    async def _next(self, key: BroadcastId) -> ChatId | None:
        async with self._services.database.transaction() as tx:
            return await attempt_next(tx, key)

    async def _try(self, broadcast: Broadcast, chat: ChatId) -> None:
        """Send to one chat and write down what came of it; where nobody knows, it stays attempted."""
        arrival: Arrival | None = Arrival.SENT
        pause_s = 0.0
        try:
            await self._crew.messenger.send(
                await audience_of_chat(self._services.database.reader, ChatId(chat)), broadcast.text
            )
        except ChatMovedError as error:
            chat, arrival = error.new, Arrival.WAITING
        except (ChatUnreachableError, BadRequest) as error:
            log.info("broadcast %s: chat %s: %s", broadcast.id, chat, error)
            arrival = Arrival.FAILED
        except TelegramError as error:
            log.warning("broadcast %s: chat %s: %s", broadcast.id, chat, error)
            arrival = Arrival.WAITING if was_not_sent(error) else None
            pause_s = max(PAUSE_S, retry_after_s(error)) if arrival else 0.0
        if arrival is not None:
            async with self._services.database.transaction() as tx:
                await note_arrival(tx, broadcast.id, chat, arrival)
        await asyncio.sleep(pause_s)

    async def _show(self, broadcast: Broadcast) -> None:
        """Say in the card how far it is."""
        card = self._cards.get(broadcast.id)
        if card is None:
            return
        reader = self._services.database.reader
        audience, counts = (
            await audience_of_chat(reader, ChatId(broadcast.author)),
            await count_arrivals(reader, broadcast.id),
        )
        text = audience.words.broadcast_progress.format(sent=counts[Arrival.SENT], total=sum(counts.values()))
        keyboard = _stopping(audience.words, broadcast.id)
        await self._crew.messenger.edit(audience, card, text, keyboard, optional=True)

    async def _report(self, broadcast: Broadcast) -> None:
        """Tell the counts, then end it: killed in between, they are told again."""
        reader = self._services.database.reader
        found = await find_broadcast(reader, broadcast.id)
        if found is None or found.status not in (BroadcastStatus.SENDING, BroadcastStatus.STOPPED):
            return
        audience = await audience_of_chat(reader, ChatId(broadcast.author))
        counts = await count_arrivals(reader, broadcast.id)
        text = audience.words.broadcast_done.format(
            sent=counts[Arrival.SENT],
            failed=counts[Arrival.FAILED],
            unknown=counts[Arrival.ATTEMPTED],
            left=counts[Arrival.WAITING],
        )
        try:
            await self._tell(audience, broadcast.id, text)
        except (TelegramError, ChatUnreachableError, ChatMovedError) as error:
            log.warning("broadcast %s: its author was not told: %s", broadcast.id, error)
        log.info("broadcast %s has ended: %s", broadcast.id, {str(name): count for name, count in counts.items()})
        async with self._services.database.transaction() as tx:
            await move_broadcast(tx, broadcast.id, found.status, BroadcastStatus.DONE, self._services.clock())

    async def _tell(self, audience: Audience, key: BroadcastId, text: str) -> None:
        if (card := self._cards.pop(key, None)) is not None:
            await self._crew.messenger.delete(audience, card)
        await self._crew.messenger.send(audience, text, must_arrive=True)


def _asking(words: Words, key: BroadcastId, count: int) -> InlineKeyboardMarkup:
    send = InlineKeyboardButton(
        words.button_broadcast_send.format(count=count), callback_data=write(Operate("castsend", str(key)))
    )
    return InlineKeyboardMarkup(
        [[send], [InlineKeyboardButton(words.button_cancel, callback_data=write(Operate("caststop", str(key))))]]
    )


def _stopping(words: Words, key: BroadcastId) -> InlineKeyboardMarkup:
    stop = InlineKeyboardButton(words.button_stop, callback_data=write(Operate("caststop", str(key))))
    return InlineKeyboardMarkup([[stop]])
