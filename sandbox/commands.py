"""Owns the command lists that the bot has set, by scope and language; knows nothing of who types them."""

from typing import Any

Command = dict[str, str]
_DEFAULT = ("default", "")


class Commands:
    """Lists of commands; a scope is the key that `scope_key` makes."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, str], list[Command]] = {}

    def set(self, scope: str, language_code: str, commands: list[Command]) -> None:
        """Replace one list; an empty one deletes it."""
        if commands:
            self._lists[scope, language_code] = commands
        else:
            self._lists.pop((scope, language_code), None)

    def get(self, scope: str, language_code: str) -> list[Command]:
        """Return exactly that list, empty where none was set."""
        return self._lists.get((scope, language_code), [])

    def shown(self) -> list[Command]:
        """Return what the page offers: the default scope's list, else that of private chats, else any."""
        for key in (_DEFAULT, ("all_private_chats", "")):
            if key in self._lists:
                return self._lists[key]
        return next(iter(self._lists.values()), [])


def scope_key(scope: dict[str, Any] | None) -> str:
    """Name a scope by one word, such as `chat -2001`."""
    if scope is None:
        return "default"
    return " ".join(str(part) for part in (scope["type"], scope.get("chat_id"), scope.get("user_id")) if part)
