"""A session is saved as JSON lines and done again against a fresh sandbox; the answers' shapes are compared."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.__main__ import main
from sandbox.client import SandboxClient
from sandbox.errors import ClientError
from sandbox.recording.replay import Difference, read_recording, replay
from sandbox.recording.shapes import shape_of
from sandbox.server import RunningSandbox, running_sandbox

Stage = Any  # the class lives in this folder's conftest.py, which no module can import
ADA, SALON = 1001, -2001


class EchoBot:
    """A bot of a few lines: it answers what is said, with a button; a press is thanked for, and shown in the text."""

    def __init__(self, server: RunningSandbox, greeting: str = "You said it", chatty: bool = False) -> None:
        self._server = server
        self._greeting = greeting
        self._chatty = chatty

    async def run(self, http: aiohttp.ClientSession) -> None:
        """Poll and answer."""
        offset = 0
        while True:
            for update in await self._ask(http, "getUpdates", offset=offset, timeout=20):
                offset = update["update_id"] + 1
                if "callback_query" in update:
                    await self._pressed(http, update["callback_query"])
                elif "message" in update:
                    await self._said(http, update["message"])

    async def _said(self, http: aiohttp.ClientSession, message: dict[str, Any]) -> None:
        keys = {"inline_keyboard": [[{"text": "Like", "callback_data": "like"}]]}
        chat = message["chat"]["id"]
        if self._chatty:
            await self._ask(http, "sendMessage", chat_id=chat, text="One moment")
        await self._ask(http, "sendMessage", chat_id=chat, text=self._greeting, reply_markup=keys)

    async def _pressed(self, http: aiohttp.ClientSession, query: dict[str, Any]) -> None:
        await self._ask(http, "answerCallbackQuery", callback_query_id=query["id"], text="Thanks")
        place = {"chat_id": query["message"]["chat"]["id"], "message_id": query["message"]["message_id"]}
        await self._ask(http, "editMessageText", **place, text="Liked")

    async def _ask(self, http: aiohttp.ClientSession, method: str, **parameters: Any) -> Any:
        address = f"{self._server.url}/bot{self._server.token}/{method}"
        async with http.post(address, json=parameters) as answer:
            return (await answer.json()).get("result", [])


@asynccontextmanager
async def _running(**how: Any) -> AsyncIterator[SandboxClient]:
    async with running_sandbox() as server, aiohttp.ClientSession() as http, SandboxClient(server.url) as people:
        bot = asyncio.create_task(EchoBot(server, **how).run(http))
        try:
            yield people
        finally:
            bot.cancel()
            with suppress(asyncio.CancelledError):
                await bot


@pytest.fixture
async def recording(tmp_path: Path) -> Path:
    """A session of four acts: something said, a press, a file, a reaction."""
    async with _running() as people:
        await people.say(ADA, ADA, "hello")
        sent = await people.wait_for(ADA, lambda all_: [m for m in all_ if "keyboard" in m])
        await people.press(ADA, sent[0]["id"], ADA, "like")
        await people.wait_for(ADA, lambda all_: all_[-1].get("text") == "Liked")
        await people.upload(ADA, ADA, [("a.txt", b"words")], kind="document")
        answered = await people.wait_for(ADA, lambda all_: [m for m in all_ if "keyboard" in m])
        await people.react(ADA, answered[0]["id"], ADA, "👍")
        path = tmp_path / "session.jsonl"
        path.write_text(await people.house.recording(), encoding="utf-8")
    return path


async def test_the_same_bot_replays_without_a_difference(recording: Path) -> None:
    """People's acts are done again, presses on the message that stands for the recorded one."""
    async with _running(greeting="Other words") as people:
        assert await replay(read_recording(recording), people.url, timeout_s=20) == []
        assert "Liked" in [message.get("text") for message in await people.messages(ADA)]


async def test_the_program_replays_and_says_how_it_went(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Code 0 without a difference; from there on the same sandbox is no fresh one, and it ends with 1."""
    async with _running() as people:
        arguments = ["replay", str(recording), "--url", people.url, "--timeout", "20"]
        assert await asyncio.to_thread(main, arguments) == 0
        assert capsys.readouterr().out == "replay: 0 differences\n"
    async with running_sandbox() as silent:
        arguments[3], arguments[5] = silent.url, "0.1"
        assert await asyncio.to_thread(main, arguments) == 1
        assert "expected sendMessage" in capsys.readouterr().out


async def test_another_bot_differs_where_it_differs(recording: Path) -> None:
    """The first request that is not as recorded is told, chat by chat."""
    async with _running(chatty=True) as people:
        first, *_ = await replay(read_recording(recording), people.url, timeout_s=0.3)
    assert (first.chat, first.number) == (ADA, 1)
    assert "reply_markup" in str(first.expected)
    assert "reply_markup" not in str(first.came)


async def test_a_silent_bot_is_missed() -> None:
    """What never came is told too."""
    said = {"path": f"/api/chats/{ADA}/messages", "body": {"person": ADA, "text": "a"}}
    asked = {"method": "sendMessage", "request": {"chat_id": ADA, "text": "a"}}
    lines: list[dict[str, Any]] = [
        {"type": "start", "version": 1},
        {"type": "act", "verb": "POST", **said, "made": [1]},
        {"type": "request", **asked, "ok": True, "sent": [2]},
    ]
    async with running_sandbox() as server:
        assert await replay(lines, server.url, timeout_s=0.1) == [
            Difference(ADA, 1, 'sendMessage {"text": "text"}', None)
        ]


async def test_the_lines_hold_acts_and_requests_without_the_token(recording: Path) -> None:
    """Files are kept with their bytes, polling is left out."""
    text = await asyncio.to_thread(recording.read_text, encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["path"].rpartition("/")[2] for line in lines if line["type"] == "act"] == [
        "messages",
        "press",
        "uploads",
        "react",
    ]
    methods = [line["method"] for line in lines if line["type"] == "request"]
    assert methods == ["sendMessage", "answerCallbackQuery", "editMessageText", "sendMessage"]
    assert "sandbox-token" not in text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"text": "a"}, {"text": "b"}, True),
        ({"chat_id": 1, "text": "a"}, {"chat_id": "2", "text": "b"}, True),
        ({"text": "a"}, {"text": "a", "parse_mode": "HTML"}, False),
        ({"media": "[1, 2]"}, {"media": [3, 4]}, True),
        ({"media": "[1, 2]"}, {"media": "[1]"}, False),
        ({"is_anonymous": "true"}, {"is_anonymous": True}, True),
        ({"is_anonymous": True}, {"is_anonymous": False}, False),
        ({"photo": {"file": "a.png", "size": 3}}, {"photo": {"file": "b.png", "size": 9}}, True),
        ({"photo": {"file": "a.png", "size": 3}}, {"photo": "AgAC"}, False),
        (
            {"media": '[{"type": "photo", "media": "attach://x1"}]', "x1": {"file": "x1", "size": 3}},
            {"media": [{"type": "photo", "media": "attach://y2"}], "y2": {"file": "y2", "size": 4}},
            True,
        ),
        ({"media": [{"type": "photo", "media": "a"}]}, {"media": [{"type": "document", "media": "a"}]}, False),
        ({"parse_mode": "HTML"}, {"parse_mode": "MarkdownV2"}, False),
    ],
)
async def test_shapes_leave_words_and_numbers_out(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    """Names, types, truths and the length of lists remain."""
    assert (shape_of(one) == shape_of(other)) is same


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "is no recording"), ("nonsense", "expected JSON lines"), ('{"type": "start", "version": 9}', "of version 9")],
)
async def test_what_is_no_recording_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    """By the library in an error, by the program with code 2."""
    path = tmp_path / "bad.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ClientError, match=words):
        read_recording(path)
    assert await asyncio.to_thread(main, ["replay", str(path)]) == 2
    assert words in capsys.readouterr().err
