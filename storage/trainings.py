"""Trainings of lessons, and the publications of what they made. Knows nothing of how a training goes."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.database import Reader, Transaction
from storage.errors import WrongPhaseError
from storage.ids import ChatId, LessonId, MessageId, PersonId, TrainingId
from storage.times import from_text, to_text


class TrainingState(StrEnum):
    """What a training is at; FINISHING: it has learned, and its pack is made and measured."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHING = "finishing"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    DISCARDED = "discarded"


UNDER_WAY = (TrainingState.QUEUED, TrainingState.RUNNING, TrainingState.FINISHING)


@dataclass(frozen=True, slots=True)
class Training:
    """A version of a lesson's style in the making, or made; `deaths` are those of its process in a row.

    With `slider` it adds that one to the version before; else it learns the style anew, and with `takes_liked` from
    pictures that people liked as well.
    """

    id: TrainingId
    lesson: LessonId
    version: int
    steps: int
    state: TrainingState
    chat: ChatId
    card_message: MessageId | None
    deaths: int
    error: str | None
    slider: str | None = None
    takes_liked: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """A version that was put before people."""

    name: str
    version: int
    digest: str
    published_at: datetime


async def open_training(
    tx: Transaction,
    lesson: LessonId,
    steps: int,
    chat: ChatId,
    at: datetime,
    *,
    slider: str | None = None,
    takes_liked: bool = False,
) -> Training:
    """Queue a training: the lesson's next version."""
    (row,) = await tx.all(
        """
        INSERT INTO trainings (lesson, version, steps, state, chat, created_at, slider, takes_liked)
        VALUES (
            ?1, (SELECT coalesce(max(version), 0) + 1 FROM trainings WHERE lesson = ?1), ?2, 'queued', ?3, ?4, ?5, ?6
        )
        RETURNING *
        """,
        (lesson, steps, chat, to_text(at), slider, int(takes_liked)),
    )
    return _training(row)


async def find_training(reader: Reader, training: TrainingId) -> Training | None:
    """Return the training, if there is one of that id."""
    row = await reader.one("SELECT * FROM trainings WHERE id = ?", (training,))
    return None if row is None else _training(row)


async def trainings_of_lesson(reader: Reader, lesson: LessonId) -> tuple[Training, ...]:
    """Return a lesson's trainings, the first version first."""
    rows = await reader.all("SELECT * FROM trainings WHERE lesson = ? ORDER BY version", (lesson,))
    return tuple(map(_training, rows))


async def trainings_under_way(reader: Reader) -> tuple[Training, ...]:
    """Return the trainings that are not at an end, in the order in which the device takes them."""
    rows = await reader.all(
        """
        SELECT * FROM trainings WHERE state IN ('queued', 'running', 'finishing')
        ORDER BY state = 'queued', id
        """
    )
    return tuple(map(_training, rows))


async def set_training_state(
    tx: Transaction, training: TrainingId, expected: TrainingState, state: TrainingState, error: str | None = None
) -> None:
    """Take a training from the state that the caller believes it is in to another.

    Raises:
        WrongPhaseError: it is in another state, so somebody else was faster.
    """
    sql = "UPDATE trainings SET state = ?, error = ? WHERE id = ? AND state = ? RETURNING id"
    if await tx.one(sql, (state, error, training, expected)) is None:
        raise WrongPhaseError(f"training {training} is not {expected} (on the way to {state})")


async def set_deaths(tx: Transaction, training: TrainingId, deaths: int) -> None:
    """Note how often in a row the training's process has died."""
    await tx.all("UPDATE trainings SET deaths = ? WHERE id = ?", (deaths, training))


async def set_steps(tx: Transaction, training: TrainingId, steps: int) -> None:
    """Order another number of steps."""
    await tx.all("UPDATE trainings SET steps = ? WHERE id = ?", (steps, training))


async def set_card(tx: Transaction, training: TrainingId, message: MessageId | None) -> None:
    """Note the message that shows the training."""
    await tx.all("UPDATE trainings SET card_message = ? WHERE id = ?", (message, training))


async def publish_version(
    tx: Transaction, name: str, version: int, digest: str, operator: PersonId, at: datetime
) -> None:
    """Note that a version was put before people."""
    await tx.all(
        "INSERT INTO publications (name, version, digest, operator, published_at) VALUES (?, ?, ?, ?, ?)",
        (name, version, digest, operator, to_text(at)),
    )


async def publications_of(reader: Reader, name: str) -> tuple[Publication, ...]:
    """Return the publications of a style, the first one first."""
    rows = await reader.all("SELECT * FROM publications WHERE name = ? ORDER BY id", (name,))
    return tuple(
        Publication(row["name"], row["version"], row["digest"], from_text(row["published_at"])) for row in rows
    )


async def sessions_by_style(reader: Reader) -> dict[str, int]:
    """Count the sessions of each style."""
    rows = await reader.all("SELECT style_name, count(*) AS n FROM sessions GROUP BY style_name")
    return {row["style_name"]: int(row["n"]) for row in rows}


def _training(row: sqlite3.Row) -> Training:
    return Training(
        id=TrainingId(row["id"]),
        lesson=LessonId(row["lesson"]),
        version=row["version"],
        steps=row["steps"],
        state=TrainingState(row["state"]),
        chat=ChatId(row["chat"]),
        card_message=None if row["card_message"] is None else MessageId(row["card_message"]),
        deaths=row["deaths"],
        error=row["error"],
        slider=row["slider"],
        takes_liked=bool(row["takes_liked"]),
    )
