"""`vernissage style`: the artist's side from a shell, a module for each of its commands."""

from __future__ import annotations

import argparse
from importlib import import_module

PARTS = {
    "train": ("training", "learn a style from a folder of pictures, and make a pack of it"),
    "finish": ("finishing", "make the pack of a training in its own folder, and measure it; nothing is offered yet"),
    "slider": ("slider", "learn what differs between pictures, as a number that people can turn"),
    "tag": ("tagging", "complete the words of a folder of pictures with what their pixels tell"),
    "evaluate": ("evaluation", "measure how near a style's pictures come to the painter's"),
    "import": ("importing", "make a pack of a LoRA that others trained"),
    "list": ("listing", "all styles, and why some are not offered"),
    "show": ("showing", "all that is known of one style, and what is wrong with it"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `style`."""
    parts = parser.add_subparsers(dest="part", metavar="COMMAND", title="commands", required=True)
    for name, (module, does) in PARTS.items():
        part = parts.add_parser(name, help=does, description=does[0].upper() + does[1:] + ".")
        import_module(f"bot.commands.style.{module}").add_arguments(part)


def main(arguments: argparse.Namespace) -> int:
    """Run the part that was typed; returns its exit code."""
    module, _ = PARTS[arguments.part]
    code: int = import_module(f"bot.commands.style.{module}").main(arguments)
    return code
