"""Says what a method of the Bot API is to the sandbox."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiogram.methods import TelegramMethod

from sandbox.params import Upload
from sandbox.state import State

Uploads = Mapping[str, Upload]
Handler = Callable[[State, Any, Uploads], Awaitable[Any]]


@dataclass(frozen=True)
class Method:
    """A method: the class that its requests are judged by, and the function that carries it out."""

    model: type[TelegramMethod[Any]]
    handle: Handler

    @property
    def name(self) -> str:
        """Return the method's name as the Bot API spells it."""
        return str(self.model.__api_method__)


@dataclass(frozen=True)
class Described:
    """A result that comes with words, as the answers about webhooks do."""

    result: Any
    description: str
