"""Owns all messages of all chats; knows neither how they look outside (`render`) nor who is told of them."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.files import Document, Photo
from sandbox.polls import Poll
from sandbox.texts import NO_TEXT, FormattedText

Keyboard = list[list[dict[str, Any]]]


@dataclass
class Message:
    """One message; `body` is its text, or the caption where there is media.

    `sender_chat` is the chat in whose name it was written (an anonymous administrator's group, somebody's channel),
    `thread` the forum's topic. `reactions` holds each reactor's emoji, in the order they came.
    `marks` are fields of the Bot API's message that go out as they are (protection, spoiler, link preview, service).
    """

    id: int
    chat_id: int
    author: int
    date: int
    body: FormattedText = NO_TEXT
    media: Photo | Document | None = None
    media_group_id: str | None = None
    reply_to: int | None = None
    keyboard: Keyboard | None = None
    edit_date: int | None = None
    service: str | None = None
    sender_chat: int | None = None
    thread: int | None = None
    poll: Poll | None = None
    reactions: dict[int, tuple[str, ...]] = field(default_factory=dict)
    marks: dict[str, Any] = field(default_factory=dict)


class Messages:
    """Messages by chat; ids grow over all chats together, as in a bot's private chats and small groups."""

    def __init__(self) -> None:
        self._by_chat: dict[int, dict[int, Message]] = {}
        self._last_id = 0

    def next_id(self) -> int:
        """Hand out the next message id."""
        self._last_id += 1
        return self._last_id

    def add(self, message: Message) -> Message:
        """Keep a message."""
        self._by_chat.setdefault(message.chat_id, {})[message.id] = message
        return message

    def get(self, chat_id: int, message_id: int) -> Message | None:
        """Return a message, or None where there is none (any more)."""
        return self._by_chat.get(chat_id, {}).get(message_id)

    def remove(self, chat_id: int, message_id: int) -> None:
        """Delete a message that exists."""
        del self._by_chat[chat_id][message_id]

    def of_chat(self, chat_id: int) -> list[Message]:
        """Return a chat's messages, oldest first."""
        return list(self._by_chat.get(chat_id, {}).values())

    def with_poll(self, poll: Poll) -> list[Message]:
        """Return the messages that carry a poll: that which brought it, and those that forwarded it."""
        return [message for chat in self._by_chat.values() for message in chat.values() if message.poll is poll]

    def first_of_album(self, message: Message) -> Message:
        """Return the first message of an album that is still there; a message of no album is its own first."""
        if message.media_group_id is None:
            return message
        album = (other for other in self.of_chat(message.chat_id) if other.media_group_id == message.media_group_id)
        return next(album)
