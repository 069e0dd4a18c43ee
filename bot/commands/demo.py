"""`vernissage demo`: the sandbox and the bot as two processes that speak HTTP alone, and a browser or simulated people.

Knows the sandbox by its command line and its HTTP side; nothing of it is imported.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import webbrowser
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from bot.commands import run
from bot.commands.console import complain, say
from bot.errors import BadInputError, StartError
from bot.ports import check_port

DEFAULT_PORT = 8080
LAST_PORT = 65_535
SANDBOX = (sys.executable, "-m", "sandbox")
BOT = (sys.executable, "-m", "bot", "run", "--no-env-file")
STOP_SIGNALS = (*run.STOP_SIGNALS, signal.SIGHUP)
"""A closed terminal ends the demo too: its processes are in sessions of their own and would not notice."""

_KEPT = ("VERNISSAGE_MODEL", "VERNISSAGE_DEVICE", "VERNISSAGE_LOG")
"""What of the settings is the person's own in a demo; the others would lead the bot elsewhere."""
FIRST_PERSON = "1001"
"""Ada, the sandbox's first person: in a demo she is the operator, and may teach styles."""
_END_S = 12.0
_ASK_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Address:
    """Where the sandbox listens, and the token that it lets in."""

    url: str
    token: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `demo`."""
    parser.add_argument("--port", type=int, help=f"the page's port (default {DEFAULT_PORT}; with --auto any free one)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (0.0.0.0 in a container)")
    parser.add_argument("--no-browser", action="store_true", help="print the page's address only")
    parser.add_argument("--data", type=Path, help="keep the bot's data in this folder (default: a temporary one)")
    parser.add_argument("--auto", type=int, metavar="N", help="simulated people instead of a browser: N generations")
    parser.add_argument("--guests", type=int, default=0, metavar="K", help="with --auto: K more people, in a group")
    parser.add_argument("--report", type=Path, default=Path("report"), help="with --auto: the report's folder")


def main(arguments: argparse.Namespace) -> int:
    """Run the demo; return 0 after Ctrl-C, the guests' exit code with --auto, 1 when a process ended by itself."""
    if (arguments.auto is not None and arguments.auto < 1) or arguments.guests < 0:
        raise BadInputError("--auto must be 1 or more, and --guests 0 or more")
    if arguments.port is None:
        arguments.port = DEFAULT_PORT if arguments.auto is None else 0
    other = arguments.port + 1 if 0 < arguments.port < LAST_PORT else DEFAULT_PORT
    check_port(arguments.host, arguments.port, f"try another: vernissage demo --port {other}")
    code = asyncio.run(run.until_stopped(_demo(arguments), STOP_SIGNALS))
    if code is None:
        return 0 if arguments.auto is None else 1
    return code


async def _demo(arguments: argparse.Namespace) -> int:
    async with AsyncExitStack() as stack:
        data = arguments.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vernissage-demo-")))
        sandbox = await stack.enter_async_context(
            _child(*SANDBOX, "serve", "--port", str(arguments.port), "--host", arguments.host, stdout=PIPE)
        )
        address = await _read_address(sandbox)
        say("starting: the model is being loaded")
        bot = await stack.enter_async_context(_child(*BOT, environment=bot_environment(os.environ, address, data)))
        watched = {"the sandbox": sandbox, "the bot": bot}
        async with asyncio.TaskGroup() as tasks:
            ready = tasks.create_task(_bot_is_ready(address.url))
            ended = await _first_end(watched, ready)
            ready.cancel()
        if ended:
            return _tell_end(ended, watched[ended])
        if arguments.auto is None:
            say(f"ready: {address.url}  (Ctrl-C ends it)")
            if not arguments.no_browser and _has_display():
                await asyncio.to_thread(webbrowser.open, address.url)
            return _tell_end(ended := await _first_end(watched), watched[ended])
        guests = await stack.enter_async_context(_child(*guests_command(arguments, address.url)))
        ended = await _first_end(watched | {"guests": guests})
        if ended != "guests":
            return _tell_end(ended, watched[ended])
        return guests.returncode or 0


def bot_environment(environment: Mapping[str, str], address: Address, data: Path) -> dict[str, str]:
    """Make the bot's environment: it talks to the sandbox, where Ada is its operator.

    Of one's own settings it knows model, device and log.
    """
    kept = {name: value for name, value in environment.items() if not name.startswith("VERNISSAGE_") or name in _KEPT}
    return kept | {
        "VERNISSAGE_TOKEN": address.token,
        "VERNISSAGE_API_URL": address.url,
        "VERNISSAGE_DATA": str(data),
        "VERNISSAGE_OPERATORS": FIRST_PERSON,
    }


def guests_command(arguments: argparse.Namespace, url: str) -> tuple[str, ...]:
    """Make the command that runs the simulated people."""
    numbers = ("--generations", str(arguments.auto), "--guests", str(arguments.guests))
    return (*SANDBOX, "auto", "--url", url, *numbers, "--report", str(arguments.report))


def parse_address(line: str) -> Address:
    """Read what the sandbox writes when it listens: `sandbox: URL token TOKEN`.

    Raises:
        StartError: the line is something else.
    """
    words = line.split()
    if len(words) != 4 or words[0] != "sandbox:" or words[2] != "token":
        raise StartError(f"the sandbox did not start: expected its address, got {line.strip()!r}")
    parts = urlsplit(words[1])
    if parts.hostname == "0.0.0.0":  # noqa: S104  # compared, not listened on: nobody reaches a server by that name
        parts = parts._replace(netloc=f"127.0.0.1:{parts.port}")
    return Address(urlunsplit(parts), words[3])


async def _read_address(sandbox: Process) -> Address:
    assert sandbox.stdout is not None  # noqa: S101  # asked for by the caller
    return parse_address((await sandbox.stdout.readline()).decode())


@asynccontextmanager
async def _child(
    *command: str, environment: Mapping[str, str] | None = None, stdout: int | None = None
) -> AsyncIterator[Process]:
    """Start a process, and end it: kindly, then for good. Ctrl-C is for us alone, who end all in order."""
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=stdout, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError, TimeoutError):
            process.terminate()
            async with asyncio.timeout(_END_S):
                await process.wait()
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _first_end(processes: Mapping[str, Process], other: asyncio.Task[None] | None = None) -> str:
    """Wait until a process ends, and name it; or until `other` is done, and return an empty name."""
    ends: dict[asyncio.Task[Any], str] = {asyncio.create_task(end.wait()): name for name, end in processes.items()}
    try:
        done, _ = await asyncio.wait({*ends, *([other] if other else [])}, return_when=asyncio.FIRST_COMPLETED)
        return next((ends[task] for task in done if task in ends), "")
    finally:
        for task in ends:
            task.cancel()


async def _bot_is_ready(url: str) -> None:
    """Ask the sandbox until the bot has told it its commands, which it does last."""
    async with aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with session.get(f"{url}/api/state") as answer:
                    if answer.ok and (await answer.json())["bot"]["commands"]:
                        return
            await asyncio.sleep(_ASK_EVERY_S)


def _tell_end(name: str, process: Process) -> int:
    code = process.returncode or 0
    how = f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
    complain(f"{name} ended {how}; its last lines above say why")
    return 1


def _has_display() -> bool:
    """Tell whether a browser could show up; in a bare terminal, one made of text would take the terminal over."""
    return sys.platform in {"darwin", "win32"} or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
