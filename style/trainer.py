"""One training in a process of its own: started, listened to, and ended with a checkpoint.

Needs no torch. Knows the lines that `python -m style.training job` prints, and how a process ends; what is shown of
them is for whoever listens.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from style.engine.process import child_environment
from style.errors import BadJobError, BadModelError, BadPicturesError, StyleError, TrainingError
from style.training.job import LOCK_FILE

# -P: the working folder must not lend modules to the training.
PROGRAM = (sys.executable, "-P", "-m", "style.training", "job")
_READ_LIMIT = 1024**2
_TAIL_LINES = 8
_ERRORS = {error.__name__: error for error in (BadJobError, BadModelError, BadPicturesError)}

# What the bot starts: whoever waits for a picture comes first.
NICED_PROGRAM = (*PROGRAM[:-1], "--nice", "10", PROGRAM[-1])
_LOOK_EVERY_S = 0.2

Event = Mapping[str, Any]
"""One line of a training: `event` (started, step, validation, samples, warning, done, failed, cancelled), `at`, …"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a training ended: with an adapter, or at `step`, where it can go on."""

    adapter: Path | None
    step: int


async def run_training(
    folder: Path,
    on_event: Callable[[Event], None],
    stop: asyncio.Event,
    *,
    program: Sequence[str] = PROGRAM,
    stall_timeout_s: float = 3600.0,
    farewell_s: float = 60.0,
) -> Outcome:
    """Run or resume the training that `folder`/job.json orders, until it is done or `stop` is set.

    When stopped it writes a checkpoint and ends; one that takes longer than `farewell_s` is killed, and its last
    checkpoint stands. `stall_timeout_s` is how long it may say nothing, loading or downloading the model included.

    Raises:
        BadJobError, BadModelError, BadPicturesError: as the training says.
        TrainingError: it failed, died, or said nothing for too long; the last checkpoint stands.
    """
    process = await _start(folder, program)
    tail: deque[str] = deque(maxlen=_TAIL_LINES)
    listening = asyncio.create_task(_keep_tail(cast(asyncio.StreamReader, process.stderr), tail))
    stopping = asyncio.create_task(_end_when(stop, process, farewell_s))
    try:
        last = await _listen(cast(asyncio.StreamReader, process.stdout), on_event, stall_timeout_s)
        await process.wait()
        await asyncio.wait({listening}, timeout=1.0)
        return _outcome(folder, last, process.returncode, tail, stopped=stop.is_set())
    finally:
        for task in (stopping, listening):
            task.cancel()
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def process_of(folder: Path) -> int | None:
    """Return the id of the process that works on the training in `folder`; None where there is none."""
    try:
        with (folder / LOCK_FILE).open("r+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(lock.read() or 0) or None
    except (OSError, ValueError):
        return None
    return None


async def end_orphan(folder: Path, farewell_s: float = 60.0) -> None:
    """End the process of a training whose starter is gone, with a checkpoint; killed where it takes too long."""
    deadline = asyncio.get_running_loop().time() + farewell_s
    asked = False
    while (pid := process_of(folder)) is not None:
        is_late = asyncio.get_running_loop().time() > deadline
        if is_late or not asked:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL if is_late else signal.SIGTERM)
            asked = True
        await asyncio.sleep(_LOOK_EVERY_S)


async def _start(folder: Path, program: Sequence[str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *program,
        str(folder),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_READ_LIMIT,
        env=child_environment(os.environ),
        # Ctrl-C in the terminal is for the caller, which then stops the training in its own order.
        start_new_session=True,
    )


async def _listen(stream: asyncio.StreamReader, on_event: Callable[[Event], None], timeout_s: float) -> Event:
    """Pass events on until the stream ends; returns the last that says how the training stands."""
    last: Event = {}
    while True:
        try:
            async with asyncio.timeout(timeout_s):
                line = await stream.readline()
        except TimeoutError:
            raise TrainingError(f"the training said nothing for {timeout_s:g} s; the same command goes on") from None
        if not line:
            return last
        event = _parse(line)
        if event is not None:
            on_event(event)
            if event["event"] != "warning":
                last = event


def _parse(line: bytes) -> Event | None:
    """Read a line; what is none of ours (a library's own words) is passed over."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("event"), str) else None


def _outcome(folder: Path, last: Event, status: int | None, tail: Sequence[str], *, stopped: bool) -> Outcome:
    kind = last.get("event")
    if kind == "done":
        return Outcome(folder / str(last["adapter"]), int(last.get("best_step", 0)))
    if kind == "cancelled" or (stopped and kind != "failed"):
        return Outcome(None, int(last.get("step", 0)))
    if kind == "failed":
        error: type[StyleError] = _ERRORS.get(str(last.get("kind")), TrainingError)
        raise error(str(last.get("error", "the training failed")))
    said = "; its last lines:\n" + "\n".join(tail) if tail else ""
    raise TrainingError(f"the training died, exit status {status}; the same command goes on{said}")


async def _end_when(stop: asyncio.Event, process: asyncio.subprocess.Process, farewell_s: float) -> None:
    await stop.wait()
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        try:
            async with asyncio.timeout(farewell_s):
                await process.wait()
        except TimeoutError:
            process.kill()


async def _keep_tail(stream: asyncio.StreamReader, tail: deque[str]) -> None:
    rest = b""
    while block := await stream.read(65536):
        *lines, rest = (rest + block).replace(b"\r", b"\n").split(b"\n")
        tail.extend(text for line in lines if (text := line.decode("utf-8", "replace").strip()))
        # A progress bar without line ends must not grow for ever.
        rest = rest[-65536:]
    if text := rest.decode("utf-8", "replace").strip():
        tail.append(text)
