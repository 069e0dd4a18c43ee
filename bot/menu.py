"""The menu of commands that everybody sees."""

from __future__ import annotations

from collections.abc import Iterable

from telegram import BotCommand

from bot.words import Words

# In the menu's order; each has its words in the catalogue as `command_<name>`.
COMMANDS = (
    "start",
    "new",
    "style",
    "best",
    "paint",
    "taste",
    "lineage",
    "original",
    "export",
    "import",
    "share",
    "blend",
    "settings",
    "stop",
    "forget",
    "help",
)
# Those by which operators teach styles; shown to operators alone.
TEACHING = ("newstyle", "done", "train", "slider", "try", "publish", "rollback", "retrain", "styles")


def operators_help(words: Words, orders: Iterable[str]) -> str:
    """Say what operators can order besides: how styles are taught, then the `orders`, each with its words."""
    lines = [f"/{name}: {getattr(words, f'command_{name}')}" for name in (*TEACHING, *orders)]
    return "\n".join([words.help_operators, *lines])


def menu(words: Words) -> list[BotCommand]:
    """Return the menu of commands in one language."""
    return [BotCommand(name, getattr(words, f"command_{name}")) for name in COMMANDS]
