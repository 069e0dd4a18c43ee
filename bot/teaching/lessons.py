"""The use cases of a lesson: a name, a title, pictures, attributes; then it can be trained.

What it waits for is a column of the database, so the conversation goes on after a restart. Knows nothing of how a
picture is read nor of how a style is learned.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable, Sequence

from bot.data_folder import DataFolder
from bot.messenger import Messenger
from bot.outcomes import REPEATED, Outcome
from bot.services import Services
from bot.teaching.attributes import Row, corrected, proposed, read_rows, said, without
from bot.teaching.folders import LessonFolder
from bot.teaching.keyboards import attributes_keyboard
from bot.teaching.reading import Reading
from bot.visits import Audience, Visit, enter
from bot.words import Words
from storage.database import Transaction
from storage.ids import LessonId
from storage.lessons import (
    Lesson,
    NewLessonFile,
    Side,
    Step,
    add_file,
    begin_slider,
    count_waiting,
    delete_lesson,
    find_lesson,
    lesson_named,
    open_lesson,
    open_lesson_in,
    pictures_of_lesson,
    set_attributes,
    set_step,
    set_tally,
    set_title,
)
from storage.trainings import UNDER_WAY, Training, open_training, publications_of, trainings_of_lesson
from style.training.paintings import LEAST

SLIDER_STEPS = 300
_MOST_TITLE = 60


class Lessons:
    """What an operator can do to a lesson."""

    def __init__(
        self,
        services: Services,
        messenger: Messenger,
        reading: Reading,
        begin_training: Callable[[Training], Awaitable[None]],
    ) -> None:
        self._services = services
        self._begin_training = begin_training
        self._messenger = messenger
        self._reading = reading

    async def begin(self, visit: Visit, name: str) -> Outcome:
        """Begin a lesson; of a name that is being taught, go back to gathering pictures for its next version."""
        words, now = visit.audience.words, self._services.clock()
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, now):
                return REPEATED
            under_way, known = await open_lesson_in(tx, visit.chat), await lesson_named(tx, name)
            if under_way is not None and under_way.name != name:
                return Outcome(words.lesson_other_open.format(name=under_way.name))
            if known is not None and known.chat != visit.chat:
                return Outcome(words.lesson_taken.format(name=name))
            packs = DataFolder(self._services.settings.data).packs
            if known is None and (name in self._services.shelf.packs or (packs / name).exists()):
                return Outcome(words.lesson_taken.format(name=name))
            if known is None:
                await open_lesson(tx, name, name, visit.chat, now)
                return Outcome(words.lesson_title.format(name=name))
            await set_tally(tx, known.id, None)
            if known.step is Step.TITLE:
                return Outcome(words.lesson_title.format(name=name))
            await set_step(tx, known.id, Step.PICTURES)
        kept = len(await pictures_of_lesson(self._services.database.reader, known.id))
        return Outcome(words.lesson_again.format(title=known.title, kept=kept))

    async def hear(self, visit: Visit, lesson: Lesson, text: str) -> Outcome:
        """Take a line of text for what the lesson waits for."""
        words = visit.audience.words
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
            if lesson.step is Step.TITLE:
                title = " ".join(text.split())[:_MOST_TITLE]
                await set_title(tx, lesson.id, title)
                await set_step(tx, lesson.id, Step.PICTURES)
                return Outcome(words.lesson_pictures.format(title=title))
            if lesson.step in (Step.PICTURES, Step.LOW, Step.HIGH):
                return Outcome(words.lesson_hint)
            rows = corrected(read_rows(lesson.attributes), text)
            if rows is None:
                return Outcome(words.attributes_unread)
            await set_attributes(tx, lesson.id, json.dumps(rows, ensure_ascii=False))
        return Outcome(None, lambda: self._offer(visit.audience, lesson.id, rows))

    async def receive(self, visit: Visit, lesson: Lesson, new: NewLessonFile) -> None:
        """Note a file, and have it read."""
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return
            if lesson.step is Step.TITLE:
                await set_step(tx, lesson.id, Step.PICTURES)
            await add_file(tx, lesson.id, new, lesson.side)
        self._reading.wake(lesson.id)

    async def done(self, visit: Visit, lesson: Lesson) -> Outcome:
        """Take the lesson a step on: from pictures to attributes, from those to training."""
        words = visit.audience.words
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
            if lesson.step in (Step.ATTRIBUTES, Step.READY):
                await set_step(tx, lesson.id, Step.READY)
                return self._said(visit, words.toast_attributes_kept, words.lesson_ready.format(name=lesson.name))
            if waiting := await count_waiting(tx, lesson.id):
                return Outcome(words.lesson_waiting.format(waiting=waiting))
            if lesson.side is not Side.STYLE:
                return await self._end_side(tx, visit, lesson)
            pictures = await pictures_of_lesson(tx, lesson.id)
            if len(pictures) < LEAST:
                return Outcome(words.lesson_too_few.format(kept=len(pictures), least=LEAST))
            rows = read_rows(lesson.attributes) or proposed(pictures, lesson.name)
            await set_attributes(tx, lesson.id, json.dumps(rows, ensure_ascii=False))
            await set_step(tx, lesson.id, Step.ATTRIBUTES)
        return Outcome(words.toast_pictures_kept, lambda: self._offer(visit.audience, lesson.id, rows))

    async def begin_slider(self, visit: Visit, lesson: Lesson, slider: str) -> Outcome:
        """Gather the pictures of a slider's ends, the low one first."""
        words, folder = visit.audience.words, self._folder(lesson)
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
            if lesson.step is not Step.READY:
                return Outcome(words.lesson_unready.format(name=lesson.name))
            await begin_slider(tx, lesson.id, slider)
        for side in (Side.LOW, Side.HIGH):
            await asyncio.to_thread(shutil.rmtree, folder.pictures(side), ignore_errors=True)
        return Outcome(words.slider_low.format(slider=slider))

    async def _end_side(self, tx: Transaction, visit: Visit, lesson: Lesson) -> Outcome:
        """Go on from the low end to the high one; from that one to the training."""
        words = visit.audience.words
        low = await pictures_of_lesson(tx, lesson.id, Side.LOW)
        high = await pictures_of_lesson(tx, lesson.id, Side.HIGH)
        if not low:
            return Outcome(words.slider_none)
        if lesson.step is Step.LOW:
            await set_step(tx, lesson.id, Step.HIGH)
            await set_tally(tx, lesson.id, None)
            return Outcome(words.slider_high.format(slider=lesson.slider, count=len(low)))
        if len(low) != len(high):
            return Outcome(words.slider_uneven.format(low=len(low), high=len(high)))
        await set_step(tx, lesson.id, Step.READY)
        now = self._services.clock()
        training = await open_training(tx, lesson.id, SLIDER_STEPS, visit.chat, now, slider=lesson.slider)
        return Outcome(words.toast_pictures_kept, lambda: self._begin_training(training))

    async def drop(self, visit: Visit, lesson: Lesson, index: int) -> Outcome:
        """Leave an attribute out."""
        words = visit.audience.words
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
            rows = without(read_rows(lesson.attributes), index)
            if rows is None:
                return Outcome(words.attributes_last)
            await set_attributes(tx, lesson.id, json.dumps(rows, ensure_ascii=False))
        return Outcome(words.toast_dropped, lambda: self._offer(visit.audience, lesson.id, rows))

    async def discard(self, visit: Visit, lesson: Lesson) -> Outcome:
        """Give a lesson up: all that was sent for it is deleted, unless people paint with what it taught."""
        words, reader = visit.audience.words, self._services.database.reader
        if lesson.side is not Side.STYLE:
            async with self._services.database.transaction() as tx:
                if not await enter(tx, visit, self._services.clock()):
                    return REPEATED
                await set_step(tx, lesson.id, Step.READY)
            return self._said(visit, words.toast_discarded, words.lesson_ready.format(name=lesson.name))
        is_busy = any(one.state in UNDER_WAY for one in await trainings_of_lesson(reader, lesson.id))
        if is_busy or await publications_of(reader, lesson.name):
            return Outcome(words.lesson_in_use.format(name=lesson.name))
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
            await delete_lesson(tx, lesson.id)
        await asyncio.to_thread(shutil.rmtree, self._folder(lesson).root, ignore_errors=True)
        return self._said(visit, words.toast_discarded, words.lesson_discarded.format(name=lesson.name))

    def _folder(self, lesson: Lesson) -> LessonFolder:
        return LessonFolder(DataFolder(self._services.settings.data), lesson.name)

    def _said(self, visit: Visit, toast: str, text: str) -> Outcome:
        async def say() -> None:
            await self._messenger.send(visit.audience, text)

        return Outcome(toast, say)

    async def _offer(self, audience: Audience, lesson: LessonId, rows: Sequence[Row]) -> None:
        """Show the attributes as they are now."""
        found = await find_lesson(self._services.database.reader, lesson)
        if found is not None:
            text = attributes_text(audience.words, found, rows)
            keyboard = attributes_keyboard(audience.words, lesson, [str(row["name"]) for row in rows])
            await self._messenger.send(audience, text, keyboard)


def attributes_text(words: Words, lesson: Lesson, rows: Sequence[Row]) -> str:
    """Say the attributes, each as it can be typed, and how to change them."""
    listed = "\n".join(said(row) for row in rows)
    return words.attributes.format(title=lesson.title, attributes=listed)
