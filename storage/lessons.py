"""Lessons: a style that an operator teaches, with what was sent for it, and what became of each file.

Knows nothing of what attributes and reasons mean, nor where pictures lie.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.database import Reader, Transaction
from storage.ids import ChatId, LessonFileId, LessonId, MessageId
from storage.times import from_text_or_none, to_text


class Step(StrEnum):
    """What a lesson waits for; READY: it can be trained; LOW and HIGH: pictures of a slider's two ends."""

    TITLE = "title"
    PICTURES = "pictures"
    ATTRIBUTES = "attributes"
    READY = "ready"
    LOW = "low"
    HIGH = "high"


class Side(StrEnum):
    """What a picture is for: the style itself, or an end of a slider."""

    STYLE = "style"
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Lesson:
    """A style being taught in the private chat of its operator; `attributes` is JSON.

    `slider` is the name of the one whose pictures are gathered, or were last.
    """

    id: LessonId
    name: str
    title: str
    chat: ChatId
    step: Step
    tally_message: MessageId | None
    attributes: str
    slider: str | None = None

    @property
    def side(self) -> Side:
        """What pictures that come now are for."""
        return {Step.LOW: Side.LOW, Step.HIGH: Side.HIGH}.get(self.step, Side.STYLE)


@dataclass(frozen=True, slots=True)
class LessonFile:
    """A file that was sent; `size` in bytes, where Telegram told it."""

    id: LessonFileId
    lesson: LessonId
    file_id: str
    name: str
    size: int | None
    side: Side = Side.STYLE


@dataclass(frozen=True, slots=True)
class NewLessonFile:
    """A file to be read; `words` are those of its caption, which hold for its whole album."""

    file_id: str
    name: str
    size: int | None = None
    media_group: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class LessonPicture:
    """A picture that was taken in; `words` are those given to it, `seen` those that its pixels tell."""

    digest: str
    name: str
    words: str
    seen: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken in."""

    name: str
    reason: str
    other: str


async def open_lesson(tx: Transaction, name: str, title: str, chat: ChatId, at: datetime) -> Lesson:
    """Begin a lesson.

    Raises:
        ConstraintError: there is one of that name.
    """
    sql = "INSERT INTO lessons (name, title, chat, step, created_at) VALUES (?, ?, ?, 'title', ?) RETURNING *"
    (row,) = await tx.all(sql, (name, title, chat, to_text(at)))
    return _lesson(row)


async def find_lesson(reader: Reader, lesson: LessonId) -> Lesson | None:
    """Return the lesson, if there is one of that id."""
    row = await reader.one("SELECT * FROM lessons WHERE id = ?", (lesson,))
    return None if row is None else _lesson(row)


async def lesson_named(reader: Reader, name: str) -> Lesson | None:
    """Return the lesson of that name."""
    row = await reader.one("SELECT * FROM lessons WHERE name = ?", (name,))
    return None if row is None else _lesson(row)


async def open_lesson_in(reader: Reader, chat: ChatId) -> Lesson | None:
    """Return the lesson that goes on in a chat: the one begun last that is not ready."""
    sql = "SELECT * FROM lessons WHERE chat = ? AND step <> 'ready' ORDER BY id DESC LIMIT 1"
    row = await reader.one(sql, (chat,))
    return None if row is None else _lesson(row)


async def set_step(tx: Transaction, lesson: LessonId, step: Step) -> None:
    """Take a lesson on, or back."""
    await tx.all("UPDATE lessons SET step = ? WHERE id = ?", (step, lesson))


async def set_title(tx: Transaction, lesson: LessonId, title: str) -> None:
    """Name the style as people read it."""
    await tx.all("UPDATE lessons SET title = ? WHERE id = ?", (title, lesson))


async def set_attributes(tx: Transaction, lesson: LessonId, attributes: str) -> None:
    """Write the attributes, as JSON."""
    await tx.all("UPDATE lessons SET attributes = ? WHERE id = ?", (attributes, lesson))


async def set_tally(tx: Transaction, lesson: LessonId, message: MessageId | None) -> None:
    """Note the message that counts the pictures."""
    await tx.all("UPDATE lessons SET tally_message = ? WHERE id = ?", (message, lesson))


async def begin_slider(tx: Transaction, lesson: LessonId, slider: str) -> None:
    """Gather pictures of a slider's ends from now on; those of the slider before are forgotten."""
    await tx.all("DELETE FROM lesson_files WHERE lesson = ? AND side <> 'style'", (lesson,))
    await tx.all("UPDATE lessons SET slider = ?, step = 'low', tally_message = NULL WHERE id = ?", (slider, lesson))


async def set_retraining(tx: Transaction, lesson: LessonId, at: datetime | None) -> None:
    """Have a lesson trained again at a moment, or (None) never by itself."""
    await tx.all("UPDATE lessons SET retrain_at = ? WHERE id = ?", (None if at is None else to_text(at), lesson))


async def lessons_due(reader: Reader, now: datetime) -> tuple[Lesson, ...]:
    """Return the lessons that are to be trained again by now."""
    rows = await reader.all("SELECT * FROM lessons WHERE retrain_at <= ? ORDER BY retrain_at", (to_text(now),))
    return tuple(map(_lesson, rows))


async def next_retraining(reader: Reader) -> datetime | None:
    """Return when the next lesson is to be trained again."""
    row = await reader.one("SELECT min(retrain_at) AS at FROM lessons")
    return None if row is None else from_text_or_none(row["at"])


async def delete_lesson(tx: Transaction, lesson: LessonId) -> None:
    """Forget a lesson and all that was sent for it."""
    await tx.all("DELETE FROM lessons WHERE id = ?", (lesson,))


async def add_file(tx: Transaction, lesson: LessonId, new: NewLessonFile, side: Side = Side.STYLE) -> None:
    """Note a file that is to be read; a caption in an album is given to all of it, whichever comes first."""
    words = new.words
    if new.media_group is not None:
        if words:
            sql = "UPDATE lesson_files SET words = ? WHERE lesson = ? AND media_group = ? AND words = ''"
            await tx.all(sql, (words, lesson, new.media_group))
        else:
            sql = "SELECT words FROM lesson_files WHERE lesson = ? AND media_group = ? AND words <> '' LIMIT 1"
            row = await tx.one(sql, (lesson, new.media_group))
            words = "" if row is None else row["words"]
    await tx.all(
        "INSERT INTO lesson_files (lesson, file_id, name, size, media_group, words, side) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (lesson, new.file_id, new.name, new.size, new.media_group, words, side),
    )


async def next_file(reader: Reader, lesson: LessonId) -> LessonFile | None:
    """Return the first file that is still to be read."""
    sql = "SELECT * FROM lesson_files WHERE lesson = ? AND is_read = 0 ORDER BY id LIMIT 1"
    row = await reader.one(sql, (lesson,))
    if row is None:
        return None
    return LessonFile(
        LessonFileId(row["id"]), LessonId(row["lesson"]), row["file_id"], row["name"], row["size"], Side(row["side"])
    )


async def count_waiting(reader: Reader, lesson: LessonId) -> int:
    """Count the files that are still to be read."""
    row = await reader.one("SELECT count(*) FROM lesson_files WHERE lesson = ? AND is_read = 0", (lesson,))
    return 0 if row is None else int(row[0])


async def lessons_waiting(reader: Reader) -> tuple[LessonId, ...]:
    """Return the lessons that have files to be read."""
    rows = await reader.all("SELECT DISTINCT lesson FROM lesson_files WHERE is_read = 0 ORDER BY lesson")
    return tuple(LessonId(row["lesson"]) for row in rows)


async def close_file(
    tx: Transaction, file: LessonFile, pictures: Sequence[LessonPicture], refusals: Sequence[Refusal]
) -> None:
    """Note that a file was read, and what became of what is in it."""
    await tx.all("UPDATE lesson_files SET is_read = 1 WHERE id = ?", (file.id,))
    for one in pictures:
        await tx.all(
            """
            INSERT INTO lesson_pictures (lesson, digest, file, name, words, seen, side) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            (file.lesson, one.digest, file.id, one.name, one.words, one.seen, file.side),
        )
    for refusal in refusals:
        await tx.all(
            "INSERT INTO lesson_refusals (file, name, reason, other) VALUES (?, ?, ?, ?)",
            (file.id, refusal.name, refusal.reason, refusal.other),
        )


async def pictures_of_lesson(reader: Reader, lesson: LessonId, side: Side = Side.STYLE) -> tuple[LessonPicture, ...]:
    """Return a lesson's pictures in the order in which they came, with the words of their files added to theirs."""
    rows = await reader.all(
        """
        SELECT digest, lesson_pictures.name, lesson_pictures.words, lesson_files.words AS caption, seen
        FROM lesson_pictures JOIN lesson_files ON lesson_files.id = file
        WHERE lesson_pictures.lesson = ? AND lesson_pictures.side = ? ORDER BY file, lesson_pictures.name, digest
        """,
        (lesson, side),
    )
    return tuple(
        LessonPicture(row["digest"], row["name"], ", ".join(filter(None, (row["caption"], row["words"]))), row["seen"])
        for row in rows
    )


async def refusals_of_lesson(reader: Reader, lesson: LessonId, side: Side = Side.STYLE) -> tuple[Refusal, ...]:
    """Return what was not taken in, the newest last."""
    rows = await reader.all(
        """
        SELECT lesson_refusals.name, reason, other FROM lesson_refusals
        JOIN lesson_files ON lesson_files.id = file WHERE lesson = ? AND side = ? ORDER BY lesson_refusals.id
        """,
        (lesson, side),
    )
    return tuple(Refusal(row["name"], row["reason"], row["other"]) for row in rows)


def _lesson(row: sqlite3.Row) -> Lesson:
    return Lesson(
        id=LessonId(row["id"]),
        name=row["name"],
        title=row["title"],
        chat=ChatId(row["chat"]),
        step=Step(row["step"]),
        tally_message=None if row["tally_message"] is None else MessageId(row["tally_message"]),
        attributes=row["attributes"],
        slider=row["slider"],
    )
