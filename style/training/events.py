"""What a training tells while it runs, and how it is asked to stop.

An event is a plain mapping with its name under "event"; `style.training.job` lists them all. Knows no training.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Event = dict[str, Any]
OnEvent = Callable[[Event], None]
Stopped = Callable[[], bool]

_EVERY_S = 2.0


def ignore(_event: Event) -> None:
    """Take an event and do nothing with it."""


def never() -> bool:
    """Say that nobody asked to stop."""
    return False


class EventLog:
    """Writes each event as a line of JSON to a file and to stdout; the reader of stdout may go away."""

    def __init__(self, path: Path) -> None:
        """Append to `path`; a line that a kill cut short is ended first."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size:
            with path.open("ab") as file:
                file.write(b"\n")

    def __call__(self, event: Event) -> None:
        """Write one event, with the time at which it came under "at"."""
        line = line_of(event)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line)
        tell(line)


def line_of(event: Event) -> str:
    """Say an event as one line of JSON; numbers are rounded to six digits."""
    rounded = {key: float(f"{value:.6g}") if isinstance(value, float) else value for key, value in event.items()}
    return json.dumps({**rounded, "at": round(time.time(), 3)}, ensure_ascii=False) + "\n"


def tell(line: str) -> None:
    """Write a line to stdout; when nobody reads there any more, whatever follows is swallowed."""
    try:
        sys.stdout.write(line)
        sys.stdout.flush()
    except BrokenPipeError:
        # The training outlives who started it; its log has all that is said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Pace:
    """Tells the step events of a run: the first step, then at most one every two seconds."""

    def __init__(self, on_event: OnEvent, step: int, steps: int) -> None:
        """Begin at `step` of `steps`."""
        self._on_event, self._first, self._steps = on_event, step, steps
        self._began_at = time.monotonic()
        self._told_at = -_EVERY_S

    def note(self, step: int, loss: float) -> None:
        """Tell that `step` steps are done, if it is time to."""
        now = time.monotonic()
        if now - self._told_at < _EVERY_S:
            return
        self._told_at = now
        left = (now - self._began_at) / (step - self._first) * (self._steps - step)
        self._on_event(
            {"event": "step", "step": step, "steps": self._steps, "loss": loss, "seconds_left": round(left, 1)}
        )


@contextmanager
def signals_noted() -> Iterator[Stopped]:
    """Within it, SIGTERM and SIGINT only make the function that it gives say True."""
    asked = False

    def note(_number: int, _frame: object) -> None:
        nonlocal asked
        asked = True

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
