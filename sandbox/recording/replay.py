"""Does again what people did in a recording, against a fresh sandbox with a bot, and compares what the bot asks for.

Sends, answers and the like must come in the recorded order, chat by chat, in the same shape (`shapes`); edits and chat
actions, which a bot makes as often as its time allows, must come at least once in each shape that was recorded. Words,
numbers and file contents are not compared.
"""

import asyncio
import base64
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.errors import ClientError
from sandbox.recording.log import VERSION
from sandbox.recording.shapes import LOOSE, chat_of, ids_in, shape_of

_LOOK_EVERY_S = 0.05
_MESSAGE = re.compile(r"^(/api/chats/(-?\d+)/messages/)(\d+)(/.*)$")
_Chat = int | None


@dataclass(frozen=True)
class Difference:
    """Where a replay went another way: the chat, which of its requests (from 1), what was expected and what came."""

    chat: _Chat
    number: int
    expected: str | None
    came: str | None

    def __str__(self) -> str:
        where = "in no chat" if self.chat is None else f"in chat {self.chat}"
        return f"{where}, request {self.number}: expected {self.expected or 'nothing'}, came {self.came or 'nothing'}"


@dataclass
class Side:
    """What the bot asked for, in one run: firm requests by chat, loose ones as a set, and the ids of what was sent."""

    firm: dict[_Chat, list[str]] = field(default_factory=lambda: defaultdict(list))
    loose: dict[_Chat, set[str]] = field(default_factory=lambda: defaultdict(set))
    sent: dict[_Chat, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, entry: dict[str, Any]) -> None:
        """Take one request in."""
        chat = chat_of(entry["request"])
        told = f"{entry['method']} {shape_of(entry['request'])}" + ("" if entry["ok"] else f" → {entry['error']}")
        self.sent[chat].extend(entry["sent"])
        if entry["method"] in LOOSE:
            self.loose[chat].add(told)
        elif entry["method"] != "getUpdates":
            self.firm[chat].append(told)


def read_recording(path: Path) -> list[dict[str, Any]]:
    """Read a recording's lines.

    Raises:
        ClientError: it is none, or of another version.
        OSError: the file cannot be read.
    """
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except ValueError as error:
        raise ClientError(f"{path} is no recording: expected JSON lines ({error})") from error
    if not lines or not isinstance(lines[0], dict) or lines[0].get("type") != "start":
        raise ClientError(f"{path} is no recording, or its beginning is missing")
    if lines[0].get("version") != VERSION:
        raise ClientError(f"{path} is a recording of version {lines[0].get('version')}; this reads {VERSION}")
    return lines


async def replay(lines: Iterable[dict[str, Any]], url: str, timeout_s: float = 60.0) -> list[Difference]:
    """Do the acts of a recording; before each, wait until the bot has done what it had done then. Return differences.

    Where that does not happen within `timeout_s`, the replay ends: what follows would be out of step.

    Raises:
        ClientError: the sandbox refuses an act that was no refusal when it was recorded.
    """
    async with aiohttp.ClientSession(base_url=url) as http:
        run = _Replay(http, timeout_s)
        for line in lines:
            if line["type"] == "request":
                run.recorded.add(line)
            elif line["type"] == "act":
                if not await run.catch_up():
                    break
                await run.act(line)
        else:
            await run.catch_up()
        await run.finish()
        return run.differences()


class _Replay:
    """One replay under way."""

    def __init__(self, http: aiohttp.ClientSession, timeout_s: float) -> None:
        self._http = http
        self._timeout_s = timeout_s
        self._seen = 0
        self._made: dict[tuple[int, int], int] = {}
        self._presses: set[asyncio.Task[None]] = set()
        self.recorded = Side()
        self.came = Side()

    async def catch_up(self) -> bool:
        """Wait until the bot has asked for as much as it had at this point of the recording; False: time is up."""
        deadline = asyncio.get_running_loop().time() + self._timeout_s
        while True:
            await self._look()
            if all(self._has_caught_up(chat) for chat in (*self.recorded.firm, *self.recorded.loose)):
                return True
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(_LOOK_EVERY_S)

    def _has_caught_up(self, chat: _Chat) -> bool:
        if len(self.came.firm[chat]) < len(self.recorded.firm[chat]):
            return False
        return self.recorded.loose[chat] <= self.came.loose[chat]

    async def act(self, line: dict[str, Any]) -> None:
        """Do one act; a press does not wait for the bot."""
        path, body = self._translate(line["path"], line["body"])
        work = self._send(line, path, body)
        if path.endswith("/press"):
            task = asyncio.create_task(work)
            self._presses.add(task)
            # its update is in the queue once the server has the request: what follows must not overtake it
            await asyncio.sleep(_LOOK_EVERY_S)
            return
        await work

    async def finish(self) -> None:
        """Wait for the answers to presses, where there are bots that give them."""
        _, waiting = await asyncio.wait(self._presses, timeout=self._timeout_s) if self._presses else ((), ())
        for press in waiting:
            press.cancel()
        await asyncio.gather(*self._presses, return_exceptions=True)

    def differences(self) -> list[Difference]:
        """Compare both sides."""
        found = []
        for chat in {**self.recorded.firm, **self.came.firm}:
            expected, came = self.recorded.firm[chat], self.came.firm[chat]
            for number in range(max(len(expected), len(came))):
                pair = [side[number] if number < len(side) else None for side in (expected, came)]
                if pair[0] != pair[1]:
                    found.append(Difference(chat, number + 1, *pair))
                    break  # all that follows is out of step
        for chat, shapes in self.recorded.loose.items():
            found += [Difference(chat, 0, shape, None) for shape in sorted(shapes - self.came.loose[chat])]
        return found

    async def _send(self, line: dict[str, Any], path: str, body: dict[str, Any]) -> None:
        how: dict[str, Any] = {"data": _form(body)} if "files" in body else {"json": body}
        async with self._http.request(line["verb"], path, **how) as answer:
            content = await answer.json()
            if answer.status != 200:
                raise ClientError(f"{line['verb']} {path}: {answer.status} {content.get('error')}")
        chat = _MESSAGE_CHAT.match(path)
        for old, new in zip(line["made"], ids_in(content), strict=False):
            self._made[int(chat[1]) if chat else 0, old] = new

    def _translate(self, path: str, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        found = _MESSAGE.match(path)
        if found:
            path = f"{found[1]}{self._now(int(found[2]), int(found[3]))}{found[4]}"
        chat = _MESSAGE_CHAT.match(path)
        if chat and isinstance(body.get("reply_to"), int):
            body = {**body, "reply_to": self._now(int(chat[1]), body["reply_to"])}
        return path, body

    def _now(self, chat: int, old: int) -> int:
        """Return the id that a message of the recording has in this run."""
        if (chat, old) in self._made:
            return self._made[chat, old]
        then, now = self.recorded.sent[chat], self.came.sent[chat]
        return now[then.index(old)] if old in then and then.index(old) < len(now) else old

    async def _look(self) -> None:
        async with self._http.get(f"/api/transcript?after={self._seen}") as answer:
            for entry in await answer.json():
                self._seen = entry["n"]
                self.came.add(entry)


_MESSAGE_CHAT = re.compile(r"^/api/chats/(-?\d+)/")


def _form(body: dict[str, Any]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in body.items():
        if name != "files":
            form.add_field(name, str(value))
    for file in body["files"]:
        form.add_field("file", base64.b64decode(file["data"]), filename=file["name"])
    return form
