"""One life of the engine's process: started, opened, spoken to over pipes, and ended.

Needs no torch. Knows frames and how a process dies; knows nothing of queues or of what is worth a second try.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from style.decode import ModelInfo
from style.engine.frames import Message, receive_frame, to_frame
from style.errors import BadModelError

_log = logging.getLogger(__name__)

# -P: the working folder must not lend modules to the engine.
PROGRAM = (sys.executable, "-P", "-m", "style.engine")
FAREWELL_S = 1.0

_READ_LIMIT = 4 * 1024**2
_TAIL_LINES = 8
_LEVELS = {"DEBUG": logging.DEBUG, "INFO": logging.INFO, "WARNING": logging.WARNING, "ERROR": logging.ERROR}
_SECRETS = ("VERNISSAGE_TOKEN", "VERNISSAGE_WEBHOOK_SECRET")


class EngineDiedError(Exception):
    """The engine's process ended, spoke nonsense, or said nothing for too long; it is gone now."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What an engine is started with; `adapters` are (digest, file)."""

    model: str
    device: str
    threads: int | None
    adapters: tuple[tuple[str, Path], ...]

    def to_message(self) -> Message:
        """Say it as the engine's first command."""
        return {
            "kind": "open",
            "model": self.model,
            "device": self.device,
            "threads": self.threads,
            "adapters": [{"digest": digest, "path": str(path)} for digest, path in self.adapters],
        }


class EngineProcess:
    """A running engine. `model`, `adapters` (digests) and `problems` are what it said when it was ready."""

    def __init__(self, process: asyncio.subprocess.Process, on_death: Callable[[], None]) -> None:
        # launch() asks for all three pipes
        self._input = cast(asyncio.StreamWriter, process.stdin)
        self._output = cast(asyncio.StreamReader, process.stdout)
        self._process = process
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self._logging = asyncio.create_task(self._log_lines(cast(asyncio.StreamReader, process.stderr)))
        self._watching = asyncio.create_task(self._watch(on_death))
        self.model: ModelInfo
        self.adapters: frozenset[str] = frozenset()
        self.problems: tuple[str, ...] = ()

    @classmethod
    async def launch(
        cls, program: Sequence[str], opening: Opening, on_death: Callable[[], None], timeout_s: float
    ) -> EngineProcess:
        """Start an engine, and wait until it has loaded its model and adapters.

        Raises:
            BadModelError: the model cannot be loaded.
            EngineDiedError: it ended on the way, or was not ready in time.
        """
        process = await asyncio.create_subprocess_exec(
            *program,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_READ_LIMIT,
            env=child_environment(os.environ),
            # Ctrl-C in the terminal is for the client, which then ends the engine in its own order.
            start_new_session=True,
        )
        engine = cls(process, on_death)
        try:
            engine.send(opening.to_message())
            answer, _ = await engine.receive(timeout_s)
            if answer["kind"] != "ready":
                raise BadModelError(answer["message"])
            engine.model = ModelInfo(**answer["model"])
            engine.adapters = frozenset(answer["adapters"])
            engine.problems = tuple(answer["problems"])
        except BaseException:
            await engine.end()
            raise
        return engine

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.returncode is None

    def send(self, message: Message) -> None:
        """Send a command; to a dead engine it is lost, which `receive` tells."""
        if not self._input.is_closing():
            self._input.write(to_frame(message))

    async def receive(self, timeout_s: float) -> tuple[Message, bytes]:
        """Wait for the engine's next answer.

        Raises:
            EngineDiedError: none came, and none will: the process is gone.
        """
        try:
            async with asyncio.timeout(timeout_s):
                return await receive_frame(self._output)
        except TimeoutError:
            reason = f"said nothing for {timeout_s:g} s"
        except (EOFError, OSError):
            reason = "ended"
        except ValueError as error:
            reason = f"spoke nonsense ({error})"
        await self._kill()
        last = "; its last lines:\n" + "\n".join(self._tail) if self._tail else ""
        raise EngineDiedError(f"the engine {reason}, exit status {self._process.returncode}{last}")

    async def end(self) -> None:
        """End the process: it leaves when its pipe closes, and is killed if it does not."""
        self._input.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                await self._process.wait()
        await self._kill()

    async def _kill(self) -> None:
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
        self._input.close()
        await asyncio.wait({self._logging, self._watching}, timeout=FAREWELL_S)
        for task in (self._logging, self._watching):
            task.cancel()

    async def _watch(self, on_death: Callable[[], None]) -> None:
        await self._process.wait()
        on_death()

    async def _log_lines(self, stream: asyncio.StreamReader) -> None:
        rest = b""
        while block := await stream.read(65536):
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                self._log_line(line)
            # A progress bar without line ends must not grow for ever.
            rest = rest[-65536:]
        if rest:
            self._log_line(rest)

    def _log_line(self, line: bytes) -> None:
        text = line.decode("utf-8", errors="replace").rstrip()
        if text:
            self._tail.append(text)
            _log.log(_LEVELS.get(text.partition(" ")[0], logging.INFO), "engine: %s", text)


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Make the environment of a process with torch: threads sleep while they wait, no secrets, this very package."""
    root = str(Path(__file__).parents[2])
    paths = [root, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    return {
        **{name: value for name, value in environment.items() if name not in _SECRETS},
        "OMP_WAIT_POLICY": "PASSIVE",
        "TQDM_DISABLE": "1",
        # The engine says itself, and in its own words, what does not fit.
        "DIFFUSERS_VERBOSITY": "error",
        "TRANSFORMERS_VERBOSITY": "error",
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "PYTHONUNBUFFERED": "1",
    }
