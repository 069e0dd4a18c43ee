"""The bot in this process against a sandbox over HTTP, with real storage and a painter that needs no model.

`house` opens and closes the bot as often as a test likes, on one data folder: closing and opening is a restart.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from telegram.error import TimedOut
from telegram.ext import Application, ApplicationBuilder

from bot.fetching import ALLOWED_UPDATES
from bot.handlers import register
from bot.limits import Limits
from bot.processor import InOrder
from bot.services import Services
from bot.sessions import Sessions
from bot.settings import Settings
from bot.teaching.schooling import Programs
from bot.transport import Transport
from evolution import Continuous, Multiple, Single, Space
from sandbox.client import Message, SandboxClient
from sandbox.server import RunningSandbox, running_sandbox
from storage.database import Database
from storage.pictures import PictureStore
from style.decode import ModelInfo
from style.errors import PainterStoppedError
from style.pack import Pack, Sampling
from style.painter import OnProgress, Picture, Progress
from style.recipe import Recipe
from style.shelf import Shelf

ADA, BEN = 1001, 1002
SIZE_PX = 128
TESTS = Path(__file__).parents[2]
SCRIPTED_TRAINER = (sys.executable, "-P", str(TESTS / "scripted_trainer.py"))
SCRIPTED_FINISHER = (sys.executable, "-P", str(TESTS / "scripted_finisher.py"))
STEPS = 4


class QuickPainter:
    """Paints each recipe at once, always the same; `hold` keeps requests waiting, `errors` are raised first."""

    def __init__(self) -> None:
        self.requests: list[int] = []
        self.errors: list[Exception] = []
        self.learned: list[str] = []
        self.cancelled = 0
        self._open = asyncio.Event()
        self._open.set()
        self._closed = False

    def hold(self) -> None:
        """Keep every request waiting, half painted."""
        self._open.clear()

    def release(self) -> None:
        """Paint on."""
        self._open.set()

    async def paint(self, recipes: Sequence[Recipe], on_progress: OnProgress | None = None) -> list[Picture]:
        """Paint as `style.painter.Painter` says."""
        self.requests.append(len(recipes))
        if self._closed:
            raise PainterStoppedError("closed")
        if self.errors:
            raise self.errors.pop(0)
        report = on_progress or (lambda _: None)
        report(Progress("queued", 0, 1))
        report(Progress("painting", STEPS // 2, STEPS))
        try:
            await self._open.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        report(Progress("painting", STEPS, STEPS))
        return [Picture(_png(recipe), recipe.width, recipe.height) for recipe in recipes]

    async def learn(self, packs: Sequence[Pack]) -> tuple[str, ...]:
        """Note what was to be learned."""
        self.learned += [pack.digest for pack in packs]
        return ()

    async def close(self) -> None:
        """Refuse from now on."""
        self._closed = True


def _png(recipe: Recipe) -> bytes:
    digest = hashlib.sha256(recipe.to_json().encode()).digest()
    image = Image.new("RGB", (recipe.width, recipe.height), tuple(digest[:3]))
    box = sorted(digest[3:5]), sorted(digest[5:7])
    scale = recipe.width / 256
    corners = (box[0][0] * scale, box[1][0] * scale, box[0][1] * scale, box[1][1] * scale)
    ImageDraw.Draw(image).ellipse(corners, fill=tuple(digest[7:10]))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


class FaultyTransport(Transport):
    """The real way over HTTP, which loses answers when told to: the server has done what was asked."""

    def __init__(self) -> None:
        super().__init__(use_proxy=False)
        self.lost: list[str] = []
        self.never_answered: list[str] = []
        self.refused: list[tuple[str, str]] = []
        """A method and the words of a 400, each met once: nothing is sent on."""
        self.is_stuck = asyncio.Event()

    async def do_request(self, url: str, method: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Send for real; then perhaps say nothing of it."""
        endpoint = url.rpartition("/")[2]
        if refusal := next((each for each in self.refused if each[0] == endpoint), None):
            self.refused.remove(refusal)
            return 400, json.dumps({"ok": False, "error_code": 400, "description": refusal[1]}).encode()
        answer = await super().do_request(url, method, *args, **kwargs)
        if endpoint in self.lost:
            self.lost.remove(endpoint)
            raise TimedOut("the answer was lost")
        if endpoint in self.never_answered:
            self.never_answered.remove(endpoint)
            self.is_stuck.set()
            await asyncio.Event().wait()
        return answer


@dataclass
class Bot:
    """A running bot, and what a test may want to look into or to break."""

    sessions: Sessions
    database: Database
    transport: FaultyTransport


@dataclass
class House:
    """Opens bots on one data folder, one after the other; `ahead` is what their clock is ahead of the machine's."""

    sandbox: RunningSandbox
    folder: Path
    pack: Pack
    painter: QuickPainter = field(default_factory=QuickPainter)
    settings: dict[str, Any] = field(default_factory=dict)
    companion_gap_s: float = 0.0
    ahead: timedelta = timedelta(0)
    programs: Programs = field(default_factory=lambda: Programs(SCRIPTED_TRAINER, SCRIPTED_FINISHER))

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        """Run the bot by polling until the end of the block, which is a stop."""
        transport = FaultyTransport()
        builder = ApplicationBuilder().token(self.sandbox.token).base_url(f"{self.sandbox.url}/bot")
        builder = builder.base_file_url(f"{self.sandbox.url}/file/bot")
        builder = builder.request(transport).get_updates_request(FaultyTransport())
        application = builder.rate_limiter(Limits()).concurrent_updates(InOrder()).job_queue(None).build()
        async with Database.open(self.folder / "vernissage.sqlite3") as database, application:
            sessions = Sessions(
                self._services(database), application.bot, companion_gap_s=self.companion_gap_s, programs=self.programs
            )
            register(application, sessions)
            await sessions.start()
            async with _serving(application):
                try:
                    yield Bot(sessions, database, transport)
                finally:
                    await sessions.stop()

    def _services(self, database: Database) -> Services:
        return Services(
            settings=Settings(_env_file=None, token=self.sandbox.token, data=self.folder, **self.settings),
            database=database,
            pictures=PictureStore(self.folder / "pictures"),
            painter=self.painter,
            shelf=Shelf({self.pack.name: self.pack}, ()),
            model=ModelInfo("quick", "0" * 64, SIZE_PX, SIZE_PX, STEPS, 1.0),
            clock=lambda: datetime.now(UTC) + self.ahead,
        )


@asynccontextmanager
async def _serving(application: Application[Any, Any, Any, Any, Any, Any]) -> AsyncIterator[None]:
    await application.start()
    assert application.updater is not None
    await application.updater.start_polling(poll_interval=0, allowed_updates=list(ALLOWED_UPDATES))
    try:
        yield
    finally:
        await application.updater.stop()
        await application.stop()


@dataclass
class Visitor:
    """A person at a chat: says, presses, and sees."""

    people: SandboxClient
    chat: int
    person: int

    async def say(self, text: str) -> None:
        """Write to the chat."""
        await self.people.say(self.chat, self.person, text)

    async def sees(self, words: str, timeout_s: float = 10.0) -> Message:
        """Wait for the newest message with these words in its text, caption or buttons."""
        return await self.people.wait_for(self.chat, lambda all_: _newest(all_, words), timeout_s)

    async def messages(self) -> list[Message]:
        """All that the chat holds now."""
        return await self.people.messages(self.chat)

    async def albums(self) -> list[list[Message]]:
        """The albums of the chat, in order."""
        found: dict[str, list[Message]] = {}
        for message in await self.messages():
            if "media_group_id" in message:
                found.setdefault(message["media_group_id"], []).append(message)
        return list(found.values())

    async def press(self, words: str, on: str | None = None) -> str | None:
        """Press the newest button whose text begins with these words or holds them; return the toast.

        With `on`, only a message that says this will do.
        """

        def find(all_: list[Message]) -> tuple[int, str] | None:
            for message in reversed(all_):
                data = _data(message, words)
                if data is not None and (on is None or on in _said(message)):
                    return message["id"], data
            return None

        return await self.forge(*await self.people.wait_for(self.chat, find))

    async def forge(self, message: int, data: str) -> str | None:
        """Press with any data at all; return the toast."""
        answer = await self.people.press(self.chat, message, self.person, data)
        assert answer["answered"], f"{data} was not answered"
        return answer.get("text")

    async def sees_gone(self, *, words: str | None = None, message: int | None = None) -> None:
        """Wait until no message holds these words, or until that message is no more."""

        def is_gone(all_: list[Message]) -> bool:
            return not any(one["id"] == message or (words is not None and words in str(one)) for one in all_)

        await self.people.wait_for(self.chat, is_gone)

    async def begin(self) -> Message:
        """Say /start, choose the style, and wait for the first companion."""
        await self.say("/start")
        await self.press("Quick")
        return await self.sees("Next generation")

    async def companion(self, number: int) -> Message:
        """Wait for the companion of a generation."""
        return await self.people.wait_for(
            self.chat, lambda all_: _newest([m for m in all_ if "keyboard" in m], f"Generation {number}\n")
        )


def _newest(messages: list[Message], words: str) -> Message | None:
    for message in messages[::-1]:
        buttons = [key["text"] for row in message.get("keyboard", []) for key in row]
        if message["from"]["is_bot"] and any(words in text for text in [_said(message), *buttons]):
            return message
    return None


def _said(message: Message) -> str:
    return f"{message.get('text', '')}{message.get('caption', '')}\n"


def _data(message: Message, words: str) -> str | None:
    for row in message.get("keyboard", []):
        for key in row:
            if key["text"].startswith(words) or (len(words) > 3 and words in key["text"]):
                return key["callback_data"]
    return None


@pytest.fixture
async def play_sandbox() -> AsyncIterator[RunningSandbox]:
    """A sandbox on a free port, every request of which must have been valid Bot API at the end."""
    async with running_sandbox(has_flood_limits=True) as running:
        yield running
        async with SandboxClient(running.url) as people:
            assert [(entry["method"], entry["breach"]) for entry in await people.transcript() if entry["breach"]] == []


@pytest.fixture
def house(play_sandbox: RunningSandbox, tmp_path: Path) -> House:
    """A data folder with one style, and the means to run bots on it."""
    sample = tmp_path / "sample.png"
    Image.new("RGB", (SIZE_PX, SIZE_PX), (30, 60, 160)).save(sample)
    pack = Pack(
        name="quick",
        title="Quick",
        base="quick",
        base_revision=None,
        trigger="quick",
        template="{trigger} {line} {hue}",
        space=Space(
            (
                Single("line", ("curve line", "angular line", "straight line")),
                Multiple("hue", ("red", "green", "blue", "white"), count=2),
                Continuous("brightness", -1.0, 1.0),
            )
        ),
        sliders=(),
        adapters=(),
        sampling=Sampling(None, None, None, None),
        licence="CC0-1.0",
        credits="nobody",
        samples=(sample,),
        folder=tmp_path,
        digest="1" * 64,
    )
    return House(play_sandbox, tmp_path, pack)


@pytest.fixture
async def ada(play_sandbox: RunningSandbox) -> AsyncIterator[Visitor]:
    """Ada, in her private chat."""
    async with SandboxClient(play_sandbox.url) as people:
        yield Visitor(people, ADA, ADA)


@pytest.fixture
async def ben(play_sandbox: RunningSandbox) -> AsyncIterator[Visitor]:
    """Ben, in his private chat."""
    async with SandboxClient(play_sandbox.url) as people:
        yield Visitor(people, BEN, BEN)
