"""Owns private chats and groups and who is in them; knows nothing of messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.people import Person

_FIRST_GROUP_ID = -2001
_MAX_TITLE_CHARS = 128


@dataclass
class Chat:
    """A private chat (its id is the person's) or a group (its id is negative)."""

    id: int
    type: str
    title: str
    members: list[int] = field(default_factory=list)
    owner: int | None = None
    is_blocked: bool = False

    @property
    def is_private(self) -> bool:
        """Say whether this is one person's chat with the bot."""
        return self.type == "private"

    def to_api(self) -> dict[str, Any]:
        """Return the Bot API's `Chat`."""
        if self.is_private:
            return {"id": self.id, "type": "private", "first_name": self.title}
        return {"id": self.id, "type": "group", "title": self.title}

    def to_page(self, messages: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the form that the chat page reads."""
        page = {
            "id": self.id,
            "type": self.type,
            "title": self.title,
            "members": list(self.members),
            "messages": messages,
        }
        return {**page, "blocked": self.is_blocked} if self.is_private else page


class Chats:
    """All chats, by id; groups count down from -2001."""

    def __init__(self) -> None:
        self._by_id: dict[int, Chat] = {}
        self._next_group_id = _FIRST_GROUP_ID

    def open_private(self, person: Person) -> Chat:
        """Open the private chat of a new person."""
        chat = Chat(person.id, "private", person.first_name, [person.id])
        self._by_id[chat.id] = chat
        return chat

    def open_group(self, title: str, members: Sequence[int]) -> Chat:
        """Found a group with the bot in it; its first member owns it.

        Raises:
            ValueError: the title is empty or too long, or nobody is in the group.
        """
        name = title.strip()
        if not 1 <= len(name) <= _MAX_TITLE_CHARS:
            raise ValueError(f"a group's title has 1 to {_MAX_TITLE_CHARS} characters, got {len(name)}")
        if not members:
            raise ValueError("a group needs at least one person")
        chat = Chat(self._next_group_id, "group", name, list(dict.fromkeys(members)), owner=members[0])
        self._next_group_id -= 1
        self._by_id[chat.id] = chat
        return chat

    def __getitem__(self, chat_id: int) -> Chat:
        return self._by_id[chat_id]

    def get(self, chat_id: int) -> Chat | None:
        """Return the chat of that id, or None."""
        return self._by_id.get(chat_id)

    def all(self) -> list[Chat]:
        """Return every chat, in the order they were opened."""
        return list(self._by_id.values())
