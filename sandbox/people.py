"""Owns the pretended people and the bot's own profile; knows nothing of chats or messages."""

from dataclasses import dataclass
from typing import Any

_COLORS = ("#e17076", "#7bc862", "#65aadd", "#a695e7", "#ee7aae", "#6ec9cb", "#faa774")
_FIRST_ID = 1001
_MAX_NAME_CHARS = 64


@dataclass(frozen=True)
class Person:
    """Somebody who writes to the bot."""

    id: int
    first_name: str
    language_code: str
    color: str

    def to_api(self) -> dict[str, Any]:
        """Return the Bot API's `User`."""
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "language_code": self.language_code,
        }

    def to_page(self) -> dict[str, Any]:
        """Return the form that the chat page reads."""
        return {
            "id": self.id,
            "first_name": self.first_name,
            "language_code": self.language_code,
            "color": self.color,
        }


@dataclass
class BotProfile:
    """The bot as people see it; `has_privacy` is the privacy mode, which its owner may switch off."""

    id: int
    first_name: str = "Vernissage"
    username: str = "vernissage_sandbox_bot"
    has_privacy: bool = True

    def to_api(self) -> dict[str, Any]:
        """Return the Bot API's `User`, as other people's messages carry it."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}


class People:
    """All people, by id; ids grow from 1001."""

    def __init__(self) -> None:
        self._by_id: dict[int, Person] = {}

    def add(self, first_name: str, language_code: str = "en") -> Person:
        """Let somebody new come in.

        Raises:
            ValueError: the name is empty or longer than 64 characters.
        """
        name = first_name.strip()
        if not 1 <= len(name) <= _MAX_NAME_CHARS:
            raise ValueError(f"a first name has 1 to {_MAX_NAME_CHARS} characters, got {len(name)}")
        number = len(self._by_id)
        person = Person(_FIRST_ID + number, name, language_code, _COLORS[number % len(_COLORS)])
        self._by_id[person.id] = person
        return person

    def __getitem__(self, person_id: int) -> Person:
        return self._by_id[person_id]

    def get(self, person_id: int) -> Person | None:
        """Return the person of that id, or None."""
        return self._by_id.get(person_id)

    def all(self) -> list[Person]:
        """Return everybody, in the order they came."""
        return list(self._by_id.values())
