"""The local painter: a queue in front of one engine process, which it starts, watches and restarts.

Needs no torch: the model lives in the engine's process (`style.engine.worker`), so that painting never holds the
caller's event loop, and its death never the caller.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import itertools
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from style.decode import ModelInfo
from style.engine.frames import Message
from style.engine.process import PROGRAM, EngineDiedError, EngineProcess, Opening
from style.errors import BadModelError, BadRecipeError, PainterBusyError, PainterError, PainterStoppedError, StyleError
from style.pack import Pack
from style.painter import OnProgress, Picture, Progress
from style.recipe import Recipe

_log = logging.getLogger(__name__)

MAX_DEATHS = 3
MAX_BATCH = 16
BACKOFF_S = 0.5
MAX_BACKOFF_S = 30.0


@dataclass(eq=False, slots=True)
class _Request:
    id: int
    recipes: tuple[Recipe, ...]
    on_progress: OnProgress | None
    result: asyncio.Future[list[Picture]]
    deaths: int = 0
    pictures: dict[int, Picture] = field(default_factory=dict)

    def tell(self, progress: Progress) -> None:
        if self.on_progress is None or self.result.done():
            return
        try:
            self.on_progress(progress)
        except Exception:
            _log.exception("a listener to the painter's progress failed; the painting goes on")

    def fail(self, error: StyleError) -> None:
        if not self.result.done():
            self.result.set_exception(error)


@dataclass(eq=False, slots=True)
class _Lesson:
    """Adapters that the engine is to load between two requests."""

    adapters: tuple[tuple[str, Path], ...]
    problems: asyncio.Future[tuple[str, ...]]

    def tell(self, problems: tuple[str, ...]) -> None:
        if not self.problems.done():
            self.problems.set_result(problems)


class LocalPainter:
    """A `Painter` whose device is this machine's, in a process of its own.

    `model` and `device` are as in the settings VERNISSAGE_MODEL and VERNISSAGE_DEVICE. At most `queue_size` requests
    wait behind the one being painted. An engine that says nothing for `stall_timeout_s` while it paints counts as
    hung; loading may take `start_timeout_s`, a download included. `threads` None: as many as cores.
    """

    def __init__(
        self,
        *,
        model: str = "bundled",
        device: str = "auto",
        packs: Sequence[Pack] = (),
        queue_size: int = 32,
        threads: int | None = None,
        stall_timeout_s: float = 300.0,
        start_timeout_s: float = 3600.0,
        program: Sequence[str] = PROGRAM,
    ) -> None:
        files = {adapter.digest: adapter.path for pack in packs for adapter in pack.adapters}
        self._opening = Opening(model=model, device=device, threads=threads, adapters=tuple(files.items()))
        self._queue_size = queue_size
        self._stall_timeout_s = stall_timeout_s
        self._start_timeout_s = start_timeout_s
        self._program = tuple(program)
        self._ids = itertools.count(1)
        self._waiting: deque[_Request] = deque()
        self._lessons: deque[_Lesson] = deque()
        self._current: _Request | None = None
        self._stirred = asyncio.Event()
        self._engine: EngineProcess | None = None
        self._serving: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The engine's process id; None while there is none."""
        return self._engine.pid if self._engine is not None and self._engine.is_alive else None

    @property
    def problems(self) -> tuple[str, ...]:
        """What the engine could not use of the packs, in words for operators."""
        return () if self._engine is None else self._engine.problems

    async def start(self) -> ModelInfo:
        """Start the engine, and wait until its model is loaded.

        Raises:
            BadModelError: the model cannot be loaded.
            PainterStoppedError: the engine died while it started, or the painter is closed.
        """
        if self._closed:
            raise PainterStoppedError("the painter is closed")
        try:
            self._engine = await self._launch()
        except EngineDiedError as error:
            raise PainterStoppedError(str(error)) from error
        self._serving = asyncio.create_task(self._serve(), name="painter")
        return self._engine.model

    async def paint(self, recipes: Sequence[Recipe], on_progress: OnProgress | None = None) -> list[Picture]:
        """Paint recipes, as the protocol says (`style.painter.Painter`)."""
        if self._closed or self._engine is None:
            raise PainterStoppedError("the painter is closed" if self._closed else "the painter is not started")
        self._check(recipes, self._engine)
        if not recipes:
            return []
        if len(self._waiting) + (self._current is not None) > self._queue_size:
            raise PainterBusyError(f"{len(self._waiting)} requests wait already; try again later")
        loop = asyncio.get_running_loop()
        request = _Request(next(self._ids), tuple(recipes), on_progress, loop.create_future())
        self._waiting.append(request)
        self._stirred.set()
        self._tell_places()
        try:
            return await request.result
        finally:
            self._drop(request)

    async def learn(self, packs: Sequence[Pack]) -> tuple[str, ...]:
        """Load the adapters of further packs, as the protocol says (`style.painter.Painter`)."""
        if self._closed or self._engine is None:
            raise PainterStoppedError("the painter is closed" if self._closed else "the painter is not started")
        files = {adapter.digest: adapter.path for pack in packs for adapter in pack.adapters}
        # An engine that is started again opens with all of them.
        self._opening = dataclasses.replace(
            self._opening, adapters=tuple({**dict(self._opening.adapters), **files}.items())
        )
        new = tuple((digest, path) for digest, path in files.items() if digest not in self._engine.adapters)
        if not new:
            return ()
        lesson = _Lesson(new, asyncio.get_running_loop().create_future())
        self._lessons.append(lesson)
        self._stirred.set()
        return await lesson.problems

    async def close(self) -> None:
        """Stop painting and end the engine; requests under way fail with `PainterStoppedError`."""
        self._closed = True
        unanswered = [*self._waiting] if self._current is None else [self._current, *self._waiting]
        self._waiting.clear()
        for request in unanswered:
            request.fail(PainterStoppedError("the painter was closed"))
        for lesson in self._lessons:
            lesson.problems.cancel()
        if self._serving is not None:
            self._serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._serving
            self._serving = None
        if self._engine is not None:
            await self._engine.end()

    def _check(self, recipes: Sequence[Recipe], engine: EngineProcess) -> None:
        for recipe in recipes:
            if recipe.model_digest != engine.model.digest:
                raise BadRecipeError(
                    f"a recipe for model {recipe.model} ({recipe.model_digest[:12]}), "
                    f"loaded is {engine.model.id} ({engine.model.digest[:12]})"
                )
            if missing := [use.name for use in recipe.adapters if use.digest not in engine.adapters]:
                raise BadRecipeError(f"style {recipe.style}: adapter {', '.join(missing)} is not loaded")

    def _drop(self, request: _Request) -> None:
        """Take back a request whose caller has gone; one that is answered is nowhere any more."""
        if request in self._waiting:
            self._waiting.remove(request)
            self._tell_places()
        elif request is self._current and self._engine is not None:
            self._engine.send({"kind": "cancel", "id": request.id})

    def _tell_places(self) -> None:
        for place, request in enumerate(tuple(self._waiting)):
            request.tell(Progress("queued", place, len(self._waiting)))

    async def _launch(self) -> EngineProcess:
        return await EngineProcess.launch(self._program, self._opening, self._stirred.set, self._start_timeout_s)

    async def _serve(self) -> None:
        """Paint what waits, one request after the other, and start the engine again whenever it has died."""
        deaths = 0
        while True:
            assert self._engine is not None, "started before it serves"  # noqa: S101 - start() runs this
            if not self._engine.is_alive:
                deaths += 1
                await asyncio.sleep(min(BACKOFF_S * 2 ** (deaths - 1), MAX_BACKOFF_S))
                await self._restart()
            elif self._lessons:
                await self._teach(self._engine, self._lessons[0])
            elif self._waiting:
                deaths = 0 if await self._serve_next(self._engine) else deaths
            else:
                self._stirred.clear()
                await self._stirred.wait()

    async def _restart(self) -> None:
        _log.warning("the engine has died; starting it again")
        try:
            self._engine = await self._launch()
        except (EngineDiedError, BadModelError) as error:
            _log.error("the engine did not start: %s", error)
            if self._waiting:
                self._blame(self._waiting.popleft(), str(error))

    async def _teach(self, engine: EngineProcess, lesson: _Lesson) -> None:
        """Have the engine load adapters; one that dies of it opens with them when it is started again."""
        message = {"kind": "learn", "id": 0, "adapters": [{"digest": d, "path": str(p)} for d, p in lesson.adapters]}
        engine.send(message)
        try:
            answer, _ = await engine.receive(self._stall_timeout_s)
        except EngineDiedError as error:
            lesson.tell((str(error),))
        else:
            engine.adapters |= frozenset(answer.get("adapters", ()))
            lesson.tell(tuple(answer.get("problems", (str(answer.get("message", "")),))))
        self._lessons.popleft()

    async def _serve_next(self, engine: EngineProcess) -> bool:
        """Paint the request that is next; says whether the engine lived through it."""
        request = self._current = self._waiting.popleft()
        self._tell_places()
        try:
            # Again: after a restart the model's files may be others.
            self._check(request.recipes, engine)
            await self._paint(engine, request)
        except BadRecipeError as error:
            request.fail(error)
        except EngineDiedError as error:
            self._blame(request, str(error))
            return False
        finally:
            self._current = None
        return True

    def _blame(self, request: _Request, reason: str) -> None:
        """Count a death against the request that was next or under way; it is painted again, but not for ever."""
        _log.warning("request %d: %s", request.id, reason)
        request.deaths += 1
        if request.deaths >= MAX_DEATHS:
            request.fail(PainterStoppedError(f"the engine died {request.deaths} times on this request: {reason}"))
        elif not request.result.done():
            self._waiting.appendleft(request)
            self._tell_places()

    async def _paint(self, engine: EngineProcess, request: _Request) -> None:
        request.pictures.clear()
        engine.send(
            {
                "kind": "paint",
                "id": request.id,
                "recipes": [recipe.to_json() for recipe in request.recipes],
                # An engine that the system killed for its memory gets smaller batches the next time.
                "max_batch": max(1, MAX_BATCH >> (2 * request.deaths)),
            }
        )
        while True:
            message, blob = await engine.receive(self._stall_timeout_s)
            if _take(request, message, blob):
                return


def _take(request: _Request, message: Message, blob: bytes) -> bool:
    """Take an answer to a request; says whether it was the last."""
    kind = message["kind"]
    if kind == "progress":
        request.tell(Progress("painting", message["done"], message["total"]))
        return False
    if kind == "picture":
        request.pictures[message["index"]] = Picture(blob, message["width"], message["height"])
        return False
    if kind == "failed":
        error = BadRecipeError if message["error"] == "recipe" else PainterError
        request.fail(error(message["message"]))
    elif kind == "done" and not request.result.done():
        request.result.set_result([request.pictures[index] for index in range(len(request.recipes))])
    return True
