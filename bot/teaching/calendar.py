"""Trains styles again when their time has come. When that is stands in the database; here is only who looks there."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.services import Services
from storage.lessons import Step, lessons_due, next_retraining, set_retraining
from storage.trainings import Training, open_training, trainings_of_lesson

log = logging.getLogger(__name__)

RETRAIN_EVERY = timedelta(days=7)
_LOOK_EVERY = timedelta(hours=1)
"""Even if nothing is due: a machine's clock may be set, or have slept."""


class Calendar:
    """Queues trainings by time; a week that the bot slept through is made up for once."""

    def __init__(self, services: Services, begin: Callable[[Training], Awaitable[None]]) -> None:
        self._services = services
        self._begin = begin
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run(), name="retraining")

    def look(self) -> None:
        """Look again: a time was set or taken away."""
        self._changed.set()

    async def close(self, timeout_s: float) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task], timeout=timeout_s)

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            try:
                await self._queue_due()
                at = await next_retraining(self._services.database.reader)
            except Exception:
                log.exception("what is to be trained again could not be looked up")
                at = None
            wait = _LOOK_EVERY if at is None else min(_LOOK_EVERY, at - self._services.clock())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, wait.total_seconds())):
                    await self._changed.wait()

    async def _queue_due(self) -> None:
        now = self._services.clock()
        for lesson in await lessons_due(self._services.database.reader, now):
            made = await trainings_of_lesson(self._services.database.reader, lesson.id)
            async with self._services.database.transaction() as tx:
                await set_retraining(tx, lesson.id, now + RETRAIN_EVERY)
                if lesson.step is not Step.READY or not made:
                    continue
                training = await open_training(tx, lesson.id, made[0].steps, lesson.chat, now, takes_liked=True)
            await self._begin(training)
