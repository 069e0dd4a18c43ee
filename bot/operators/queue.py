"""/queue: what is painted, what waits, and whatever else takes the machine's time, each with a button that ends it.

Other parts add their own by `sources`. Knows nothing of who may ask.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import TelegramError

from bot.callback_data import Operate, write
from bot.crew import Crew
from bot.generations import back_to_voting
from bot.hours import span
from bot.messenger import ChatMovedError, ChatUnreachableError
from bot.operators.register import Order
from bot.outcomes import Outcome
from bot.services import Services
from bot.visits import audience_of
from bot.words import Words
from storage.chats import find_chat
from storage.database import Reader
from storage.generations import Generation, latest_generation
from storage.ids import SessionId
from storage.sessions import Phase, Session, find_session, unfinished_sessions

log = logging.getLogger(__name__)

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in the queue, in words, and what its button does, if it can be ended."""

    text: str
    button: str = ""
    press: Operate | None = None


Source = Callable[[Words], Awaitable[Sequence[Line]]]


class Queue:
    """Shows the queue, and cancels paintings."""

    def __init__(self, services: Services, crew: Crew) -> None:
        self._services = services
        self._crew = crew
        self.sources: list[Source] = [self._paintings]

    async def show(self, order: Order) -> Outcome:
        """Answer /queue."""
        text, keyboard = await self._view(order.words)

        async def send() -> None:
            await self._crew.messenger.send(order.visit.audience, text, keyboard)

        return Outcome(None, send)

    async def cancel(self, order: Order) -> Outcome:
        """Cancel a painting: its chat is told, and is back at the vote before; a second press finds nothing."""
        words, message = order.words, order.message
        if not order.subject.isdecimal() or not order.value.isdecimal() or message is None:
            return Outcome(words.toast_unknown_button)
        is_cancelled = await self._cancel(SessionId(int(order.subject[:15])), int(order.value[:15]))

        async def show() -> None:
            text, keyboard = await self._view(words)
            await self._crew.messenger.edit(order.visit.audience, message, text, keyboard)

        return Outcome(words.toast_cancelled if is_cancelled else words.toast_nothing_to_cancel, show)

    async def _cancel(self, key: SessionId, number: int) -> bool:
        if await _painted(self._services.database.reader, key, number) is None:
            return False
        # The painting must not come to its end while it is being taken back.
        await self._crew.halt(key)
        try:
            async with self._services.database.transaction() as tx:
                painted = await _painted(tx, key, number)
                if painted is None:
                    return False
                session, generation = painted
                before = await back_to_voting(tx, session, generation, self._services.clock())
        finally:
            self._crew.go_on(key)
        await self._tell(session, generation, before)
        return True

    async def _tell(self, session: Session, generation: Generation, before: Generation | None) -> None:
        audience = await audience_of(self._services.database.reader, session)
        if before is not None:
            self._crew.refresh(before.id)
        words = audience.words
        text = words.cancelled_by_operator if before is None else words.cancelled_by_operator_to_voting
        try:
            if generation.closed_at is None and generation.progress_message_id is not None:
                await self._crew.messenger.delete(audience, generation.progress_message_id)
            await self._crew.messenger.send(audience, text.format(number=0 if before is None else before.number))
        except (TelegramError, ChatUnreachableError, ChatMovedError) as error:
            log.info("chat %s was not told that its painting was cancelled: %s", session.chat, error)

    async def _view(self, words: Words) -> tuple[str, InlineKeyboardMarkup | None]:
        lines = [line for source in self.sources for line in await source(words)]
        keys = [
            [InlineKeyboardButton(line.button, callback_data=write(line.press))]
            for line in lines[:MOST_SHOWN]
            if line.press is not None
        ]
        text = words.queue_title.format(count=len(lines)) if lines else words.queue_empty
        told = "\n".join([text, *(line.text for line in lines[:MOST_SHOWN])])
        return told, InlineKeyboardMarkup(keys) if keys else None

    async def _paintings(self, words: Words) -> Sequence[Line]:
        unfinished = await unfinished_sessions(self._services.database.reader)
        working = [session for session in unfinished if session.phase in (Phase.PAINTING, Phase.DELIVERING)]
        return [await self._line(words, session) for session in working]

    async def _line(self, words: Words, session: Session) -> Line:
        reader, now = self._services.database.reader, self._services.clock()
        chat, generation = await find_chat(reader, session.chat), await latest_generation(reader, session.id)
        title = str(session.chat) if chat is None else chat.title
        number = 1 if generation is None else generation.number
        since = session.created_at if generation is None else generation.painting_at
        text = words.queue_line.format(
            title=title[:40],
            chat=session.chat,
            style=session.style_name,
            number=number,
            state=self._state(words, session),
            time=span(words, now - since),
        )
        if session.phase is not Phase.PAINTING or generation is None:
            return Line(text)
        press = Operate("giveup", str(session.id), str(number))
        return Line(text, f"{words.button_cancel}: {title[:30]}", press)

    def _state(self, words: Words, session: Session) -> str:
        progress = self._crew.progress.get(session.id)
        if session.phase is Phase.DELIVERING:
            return words.queue_sending
        if progress is None or progress.phase == "queued" or not progress.total:
            return words.queue_waiting
        return words.queue_painting.format(percent=round(100 * progress.done / progress.total))


async def _painted(reader: Reader, key: SessionId, number: int) -> tuple[Session, Generation] | None:
    """Find a session and its last generation, if it is that of the button and is being painted."""
    session, generation = await find_session(reader, key), await latest_generation(reader, key)
    if session is None or generation is None or session.phase is not Phase.PAINTING:
        return None
    return (session, generation) if generation.number == number else None
