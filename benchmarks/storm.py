"""Whether anything is lost or doubled when many chats play at once, requests fail, and the bot is killed.

Groups and private chats go through their generations against a sandbox with its flood limits on, in which each way of
failing that it has hits a share of all requests: 429, 5xx, time-outs and cut connections (each also after the request
was carried out), albums that break off, slow answers, and updates that come twice or out of order. With `--kills` the
bot is killed with SIGKILL at random moments and started again at once. Everything real but the painter: a scripted
engine in its own process, which paints flat colours; `--engine bundled` takes the real one.

Then three things are held against one another: what people were told (toasts), what the sandbox was asked (its
transcript, followed as it grows) and what the database holds.

    votes_lost      acknowledged by a toast, and not in the database, or with another value
    albums_doubled  a generation's pictures that arrived more often than once; nobody here presses "Show again"
    albums_lost     generations that were voted on, but whose pictures never arrived, without an offer to show them
    breaches        requests that are not valid Bot API
    floods          429 that the sandbox gave by its own limits. A killed bot forgets what it had spent, so with kills
                    a few may come; they are obeyed

Prints a table, then one line of JSON; ends with 1 if a bar is broken.

    python benchmarks/storm.py [--groups 5] [--private 20] [--generations 10] [--failing 0.1] [--kills 0] [--seed 7]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.storm_people import Chats, Company, Mark, Tally
from bot import cli, lifespan
from bot.commands import demo, run
from bot.data_folder import DataFolder
from sandbox.client import SandboxClient
from sandbox.server import RunningSandbox, running_sandbox
from style.engine.client import LocalPainter

ROOT = Path(__file__).resolve().parents[1]
_STORMY = "--stormy-bot"
_FOLLOW_S = 0.5
_SETTLE_S = 20.0
_END_S = 15.0
_LEAST_LIFE_S = 0.5
_WAYS: tuple[dict[str, Any], ...] = (
    {"kind": "too_many_requests", "retry_after_s": 1},
    {"kind": "server_error", "status": 502},
    {"kind": "server_error", "status": 500, "delivered": True},
    {"kind": "timeout", "pause_s": 2.0},
    {"kind": "timeout", "pause_s": 2.0, "delivered": True},
    {"kind": "cut"},
    {"kind": "cut", "delivered": True},
    {"kind": "slow", "pause_s": 0.5},
    {"kind": "partial_album", "items": 2, "then": "error"},
    {"kind": "partial_album", "items": 3, "then": "cut"},
    {"kind": "cut", "method": "getUpdates"},
    {"kind": "duplicate_update"},
    {"kind": "reorder_updates", "pause_s": 1.0},
)
_VOTES = """
SELECT sessions.chat, generations.number, candidates.position + 1, votes.voter, votes.value
FROM votes
JOIN candidates ON candidates.id = votes.candidate
JOIN generations ON generations.id = candidates.generation
JOIN sessions ON sessions.id = generations.session
"""
_SHOWN = """
SELECT sessions.chat, generations.number, generations.album_status
FROM generations JOIN sessions ON sessions.id = generations.session WHERE generations.voting_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What came out; all but the bars are for reading."""

    votes_lost: int
    albums_doubled: int
    albums_lost: int
    breaches: int
    floods: int
    unexpected: int
    votes_acknowledged: int
    votes_undecided: int
    votes_refused: int
    generations_voted: int
    albums_unknown: int
    requests: int
    faults_met: int
    kills: int
    nudges: int
    took_s: float

    def is_broken(self) -> bool:
        """Tell whether a bar is broken."""
        floods = 0 if self.kills else self.floods
        return bool(self.votes_lost + self.albums_doubled + self.albums_lost + self.breaches + floods + self.unexpected)


class Watch:
    """Reads the sandbox's transcript while it grows: it keeps the last 5,000 requests alone."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self._sandbox = sandbox
        self._last = 0
        self.requests = self.faults = self.floods = 0
        self.breaches: list[dict[str, Any]] = []
        self.arrived: Counter[tuple[int, str]] = Counter()

    async def follow(self) -> None:
        """Read on, for ever."""
        while True:
            self.read()
            await asyncio.sleep(_FOLLOW_S)

    def read(self) -> None:
        """Take what is new."""
        for entry in self._sandbox.state.transcript.after(self._last):
            self._last = entry["n"]
            self.requests += 1
            self.faults += entry["fault"] is not None
            self.floods += entry["fault"] is None and "retry after" in str(entry["error"]).lower()
            if entry["breach"]:
                self.breaches.append(entry)
            if entry["method"] == "sendMediaGroup" and entry["sent"]:
                self._note(entry)

    def _note(self, entry: dict[str, Any]) -> None:
        names = [str(one["file"]) for one in _files(entry["request"])][: len(entry["sent"])]
        for name in names:
            self.arrived[int(entry["request"]["chat_id"]), name.removesuffix(".jpg")] += 1


class Keeper:
    """Runs the bot, and kills it."""

    def __init__(self, sandbox: RunningSandbox, data: Path, engine: str) -> None:
        address = demo.Address(sandbox.url, sandbox.token)
        self._environment = demo.bot_environment(os.environ, address, data) | {
            "VERNISSAGE_MODEL": "bundled",
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
            "OMP_WAIT_POLICY": "PASSIVE",
        }
        self._command = (sys.executable, __file__, _STORMY, engine)
        self._bot: Process | None = None
        self.kills = 0

    async def start(self) -> None:
        """Start the bot."""
        self._bot = await asyncio.create_subprocess_exec(*self._command, env=self._environment, cwd=ROOT)

    async def kill_now_and_again(self, times: int, longest_life_s: float, dice: random.Random) -> None:
        """Kill the bot so often, each time after a random while, and start it again."""
        for _ in range(times):
            await asyncio.sleep(dice.uniform(_LEAST_LIFE_S, longest_life_s))
            assert self._bot is not None  # noqa: S101  # started before
            self._bot.send_signal(signal.SIGKILL)
            await self._bot.wait()
            self.kills += 1
            await self.start()

    async def guard(self) -> None:
        """Return when the bot has ended by itself, which it never should."""
        while True:
            bot = self._bot
            assert bot is not None  # noqa: S101  # started before
            code = await bot.wait()
            if code != -signal.SIGKILL:
                raise RuntimeError(f"the bot ended with code {code}; its last lines above say why")
            await asyncio.sleep(0.05)

    async def end(self) -> None:
        """Stop the bot."""
        if self._bot is None or self._bot.returncode is not None:
            return
        self._bot.terminate()
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_S):
                await self._bot.wait()
                return
        self._bot.kill()
        await self._bot.wait()


async def storm(arguments: argparse.Namespace, folder: Path) -> Result:
    """Start everything, let people play, and hold what came out against what was promised."""
    began, data, tally = time.monotonic(), folder / "data", Tally()
    async with running_sandbox(has_flood_limits=True) as sandbox, SandboxClient(sandbox.url) as client:
        watch, chats = Watch(sandbox), Chats(client)
        keeper = Keeper(sandbox, data, arguments.engine)
        companies = await _found(chats, arguments, tally)
        await _switch_on(client, arguments)
        await keeper.start()
        others = [asyncio.create_task(work) for work in (watch.follow(), chats.follow(), keeper.guard())]
        dice = random.Random(arguments.seed)
        killing = asyncio.create_task(keeper.kill_now_and_again(arguments.kills, arguments.life_s, dice))
        try:
            async with asyncio.timeout(arguments.longest_s):
                playing = asyncio.create_task(_play(companies, arguments.generations))
                await asyncio.wait({playing, *others}, return_when=asyncio.FIRST_COMPLETED)
                for other in others:
                    if other.done():
                        other.result()
                        raise RuntimeError("the sandbox has closed")
                await playing
                await killing
                await client.house.clear_faults()
                await _settle(watch)
        finally:
            for task in (killing, *others):
                task.cancel()
            await asyncio.gather(killing, *others, return_exceptions=True)
            await keeper.end()
        watch.read()
    return _judge(tally, watch, DataFolder(data).database, keeper.kills, time.monotonic() - began)


async def _found(chats: Chats, arguments: argparse.Namespace, tally: Tally) -> list[Company]:
    """Let everybody come in: each alone, and in groups of three."""
    companies = []
    for number in range(arguments.private):
        person = (await chats.client.add_person(f"Guest {number}"))["id"]
        companies.append(Company(chats, person, [person], arguments.seed, arguments.patience_s, tally))
    for number in range(arguments.groups):
        members = [(await chats.client.add_person(f"Member {number}.{each}"))["id"] for each in range(3)]
        group = await chats.client.add_group(f"Group {number}", members)
        companies.append(Company(chats, group["id"], members, arguments.seed, arguments.patience_s, tally))
    return companies


async def _play(companies: Sequence[Company], generations: int) -> None:
    async with asyncio.TaskGroup() as together:
        for company in companies:
            together.create_task(company.play(generations))


async def _switch_on(client: SandboxClient, arguments: argparse.Namespace) -> None:
    for number, way in enumerate(_WAYS):
        seed = 1000 * arguments.seed + number
        await client.house.add_fault(**way, count=None, probability=arguments.failing, seed=seed)


async def _settle(watch: Watch) -> None:
    """Wait until the bot asks for nothing new: what was under way is done then."""
    quiet_since, seen = time.monotonic(), -1
    end = quiet_since + _SETTLE_S
    while time.monotonic() < min(end, quiet_since + 3):
        await asyncio.sleep(_FOLLOW_S)
        if watch.requests - seen > 1:  # a poll that comes to its end is one
            quiet_since = time.monotonic()
        seen = watch.requests


def _judge(tally: Tally, watch: Watch, database: Path, kills: int, took_s: float) -> Result:
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    try:
        votes = {Mark(*row[:4]): row[4] for row in connection.execute(_VOTES)}
        shown = connection.execute(_SHOWN).fetchall()
    finally:
        connection.close()
    lost = [mark for mark, value in tally.acknowledged.items() if votes.get(mark) != value]
    came = {(chat, int(name.split("-")[0])) for chat, name in watch.arrived}
    missing = [(chat, number) for chat, number, status in shown if status != "unknown" and (chat, number) not in came]
    doubled = {(chat, name.split("-")[0]) for (chat, name), times in watch.arrived.items() if times > 1}
    for what, which in (("lost votes", lost), ("lost albums", missing), ("doubled albums", sorted(doubled))):
        if which:
            sys.stderr.write(f"{what}: {which[:10]}\n")
    for line in (*tally.unexpected[:10], *(str(entry)[:400] for entry in watch.breaches[:5])):
        sys.stderr.write(f"unexpected: {line}\n")
    return Result(
        votes_lost=len(lost),
        albums_doubled=len(doubled),
        albums_lost=len(missing),
        breaches=len(watch.breaches),
        floods=watch.floods,
        unexpected=len(tally.unexpected),
        votes_acknowledged=len(tally.acknowledged),
        votes_undecided=len(tally.undecided),
        votes_refused=tally.refused,
        generations_voted=tally.generations,
        albums_unknown=sum(status == "unknown" for _, _, status in shown),
        requests=watch.requests,
        faults_met=watch.faults,
        kills=kills,
        nudges=tally.nudges,
        took_s=round(took_s, 1),
    )


def _files(value: Any) -> list[dict[str, Any]]:
    """Find the uploaded files in a recorded request, in their order."""
    if isinstance(value, dict):
        if set(value) >= {"file", "size"}:
            return [value]
        return [file for item in value.values() for file in _files(item)]
    return [file for item in value for file in _files(item)] if isinstance(value, list) else []


def run_stormy_bot(engine: str) -> int:
    """Run the bot as `vernissage run` does, with a scripted engine unless the bundled model is wanted."""
    if engine == "scripted":
        program = (sys.executable, str(ROOT / "tests" / "scripted_engine.py"))
        setattr(lifespan, "LocalPainter", partial(LocalPainter, program=program))  # noqa: B010  # mypy knows no such name
    return cli.main(["run", "--no-env-file"])


def main(argv: Sequence[str]) -> int:
    """Read the arguments, let it storm, print."""
    if argv[:1] == [_STORMY]:
        return run_stormy_bot(argv[1])
    parser = argparse.ArgumentParser(description="Is anything lost or doubled when requests fail and the bot dies?")
    parser.add_argument("--groups", type=int, default=5, help="groups of three people")
    parser.add_argument("--private", type=int, default=20, help="private chats")
    parser.add_argument("--generations", type=int, default=10)
    parser.add_argument("--failing", type=float, default=0.1, help="share of requests that fail, in each of the ways")
    parser.add_argument("--kills", type=int, default=0, help="how often the bot is killed")
    parser.add_argument("--life-s", type=float, default=15.0, help="the longest time between two kills")
    parser.add_argument("--engine", choices=("scripted", "bundled"), default="scripted")
    parser.add_argument("--patience-s", type=float, default=12.0, help="how long a person waits before trying again")
    parser.add_argument("--longest-s", type=float, default=3600.0, help="when to give up")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="vernissage-storm-") as folder:
        result = asyncio.run(run.until_stopped(storm(arguments, Path(folder)), demo.STOP_SIGNALS))
    if result is None:
        return 130
    bars = {"votes_lost", "albums_doubled", "albums_lost", "breaches", "unexpected"}
    bars |= set() if result.kills else {"floods"}
    print(f"{'what':<24}{'measured':>12}{'bar':>8}")
    for name, value in asdict(result).items():
        print(f"{name:<24}{value!s:>12}{'0' if name in bars else '':>8}")
    print(json.dumps({"benchmark": "storm", "cpus": os.cpu_count(), **vars(arguments), "result": asdict(result)}))
    return int(result.is_broken())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
