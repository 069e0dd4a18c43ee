"""A bot that a test plays itself, and windows of the chat page, for the tests in this folder.

- `bot`: a `ScriptedBot` at the test's sandbox.
- `open_chat`: opens the page in a window as a person in a chat, and waits until it listens.
"""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest_asyncio
from PIL import Image
from playwright.async_api import Page, expect

from sandbox.server import RunningSandbox

ADA = 1001
POLL_S = 20


class ScriptedBot:
    """Calls the Bot API as a test tells it to."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: RunningSandbox) -> None:
        self._session = session
        self._root = f"{sandbox.url}/bot{sandbox.token}"
        self._offset = 0

    def at(self, sandbox: RunningSandbox) -> ScriptedBot:
        """Return the same bot at another sandbox."""
        return ScriptedBot(self._session, sandbox)

    @staticmethod
    def keyboard(*texts: str) -> dict[str, Any]:
        """Return an inline keyboard of one row; each button's data is its text's first word."""
        return {"inline_keyboard": [[{"text": text, "callback_data": text.split()[0]} for text in texts]]}

    async def ask(self, method: str, body: Any) -> dict[str, Any]:
        """Call a method with a JSON object or a form; return the whole answer."""
        given = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}
        async with self._session.post(f"{self._root}/{method}", **given) as answer:
            content: dict[str, Any] = await answer.json()
            return content

    async def call(self, method: str, **parameters: Any) -> Any:
        """Call a method that must succeed; return its result."""
        answer = await self.ask(method, parameters)
        assert answer["ok"], answer
        return answer["result"]

    async def update(self) -> dict[str, Any]:
        """Return the next update."""
        updates = await self.call("getUpdates", offset=self._offset, timeout=POLL_S, limit=1)
        assert updates, "no update came"
        self._offset = updates[0]["update_id"] + 1
        update: dict[str, Any] = updates[0]
        return update

    async def hear(self, *kinds: str) -> None:
        """Ask for these kinds of updates, from now on."""
        await self.call("getUpdates", offset=self._offset, timeout=0, allowed_updates=list(kinds))

    async def download(self, file_id: str) -> bytes:
        """Return a file's bytes."""
        path = (await self.call("getFile", file_id=file_id))["file_path"]
        async with self._session.get(self._root.replace("/bot", "/file/bot", 1) + f"/{path}") as answer:
            return await answer.read()

    async def say(self, chat: int, text: str, **more: Any) -> int:
        """Send a text; return the message's id."""
        message_id: int = (await self.call("sendMessage", chat_id=chat, text=text, **more))["message_id"]
        return message_id

    async def album(self, chat: int, count: int, caption: str = "") -> list[int]:
        """Send pictures of as many colours as one album; return the messages' ids."""
        return [message["message_id"] for message in await self.pictures(chat, count, caption)]

    async def pictures(self, chat: int, count: int, caption: str = "") -> list[dict[str, Any]]:
        """Send pictures of as many colours as one album; return the messages."""
        form = aiohttp.FormData()
        form.add_field("chat_id", str(chat))
        media: list[dict[str, str]] = []
        for index in range(count):
            buffer = io.BytesIO()
            Image.new("RGB", (256, 256), (index * 20, 90, 200 - index * 20)).save(buffer, "PNG")
            form.add_field(f"picture{index}", buffer.getvalue(), filename=f"{index}.png", content_type="image/png")
            media.append({"type": "photo", "media": f"attach://picture{index}"})
        if caption:
            media[0]["caption"] = caption
        form.add_field("media", json.dumps(media))
        answer = await self.ask("sendMediaGroup", form)
        assert answer["ok"], answer
        messages: list[dict[str, Any]] = answer["result"]
        return messages


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(page_sandbox: RunningSandbox) -> RunningSandbox:
    return page_sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def bot(sandbox: RunningSandbox) -> AsyncIterator[ScriptedBot]:
    async with aiohttp.ClientSession() as session:
        yield ScriptedBot(session, sandbox)


OpenChat = Callable[..., Awaitable[None]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_chat(sandbox: RunningSandbox) -> OpenChat:
    async def visit(page: Page, person: int = ADA, chat: int = ADA, url: str = sandbox.url) -> None:
        async with page.expect_response("**/api/state"):
            await page.goto(f"{url}/#person={person}&chat={chat}")
        await expect(page.locator(f'[data-chat="{chat}"][aria-current]')).to_be_attached()

    return visit
