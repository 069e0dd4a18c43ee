"""A stage for the sandbox's contract: a running server, its people, and the Bot API as plain HTTP.

The movable clock stands still unless a test moves it, so nothing here waits for time to pass.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from PIL import Image

from sandbox.client import SandboxClient
from sandbox.clock import ManualClock
from sandbox.judge import check_answer
from sandbox.methods.registry import METHODS
from sandbox.server import RunningSandbox, running_sandbox

ADA, BEN, CHLOE, SALON = 1001, 1002, 1003, -2001
ALL_KINDS = [
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "message_reaction",
    "message_reaction_count",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
]


def draw(color: str = "red", size: tuple[int, int] = (60, 40)) -> bytes:
    """A PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


@dataclass
class Stage:
    """A running sandbox; `ids` names chats and messages for the tables."""

    server: RunningSandbox
    http: aiohttp.ClientSession
    people: SandboxClient
    clock: ManualClock
    ids: dict[str, int] = field(default_factory=dict)
    file_id: str = ""

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call the Bot API with a JSON body; a good answer must be what the method is declared to return."""
        address = f"{self.server.url}/bot{self.server.token}/{method}"
        async with self.http.post(address, json=parameters) as answer:
            body: dict[str, Any] = await answer.json()
        assert answer.status == body.get("error_code", 200)
        if body["ok"]:
            check_answer(METHODS[method.lower()].model, body["result"])
        return body

    async def do(self, method: str, **parameters: Any) -> Any:
        """Call the Bot API and return the result, which must be a good one."""
        body = await self.call(method, **parameters)
        assert body["ok"], body
        return body["result"]

    async def send_photo(self, chat: int, data: bytes | None = None) -> Any:
        """Let the bot send a photo."""
        form = aiohttp.FormData({"chat_id": str(chat)})
        form.add_field("photo", data or draw(), filename="a.png")
        async with self.http.post(f"{self.server.url}/bot{self.server.token}/sendPhoto", data=form) as answer:
            return (await answer.json())["result"]

    async def updates(self, *kinds: str) -> list[dict[str, Any]]:
        """Fetch and confirm what waits; from now on these kinds are asked for, where any are named."""
        found: list[dict[str, Any]] = await self.do("getUpdates", **({"allowed_updates": kinds} if kinds else {}))
        if found:
            await self.do("getUpdates", offset=found[-1]["update_id"] + 1)
        return found

    async def listen(self) -> None:
        """Ask for every kind of update, and forget what came so far."""
        await self.updates(*ALL_KINDS)


async def open_stage() -> AsyncIterator[Stage]:
    clock = ManualClock()
    async with (
        running_sandbox(clock=clock, has_flood_limits=True) as server,
        aiohttp.ClientSession() as http,
        SandboxClient(server.url) as people,
    ):
        yield Stage(server, http, people, clock)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A fresh sandbox."""
    async for opened in open_stage():
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def full_stage() -> AsyncIterator[Stage]:
    """A sandbox for refusals, which change nothing: chats that the bot lost, and messages of each sort."""
    async for stage in open_stage():
        await _furnish(stage)
        yield stage


async def _furnish(stage: Stage) -> None:
    people, groups = stage.people, stage.people.groups
    kicked, left = await groups.found("Kicked", [ADA, BEN]), await groups.found("Left", [ADA])
    old, forum = await groups.found("Old", [ADA]), await groups.found("Forum", [ADA], "supergroup", is_forum=True)
    super_kicked = await groups.found("Closed house", [ADA], "supergroup")
    silent, channel = await groups.found("Silent", [ADA]), await groups.found("Channel", [ADA], "channel")
    await groups.ban(kicked["id"], ADA, "bot")
    await groups.remove(left["id"], ADA, "bot")
    await groups.ban(super_kicked["id"], ADA, "bot")
    await groups.restrict(silent["id"], ADA, "bot")
    new = await groups.migrate(old["id"], ADA)
    topic = await groups.open_topic(forum["id"], ADA, "Closed")
    await groups.close_topic(forum["id"], ADA, topic["id"])
    chloe = await people.say(CHLOE, CHLOE, "hi")
    await people.block(BEN, BEN)
    text = await stage.do("sendMessage", chat_id=ADA, text="text")
    album = await _album(stage, ADA)
    poll = await stage.do("sendPoll", chat_id=ADA, question="?", options=[{"text": "a"}])
    closed = await stage.do("sendPoll", chat_id=ADA, question="?", options=[{"text": "a"}], is_closed=True)
    secret = await stage.do("sendMessage", chat_id=ADA, text="secret", protect_content=True)
    in_salon = await people.say(SALON, ADA, "by Ada")
    service = stage.server.state.messages.of_chat(silent["id"])[0]
    stage.ids.update(
        kicked=kicked["id"],
        left=left["id"],
        old=old["id"],
        new=new["id"],
        forum=forum["id"],
        super_kicked=super_kicked["id"],
        silent=silent["id"],
        channel=channel["id"],
        topic=topic["id"],
        hi=chloe["id"],
        text=text["message_id"],
        photo=album[0]["message_id"],
        poll=poll["message_id"],
        closed=closed["message_id"],
        secret=secret["message_id"],
        in_salon=in_salon["id"],
        service=service.id,
    )
    stage.file_id = album[0]["photo"][0]["file_id"]


async def _album(stage: Stage, chat: int) -> Any:
    photo = await stage.send_photo(chat)
    media = [{"type": "photo", "media": photo["photo"][0]["file_id"]}] * 2
    return await stage.do("sendMediaGroup", chat_id=chat, media=media)
