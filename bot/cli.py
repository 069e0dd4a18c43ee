"""The command line: one program, `vernissage`, whose commands are modules of `bot.commands`.

Owns the parsing and the exit codes (0 done, 1 failed, 2 bad input); loads nothing but the command that is called.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

COMMANDS = {
    "demo": "sandbox and bot together, with no token: chat with it in the browser",
    "run": "the bot, by polling, or by webhook when VERNISSAGE_WEBHOOK_URL is set",
    "paint": "pictures of a style, with no chat",
    "style": "the artist's side: tag pictures, train styles and sliders, measure, import, list and show them",
    "operator": "the operators' side, from a shell: the audit log, bans, quotas and statistics",
    "doctor": "check token, database, model, device, disk and styles, and say each cure",
    "backup": "a consistent copy of the database while the bot runs",
    "health": "tell whether the bot on this data folder lives: exit code 0 or 1",
}
INTERRUPTED = 130
UNHEARD = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` (those of the process by default) name, and return its exit code."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser(typed)
    parsed = parser.parse_args(typed)
    if parsed.command is None:
        parser.print_help()
        return 2
    try:
        code: int = import_module(f"bot.commands.{parsed.command}").main(parsed)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has heard enough (`vernissage style list | head`). What python still holds back goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNHEARD
    except Exception as error:
        return _explain(error)
    return code


def _parser(typed: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="vernissage", description="A Telegram bot in which people evolve pictures by voting."
    )
    parser.add_argument("--version", action="version", version=f"vernissage {version('vernissage')}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    called = next((word for word in typed if word in COMMANDS), None)
    for name, does in COMMANDS.items():
        command = commands.add_parser(name, help=does, description=does[0].upper() + does[1:] + ".")
        if name == called:
            import_module(f"bot.commands.{name}").add_arguments(command)
    return parser


def _explain(error: Exception) -> int:
    """Say an error of our own in one line and return its exit code; any other is a bug, and shown whole."""
    from bot.commands.console import complain  # a fast start
    from bot.errors import BotError  # a fast start
    from evolution.errors import EvolutionError  # a fast start
    from storage.errors import StorageError  # a fast start
    from style.errors import PainterError, StyleError, TrainingError  # a fast start

    if not isinstance(error, BotError | EvolutionError | StorageError | StyleError):
        raise error
    complain(str(error))
    if isinstance(error, BotError):
        return error.exit_code
    is_input = isinstance(error, EvolutionError | StyleError) and not isinstance(error, PainterError | TrainingError)
    return 2 if is_input else 1
