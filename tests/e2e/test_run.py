"""The program as a process of its own, against a sandbox over HTTP: it starts, serves both ways, and stops."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from sandbox.client import Message, SandboxClient
from sandbox.server import RunningSandbox

ADA, BEN = 1001, 1002
READY_S = 300.0
"""How long anything may take on a machine that does much else; none of it is slow on an idle one."""
STOP_S = 10.0


@dataclass
class Program:
    """A running command, and what it has written so far."""

    process: Process
    lines: list[str] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        """Keep what the command writes."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.lines.append(line.decode().rstrip())
            self.heard.set()
        self.heard.set()

    @property
    def text(self) -> str:
        """All that it has written."""
        return "\n".join(self.lines)

    async def says(self, words: str, timeout_s: float = READY_S) -> str:
        """Wait for a line with these words."""
        async with asyncio.timeout(timeout_s):
            while True:
                self.heard.clear()
                if found := [line for line in self.lines if words in line]:
                    return found[0]
                assert self.process.returncode is None, f"it ended before it said {words!r}:\n{self.text}"
                await self.heard.wait()

    async def end(self, number: signal.Signals | None = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal, and return the exit code and how many seconds that took."""
        began = time.monotonic()
        if number is not None:
            self.process.send_signal(number)
        async with asyncio.timeout(READY_S):
            code = await self.process.wait()
        return code, time.monotonic() - began


Start = Callable[..., Any]


@pytest.fixture
def data(tmp_path: Path, tiny_pack: Path) -> Path:
    """A data folder with the tiny model's style in it."""
    shutil.copytree(tiny_pack, tmp_path / "data" / "packs" / "tiny")
    return tmp_path / "data"


@pytest.fixture
def start(data: Path, tiny_model: Path) -> Start:
    """Start a command on the tiny model, with settings of one's own; it is ended with the block."""

    @asynccontextmanager
    async def run(*command: str, **settings: str) -> AsyncIterator[Program]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VERNISSAGE_")}
        environment |= {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE", "PYTHONUNBUFFERED": "1"}
        given = {"MODEL": str(tiny_model), "DEVICE": "cpu", "DATA": str(data)} | settings
        environment |= {f"VERNISSAGE_{name}": value for name, value in given.items()}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *command, env=environment, stdout=PIPE, stderr=STDOUT
        )
        program = Program(process)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(program.listen())
            try:
                yield program
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()

    return run


@pytest.fixture
def start_bot(start: Start, sandbox: RunningSandbox) -> Start:
    """Start `run` for the sandbox."""

    def run(**settings: str) -> Any:
        given = {"TOKEN": sandbox.token, "API_URL": sandbox.url} | settings
        return start("run", "--no-env-file", **given)

    return run


def button(messages: list[Message], words: str) -> tuple[int, str] | None:
    """Find the newest button with these words: its message and its data."""
    for message in reversed(messages):
        for row in message.get("keyboard", []):
            for key in row:
                if words in key["text"]:
                    return message["id"], key["callback_data"]
    return None


def album(messages: list[Message]) -> list[Message] | None:
    """Find the pictures of an album."""
    return [message for message in messages if "media_group_id" in message] or None


async def see_an_album(people: SandboxClient, person: int) -> None:
    """Say /start, choose the style, and wait for the pictures and their keyboard."""
    await people.say(person, person, "/start")
    message, data = await people.wait_for(person, lambda messages: button(messages, "Tiny"), READY_S)
    assert (await people.press(person, message, person, data))["answered"]
    pictures = await people.wait_for(person, album, READY_S)
    await people.wait_for(person, lambda messages: button(messages, "Next generation"), READY_S)
    assert len({picture["media_group_id"] for picture in pictures}) == 1


def libraries(pid: int) -> str:
    """Tell what a process has loaded, where the system shows it."""
    maps = Path(f"/proc/{pid}/maps")
    return maps.read_text() if maps.exists() else ""


async def breaches(people: SandboxClient) -> list[str]:
    """Tell which requests of the bot were no valid Bot API."""
    return [f"{entry['method']}: {entry['breach']}" for entry in await people.transcript() if entry["breach"]]


async def test_a_person_gets_an_album_by_polling(sandbox: RunningSandbox, start_bot: Start) -> None:
    """/start leads to an album; no torch is in the bot's process; SIGTERM ends it in time with code 0."""
    async with start_bot() as bot, SandboxClient(sandbox.url) as people:
        await bot.says("ready: @")
        assert (await people.state())["bot"]["commands"]
        await see_an_album(people, ADA)
        assert "libtorch" not in libraries(bot.process.pid)
        code, took_s = await bot.end()
        assert await breaches(people) == []
    assert (code, took_s < STOP_S) == (0, True), bot.text
    assert "did not stop" not in bot.text
    assert sandbox.token not in bot.text


async def test_a_person_gets_an_album_by_webhook(sandbox: RunningSandbox, start_bot: Start) -> None:
    """The same by webhook; whoever does not know its secret is refused."""
    port = unused_port()
    url = f"http://127.0.0.1:{port}/hook/x"
    async with (
        start_bot(WEBHOOK_URL=url, WEBHOOK_SECRET="s3cret") as bot,
        SandboxClient(sandbox.url) as people,
        aiohttp.ClientSession() as stranger,
    ):
        await bot.says("by webhook")
        await see_an_album(people, BEN)
        async with stranger.post(url, json={"update_id": 1}) as answer:
            assert answer.status == 403
        methods = {entry["method"] for entry in await people.transcript()}
        code, took_s = await bot.end(signal.SIGINT)
    assert (code, took_s < STOP_S) == (0, True), bot.text
    assert "setWebhook" in methods
    assert "getUpdates" not in methods


async def test_a_stop_while_painting_is_in_time_and_the_album_comes_after_the_restart(
    sandbox: RunningSandbox, start_bot: Start
) -> None:
    """SIGTERM right after the style was chosen ends with code 0; the next start delivers one album, once."""
    async with SandboxClient(sandbox.url) as people:
        async with start_bot() as bot:
            await bot.says("ready: @")
            await people.say(ADA, ADA, "/start")
            message, data = await people.wait_for(ADA, lambda messages: button(messages, "Tiny"), READY_S)
            await people.press(ADA, message, ADA, data)
            code, took_s = await bot.end()
            assert (code, took_s < STOP_S) == (0, True), bot.text
        async with start_bot() as bot:
            await people.wait_for(ADA, lambda messages: button(messages, "Next generation"), READY_S)
            await bot.end()
        pictures = album(await people.messages(ADA)) or []
        assert len({picture["media_group_id"] for picture in pictures}) == 1


async def test_a_stop_while_starting_is_in_time(sandbox: RunningSandbox, start_bot: Start) -> None:
    """SIGTERM while the model is being loaded ends with code 0, and nothing is left of the engine."""
    async with start_bot() as bot:
        await bot.says("loading the model")
        code, took_s = await bot.end()
    assert (code, took_s < STOP_S) == (0, True), bot.text
    assert "Traceback" not in bot.text


async def test_a_broadcast_that_is_killed_reaches_nobody_twice(sandbox: RunningSandbox, start_bot: Start) -> None:
    """SIGKILL in the middle: the next start sends the rest, nobody hears it twice, and at most one is left out."""
    text, port = "The gallery is closed on Monday.", unused_port()
    async with SandboxClient(sandbox.url) as people:
        guests = [(await people.add_person(f"Guest{number}"))["id"] for number in range(12)]
        async with start_bot(OPERATORS=str(ADA), METRICS_PORT=str(port)) as bot, aiohttp.ClientSession() as session:
            await bot.says("ready: @")
            for guest in guests:
                await people.say(guest, guest, "/help")
                await people.wait_for(guest, lambda messages: messages[1:], READY_S)
            async with session.get(f"http://127.0.0.1:{port}/health") as answer:
                assert (await answer.json())["status"] == "ok"
            await people.say(ADA, ADA, f"/broadcast {text}")
            message, data = await people.wait_for(ADA, lambda messages: button(messages, "Send"), READY_S)
            await people.press(ADA, message, ADA, data)
            await people.wait_for(guests[2], lambda messages: [m for m in messages if text in str(m)], READY_S)
            await bot.end(signal.SIGKILL)
        heard = [str(await people.messages(guest)).count(text) for guest in guests]
        assert 0 < sum(heard) < len(guests)
        async with start_bot(OPERATORS=str(ADA)) as bot:
            await people.wait_for(ADA, lambda all_: [m for m in all_ if "has ended" in str(m)], READY_S)
            await bot.end()
        heard = [str(await people.messages(guest)).count(text) for guest in guests]
        # Where the kill came between an attempt's being written and its request, that one chat is left out.
        assert max(heard) == 1
        assert sum(heard) >= len(guests) - 1


async def test_a_wrong_token_ends_the_start(start_bot: Start) -> None:
    """A token that the server does not know gives code 2 and a line with the cure, without the token."""
    async with start_bot(TOKEN="7:a-token-that-is-not-the-one") as bot:
        assert (await bot.end(None))[0] == 2
    assert "VERNISSAGE_TOKEN was rejected" in bot.text
    assert "that-is-not" not in bot.text
    assert "Traceback" not in bot.text


async def test_a_token_that_is_revoked_ends_the_bot(start_bot: Start, sandbox: RunningSandbox) -> None:
    """A bot whose token stops being valid does not go on as if nothing was."""
    async with start_bot() as bot:
        await bot.says("ready: @")
        sandbox.state.token = "7:another-token-from-now-on"
        async with aiohttp.ClientSession() as session:
            body = {"person": ADA, "text": "/help"}
            async with session.post(f"{sandbox.url}/api/chats/{ADA}/messages", json=body) as answer:
                assert answer.ok
        assert (await bot.end(None))[0] == 2
    assert "VERNISSAGE_TOKEN was rejected" in bot.text


async def test_a_network_that_is_down_is_waited_for(start_bot: Start) -> None:
    """A server that is not there is told and tried again; SIGTERM ends the waiting with code 0."""
    async with start_bot(API_URL=f"http://127.0.0.1:{unused_port()}") as bot:
        await bot.says("trying again in 2 s")
        code, took_s = await bot.end()
    assert (code, took_s < STOP_S) == (0, True), bot.text


async def test_a_second_instance_is_refused(start_bot: Start) -> None:
    """Two bots on one data folder would send each album twice: the second ends with code 2."""
    async with start_bot() as first:
        await first.says("loading the model")
        async with start_bot() as second:
            assert (await second.end(None))[0] == 2
        assert f"another instance (process {first.process.pid})" in second.text


async def test_a_taken_webhook_port_is_named(start_bot: Start, sandbox: RunningSandbox) -> None:
    """A webhook that cannot listen ends the start with code 2 and its cure, before the model is loaded."""
    taken = sandbox.url.rpartition(":")[2]
    async with start_bot(WEBHOOK_URL=f"http://127.0.0.1:{taken}", WEBHOOK_SECRET="s") as bot:
        assert (await bot.end(None))[0] == 2
    assert "VERNISSAGE_WEBHOOK_PORT" in bot.text
    assert "loading the model" not in bot.text


async def test_the_demo_is_two_processes_and_a_page(start: Start, data: Path) -> None:
    """It tells the page's address when the bot is ready, and ends both at a signal."""
    async with start("demo", "--port", "0", "--no-browser", "--data", str(data)) as demo:
        url = (await demo.says("ready: http")).split()[1]
        async with aiohttp.ClientSession() as session, session.get(url) as page:
            assert "html" in page.content_type
        async with SandboxClient(url) as people:
            await see_an_album(people, ADA)
        code, _ = await demo.end(signal.SIGINT)
        async with SandboxClient(url) as people:
            with pytest.raises(aiohttp.ClientConnectionError):
                await people.state()
    assert code == 0, demo.text
    assert "stopped" in demo.text


async def test_the_demo_ends_when_its_bot_does(start: Start, data: Path) -> None:
    """A bot that cannot start ends the demo with code 1, and the sandbox with it."""
    async with start("demo", "--port", "0", "--no-browser", "--data", str(data), MODEL=str(data)) as demo:
        assert (await demo.end(None))[0] == 1
    assert "the bot ended" in demo.text


async def test_simulated_people_leave_a_report(start: Start, data: Path, tmp_path: Path) -> None:
    """`demo --auto` goes through the generations without a browser, and its exit code is theirs."""
    report = tmp_path / "report"
    async with start("demo", "--auto", "2", "--report", str(report), "--data", str(data)) as demo:
        code, _ = await demo.end(None)
    assert code == 0, demo.text
    assert any(report.iterdir())


async def test_pictures_without_a_chat(start: Start, tmp_path: Path) -> None:
    """`paint` writes as many PNG files as it is asked for."""
    out = tmp_path / "out"
    async with start("paint", "--style", "tiny", "-n", "2", "--set", "line=curve line", "--out", str(out)) as paint:
        assert (await paint.end(None))[0] == 0, paint.text
    assert len(list(out.glob("tiny-*.png"))) == 2
