"""A typed client of the people's side, for tests and simulated guests; knows the HTTP contract and nothing inside."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, Literal, NotRequired, Self, TypedDict, TypeVar

import aiohttp

from sandbox.errors import ClientError

T = TypeVar("T")
_PRESS_TIMEOUT_S = 40


class Author(TypedDict):
    """Who wrote a message."""

    id: int
    name: str
    is_bot: bool


class Picture(TypedDict):
    """A photo in its largest size."""

    file_id: str
    width: int
    height: int


class Attachment(TypedDict):
    """A document."""

    file_id: str
    file_name: str
    mime_type: str
    file_size: int


class Button(TypedDict):
    """A button of an inline keyboard."""

    text: str
    callback_data: NotRequired[str]
    url: NotRequired[str]


Message = TypedDict(
    "Message",
    {
        "id": int,
        "chat_id": int,
        "from": Author,
        "date": int,
        "edit_date": NotRequired[int],
        "text": NotRequired[str],
        "caption": NotRequired[str],
        "entities": NotRequired[list[dict[str, Any]]],
        "reply_to": NotRequired[int],
        "media_group_id": NotRequired[str],
        "photo": NotRequired[Picture],
        "document": NotRequired[Attachment],
        "keyboard": NotRequired[list[list[Button]]],
        "service": NotRequired[str],
    },
)


class Person(TypedDict):
    """Somebody who writes to the bot."""

    id: int
    first_name: str
    language_code: str
    color: str


class Chat(TypedDict):
    """A chat and all that was said in it."""

    id: int
    type: Literal["private", "group"]
    title: str
    members: list[int]
    messages: list[Message]
    blocked: NotRequired[bool]


class BotInfo(TypedDict):
    """The bot as people see it."""

    id: int
    first_name: str
    username: str
    commands: list[dict[str, str]]


class SandboxState(TypedDict):
    """Everything that the page shows; `event_id` is the newest event that it already holds."""

    bot: BotInfo
    people: list[Person]
    chats: list[Chat]
    event_id: int


class Event(TypedDict):
    """What happened just now; which fields are there depends on `type`."""

    type: Literal["message", "edit", "delete", "chat_action", "person", "chat", "commands"]
    chat_id: NotRequired[int]
    message_id: NotRequired[int]
    message: NotRequired[Message]
    action: NotRequired[str]
    person: NotRequired[Person]
    chat: NotRequired[Chat]
    commands: NotRequired[list[dict[str, str]]]


class Press(TypedDict):
    """How the bot answered a press; without an answer only `answered` is there."""

    answered: bool
    text: NotRequired[str | None]
    show_alert: NotRequired[bool]
    took_ms: NotRequired[int]


class Entry(TypedDict):
    """One Bot API request in the transcript."""

    n: int
    at: float
    method: str
    request: dict[str, Any]
    ok: bool
    error: str | None
    took_ms: float
    breach: str | None


class SandboxClient:
    """Acts for the people of one sandbox; use it as `async with SandboxClient(url) as people`."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def state(self) -> SandboxState:
        """Return everything there is."""
        state: SandboxState = await self._ask("GET", "/api/state")
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
        person: Person = await self._ask("POST", "/api/people", body)
        return person

    async def add_group(self, title: str, members: list[int]) -> Chat:
        """Found a group with the bot in it."""
        chat: Chat = await self._ask("POST", "/api/groups", {"title": title, "members": members})
        return chat

    async def say(self, chat: int, person: int, text: str, reply_to: int | None = None) -> Message:
        """Let a person write."""
        body: dict[str, Any] = {"person": person, "text": text}
        if reply_to is not None:
            body["reply_to"] = reply_to
        message: Message = await self._ask("POST", f"/api/chats/{chat}/messages", body)
        return message

    async def press(self, chat: int, message: int, person: int, data: str) -> Press:
        """Let a person press a button, and wait for the bot's answer (30 s at most)."""
        path = f"/api/chats/{chat}/messages/{message}/press"
        answer: Press = await self._ask("POST", path, {"person": person, "data": data})
        return answer

    async def block(self, chat: int, person: int, blocked: bool = True) -> None:
        """Let a person block or unblock the bot."""
        await self._ask("POST", f"/api/chats/{chat}/block", {"person": person, "blocked": blocked})

    async def file(self, file_id: str) -> bytes:
        """Return a file's bytes."""
        async with self._http.get(f"{self._url}/api/files/{file_id}") as answer:
            if answer.status != 200:
                raise ClientError(f"file {file_id}: {answer.status}")
            return await answer.read()

    async def transcript(self, after: int = 0) -> list[Entry]:
        """Return the Bot API requests numbered above `after`."""
        entries: list[Entry] = await self._ask("GET", f"/api/transcript?after={after}")
        return entries

    async def events(self, after: int | None = None) -> AsyncGenerator[Event, None]:
        """Yield events as they come: from now on, or all that followed event `after`."""
        headers = {} if after is None else {"Last-Event-ID": str(after)}
        timeout = aiohttp.ClientTimeout(total=None)
        async with self._http.get(f"{self._url}/api/events", headers=headers, timeout=timeout) as answer:
            async for line in answer.content:
                if line.startswith(b"data: "):
                    event: Event = json.loads(line[len(b"data: ") :])
                    yield event

    async def wait_for(self, chat: int, find: Callable[[list[Message]], T | None], timeout_s: float = 10.0) -> T:
        """Look at a chat's messages, now and after each change, until `find` returns something true; return that.

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

    @property
    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise ClientError("use the client inside `async with`")
        return self._session

    async def _ask(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
        timeout = aiohttp.ClientTimeout(total=_PRESS_TIMEOUT_S)
        async with self._http.request(verb, self._url + path, json=body, timeout=timeout) as answer:
            content = await answer.json()
            if answer.status != 200:
                raise ClientError(f"{verb} {path}: {answer.status} {content.get('error')}")
            return content


def _chat_in(state: SandboxState, chat: int) -> Chat:
    for found in state["chats"]:
        if found["id"] == chat:
            return found
    raise ClientError(f"no chat {chat}")
