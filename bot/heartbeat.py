"""The heartbeat: a file that the running bot touches, so that whoever watches the bot sees that it lives.

A beat says that the event loop turns, that the bot's own check passes and that the data folder can be written. Knows
neither what is checked nor who watches.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

log = logging.getLogger(__name__)

BEAT_EVERY_S = 15.0
DEAD_AFTER_S = 60.0


@asynccontextmanager
async def beating(
    file: Path, check: Callable[[], Awaitable[object]], every_s: float = BEAT_EVERY_S
) -> AsyncIterator[None]:
    """Touch the file now and again until the end of the block; a `check` that fails or hangs lets beats out."""
    task = asyncio.create_task(_beat(file, check, every_s), name="heartbeat")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def last_beat_s(file: Path) -> float | None:
    """Return how many seconds ago the last beat was, below zero after the clock was set back; None: there was none."""
    try:
        return time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return None


async def _beat(file: Path, check: Callable[[], Awaitable[object]], every_s: float) -> None:
    while True:
        try:
            await check()
            await asyncio.to_thread(file.touch)
        except Exception as error:
            # The watcher is told by the missing beat; the next one may come through.
            log.warning("no heartbeat: %r", error)
        await asyncio.sleep(every_s)
