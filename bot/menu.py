"""The menu of commands that everybody sees."""

from __future__ import annotations

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
    "settings",
    "stop",
    "forget",
    "help",
)


def menu(words: Words) -> list[BotCommand]:
    """Return the menu of commands in one language."""
    return [BotCommand(name, getattr(words, f"command_{name}")) for name in COMMANDS]
