"""Owns private chats, groups, supergroups and channels, and who is in them; knows nothing of messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.people import Person
from sandbox.standing import CREATOR, LEFT, MEMBER, Standing, all_rights

_FIRST_GROUP_ID = -2001
_FIRST_SUPERGROUP_ID = -1_002_000_000_001
_MAX_TITLE_CHARS = 128


@dataclass
class Topic:
    """A topic of a forum; its id is that of the message that opened it."""

    id: int
    name: str
    is_closed: bool = False


@dataclass
class Chat:
    """A private chat (its id is the person's), or a group, supergroup or channel (its id is negative).

    `standings` tells of people, in the order they came, those who left included; `bot` tells of the bot itself.
    `guests` are the simulated people who vote here.
    """

    id: int
    type: str
    title: str
    standings: dict[int, Standing] = field(default_factory=dict)
    bot: Standing = MEMBER
    is_blocked: bool = False
    is_deactivated: bool = False
    is_forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None
    guests: list[int] = field(default_factory=list)

    @property
    def is_private(self) -> bool:
        """Say whether this is one person's chat with the bot."""
        return self.type == "private"

    @property
    def is_channel(self) -> bool:
        """Say whether only administrators write here, in the channel's name."""
        return self.type == "channel"

    @property
    def members(self) -> list[int]:
        """Return the people in the chat, in the order they came."""
        return [person for person, standing in self.standings.items() if standing.is_in]

    def standing_of(self, person_id: int) -> Standing:
        """Return what a person is here; who never came has left."""
        return self.standings.get(person_id, LEFT)

    def to_api(self) -> dict[str, Any]:
        """Return the Bot API's `Chat`."""
        if self.is_private:
            return {"id": self.id, "type": "private", "first_name": self.title}
        told: dict[str, Any] = {"id": self.id, "type": self.type, "title": self.title}
        return {**told, "is_forum": True} if self.is_forum else told

    def to_page(self, messages: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the form that the chat page reads."""
        page = {
            "id": self.id,
            "type": self.type,
            "title": self.title,
            "members": list(self.members),
            "guests": list(self.guests),
            "messages": messages,
        }
        page["pinned"] = list(self.pinned)
        if self.is_private:
            gone = {"deactivated": True} if self.is_deactivated else {}
            return {**page, "blocked": self.is_blocked, **gone}
        page["administrators"] = [person for person in self.members if self.standings[person].is_administrator]
        page["bot"] = self.bot.status
        if self.is_forum:
            page["topics"] = [{"id": t.id, "name": t.name, "closed": t.is_closed} for t in self.topics.values()]
        if self.migrated_to is not None:
            page["migrated_to"] = self.migrated_to
        return page


class Chats:
    """All chats, by id; groups count down from -2001, supergroups and channels from -1002000000001."""

    def __init__(self) -> None:
        self._by_id: dict[int, Chat] = {}
        self._next_group_id = _FIRST_GROUP_ID
        self._next_supergroup_id = _FIRST_SUPERGROUP_ID

    def open_private(self, person: Person) -> Chat:
        """Open the private chat of a new person."""
        return self._keep(Chat(person.id, "private", person.first_name, {person.id: MEMBER}))

    def open_group(self, title: str, members: Sequence[int], kind: str = "group", is_forum: bool = False) -> Chat:
        """Found a group, supergroup or channel with the bot in it; its first member owns it.

        Raises:
            ValueError: the title is empty or too long, nobody is in it, or a group is to be a forum.
        """
        name = title.strip()
        if not 1 <= len(name) <= _MAX_TITLE_CHARS:
            raise ValueError(f"a group's title has 1 to {_MAX_TITLE_CHARS} characters, got {len(name)}")
        if not members:
            raise ValueError("a group needs at least one person")
        if is_forum and kind != "supergroup":
            raise ValueError("only a supergroup can have topics: ask for type supergroup")
        standings = {person: CREATOR if person == members[0] else MEMBER for person in members}
        # in a channel only administrators write: a bot that is a member would be of no use there
        bot = Standing("administrator", all_rights(kind)) if kind == "channel" else MEMBER
        return self._keep(Chat(self._new_id(kind), kind, name, standings, bot, is_forum=is_forum))

    def upgrade(self, group: Chat) -> Chat:
        """Turn a group into a supergroup: another chat with another id takes its people over."""
        chat = Chat(self._new_id("supergroup"), "supergroup", group.title, dict(group.standings), group.bot)
        group.migrated_to = chat.id
        return self._keep(chat)

    def __getitem__(self, chat_id: int) -> Chat:
        return self._by_id[chat_id]

    def get(self, chat_id: int) -> Chat | None:
        """Return the chat of that id, or None."""
        return self._by_id.get(chat_id)

    def all(self) -> list[Chat]:
        """Return every chat, in the order they were opened."""
        return list(self._by_id.values())

    def _new_id(self, kind: str) -> int:
        if kind == "group":
            self._next_group_id -= 1
            return self._next_group_id + 1
        self._next_supergroup_id -= 1
        return self._next_supergroup_id + 1

    def _keep(self, chat: Chat) -> Chat:
        self._by_id[chat.id] = chat
        return chat
