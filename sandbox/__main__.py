"""Owns the command line: `python -m sandbox serve` runs the server, `python -m sandbox auto` the simulated guests."""

import argparse
import asyncio
import contextlib
import logging
import signal
import sys

from sandbox.server import running_sandbox
from sandbox.state import DEFAULT_TOKEN

_USAGE = "usage: python -m sandbox {serve,auto} [options]\n"


def main(argv: list[str]) -> int:
    """Run one of the two commands and return the exit code."""
    if argv[:1] == ["serve"]:
        return _serve(argv[1:])
    if argv[:1] == ["auto"]:
        # matplotlib and the guests are heavy: only who needs them waits for them
        from sandbox.auto import main as auto_main

        return auto_main(argv[1:])
    sys.stderr.write(_USAGE)
    return 2


def _serve(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox serve", description="Pretend to be Telegram.")
    parser.add_argument("--port", type=int, default=8080, help="port to listen on; 0 takes any free one")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the only bot token that is let in")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(_listen(options.host, options.port, options.token))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"sandbox: cannot start: {error}\n")
        return 1
    return 0


async def _listen(host: str, port: int, token: str) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopping.set)
    async with running_sandbox(port, host=host, token=token) as sandbox:
        sys.stdout.write(f"sandbox: {sandbox.url} token {sandbox.token}\n")
        sys.stdout.flush()
        await stopping.wait()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
