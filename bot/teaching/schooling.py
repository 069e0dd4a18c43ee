"""Trains what was taught: one training at a time on the device, each in a process of its own, under one card.

What a training is at is a column of the database, and what it has learned lies in its folder: whatever is killed, the
training or the bot, it goes on from the last checkpoint. Knows nothing of how a style is learned.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from bot.data_folder import DataFolder
from bot.messenger import Messenger
from bot.services import Services
from bot.teaching.attributes import read_rows
from bot.teaching.cards import TrainingCards
from bot.teaching.folders import LESSON_FILE, LessonFolder, add_liked, forget_liked, lay_out, lay_out_ends
from bot.workers import Workers
from storage.candidates import liked_in_style
from storage.errors import WrongPhaseError
from storage.ids import TrainingId
from storage.lessons import Lesson, Side, find_lesson, pictures_of_lesson
from storage.trainings import (
    Training,
    TrainingState,
    find_training,
    publications_of,
    set_deaths,
    set_training_state,
    trainings_of_lesson,
    trainings_under_way,
)
from style.engine.process import child_environment
from style.errors import BadJobError, BadModelError, BadPicturesError, StyleError, TrainingError
from style.order import make_job, place_job
from style.pack import load_pack
from style.recipe import Recipe
from style.report.record import read_record
from style.trainer import NICED_PROGRAM, end_orphan, run_training
from style.training.job import JOB_FILE

log = logging.getLogger(__name__)

MOST_DEATHS = 3
MOST_LIKED = 12
"""Few beside what was uploaded: a style that learns from itself alone would narrow."""
_PROGRESS_STEPS = 20
"""A training that came so far before it died is not blamed for the deaths before."""
_DEVICE = 0


@dataclass(frozen=True, slots=True)
class Programs:
    """What is started: a training, given its folder; and what makes a pack of it, whose engine is nicer by 10 still."""

    trainer: Sequence[str] = NICED_PROGRAM
    finisher: Sequence[str] = ("nice", "-n", "5", sys.executable, "-m", "bot", "style", "finish", "--tied")


class Schooling:
    """Works through the trainings that are queued, in their order."""

    def __init__(self, services: Services, messenger: Messenger, programs: Programs) -> None:
        self.cards = TrainingCards(services, messenger)
        self._services = services
        self._programs = programs
        self._workers = Workers(self._school, "trainings on device")
        self._stops: dict[TrainingId, asyncio.Event] = {}
        self._closing = False

    def wake(self) -> None:
        """Have trained what is queued."""
        self._workers.wake(_DEVICE)

    async def begin(self, training: Training) -> None:
        """Show a training's card as it is now, and have done what is queued."""
        await self.cards.show(training.id, is_new=True)
        self.wake()

    def stop(self, training: TrainingId) -> None:
        """End a training that runs, with a checkpoint; what it is from then on, the database says already."""
        if training in self._stops:
            self._stops[training].set()

    async def close(self, timeout_s: float) -> None:
        """End the training that runs, with a checkpoint where there is time for it; the next start goes on."""
        self._closing = True
        for stop in self._stops.values():
            stop.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.7 * timeout_s):
                await self._workers.idle()
        await self._workers.close(0.3 * timeout_s)

    async def _school(self, _key: int) -> None:
        while not self._closing and (queue := await trainings_under_way(self._services.database.reader)):
            training = queue[0]
            lesson = await find_lesson(self._services.database.reader, training.lesson)
            assert lesson is not None, "a lesson takes its trainings with it"  # noqa: S101 - the schema holds it
            try:
                await self._advance(lesson, training)
            except WrongPhaseError:
                continue  # cancelled meanwhile
            except Exception as error:
                log.error("training %s: %r", training.id, error, exc_info=error)
                with contextlib.suppress(WrongPhaseError):
                    await self._move(training, TrainingState.FAILED, str(error) or type(error).__name__)
            finally:
                if not self._closing:
                    await self.cards.show(training.id, is_new=True)

    async def _advance(self, lesson: Lesson, training: Training) -> None:
        folder = LessonFolder(DataFolder(self._services.settings.data), lesson.name)
        match training.state:
            case TrainingState.QUEUED:
                if not (folder.version(training.version) / JOB_FILE).exists():
                    order = self._lay_out if training.slider is None else self._lay_out_slider
                    await order(folder, lesson, training)
                await self._move(training, TrainingState.RUNNING)
            case TrainingState.RUNNING:
                await self._train(folder, training)
            case TrainingState.FINISHING:
                await self._finish(folder, training)

    async def _lay_out(self, folder: LessonFolder, lesson: Lesson, training: Training) -> None:
        pictures = await pictures_of_lesson(self._services.database.reader, lesson.id)
        told: dict[str, object] = {
            "title": lesson.title,
            "attributes": read_rows(lesson.attributes),
            "credits": f"Taught on {len(pictures)} pictures.",
        }
        if training.takes_liked and (history := await publications_of(self._services.database.reader, lesson.name)):
            told["against"] = str(folder.pack(history[-1].version).absolute())
        learned_from = await asyncio.to_thread(lay_out, folder, training.version, pictures, told)
        if training.takes_liked:
            liked = await liked_in_style(self._services.database.reader, lesson.name, MOST_LIKED)
            found = [(self._services.pictures.path(digest), _words_of(recipe)) for digest, recipe in liked]
            await asyncio.to_thread(add_liked, folder, training.version, found)
        fields = {
            "name": lesson.name,
            "trigger": lesson.name,
            "model": self._services.settings.model,
            "device": self._services.settings.device,
            "pictures": str(learned_from.absolute()),
            "steps": training.steps,
            # Some five checks and three sample grids a training, however short it is.
            "validate_every": max(1, min(100, training.steps // 5)),
            "samples_every": max(1, min(200, training.steps // 3)),
        }
        await asyncio.to_thread(place_job, folder.version(training.version), make_job("style", fields))

    async def _lay_out_slider(self, folder: LessonFolder, lesson: Lesson, training: Training) -> None:
        reader, place = self._services.database.reader, folder.version(training.version)
        low = await pictures_of_lesson(reader, lesson.id, Side.LOW)
        high = await pictures_of_lesson(reader, lesson.id, Side.HIGH)
        made = [one for one in await trainings_of_lesson(reader, lesson.id) if one.state is TrainingState.DONE]
        base = folder.pack(max(one.version for one in made if one.version < training.version))
        style = load_pack(base).style
        assert style is not None, "a lesson teaches a style first"  # noqa: S101 - our own bug
        ends = await asyncio.to_thread(lay_out_ends, folder, training.version, low, high)
        fields = {
            "name": training.slider,
            "model": self._services.settings.model,
            "device": self._services.settings.device,
            "base": str(ends[0].absolute()),
            "changed": str(ends[1].absolute()),
            "caption": lesson.name,
            "style": str(style.path),
            "steps": training.steps,
        }
        (place / LESSON_FILE).write_text(json.dumps({"title": lesson.title, "base": str(base.absolute())}), "utf-8")
        await asyncio.to_thread(place_job, place, make_job("slider", fields))

    async def _train(self, folder: LessonFolder, training: Training) -> None:
        place = folder.version(training.version)
        await end_orphan(place)
        stop = self._stops[training.id] = asyncio.Event()
        began_at = max((step for step, _ in read_record(place).losses), default=0)
        try:
            async with self.cards.following(training.id, place) as heard:
                outcome = await run_training(place, heard, stop, program=self._programs.trainer)
        except (BadJobError, BadModelError, BadPicturesError) as error:
            await self._move(training, TrainingState.FAILED, str(error))
        except TrainingError as error:
            step = max((step for step, _ in read_record(place).losses), default=0)
            await self._bury(training, str(error), is_first=step - began_at >= _PROGRESS_STEPS)
        else:
            if outcome.adapter is not None:
                await self._move(training, TrainingState.FINISHING)
        finally:
            del self._stops[training.id]

    async def _bury(self, training: Training, error: str, *, is_first: bool) -> None:
        """Count a death of the process: it is started again from its checkpoint, but not for ever."""
        deaths = 1 if is_first else training.deaths + 1
        log.warning("training %s has died (%s in a row): %s", training.id, deaths, error)
        async with self._services.database.transaction() as tx:
            await set_deaths(tx, training.id, deaths)
        if deaths >= MOST_DEATHS:
            await self._move(training, TrainingState.FAILED, error)

    async def _finish(self, folder: LessonFolder, training: Training) -> None:
        """Have the pack made and measured in a process of its own."""
        await self.cards.show(training.id, is_new=True)
        stop = self._stops[training.id] = asyncio.Event()
        settings = self._services.settings
        process = await asyncio.create_subprocess_exec(
            *self._programs.finisher,
            str(folder.version(training.version)),
            # Held open for as long as this process lives.
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={
                **child_environment(os.environ),
                "VERNISSAGE_DATA": str(settings.data.absolute()),
                "VERNISSAGE_MODEL": settings.model,
                "VERNISSAGE_DEVICE": settings.device,
            },
        )
        try:
            said = await _until(process, stop)
        finally:
            del self._stops[training.id]
            if process.returncode is None:
                process.kill()
                await process.wait()
        if stop.is_set():
            return
        if process.returncode != 0:
            raise StyleError(said.strip()[-500:] or f"exit status {process.returncode}")
        await asyncio.to_thread(forget_liked, folder.version(training.version))
        await self._move(training, TrainingState.DONE)

    async def _move(self, training: Training, state: TrainingState, error: str | None = None) -> None:
        found = await find_training(self._services.database.reader, training.id)
        if found is None or found.state is not training.state:
            raise WrongPhaseError(f"training {training.id} is no longer {training.state}")
        async with self._services.database.transaction() as tx:
            await set_training_state(tx, training.id, training.state, state, error)


def _words_of(recipe: str) -> str:
    """Take the words of a picture from the recipe that painted it, without the style's own."""
    found = Recipe.from_json(recipe)
    return ", ".join(word for word in found.prompt.split(", ") if word != found.style)


async def _last_words(process: asyncio.subprocess.Process) -> str:
    said = await cast(asyncio.StreamReader, process.stderr).read()
    await process.wait()
    return said.decode("utf-8", "replace")


async def _until(process: asyncio.subprocess.Process, stop: asyncio.Event) -> str:
    """Wait for a process to end, or for `stop`; returns what it said on standard error."""
    ending = asyncio.create_task(_last_words(process))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({ending, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not ending.done():
            process.kill()
        return await ending
    finally:
        ending.cancel()
        stopping.cancel()
