"""The errors that `bot` raises. It knows no other package's errors.

BotError                  exit_code 1
├── BadInputError         exit_code 2: what a person typed or set is wrong; the message names the cure
│   ├── SettingsError     settings that are bad or missing, all of them at once
│   ├── TokenRejectedError
│   ├── DataFolderError   the data folder cannot be used
│   └── DataFolderInUseError
└── StartError            something that the program needs did not start

`exit_code` is what the program ends with when the error reaches the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class BotError(Exception):
    """Base of all errors of this package."""

    exit_code: ClassVar[int] = 1


class BadInputError(BotError):
    """What a person typed or set is wrong; the message names the cure."""

    exit_code: ClassVar[int] = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One setting that is wrong: its name in the environment, what is wrong, and what cures it."""

    setting: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.what}. {self.cure}"


class SettingsError(BadInputError):
    """Settings that are bad or missing: every one of them, each with its cure."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n  ".join(("the settings need a change:", *map(str, problems))))
        self.problems = tuple(problems)


class TokenRejectedError(BadInputError):
    """The Bot API does not know the token."""

    def __init__(self, api_url: str) -> None:
        super().__init__(
            f"VERNISSAGE_TOKEN was rejected by {api_url}: ask @BotFather for the bot's token (/mybots) and set it"
        )


class DataFolderError(BadInputError):
    """The data folder cannot be made or written to."""


class DataFolderInUseError(BadInputError):
    """Another instance already runs on this data folder."""


class StartError(BotError):
    """Something that the program needs did not start; the message names the cure."""
