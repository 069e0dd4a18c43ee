"""The command line of simulated people: they visit a bot through a sandbox that runs, and leave a report.

Owns options, printing and the exit code.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import aiohttp

from sandbox.client import SandboxClient
from sandbox.errors import ClientError
from sandbox.guests.record import Visit
from sandbox.guests.room import open_room
from sandbox.guests.visit import Plan, Visiting
from sandbox.report import write_report


def main(argv: list[str]) -> int:
    """Run a visit and write its report; return the exit code.

    0: all generations came and every tap was answered; 1: not so; 2: the options make no sense.
    """
    options = _parse(argv)
    try:
        visit = asyncio.run(visit_bot(options.url, options.generations, options.guests, options.seed, options.timeout))
    except (ClientError, aiohttp.ClientError, OSError) as error:
        sys.stderr.write(f"auto: no sandbox answers at {options.url}: {error}\n")
        return 1
    try:
        page = write_report(visit, options.report)
    except OSError as error:
        sys.stderr.write(f"auto: the report cannot be written: {error}\n")
        return 1
    _tell(f"report: {page}")
    if visit.problem:
        sys.stderr.write(f"auto: {visit.problem}\n")
    if visit.unanswered:
        sys.stderr.write(f"auto: {visit.unanswered} taps got no answer\n")
    return 1 if visit.problem or visit.unanswered else 0


async def visit_bot(url: str, generations: int, guests: int, seed: int, timeout_s: float) -> Visit:
    """Let one person, and `guests` further people, visit the bot whose sandbox is at `url`.

    Raises:
        ClientError: the sandbox refuses what people do.
        aiohttp.ClientError: no sandbox answers.
    """
    async with SandboxClient(url) as client:
        room = await open_room(client, guests, seed)
        return await Visiting(client, room, Plan(generations, seed, timeout_s), _tell).run()


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox auto", description="Let simulated people with hidden tastes use the bot, and report."
    )
    parser.add_argument("--url", required=True, help="where the sandbox listens, such as http://127.0.0.1:8080")
    parser.add_argument("--generations", type=_whole(1), default=4, help="how many albums to judge")
    parser.add_argument("--guests", type=_whole(0), default=0, help="further people who vote too, all in a group")
    parser.add_argument("--report", type=Path, default=Path("report"), help="the folder that the report goes into")
    parser.add_argument("--seed", type=_whole(0), default=0, help="chooses the tastes, and the noise of the votes")
    parser.add_argument("--timeout", type=float, default=300.0, help="seconds to wait for each album")
    return parser.parse_args(argv)


def _whole(least: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"expected {least} or more, came {text}")
        return value

    return whole


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
