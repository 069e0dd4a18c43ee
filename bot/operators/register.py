"""The register of what operators can order: which command and which button does what.

A further command is one line: `register.command("name", act)`, with `command_name` in the catalogue for the menu; a
further button is `register.button("action", act)`, made by `Operate("action", …)` of `bot.callback_data`. Whether an
order may be given is the gate's to decide, before it comes here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Update

from bot.outcomes import Outcome
from bot.visits import Visit
from bot.words import Words
from storage.ids import MessageId


@dataclass(frozen=True, slots=True)
class Order:
    """What an operator orders, in a private chat, and may.

    A command has `text`, all that was written behind it; a button has `subject` and `value`, which were pressed under
    `message` and can be forged in form though not in origin: each is checked again by whoever acts on it.
    """

    visit: Visit
    update: Update
    text: str = ""
    message: MessageId | None = None
    subject: str = ""
    value: str = ""

    @property
    def words(self) -> Words:
        """The operator's language."""
        return self.visit.audience.words


Act = Callable[[Order], Awaitable[Outcome]]
"""Does what is ordered. A command's toast is sent as a message; whatever is slow belongs into `Outcome.then`."""


class Register:
    """Commands and buttons by their names."""

    def __init__(self) -> None:
        self.commands: dict[str, Act] = {}
        self.buttons: dict[str, Act] = {}

    def command(self, name: str, act: Act) -> None:
        """Add a command."""
        assert name not in self.commands, name  # noqa: S101 our own bug, if ever
        self.commands[name] = act

    def button(self, action: str, act: Act) -> None:
        """Add what a button does."""
        assert action not in self.buttons, action  # noqa: S101 our own bug, if ever
        self.buttons[action] = act
