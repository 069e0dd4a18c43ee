"""Reads what operators send: one file after the other, each in a process of its own, under one message that counts.

A file is noted in the database before anything is done with it, so whatever a kill interrupts is read after the start.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Sequence
from pathlib import Path

from telegram.error import BadRequest, TelegramError

from bot.data_folder import DataFolder
from bot.messenger import ChatMovedError, ChatUnreachableError, Messenger
from bot.services import Services
from bot.teaching.folders import LessonFolder, forget_strays
from bot.teaching.keyboards import lesson_keyboard
from bot.visits import audience_of_chat
from bot.words import Words
from bot.workers import Workers
from storage.ids import LessonFileId, LessonId
from storage.lessons import (
    Lesson,
    LessonFile,
    LessonPicture,
    Refusal,
    Side,
    Step,
    close_file,
    count_waiting,
    find_lesson,
    lessons_waiting,
    next_file,
    pictures_of_lesson,
    refusals_of_lesson,
    set_tally,
)
from style.uploads.intake import Kept, Refused
from style.uploads.limits import MOST_FILE_BYTES
from style.uploads.reading import read_upload

log = logging.getLogger(__name__)

TALLY_GAP_S = 2.0
_MOST_REFUSALS = 10
_TRIES = 3


class Reading:
    """Takes pictures in, and keeps the tally of a lesson true."""

    def __init__(self, services: Services, messenger: Messenger) -> None:
        self._services = services
        self._messenger = messenger
        self._workers = Workers(self._read, "pictures of lesson")

    async def start(self) -> None:
        """Go on with what was sent before a stop or a kill."""
        for lesson in await lessons_waiting(self._services.database.reader):
            self.wake(lesson)

    def wake(self, lesson: LessonId) -> None:
        """Have a lesson's files read."""
        self._workers.wake(lesson)

    async def close(self, timeout_s: float) -> None:
        """End all reading; what was not noted as read is read after the next start."""
        await self._workers.close(timeout_s)

    async def _read(self, key: int) -> None:
        reader, clock = self._services.database.reader, asyncio.get_running_loop().time
        told_at, tries, last = -math.inf, 0, LessonFileId(0)
        while (lesson := await find_lesson(reader, LessonId(key))) and (file := await next_file(reader, lesson.id)):
            if clock() - told_at >= TALLY_GAP_S:
                # Below what has just come, the first time.
                await self._tell(lesson, is_moved=told_at < 0)
                told_at = clock()
            tries = tries + 1 if file.id == last else 1
            last = file.id
            found = await self._take(lesson, file, is_last_try=tries >= _TRIES)
            if found is None:
                await asyncio.sleep(2.0**tries)
                continue
            pictures = [LessonPicture(one.digest, one.name, one.words, ",".join(one.seen)) for one in _kept(found)]
            refusals = [Refusal(one.name, one.reason, one.other) for one in found if isinstance(one, Refused)]
            async with self._services.database.transaction() as tx:
                await close_file(tx, file, pictures, refusals)
        if lesson is not None:
            await self._tell(lesson, is_moved=False)

    async def _take(self, lesson: Lesson, file: LessonFile, *, is_last_try: bool) -> Sequence[Kept | Refused] | None:
        """Fetch a file and have it read; None: Telegram did not give it, and it is worth another try."""
        if file.size is not None and file.size > MOST_FILE_BYTES:
            return [Refused(file.name, "too_heavy", "")]
        try:
            content = await self._messenger.fetch(file.file_id)
        except TelegramError as error:
            log.info("lesson %s: %s was not fetched: %s", lesson.name, file.name, error)
            is_final = is_last_try or isinstance(error, BadRequest)
            return [Refused(file.name, "not_fetched", "")] if is_final else None
        folder = LessonFolder(DataFolder(self._services.settings.data), lesson.name)
        known = await pictures_of_lesson(self._services.database.reader, lesson.id, file.side)
        await asyncio.to_thread(forget_strays, folder, file.side, known)
        sent = folder.inbox / str(file.id)
        await asyncio.to_thread(_write, sent, content)
        try:
            return await read_upload(sent, file.name, folder.pictures(file.side))
        finally:
            sent.unlink(missing_ok=True)

    async def _tell(self, lesson: Lesson, *, is_moved: bool) -> None:
        """Send the tally, or bring it up to date."""
        audience = await audience_of_chat(self._services.database.reader, lesson.chat)
        words = audience.words
        keyboard = lesson_keyboard(words, lesson.id) if lesson.step is not Step.READY else None
        text = await self._text(words, lesson)
        try:
            if lesson.tally_message is not None and is_moved:
                await self._messenger.delete(audience, lesson.tally_message)
            elif lesson.tally_message is not None:
                await self._messenger.edit(audience, lesson.tally_message, text, keyboard)
                return
            message = await self._messenger.send(audience, text, keyboard)
            async with self._services.database.transaction() as tx:
                await set_tally(tx, lesson.id, message)
        except (TelegramError, ChatUnreachableError, ChatMovedError) as error:
            log.info("lesson %s: the tally was not shown: %s", lesson.name, error)

    async def _text(self, words: Words, lesson: Lesson) -> str:
        reader = self._services.database.reader
        kept = len(await pictures_of_lesson(reader, lesson.id, lesson.side))
        waiting = await count_waiting(reader, lesson.id)
        refusals = await refusals_of_lesson(reader, lesson.id, lesson.side)
        ends = {Side.LOW: words.slider_side_low, Side.HIGH: words.slider_side_high}
        title = lesson.title
        if lesson.side in ends:
            title = f"{title}, {lesson.slider}, {ends[lesson.side]}"
        lines = [words.tally.format(title=title, kept=kept)]
        if waiting:
            lines.append(words.tally_waiting.format(waiting=waiting))
        if refusals:
            lines.append(words.tally_refused.format(refused=len(refusals)))
            lines += [refusal_text(words, one) for one in refusals[-_MOST_REFUSALS:]]
        if not waiting:
            lines.append(words.tally_next)
        return "\n".join(lines)


def refusal_text(words: Words, refusal: Refusal) -> str:
    """Say in a line what was not taken, why, and what cures it."""
    why: str = getattr(words, f"refused_{refusal.reason}")
    return f"· {refusal.name[:40]}: {why.format(other=refusal.other[:40])}"


def _kept(found: Sequence[Kept | Refused]) -> list[Kept]:
    return [one for one in found if isinstance(one, Kept)]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
