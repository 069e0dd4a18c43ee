"""How long the sandbox itself takes when many people tap at once, and whether an update is lost.

The sandbox runs as a process of its own. Each of `--chats` people has a message with buttons in a private chat. For
`--seconds`, taps begin at random moments (a Poisson process, open loop: a slow answer delays no tap), each by a person
drawn at random, each with data of its own. A bot of a few lines in this process polls for updates and answers every
press at once.

The sandbox's own part of a tap is the time from the press being sent to its answer being read, less the time that the
bot of a few lines held the update: both ways of HTTP, in this program and in the sandbox, are in it. Beside it stands
what the sandbox says of itself, the time that it took to carry `answerCallbackQuery` out. An update is lost when a
press was sent and its data never reached the bot; one is repeated when it came twice.

Bars stand for an idle machine. How idle it was, a timer of 5 ms in this program tells, by how late it fires: a tap
waits half a dozen times for one of the two processes to get a core.

Prints a table, then one line of JSON; ends with 1 where a bar is not held. Listens on the loopback address alone.

    python benchmarks/sandbox_load.py [--chats 50] [--seconds 60] [--rate 200]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import sys
import time
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

import aiohttp
import psutil  # type: ignore[import-untyped]  # ships no types

from sandbox.client import SandboxClient

_SEED = 7
_SANDBOX = (sys.executable, "-m", "sandbox", "serve", "--port", "0", "--no-flood-limits")
_BARS = {"own_p99_ms": 20.0, "updates_lost": 0, "updates_repeated": 0, "unanswered": 0}
_SERVER_ENTRIES = 5000
_TICK_S = 0.005


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured; times in milliseconds, processor time in cores."""

    taps: int
    rate_per_s: float
    own_p50_ms: float
    own_p99_ms: float
    own_max_ms: float
    carried_out_p99_ms: float
    sent_late_max_ms: float
    timer_late_p99_ms: float
    updates_lost: int
    updates_repeated: int
    unanswered: int
    sandbox_cores: float
    sandbox_rss_mb: float


class Bot:
    """Answers every press at once, and notes which came and how long each was in its hands."""

    def __init__(self, address: str, http: aiohttp.ClientSession) -> None:
        self._address = address
        self._http = http
        self._answers: set[asyncio.Task[None]] = set()
        self.seen: Counter[str] = Counter()
        self.held_s: dict[str, float] = {}

    async def ask(self, method: str, **parameters: Any) -> Any:
        """Call the Bot API."""
        async with self._http.post(f"{self._address}/{method}", json=parameters) as answer:
            body = await answer.json()
        if not body["ok"]:
            raise RuntimeError(f"{method}: {body['description']}")
        return body["result"]

    async def run(self) -> None:
        """Poll and answer, for ever."""
        offset = 0
        while True:
            for update in await self.ask("getUpdates", offset=offset, timeout=20):
                offset = update["update_id"] + 1
                task = asyncio.create_task(self._answer(update["callback_query"], time.perf_counter()))
                self._answers.add(task)
                task.add_done_callback(self._answers.discard)

    async def _answer(self, query: dict[str, Any], came: float) -> None:
        self.seen[query["data"]] += 1
        self.held_s[query["data"]] = time.perf_counter() - came
        await self.ask("answerCallbackQuery", callback_query_id=query["id"], text="Liked")


async def measure(chats: int, seconds: float, rate: float) -> Result:
    """Start a sandbox, tap, and stop it."""
    process = await asyncio.create_subprocess_exec(*_SANDBOX, stdout=PIPE)
    try:
        assert process.stdout is not None  # noqa: S101  # asked for
        _, url, _, token = (await process.stdout.readline()).decode().split()
        async with SandboxClient(url) as people, _bot(f"{url}/bot{token}") as bot:
            messages = [await _open_chat(people, bot, number) for number in range(chats)]
            return await _tap(people, bot, messages, seconds, rate, psutil.Process(process.pid))
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def _bot(address: str) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        bot = Bot(address, http)
        polling = asyncio.create_task(bot.run())
        yield bot
        polling.cancel()


async def _open_chat(people: SandboxClient, bot: Bot, number: int) -> tuple[int, int]:
    chat = (await people.add_person(f"Person {number + 1}"))["id"]
    keyboard = {"inline_keyboard": [[{"text": str(key), "callback_data": str(key)} for key in range(1, 7)]]}
    sent = await bot.ask("sendMessage", chat_id=chat, text="Vote", reply_markup=keyboard)
    return chat, sent["message_id"]


async def _tap(  # one argument a thing that the taps need
    people: SandboxClient,
    bot: Bot,
    messages: list[tuple[int, int]],
    seconds: float,
    rate: float,
    process: psutil.Process,
) -> Result:
    draw = random.Random(_SEED)
    waits_s: dict[str, float] = {}
    late_s: list[float] = []
    unanswered: list[str] = []

    async def tap(data: str, due: float) -> None:
        chat, message = draw.choice(messages)
        begun = time.perf_counter()
        late_s.append(begun - due)
        answer = await people.press(chat, message, chat, data)
        waits_s[data] = time.perf_counter() - begun
        if not answer["answered"]:
            unanswered.append(data)

    timer_late_s: list[float] = []
    timer = asyncio.create_task(_watch_timer(timer_late_s))
    start, cpu = time.perf_counter(), sum(process.cpu_times()[:2])
    due = start
    async with asyncio.TaskGroup() as group:
        while (due := due + draw.expovariate(rate)) < start + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(tap(f"tap {len(late_s)} {due:.6f}", due))
    took_s = time.perf_counter() - start
    timer.cancel()
    own_ms = sorted((wait_s - bot.held_s.get(data, 0.0)) * 1000 for data, wait_s in waits_s.items())
    entries = await people.transcript()
    carried_ms = sorted(entry["took_ms"] for entry in entries[-_SERVER_ENTRIES:] if entry["method"] != "getUpdates")
    return Result(
        taps=len(waits_s),
        rate_per_s=round(len(waits_s) / took_s, 1),
        own_p50_ms=_quantile(own_ms, 0.5),
        own_p99_ms=_quantile(own_ms, 0.99),
        own_max_ms=_quantile(own_ms, 1.0),
        carried_out_p99_ms=_quantile(carried_ms, 0.99),
        sent_late_max_ms=round(max(late_s) * 1000, 1),
        timer_late_p99_ms=_quantile(sorted(late * 1000 for late in timer_late_s), 0.99),
        updates_lost=len(set(waits_s) - set(bot.seen)),
        updates_repeated=sum(count - 1 for count in bot.seen.values()),
        unanswered=len(unanswered),
        sandbox_cores=round((sum(process.cpu_times()[:2]) - cpu) / took_s, 2),
        sandbox_rss_mb=round(process.memory_info().rss / 1e6, 1),
    )


async def _watch_timer(late_s: list[float]) -> None:
    while True:
        due = time.perf_counter() + _TICK_S
        await asyncio.sleep(_TICK_S)
        late_s.append(time.perf_counter() - due)


def _quantile(values: list[float], share: float) -> float:
    return round(values[min(len(values) - 1, int(share * len(values)))], 1)


def main() -> int:
    """Measure, print, and say by the exit code whether the bars were held."""
    parser = argparse.ArgumentParser(description="Load the sandbox with taps.")
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=200.0, help="taps a second, over all chats")
    arguments = parser.parse_args()
    result = asdict(asyncio.run(measure(arguments.chats, arguments.seconds, arguments.rate)))
    held = True
    for name, value in result.items():
        bar = _BARS.get(name)
        is_held = bar is None or value <= bar
        held = held and is_held
        told = "" if bar is None else f"(bar {bar:g})" if is_held else f"(bar {bar:g}: MISSED)"
        print(f"{name:<20} {value:>10} {told}")
    machine = {"machine": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
    print(json.dumps({"benchmark": "sandbox_load", **vars(arguments), "seed": _SEED, **result, **machine}))
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
