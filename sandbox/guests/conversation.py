"""One chat with the bot, as people use it: they say, look, tap and wait.

Owns the waiting, with its time-outs, and how long each tap took. Knows neither tastes nor what a visit consists of.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from sandbox.client import Button, Message, Press, SandboxClient
from sandbox.errors import ClientError
from sandbox.guests.errors import VisitError
from sandbox.guests.keyboard import quote
from sandbox.guests.pixels import measure, open_picture
from sandbox.guests.record import Shown
from sandbox.guests.taste import Measures

T = TypeVar("T")


class Conversation:
    """A chat with the bot; `timeout_s` bounds each wait for something that the bot has to paint."""

    def __init__(self, client: SandboxClient, chat: int, timeout_s: float) -> None:
        self.taps_ms: list[float] = []
        self.unanswered = 0
        self._client = client
        self._chat = chat
        self._timeout_s = timeout_s

    async def say(self, person: int, text: str) -> Message:
        """Let `person` write `text`."""
        return await self._client.say(self._chat, person, text)

    async def look(self) -> list[Message]:
        """Return the chat's messages, oldest first."""
        return await self._client.messages(self._chat)

    async def wait(self, what: str, find: Callable[[list[Message]], T | None], timeout_s: float | None = None) -> T:
        """Wait until `find` sees something in the chat, and return that.

        Raises:
            VisitError: the time was up; the message names `what` and quotes the bot.
        """
        limit_s = self._timeout_s if timeout_s is None else timeout_s
        try:
            return await self._client.wait_for(self._chat, lambda messages: find(_in_order(messages)), limit_s)
        except ClientError as error:
            if not isinstance(error.__cause__, TimeoutError):
                raise
            said = quote(await self.look())
            raise VisitError(f"waited {limit_s:g} s for {what} in vain; {said}") from error

    async def tap(self, person: int, message: Message, button: Button) -> Press:
        """Let `person` press `button`; a tap that the bot leaves without an answer is counted."""
        answer = await self._client.press(self._chat, message["id"], person, button["callback_data"])
        if answer["answered"]:
            self.taps_ms.append(float(answer["took_ms"]))
        else:
            self.unanswered += 1
        return answer

    async def fetch(self, photos: tuple[Message, ...]) -> tuple[Shown, ...]:
        """Fetch the pictures of `photos` and measure them, numbered from 1 in their order."""
        return await self.fetch_files([message["photo"]["file_id"] for message in photos])

    async def fetch_files(self, files: Sequence[str]) -> tuple[Shown, ...]:
        """Fetch pictures by their file ids and measure them, numbered from 1 in their order."""
        shown = []
        for number, file_id in enumerate(files, start=1):
            data = await self._client.file(file_id)
            # In a thread, since guests may live in the sandbox's own process.
            shown.append(Shown(number, data, await asyncio.to_thread(_measured, data)))
        return tuple(shown)


def _measured(data: bytes) -> Measures:
    return measure(open_picture(data))


def _in_order(messages: list[Message]) -> list[Message]:
    return sorted(messages, key=lambda message: message["id"])
