"""`vernissage run`: the bot, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TypeVar

from bot.log import set_up_log
from bot.settings import load_settings

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger(__name__)

_T = TypeVar("_T")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `run`."""
    parser.add_argument("--no-env-file", action="store_true", help="read no .env, the environment alone")


def main(arguments: argparse.Namespace) -> int:
    """Run the bot; return 0 after SIGTERM or Ctrl-C."""
    for number in STOP_SIGNALS:
        signal.signal(number, lambda *_: sys.exit(0))
    settings = load_settings(env_file=None if arguments.no_env_file else Path(".env"))
    webhook_secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    set_up_log(settings.log, secrets=(settings.token.get_secret_value(), webhook_secret))
    # Only now: the libraries take a second to load, and a wrong setting should be told before.
    from bot.lifespan import serve

    asyncio.run(until_stopped(serve(settings)))
    log.info("stopped")
    return 0


async def until_stopped(
    work: Coroutine[object, object, _T], signals: Sequence[signal.Signals] = STOP_SIGNALS
) -> _T | None:
    """Await `work` and return its result, or cancel it at the first stop signal, let it close, and return None."""
    task = asyncio.ensure_future(work)
    stopped = False

    def stop(name: str) -> None:
        nonlocal stopped
        if not stopped:
            stopped = True
            log.info("stopping (%s)", name)
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in signals:
        loop.add_signal_handler(number, stop, number.name)
    try:
        return await task
    except asyncio.CancelledError:
        if not stopped:
            raise
        return None
