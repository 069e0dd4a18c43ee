"""How long a tap waits for its answer while the engine paints, and whether a vote is lost.

Sandbox and bot run as two processes on the bundled model, as in `vernissage demo`, on a temporary data folder. Each of
`--chats` people begins in a private chat of their own and gets an album: all of them are really painted, which takes
most of the time (52 albums of six). Then, for `--seconds`, taps begin at random moments (a Poisson process, open loop:
a slow answer delays no tap), each by a person drawn at random on one of their pictures. Taps in one chat wait for one
another in the bot, so fewer chats at the same rate are another load, and a harder one. Meanwhile `--painters` further
chats press "Next generation" as soon as they may: with two, one's album is painted while the other's is delivered, and
the engine never rests; its CPU time is in the table. Companions, albums and progress are sent and edited as always.

Waits are told twice: by the sandbox, from its press to the bot's answer in whole milliseconds, and from the moment that
a tap was due to its answer in this program's hands, which adds HTTP on both sides and whatever this program is late.

A vote is lost where the database does not hold what the toasts said. On each picture a person taps one button alone,
which gives a vote or takes it back; toasts that gave less toasts that took back must be the votes found (one or none),
in whatever order the taps came. They are looked up when the last tap was answered, while the bot still runs.
Pictures on which a tap got no answer prove nothing, and are counted apart.

The event loop's stalls: the bot is started by `probed_bot.py`, which notes how late a timer on its loop is, and tells
the worst stalls with their places on standard error. With `--search` further windows of 8 s follow at other rates, to
find the highest that keeps p99 under its bar.

Bars stand for an idle machine of two cores. Prints a table, then one line of JSON. Listens on the loopback address
alone; ends by itself, with all it started.

    python benchmarks/taps.py [--chats 50] [--seconds 30] [--rate 100] [--painters 2] [--search]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import sqlite3
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import psutil  # type: ignore[import-untyped]  # ships no types

from bot.commands import demo, run
from bot.data_folder import DataFolder
from bot.words.en import ENGLISH
from sandbox.client import Message, SandboxClient
from sandbox.errors import ClientError
from sandbox.guests.keyboard import DISLIKE_SIGN, LIKE_SIGN, find_button, find_choice, find_vote_buttons, quote

T = TypeVar("T")

_SEED = 7
_BEGIN_AT_ONCE = 8
"""Chats that wait for their first album together; the engine's queue takes 32."""
_READY_S, _ALBUM_S, _END_S = 300.0, 600.0, 12.0
_WARM_UP_S = 1.0
_SAMPLE_S = 0.5
_SEARCH_S, _SEARCH_STEPS = 8.0, 6
_PROBED = Path(__file__).with_name("probed_bot.py")
_VOTES = """
SELECT sessions.chat, candidates.position + 1, votes.value
FROM votes
JOIN candidates ON candidates.id = votes.candidate
JOIN generations ON generations.id = candidates.generation
JOIN sessions ON sessions.id = generations.session
WHERE votes.voter = sessions.chat
"""


@dataclass(frozen=True, slots=True)
class Button:
    """The one button that a person taps on one picture; a private chat has its person's id."""

    chat: int
    message: int
    number: int
    value: int
    data: str


@dataclass(frozen=True, slots=True)
class Tap:
    """One tap: what the bot answered, if it did, and how long that took, in milliseconds."""

    button: Button
    late_ms: float
    wait_ms: float
    took_ms: float | None
    toast: str | None

    @property
    def change(self) -> int | None:
        """What the toast says was done: +1 a vote given, -1 one taken back; None where it says neither."""
        given = ENGLISH.toast_liked if self.button.value > 0 else ENGLISH.toast_disliked
        words = {given: +1, ENGLISH.toast_taken_back: -1}
        return {text.format(number=self.button.number): change for text, change in words.items()}.get(self.toast or "")


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured; times in milliseconds, processor time in cores."""

    taps: int
    rate_per_s: float
    sandbox_p50_ms: float
    sandbox_p99_ms: float
    sandbox_max_ms: float
    client_p50_ms: float
    client_p99_ms: float
    client_max_ms: float
    sent_late_max_ms: float
    unanswered: int
    refused: int
    votes_acknowledged: int
    votes_found: int
    votes_lost: int
    pictures_undecided: int
    albums_painted: int
    bot_rss_mb: float
    bot_cores: float
    sandbox_cores: float
    engine_cores: float
    highest_rate_per_s: float | None
    longest_stall_ms: float | None


_BARS = {
    "sandbox_p99_ms": 150,
    "client_p99_ms": 150,
    "unanswered": 0,
    "votes_lost": 0,
    "longest_stall_ms": 50,
    "bot_rss_mb": 150,
}


class Chats:
    """What all chats show, kept up to date by the sandbox's events."""

    def __init__(self, client: SandboxClient) -> None:
        self.client = client
        self.bot_is_ready = asyncio.Event()
        self._messages: defaultdict[int, dict[int, Message]] = defaultdict(dict)
        self._changed = asyncio.Condition()

    async def follow(self) -> None:
        """Follow the events; never returns while the sandbox lives."""
        async with aclosing(self.client.events(after=0)) as events:
            async for event in events:
                if event["type"] == "commands":  # which the bot tells last
                    self.bot_is_ready.set()
                if "message" not in event:
                    continue
                chat, message = self._messages[event["chat_id"]], event["message"]
                chat[message["id"]] = message
                if event["type"] == "delete":
                    del chat[message["id"]]
                async with self._changed:
                    self._changed.notify_all()
        raise RuntimeError("the sandbox has closed")

    async def until(self, chat: int, find: Callable[[list[Message]], T | None], timeout_s: float = _ALBUM_S) -> T:
        """Wait until `find` sees something in a chat's messages, oldest first, and return that."""
        try:
            async with asyncio.timeout(timeout_s), self._changed:
                while not (found := find(self._in_order(chat))):
                    await self._changed.wait()
                return found
        except TimeoutError as error:
            raise RuntimeError(f"waited {timeout_s:g} s in vain; {quote(self._in_order(chat))}") from error

    async def companion(self, chat: int, after: int = 0) -> Message:
        """Wait for a message with vote buttons that is newer than message `after`."""
        return await self.until(chat, lambda messages: _companion(messages, after))

    async def begin(self, name: str) -> Message:
        """Let a new person come in, choose the first style, and wait for the first album; return its companion."""
        chat = (await self.client.add_person(name))["id"]
        said = await self.client.say(chat, chat, "/start")
        message, button = await self.until(chat, lambda messages: find_choice(messages, said["id"]))
        await self.client.press(chat, message["id"], chat, button["callback_data"])
        return await self.companion(chat)

    async def paint_on(self, companion: Message, painted: Counter[int]) -> None:
        """Press "Next generation" as soon as an album is there, for ever; count the albums by chat."""
        chat = companion["chat_id"]
        while True:
            button = find_button(companion, ENGLISH.button_next)
            assert button is not None, companion  # noqa: S101  # under every album
            await self.client.press(chat, companion["id"], chat, button["callback_data"])
            companion = await self.companion(chat, after=companion["id"])
            painted[chat] += 1

    def _in_order(self, chat: int) -> list[Message]:
        return [message for _, message in sorted(self._messages[chat].items())]


class Usage:
    """Memory and processor time of bot, sandbox and engine while taps come."""

    def __init__(self, bot: Process, sandbox: Process) -> None:
        self._bot, self._sandbox = psutil.Process(bot.pid), psutil.Process(sandbox.pid)
        (self._engine,) = (it for it in self._bot.children() if "style.engine" in it.cmdline())
        self.begin()

    def begin(self) -> None:
        """Count from now on."""
        self._start, self._before, self._rss = time.perf_counter(), self._cpu_s(), 0

    async def sample(self) -> None:
        """Look at the bot's memory now and again, for ever."""
        while True:
            self._rss = max(self._rss, self._bot.memory_info().rss)
            await asyncio.sleep(_SAMPLE_S)

    def tell(self) -> dict[str, float]:
        """Return the bot's largest resident memory in MB, and the cores that each process kept busy."""
        took_s = time.perf_counter() - self._start
        spent = {name: after - self._before[name] for name, after in self._cpu_s().items()}
        return {"bot_rss_mb": round(self._rss / 1e6, 1)} | {name: round(it / took_s, 2) for name, it in spent.items()}

    def _cpu_s(self) -> dict[str, float]:
        processes = {"bot_cores": self._bot, "sandbox_cores": self._sandbox, "engine_cores": self._engine}
        times = {name: process.cpu_times() for name, process in processes.items()}
        return {name: it.user + it.system for name, it in times.items()}


async def measure(arguments: argparse.Namespace, folder: Path) -> Result:
    """Start everything, have the albums painted, tap, stop everything."""
    data, stalls = folder / "data", folder / "stalls.json"
    async with _child(*demo.SANDBOX, "serve", "--port", "0", stdout=PIPE) as sandbox:
        assert sandbox.stdout is not None  # noqa: S101  # asked for
        address = demo.parse_address((await sandbox.stdout.readline()).decode())
        environment = demo.bot_environment(os.environ, address, data) | {"VERNISSAGE_MODEL": "bundled"}
        command = (sys.executable, str(_PROBED), str(stalls))
        async with SandboxClient(address.url) as client, _child(*command, environment=environment) as bot:
            chats = Chats(client)
            guards = (chats.follow(), _outlive(sandbox, "the sandbox"), _outlive(bot, "the bot"))
            window, result = await _beside(tap_through(chats, arguments, bot, sandbox, data), *guards)
    return Result(**result, longest_stall_ms=longest_stall_ms(stalls, window))


async def tap_through(
    chats: Chats, arguments: argparse.Namespace, bot: Process, sandbox: Process, data: Path
) -> tuple[range, dict[str, Any]]:
    """Have the albums painted, tap, and look the votes up; return the clock's seconds meanwhile, and what came out."""
    async with asyncio.timeout(_READY_S):
        await chats.bot_is_ready.wait()
    companions = await open_albums(chats, arguments.chats + arguments.painters)
    buttons = [button for companion in companions[: arguments.chats] for button in buttons_of(companion)]
    painted: Counter[int] = Counter()
    painting = [chats.paint_on(companion, painted) for companion in companions[arguments.chats :]]
    usage = Usage(bot, sandbox)

    async def tap() -> tuple[range, list[Tap], dict[str, float]]:
        await asyncio.sleep(_WARM_UP_S)
        usage.begin()
        begun = int(time.time())
        taps = await tap_on(chats.client, buttons, arguments.rate, arguments.seconds)
        return range(begun, int(time.time()) + 1), taps, usage.tell()

    async def hold(rate: float) -> bool:
        taps = await tap_on(chats.client, buttons, rate, _SEARCH_S)
        searched.extend(taps)
        p99_ms = waits(taps)["sandbox_p99_ms"]
        sys.stderr.write(f"{rate:.0f} taps a second: p99 {p99_ms:.0f} ms\n")
        return p99_ms < _BARS["sandbox_p99_ms"] and all(tap.took_ms is not None for tap in taps)

    async def tap_and_search() -> tuple[range, list[Tap], dict[str, float], float | None]:
        measured = await tap()
        return *measured, await find_highest_rate(hold, arguments.rate) if arguments.search else None

    searched: list[Tap] = []
    window, taps, used, highest = await _beside(tap_and_search(), *painting, usage.sample())
    votes = find_votes(DataFolder(data).database)
    counts = {
        "taps": len(taps),
        "rate_per_s": round(len(taps) / arguments.seconds, 1),
        "albums_painted": painted.total(),
    }
    lost = compare(buttons, [*taps, *searched], votes)
    return window, {**counts, **waits(taps), **lost, **used, "highest_rate_per_s": highest}


async def find_highest_rate(holds: Callable[[float], Awaitable[bool]], first: float) -> float:
    """Search the highest rate that holds: twice the last one while it does, then the middle between held and broken."""
    held, broken, rate = 0.0, None, first
    for _ in range(_SEARCH_STEPS):
        if await holds(rate):
            held = rate
        else:
            broken = rate
        rate = 2 * held if broken is None else (held + broken) / 2
    return round(held, 1)


async def open_albums(chats: Chats, count: int) -> list[Message]:
    """Let people come in, a few at a time, until each has an album to vote on; return the companions."""
    room, done = asyncio.Semaphore(_BEGIN_AT_ONCE), 0

    async def begin(number: int) -> Message:
        nonlocal done
        async with room:
            companion = await chats.begin(f"Guest {number}")
        done += 1
        sys.stderr.write(f"albums: {done} of {count}\n")
        return companion

    async with asyncio.TaskGroup() as tasks:
        begun = [tasks.create_task(begin(number)) for number in range(1, count + 1)]
    return [task.result() for task in begun]


def buttons_of(companion: Message) -> list[Button]:
    """Choose the button that is tapped on each picture: likes and dislikes in turn."""
    signs = {+1: find_vote_buttons(companion, LIKE_SIGN), -1: find_vote_buttons(companion, DISLIKE_SIGN)}
    chosen = []
    for number in sorted(signs[+1]):
        value = +1 if number % 2 else -1
        data = signs[value][number]["callback_data"]
        chosen.append(Button(companion["chat_id"], companion["id"], number, value, data))
    return chosen


async def tap_on(client: SandboxClient, buttons: Sequence[Button], rate: float, seconds: float) -> list[Tap]:
    """Begin taps at random moments, whatever becomes of those before; return when the last is answered or given up."""
    rng = random.Random(_SEED)
    tasks: list[asyncio.Task[Tap]] = []
    start = time.perf_counter()
    due = start + rng.expovariate(rate)
    async with asyncio.TaskGroup() as group:
        while due < start + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(group.create_task(_tap(client, rng.choice(buttons), due)))
            due += rng.expovariate(rate)
    return [task.result() for task in tasks]


async def _tap(client: SandboxClient, button: Button, due: float) -> Tap:
    late_ms, took_ms, toast = 1000 * (time.perf_counter() - due), None, None
    with suppress(ClientError, aiohttp.ClientError, TimeoutError):
        answer = await client.press(button.chat, button.message, button.chat, button.data)
        if answer["answered"]:
            took_ms, toast = float(answer["took_ms"]), answer["text"]
    return Tap(button, late_ms, 1000 * (time.perf_counter() - due), took_ms, toast)


def waits(taps: Sequence[Tap]) -> dict[str, float]:
    """Condense how long the answers took; taps without an answer are counted elsewhere."""
    answered = [tap for tap in taps if tap.took_ms is not None]
    if not answered:
        raise RuntimeError(f"none of {len(taps)} taps was answered")
    kinds = {
        "sandbox": sorted(tap.took_ms for tap in answered if tap.took_ms is not None),
        "client": sorted(tap.wait_ms for tap in answered),
    }
    told = {"sent_late_max_ms": round(max(tap.late_ms for tap in taps), 1)}
    for kind, ordered in kinds.items():
        for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0)):
            told[f"{kind}_{name}_ms"] = round(ordered[int(share * (len(ordered) - 1))], 1)
    return told


def find_votes(database: Path) -> dict[tuple[int, int], int]:
    """Read the votes of private chats from the file of a bot that may run: by chat and the picture's number."""
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return {(chat, number): value for chat, number, value in connection.execute(_VOTES)}
    finally:
        connection.close()


def compare(buttons: Sequence[Button], taps: Sequence[Tap], votes: Mapping[tuple[int, int], int]) -> dict[str, int]:
    """Hold what the toasts said against the votes that were found."""
    balance: Counter[Button] = Counter()
    undecided = {tap.button for tap in taps if tap.took_ms is None}
    for tap in taps:
        balance[tap.button] += tap.change or 0
    lost = 0
    for button in buttons:
        if button not in undecided:
            lost += abs(balance[button] * button.value - votes.get((button.chat, button.number), 0))
    return {
        "unanswered": sum(tap.took_ms is None for tap in taps),
        "refused": sum(tap.took_ms is not None and tap.change is None for tap in taps),
        "votes_acknowledged": sum(balance.values()),
        "votes_found": sum((button.chat, button.number) in votes for button in buttons),
        "votes_lost": lost,
        "pictures_undecided": len(undecided),
    }


def longest_stall_ms(file: Path, window: range) -> float | None:
    """Read the longest stall in some seconds; None where the bot was killed before it could write them down."""
    if not file.exists():
        return None
    by_second = {int(second): late_ms for second, late_ms in json.loads(file.read_text()).items()}
    return round(max((by_second.get(second, 0.0) for second in window), default=0.0), 1)


@asynccontextmanager
async def _child(
    *command: str, environment: Mapping[str, str] | None = None, stdout: int | None = None
) -> AsyncIterator[Process]:
    """Start a process and end it with all its children: kindly, then for good."""
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=stdout, start_new_session=True)
    family: list[psutil.Process] = []
    try:
        yield process
    finally:
        with suppress(psutil.NoSuchProcess):
            family = psutil.Process(process.pid).children(recursive=True)
        with suppress(ProcessLookupError, TimeoutError):
            process.terminate()
            async with asyncio.timeout(_END_S):
                await process.wait()
        for left in family:
            with suppress(psutil.NoSuchProcess):
                left.kill()
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _outlive(process: Process, name: str) -> None:
    raise RuntimeError(f"{name} ended with code {await process.wait()}; its last lines above say why")


async def _beside(work: Coroutine[Any, Any, T], *others: Coroutine[Any, Any, None]) -> T:
    """Await `work` while others go on that end by an error alone, which then is raised; leave none running."""
    main, guards = asyncio.create_task(work), [asyncio.create_task(other) for other in others]
    try:
        await asyncio.wait({main, *guards}, return_when=asyncio.FIRST_COMPLETED)
        for guard in guards:
            if guard.done():
                guard.result()
        return main.result()
    finally:
        for task in (main, *guards):
            task.cancel()
        await asyncio.wait({main, *guards})


def _companion(messages: Sequence[Message], after: int) -> Message | None:
    found = [message for message in messages if message["id"] > after and find_vote_buttons(message, LIKE_SIGN)]
    return found[-1] if found else None


def main(argv: Sequence[str]) -> int:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description="How long a tap waits while the engine paints; is a vote lost?")
    parser.add_argument("--chats", type=int, default=50, help="private chats that tap, each with an album of its own")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long taps begin")
    parser.add_argument("--rate", type=float, default=100.0, help="taps a second, all chats together")
    parser.add_argument("--painters", type=int, default=2, help="further chats that keep the engine painting")
    parser.add_argument("--search", action="store_true", help="also search the highest rate that keeps p99 < 150 ms")
    arguments = parser.parse_args(argv)
    if min(arguments.chats, arguments.rate, arguments.seconds) <= 0 or arguments.painters < 0:
        parser.error("--chats, --rate and --seconds must be above 0, and --painters not below")
    about: dict[str, Any] = {
        "benchmark": "taps",
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "seed": _SEED,
    }
    about |= {"load_average_before": round(os.getloadavg()[0], 1), **vars(arguments)}
    with tempfile.TemporaryDirectory(prefix="vernissage-taps-") as folder:
        result = asyncio.run(run.until_stopped(measure(arguments, Path(folder)), demo.STOP_SIGNALS))
    if result is None:
        return 130
    print(f"{'what':<24}{'measured':>12}{'bar':>8}")
    for name, value in asdict(result).items():
        print(f"{name:<24}{value!s:>12}{_BARS.get(name, '')!s:>8}")
    print(json.dumps({**about, "result": asdict(result)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
