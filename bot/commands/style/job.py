"""Runs one training for a command: its progress is shown, Ctrl-C ends it with a checkpoint."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.commands.console import say
from bot.commands.style.progress import Progress
from style.trainer import PROGRAM, Outcome, run_training


def train(folder: Path, program: Sequence[str] = PROGRAM) -> Outcome:
    """Run or resume the training in `folder` until it is done or somebody presses Ctrl-C.

    Raises:
        StyleError: as `run_training` does.
        KeyboardInterrupt: Ctrl-C was pressed a second time, and the training killed.
    """
    progress = Progress(sys.stdout, folder)
    try:
        return asyncio.run(_run(folder, progress, program))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        progress.close()


async def _run(folder: Path, progress: Progress, program: Sequence[str]) -> Outcome:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    task = asyncio.current_task()
    assert task is not None, "a coroutine runs in a task"  # noqa: S101 - asyncio.run makes one

    def interrupted() -> None:
        if stop.is_set():
            task.cancel()
        else:
            progress.close()
            say("  stopping at a checkpoint; Ctrl-C once more kills")
            stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupted)
    return await run_training(folder, progress.tell, stop, program=program)
