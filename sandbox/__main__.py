"""Owns the command line: `python -m sandbox serve` is the server, `auto` simulated guests, `replay` a recording."""

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from pathlib import Path

import aiohttp

from sandbox.errors import ClientError
from sandbox.recording.replay import read_recording, replay
from sandbox.server import running_sandbox
from sandbox.state import DEFAULT_TOKEN

_USAGE = "usage: python -m sandbox {serve,auto,replay} [options]\n"


def main(argv: list[str]) -> int:
    """Run one of the two commands and return the exit code."""
    if argv[:1] == ["serve"]:
        return _serve(argv[1:])
    if argv[:1] == ["auto"]:
        # matplotlib and the guests are heavy: only who needs them waits for them
        from sandbox.auto import main as auto_main

        return auto_main(argv[1:])
    if argv[:1] == ["replay"]:
        return _replay(argv[1:])
    sys.stderr.write(_USAGE)
    return 2


def _serve(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox serve", description="Pretend to be Telegram.")
    parser.add_argument("--port", type=int, default=8080, help="port to listen on; 0 takes any free one")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the only bot token that is let in")
    parser.add_argument("--no-flood-limits", action="store_true", help="never answer 429 by itself")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write the session to this file, as JSON lines")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(_listen(options))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"sandbox: cannot start: {error}\n")
        return 1
    return 0


def _replay(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox replay",
        description="Do again what people did in a recording, and compare what the bot asks for.",
    )
    parser.add_argument("file", type=Path, help="the recording, from `serve --record` or GET /api/recording")
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="a fresh sandbox, with a fresh bot at it")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds to wait for the bot before each act")
    options = parser.parse_args(argv)
    try:
        differences = asyncio.run(replay(read_recording(options.file), options.url, options.timeout))
    except (ClientError, aiohttp.ClientError, OSError) as error:
        sys.stderr.write(f"replay: {error}\n")
        return 2
    for difference in differences:
        sys.stdout.write(f"{difference}\n")
    sys.stdout.write(f"replay: {len(differences)} differences\n")
    return 1 if differences else 0


async def _listen(options: argparse.Namespace) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopping.set)
    limits = not options.no_flood_limits
    running = running_sandbox(options.port, host=options.host, token=options.token, has_flood_limits=limits)
    async with running as sandbox:
        if options.record is not None:
            sandbox.state.recording.write_to(options.record)
        sys.stdout.write(f"sandbox: {sandbox.url} token {sandbox.token}\n")
        sys.stdout.flush()
        await stopping.wait()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
