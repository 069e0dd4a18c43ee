"""All that operators do to teach styles, behind their gate: what was typed or pressed, by whom, and what follows."""

from __future__ import annotations

import asyncio
import re
import shutil

from bot.callback_data import Teach
from bot.data_folder import DataFolder
from bot.messenger import Messenger
from bot.outcomes import REPEATED, Outcome
from bot.services import Services
from bot.teaching.calendar import RETRAIN_EVERY, Calendar
from bot.teaching.errands import Errands
from bot.teaching.folders import PUBLISHED, LessonFolder
from bot.teaching.lessons import Lessons
from bot.teaching.publishing import Publishing
from bot.teaching.reading import Reading
from bot.teaching.schooling import Programs, Schooling
from bot.visits import Visit, enter
from storage.errors import WrongPhaseError
from storage.ids import LessonId, TrainingId
from storage.lessons import Lesson, Step, find_lesson, lesson_named, open_lesson_in, set_retraining
from storage.trainings import (
    UNDER_WAY,
    Training,
    TrainingState,
    find_training,
    open_training,
    publications_of,
    sessions_by_style,
    set_deaths,
    set_training_state,
    trainings_of_lesson,
    trainings_under_way,
)

STEPS = 800
_LEAST_STEPS, _MOST_STEPS = 2, 20_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class Teaching:
    """The use cases of operators."""

    def __init__(self, services: Services, messenger: Messenger, programs: Programs) -> None:
        self.reading = Reading(services, messenger)
        self.schooling = Schooling(services, messenger, programs)
        self.lessons = Lessons(services, messenger, self.reading, self.schooling.begin)
        self.calendar = Calendar(services, self.schooling.begin)
        self._errands = Errands()
        self.publishing = Publishing(services, messenger, self._errands)
        self._services = services
        self._messenger = messenger

    async def start(self) -> None:
        """Go on with all that a stop or a kill left unfinished."""
        await self.reading.start()
        self.schooling.wake()
        self.calendar.start()

    async def close(self, timeout_s: float) -> None:
        """End all work in time."""
        parts = (self.reading, self.schooling, self._errands, self.calendar)
        await asyncio.gather(*(part.close(timeout_s) for part in parts))

    async def open_lesson(self, visit: Visit) -> Lesson | None:
        """Return the lesson that goes on in an operator's chat; None for anybody else."""
        if int(visit.chat) != int(visit.person) or visit.person not in self._services.settings.operators:
            return None
        return await open_lesson_in(self._services.database.reader, visit.chat)

    async def command(self, visit: Visit, command: str, typed: list[str]) -> Outcome:
        """Do what an operator has typed; that it is one, the gate has seen."""
        words = visit.audience.words
        if command == "done":
            lesson = await self.open_lesson(visit)
            return Outcome(words.lesson_none) if lesson is None else await self.lessons.done(visit, lesson)
        if command == "styles":
            return await self._list(visit)
        name = typed[0].lower() if typed else ""
        if not _NAME.fullmatch(name):
            return Outcome(words.name_needed.format(command=command))
        if command == "newstyle":
            return await self.lessons.begin(visit, name)
        lesson = await lesson_named(self._services.database.reader, name)
        if lesson is None:
            pack = self._services.shelf.packs.get(name) if command == "try" else None
            if pack is not None:
                return await self.publishing.try_pack(visit, pack)
            return Outcome(words.lesson_unknown.format(name=name))
        return await self._to_lesson(visit, command, lesson, typed[1:])

    async def press(self, visit: Visit, teach: Teach) -> Outcome:
        """Act on an operator's button; that an operator has pressed it, the gate has seen."""
        words, reader = visit.audience.words, self._services.database.reader
        if teach.verb in ("done", "drop", "discard"):
            lesson = await find_lesson(reader, LessonId(teach.id))
            if lesson is None or lesson.chat != visit.chat:
                return Outcome(words.toast_unknown_button)
            if teach.verb == "drop":
                return await self.lessons.drop(visit, lesson, -1 if teach.index is None else teach.index)
            return await (self.lessons.done if teach.verb == "done" else self.lessons.discard)(visit, lesson)
        training = await find_training(reader, TrainingId(teach.id))
        lesson = None if training is None else await find_lesson(reader, training.lesson)
        if training is None or lesson is None:
            return Outcome(words.toast_unknown_button)
        return await self._to_training(visit, teach, lesson, training)

    async def _to_lesson(self, visit: Visit, command: str, lesson: Lesson, more: list[str]) -> Outcome:
        words, reader = visit.audience.words, self._services.database.reader
        if command == "train":
            return await self._train(visit, lesson, more[0] if more else str(STEPS))
        if command == "retrain":
            return await self._retrain(visit, lesson, more[0].lower() if more else "")
        if command == "rollback":
            return await self.publishing.roll_back(visit, lesson)
        trainings = await trainings_of_lesson(reader, lesson.id)
        made = [one for one in trainings if one.state is TrainingState.DONE]
        if not made:
            return Outcome(words.nothing_trained.format(name=lesson.name))
        if command == "slider":
            if not more or not _NAME.fullmatch(more[0].lower()) or more[0].lower() == lesson.name:
                return Outcome(words.slider_how)
            return await self.lessons.begin_slider(visit, lesson, more[0].lower())
        if command == "try":
            return await self.publishing.try_version(visit, lesson, made[-1].version)
        return await self.publishing.publish(visit, lesson, made[-1].version)

    async def _to_training(self, visit: Visit, teach: Teach, lesson: Lesson, training: Training) -> Outcome:
        words, is_done = visit.audience.words, training.state is TrainingState.DONE
        match teach.verb:
            case "publish" if is_done:
                return await self.publishing.publish(visit, lesson, training.version)
            case "try" if is_done:
                return await self.publishing.try_version(visit, lesson, training.version)
            case "longer" if is_done:
                return await self._train(visit, lesson, str(min(_MOST_STEPS, 2 * training.steps)))
            case "cancel" if training.state in UNDER_WAY:
                return await self._move(visit, training, TrainingState.CANCELLED, words.toast_training_cancelled)
            case "go_on" if training.state in (TrainingState.CANCELLED, TrainingState.FAILED):
                return await self._move(visit, training, TrainingState.QUEUED, words.toast_training_goes_on)
            case "scrap" if training.state not in (*UNDER_WAY, TrainingState.DISCARDED):
                return await self._scrap(visit, lesson, training)
        return Outcome(words.toast_nothing_to_try)

    async def _train(self, visit: Visit, lesson: Lesson, steps: str, *, takes_liked: bool = False) -> Outcome:
        """Queue a training of a lesson that is ready."""
        words = visit.audience.words
        if not steps.isdecimal() or not _LEAST_STEPS <= int(steps) <= _MOST_STEPS:
            return Outcome(words.steps_bad.format(least=_LEAST_STEPS, most=_MOST_STEPS))
        if lesson.step is not Step.READY:
            return Outcome(words.lesson_unready.format(name=lesson.name))
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
            ahead = len(await trainings_under_way(tx))
            training = await open_training(
                tx, lesson.id, int(steps), visit.chat, self._services.clock(), takes_liked=takes_liked
            )

        return Outcome(words.toast_training_queued.format(ahead=ahead), lambda: self.schooling.begin(training))

    async def _retrain(self, visit: Visit, lesson: Lesson, when: str) -> Outcome:
        """Train a style again with new and liked pictures: now, weekly, or no longer by itself; it is only proposed."""
        words, now = visit.audience.words, self._services.clock()
        if not await publications_of(self._services.database.reader, lesson.name):
            return Outcome(words.retrain_unpublished.format(name=lesson.name))
        if when not in ("", "weekly", "off"):
            return Outcome(words.retrain_how.format(name=lesson.name))
        if not when:
            steps = (await trainings_of_lesson(self._services.database.reader, lesson.id))[0].steps
            return await self._train(visit, lesson, str(steps), takes_liked=True)
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, now):
                return REPEATED
            await set_retraining(tx, lesson.id, now + RETRAIN_EVERY if when == "weekly" else None)
        self.calendar.look()
        return Outcome((words.retrain_weekly if when == "weekly" else words.retrain_off).format(name=lesson.name))

    async def _move(self, visit: Visit, training: Training, state: TrainingState, toast: str) -> Outcome:
        try:
            async with self._services.database.transaction() as tx:
                if not await enter(tx, visit, self._services.clock()):
                    return REPEATED
                await set_training_state(tx, training.id, training.state, state)
                await set_deaths(tx, training.id, 0)
        except WrongPhaseError:
            return Outcome(visit.audience.words.toast_nothing_to_try)
        self.schooling.stop(training.id)

        return Outcome(toast, lambda: self.schooling.begin(training))

    async def _scrap(self, visit: Visit, lesson: Lesson, training: Training) -> Outcome:
        """Delete what a training made, unless it was ever put before people."""
        words, folder = visit.audience.words, LessonFolder(DataFolder(self._services.settings.data), lesson.name)
        if (folder.version(training.version) / PUBLISHED).exists():
            return Outcome(words.lesson_in_use.format(name=lesson.name))
        outcome = await self._move(visit, training, TrainingState.DISCARDED, words.toast_discarded)
        await asyncio.to_thread(shutil.rmtree, folder.version(training.version), ignore_errors=True)
        return outcome

    async def _list(self, visit: Visit) -> Outcome:
        """List the styles: what is offered, its versions, its size, and how often it was chosen."""
        words, reader = visit.audience.words, self._services.database.reader
        chosen, lines = await sessions_by_style(reader), [words.styles_title]
        for pack in self._services.shelf.packs.values():
            history = await publications_of(reader, pack.name)
            size = await asyncio.to_thread(lambda at: sum(one.path.stat().st_size for one in at.adapters), pack)
            version = words.styles_version.format(version=history[-1].version) if history else words.styles_shipped
            lines.append(
                words.styles_line.format(
                    name=pack.name,
                    version=version,
                    megabytes=f"{size / 1e6:.1f}",
                    sessions=chosen.get(pack.name, 0),
                )
            )
        return Outcome("\n".join(lines)) if await self._enter(visit) else REPEATED

    async def _enter(self, visit: Visit) -> bool:
        async with self._services.database.transaction() as tx:
            return await enter(tx, visit, self._services.clock())
