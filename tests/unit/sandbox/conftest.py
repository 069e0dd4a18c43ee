"""Owns the running sandbox that its tests speak to: raw, through python-telegram-bot, and as the people do."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from PIL import Image
from telegram import Bot

from sandbox.client import SandboxClient
from sandbox.clock import ManualClock
from sandbox.judge import check_answer
from sandbox.methods.registry import METHODS
from sandbox.server import RunningSandbox, running_sandbox


@dataclass
class RawApi:
    """Calls the Bot API as plain HTTP; every good answer is held against what the method must return."""

    server: RunningSandbox
    http: aiohttp.ClientSession

    async def __call__(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call with a JSON body."""
        return await self.send(method, json=parameters)

    async def send(self, method: str, **how: Any) -> dict[str, Any]:
        """Call with any body that aiohttp can make."""
        async with self.http.post(f"{self.server.url}/bot{self.server.token}/{method}", **how) as answer:
            body: dict[str, Any] = await answer.json()
        assert answer.status == body.get("error_code", 200)
        if body["ok"]:
            check_answer(METHODS[method.lower()].model, body["result"])
        return body

    async def error(self, method: str, **parameters: Any) -> str:
        """Call with a JSON body and return the words of the refusal."""
        body = await self(method, **parameters)
        assert not body["ok"]
        return str(body["description"])

    async def updates(self, **parameters: Any) -> list[dict[str, Any]]:
        """Fetch updates."""
        body = await self("getUpdates", **parameters)
        updates: list[dict[str, Any]] = body["result"]
        return updates


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def server(clock: ManualClock) -> AsyncIterator[RunningSandbox]:
    async with running_sandbox(clock=clock) as running:
        yield running


@pytest.fixture
async def api(server: RunningSandbox) -> AsyncIterator[RawApi]:
    async with aiohttp.ClientSession() as http:
        yield RawApi(server, http)


@pytest.fixture
async def people(server: RunningSandbox) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(server.url) as client:
        yield client


@pytest.fixture
async def bot(server: RunningSandbox) -> AsyncIterator[Bot]:
    async with Bot(server.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot") as ptb:
        yield ptb


@pytest.fixture
def picture() -> bytes:
    """A red PNG of 600 × 400."""
    out = io.BytesIO()
    Image.new("RGB", (600, 400), "red").save(out, "PNG")
    return out.getvalue()
