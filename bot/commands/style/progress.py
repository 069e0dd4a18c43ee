"""Shows a training on a terminal: a bar in one line that is drawn anew, or plain lines where there is no terminal.

Knows the events of a training and nothing else.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TextIO

from style.trainer import Event

_BAR_CELLS = 24
_PARTS = " ▏▎▍▌▋▊▉█"
_CLEAR = "\r\x1b[2K"
_PLAIN_SHARE = 10


class Progress:
    """What is shown of one training. `folder` is where its samples lie."""

    def __init__(self, stream: TextIO, folder: Path) -> None:
        """Write to `stream`, as it is a terminal or not."""
        self._stream, self._folder = stream, folder
        self._is_terminal = stream.isatty()
        self._line = ""
        self._best: tuple[float, int] | None = None
        self._validation: float | None = None
        self._told = 0

    def tell(self, event: Event) -> None:
        """Show an event; one of a kind that is not known is passed over."""
        match event["event"]:
            case "started":
                self._start(event)
            case "step":
                self._step(event)
            case "validation":
                self._check(int(event["step"]), float(event["loss"]))
            case "samples":
                self._say(f"  samples at step {event['step']}: {self._folder / str(event['file'])}")
            case "warning":
                self._say(f"  note: {event['text']}")
            case "done" | "failed" | "cancelled":
                self.close()

    def close(self) -> None:
        """End the line that is drawn."""
        if self._line and self._is_terminal:
            self._stream.write("\n")
            self._stream.flush()
        self._line = ""

    def _start(self, event: Event) -> None:
        step, steps = int(event["step"]), int(event["steps"])
        self._told = step * _PLAIN_SHARE // max(1, steps)
        going_on = f", goes on at step {step}" if step else ""
        pictures = f" on {event['pictures']} pictures" if event.get("pictures") else ""
        held = f", {event['held_out']} of them held out" if event.get("held_out") else ""
        self._say(f"training {steps} steps{pictures}{held}{going_on}")

    def _step(self, event: Event) -> None:
        step, steps = int(event["step"]), int(event["steps"])
        words = [f"{step:>{len(str(steps))}}/{steps}", f"loss {float(event['loss']):.4f}"]
        if self._validation is not None and self._best is not None:
            words.append(f"held out {self._validation:.4f} (best {self._best[0]:.4f} at {self._best[1]})")
        words.append(f"{time_left(float(event['seconds_left']))} left")
        if self._is_terminal:
            self._draw(f"  {bar(step / max(1, steps))} {' · '.join(words)}")
        elif step * _PLAIN_SHARE // max(1, steps) > self._told:
            self._told = step * _PLAIN_SHARE // steps
            self._say(f"  step {' · '.join(words)}")

    def _check(self, step: int, loss: float) -> None:
        self._validation = loss
        if self._best is None or loss < self._best[0]:
            self._best = (loss, step)
        if not self._is_terminal:
            self._say(f"  step {step}: loss on held-out pictures {loss:.4f}")

    def _draw(self, line: str) -> None:
        columns = shutil.get_terminal_size().columns
        self._line = line[: columns - 1]
        self._stream.write(f"{_CLEAR}{self._line}")
        self._stream.flush()

    def _say(self, text: str) -> None:
        """Write a line of its own, above the one that is drawn."""
        if self._line:
            self._stream.write(_CLEAR)
        self._stream.write(f"{text}\n{self._line}")
        self._stream.flush()


def bar(share: float) -> str:
    """Draw a bar that is full at 1, to an eighth of a cell."""
    eighths = round(max(0.0, min(1.0, share)) * _BAR_CELLS * 8)
    whole, rest = divmod(eighths, 8)
    return (("█" * whole) + (_PARTS[rest] if rest else "")).ljust(_BAR_CELLS, "░")


def time_left(seconds: float) -> str:
    """Say a time in a word or two, no finer than it can be known."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02d} min"
