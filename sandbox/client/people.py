"""The client for tests and simulated guests: acts for people, and sees what they see."""

import asyncio
import io
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, Self, TypeVar

import aiohttp

from sandbox.client.groups import Groups
from sandbox.client.house import House
from sandbox.client.line import Line
from sandbox.client.shapes import Chat, Entry, Event, Message, Person, Press, SandboxState
from sandbox.errors import ClientError

T = TypeVar("T")


class SandboxClient:
    """Acts for the people of one sandbox; use it as `async with SandboxClient(url) as people`.

    `groups` founds chats and changes who is what in them; `house` turns the clock, faults and switches.
    """

    def __init__(self, url: str) -> None:
        self._line = Line(url)
        self.groups = Groups(self._line)
        self.house = House(self._line)

    async def __aenter__(self) -> Self:
        self._line.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._line.close()

    @property
    def url(self) -> str:
        """Return the sandbox's address."""
        return self._line.url

    async def state(self) -> SandboxState:
        """Return everything there is."""
        state: SandboxState = await self._line.ask("GET", "/api/state")
        return state

    async def messages(self, chat: int) -> list[Message]:
        """Return a chat's messages, oldest first.

        Raises:
            ClientError: no such chat.
        """
        return _chat_in(await self.state(), chat)["messages"]

    async def add_person(self, first_name: str, language_code: str = "en") -> Person:
        """Let a new person come in."""
        body = {"first_name": first_name, "language_code": language_code}
        person: Person = await self._line.ask("POST", "/api/people", body)
        return person

    async def add_group(self, title: str, members: list[int]) -> Chat:
        """Found a group with the bot in it."""
        chat: Chat = await self._line.ask("POST", "/api/groups", {"title": title, "members": members})
        return chat

    async def say(
        self,
        chat: int,
        person: int,
        text: str,
        reply_to: int | None = None,
        thread: int | None = None,
        as_chat: int | None = None,
    ) -> Message:
        """Let a person write: in reply, in a topic, in the name of a channel of theirs."""
        given = {"reply_to": reply_to, "thread": thread, "as_chat": as_chat}
        body: dict[str, Any] = {"person": person, "text": text}
        body.update({name: value for name, value in given.items() if value is not None})
        message: Message = await self._line.ask("POST", f"/api/chats/{chat}/messages", body)
        return message

    async def edit(self, chat: int, message: int, person: int, text: str) -> Message:
        """Let a person change the text, or the caption, of a message of theirs."""
        path = f"/api/chats/{chat}/messages/{message}/edit"
        changed: Message = await self._line.ask("POST", path, {"person": person, "text": text})
        return changed

    async def press(self, chat: int, message: int, person: int, data: str) -> Press:
        """Let a person press a button, and wait for the bot's answer (30 s at most)."""
        path = f"/api/chats/{chat}/messages/{message}/press"
        answer: Press = await self._line.ask("POST", path, {"person": person, "data": data})
        return answer

    async def upload(
        self, chat: int, person: int, files: list[tuple[str, bytes]], kind: str = "photo", **fields: Any
    ) -> list[Message]:
        """Let a person send pictures or files (name, bytes), several of them as an album.

        `kind` is `photo` or `document`; fields are `caption`, `reply_to`, `thread`, `as_chat`.
        """
        form = aiohttp.FormData(default_to_multipart=True)
        for name, value in {"person": person, "kind": kind, **fields}.items():
            form.add_field(name, str(value))
        for name, data in files:
            form.add_field("file", io.BytesIO(data), filename=name)
        sent: list[Message] = await self._line.ask("POST", f"/api/chats/{chat}/uploads", data=form)
        return sent

    async def react(self, chat: int, message: int, person: int, *emojis: str) -> Message:
        """Let a person react with an emoji, or with none take the reaction back."""
        path = f"/api/chats/{chat}/messages/{message}/react"
        changed: Message = await self._line.ask("POST", path, {"person": person, "emojis": list(emojis)})
        return changed

    async def answer_poll(self, chat: int, message: int, person: int, *options: int) -> Message:
        """Let a person choose options of a poll (from 0), or with none take the answer back."""
        path = f"/api/chats/{chat}/messages/{message}/vote"
        changed: Message = await self._line.ask("POST", path, {"person": person, "options": list(options)})
        return changed

    async def invite_guests(
        self, chat: int, person: int, count: int = 3, pace_s: float | None = None, seed: int | None = None
    ) -> Chat:
        """Let simulated people come and vote on each new album; in a private chat one stands in for its person.

        `pace_s` is the mean pause before each tap; `seed` decides tastes and noise.
        """
        given = {"pace_s": pace_s, "seed": seed}
        body = {"person": person, "count": count, **{name: one for name, one in given.items() if one is not None}}
        chat_with_guests: Chat = await self._line.ask("POST", f"/api/chats/{chat}/guests", body)
        return chat_with_guests

    async def send_guests_home(self, chat: int) -> Chat:
        """Let the guests of a chat leave it."""
        left: Chat = await self._line.ask("DELETE", f"/api/chats/{chat}/guests")
        return left

    async def block(self, chat: int, person: int, blocked: bool = True) -> None:
        """Let a person block or unblock the bot."""
        await self._line.ask("POST", f"/api/chats/{chat}/block", {"person": person, "blocked": blocked})

    async def file(self, file_id: str) -> bytes:
        """Return a file's bytes."""
        async with self._line.http.get(f"{self._line.url}/api/files/{file_id}") as answer:
            if answer.status != 200:
                raise ClientError(f"file {file_id}: {answer.status}")
            return await answer.read()

    async def transcript(self, after: int = 0) -> list[Entry]:
        """Return the Bot API requests numbered above `after`."""
        entries: list[Entry] = await self._line.ask("GET", f"/api/transcript?after={after}")
        return entries

    async def events(self, after: int | None = None) -> AsyncGenerator[Event, None]:
        """Yield events as they come: from now on, or all that followed event `after`."""
        headers = {} if after is None else {"Last-Event-ID": str(after)}
        timeout = aiohttp.ClientTimeout(total=None)
        async with self._line.http.get(f"{self._line.url}/api/events", headers=headers, timeout=timeout) as answer:
            async for line in answer.content:
                if line.startswith(b"data: "):
                    event: Event = json.loads(line[len(b"data: ") :])
                    yield event

    async def wait_for(self, chat: int, find: Callable[[list[Message]], T | None], timeout_s: float | None = 10.0) -> T:
        """Look at a chat's messages, now and after each change, until `find` returns something true; return that.

        Without `timeout_s` it waits as long as the sandbox is there.

        Raises:
            ClientError: the time was up; the message shows the chat's last messages.
        """
        messages: dict[int, Message] = {}
        try:
            async with asyncio.timeout(timeout_s):
                return await self._watch(chat, find, messages)
        except TimeoutError as error:
            last = json.dumps(list(messages.values())[-3:], ensure_ascii=False)
            raise ClientError(f"chat {chat}: not seen within {timeout_s} s; last messages: {last}") from error

    async def _watch(self, chat: int, find: Callable[[list[Message]], T | None], messages: dict[int, Message]) -> T:
        state = await self.state()
        messages.update({message["id"]: message for message in _chat_in(state, chat)["messages"]})
        found = find(list(messages.values()))
        if found:
            return found
        async with aclosing(self.events(after=state["event_id"])) as events:
            async for event in events:
                if event.get("chat_id") != chat or "message" not in event:
                    continue
                message = event["message"]
                if event["type"] == "delete":
                    messages.pop(message["id"], None)
                else:
                    messages[message["id"]] = message
                found = find(list(messages.values()))
                if found:
                    return found
        raise ClientError("the sandbox has closed")


def _chat_in(state: SandboxState, chat: int) -> Chat:
    for found in state["chats"]:
        if found["id"] == chat:
            return found
    raise ClientError(f"no chat {chat}")
