"""Shows each training in one message, edited as often as the chat's limits allow.

What it shows comes from the database and the training's folder; a message that is gone is sent anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from telegram.error import TelegramError

from bot.data_folder import DataFolder
from bot.messenger import ChatMovedError, ChatUnreachableError, Messenger
from bot.services import Services
from bot.teaching.folders import LessonFolder
from bot.teaching.keyboards import training_keyboard
from bot.teaching.training_card import Live, caption_of, draw_card, memory_of
from bot.visits import audience_of_chat
from storage.ids import MessageId, TrainingId
from storage.lessons import find_lesson
from storage.trainings import find_training, set_card
from style.report.record import read_record
from style.trainer import Event, process_of

log = logging.getLogger(__name__)

EDIT_GAP_S = 3.0
_PICTURED = ("validation", "samples")


class TrainingCards:
    """Sends cards, and keeps them true."""

    def __init__(self, services: Services, messenger: Messenger, gap_s: float = EDIT_GAP_S) -> None:
        self._services = services
        self._messenger = messenger
        self._gap_s = gap_s

    async def show(self, training: TrainingId, live: Live | None = None, *, is_new: bool) -> None:
        """Show a training as it is now; `is_new` says that its picture or its keyboard are others than before.

        A card that cannot be drawn or sent is logged, and no reason to stop learning.
        """
        try:
            await self._show(training, live or Live(), is_new=is_new)
        except (TelegramError, ChatUnreachableError, ChatMovedError) as error:
            log.info("training %s: its card was not shown: %s", training, error)
        except Exception:
            log.exception("training %s: its card was not drawn", training)

    async def _show(self, training: TrainingId, live: Live, *, is_new: bool) -> None:
        reader = self._services.database.reader
        found = await find_training(reader, training)
        lesson = None if found is None else await find_lesson(reader, found.lesson)
        if found is None or lesson is None:
            return
        folder = LessonFolder(DataFolder(self._services.settings.data), lesson.name).version(found.version)
        audience = await audience_of_chat(reader, found.chat)
        record = await asyncio.to_thread(read_record, folder)
        caption = caption_of(audience.words, lesson.title, found, record, live)
        keyboard = training_keyboard(audience.words, found.id, found.state)
        card = found.card_message
        picture = await asyncio.to_thread(draw_card, folder, found.steps) if is_new or card is None else None
        if card is not None or picture is None:
            assert card is not None, "a card without a message has a picture"  # noqa: S101 - see above
            await self._messenger.show_picture(audience, card, picture, caption, keyboard, optional=not is_new)
            return
        sent = await self._messenger.send_photo(audience, picture, caption, keyboard)
        async with self._services.database.transaction() as tx:
            await set_card(tx, training, MessageId(sent.message_id))

    @contextlib.asynccontextmanager
    async def following(self, training: TrainingId, folder: Path) -> AsyncIterator[Callable[[Event], None]]:
        """Keep the card up to date for as long as the block runs, by the events that it is given."""
        news: asyncio.Queue[Event] = asyncio.Queue()
        task = asyncio.create_task(self._follow(training, folder, news), name=f"card of training {training}")
        try:
            yield news.put_nowait
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _follow(self, training: TrainingId, folder: Path, news: asyncio.Queue[Event]) -> None:
        left_s: float | None = None
        is_first = True
        while True:
            events = [await news.get()]
            while not news.empty():
                events.append(news.get_nowait())
            left_s = next((float(one["seconds_left"]) for one in events[::-1] if one["event"] == "step"), left_s)
            live = Live(left_s, memory_of(process_of(folder)))
            await self.show(training, live, is_new=is_first or any(one["event"] in _PICTURED for one in events))
            is_first = False
            await asyncio.sleep(self._gap_s)
