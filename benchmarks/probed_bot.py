"""Runs the bot as `vernissage run` does, and notes what holds up its event loop; `taps.py` starts it.

A timer of 5 ms on the loop notes by the clock's second how late it fires: what held up the loop, and the time until the
machine gave it a core. A stall may have begun up to 5 ms before. A thread beside it notes where the loop was held up
for 25 ms and more, and how long collections of garbage took; the worst are told on standard error at the end. This
costs the bot's process about 1 % of a core, and its memory counts this file's imports too.

    python benchmarks/probed_bot.py FILE        # where the stalls are written, as JSON: second → milliseconds
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import threading
import time
import traceback
from collections import defaultdict
from pathlib import Path
from types import FrameType

from bot import cli

_TICK_S = 0.005
_BLAME_MS, _PLACES, _BLAMED = 25.0, 6, 12


class Blame(threading.Thread):
    """Notes what the loop's thread was at when a timer on it was late; where this thread is late too, it says so."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="blame")
        self.due: float | None = None
        self.found: list[tuple[float, str]] = []
        self._collecting_since = 0.0
        self._main = threading.main_thread().ident or 0

    def collect(self, phase: str, about: dict[str, int]) -> None:
        """Time a collection of garbage, which holds up every thread."""
        if phase == "start":
            self._collecting_since = time.monotonic()
        elif (took_ms := 1000 * (time.monotonic() - self._collecting_since)) >= _BLAME_MS / 2:
            self.found.append((took_ms, f"a collection of generation {about['generation']}"))

    def run(self) -> None:
        """Look every few milliseconds, for ever."""
        looked, blamed = time.monotonic(), None
        while True:
            time.sleep(_TICK_S)
            now, due = time.monotonic(), self.due
            own_late_ms, looked = 1000 * (now - looked - _TICK_S), now
            if due is None or due == blamed or 1000 * (now - due) < _BLAME_MS:
                continue
            blamed = due
            if own_late_ms > _BLAME_MS / 2:
                place = f"this thread had no turn for {own_late_ms:.0f} ms either"
            else:
                place = " < ".join(_places(sys._current_frames().get(self._main)))
            self.found.append((1000 * (now - due), place))


def _places(frame: FrameType | None) -> list[str]:
    """Name the innermost places of a stack, the innermost first."""
    frames = [] if frame is None else traceback.extract_stack(frame)[::-1]
    return [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames[:_PLACES]]


def run_probed_bot(file: Path) -> int:
    """Run the bot as `vernissage run` does, and note by the clock's second how late a timer on its loop was, in ms."""
    latest_ms: defaultdict[int, float] = defaultdict(float)
    blame = Blame()
    blame.start()
    gc.callbacks.append(blame.collect)

    class Probed(asyncio.DefaultEventLoopPolicy):
        def new_event_loop(self) -> asyncio.AbstractEventLoop:
            loop = super().new_event_loop()

            def tick(due: float) -> None:
                now, second = loop.time(), int(time.time())
                latest_ms[second] = max(latest_ms[second], 1000 * (now - due))
                blame.due = now + _TICK_S
                loop.call_at(now + _TICK_S, tick, now + _TICK_S)

            loop.call_soon(tick, loop.time())
            return loop

    asyncio.set_event_loop_policy(Probed())
    try:
        return cli.main(["run", "--no-env-file"])
    finally:
        blame.due = None
        file.write_text(json.dumps(latest_ms))
        for late_ms, place in sorted(blame.found, reverse=True)[:_BLAMED]:
            sys.stderr.write(f"stall of {late_ms:.0f} ms or more: {place}\n")


if __name__ == "__main__":
    sys.exit(run_probed_bot(Path(sys.argv[1])))
