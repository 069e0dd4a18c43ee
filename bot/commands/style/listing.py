"""`vernissage style list`: all styles, and why some are not offered."""

from __future__ import annotations

import argparse

from bot.commands.console import say
from bot.commands.style.studio import open_studio
from style.pack import Pack
from style.places import BUNDLED_PACKS
from style.shelf import load_shelf


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `style list`: nothing."""


def main(_arguments: argparse.Namespace) -> int:
    """Print a line for each style that the model can paint, and one for each that is not offered."""
    studio = open_studio()
    shelf = load_shelf(studio.pack_folders, studio.model)
    for line in table(list(shelf.packs.values())):
        say(line)
    for problem in shelf.problems:
        say(f"not offered: {problem}")
    if not shelf.packs:
        say(f"no style for the model {studio.model}; vernissage style train FOLDER --name NAME makes one")
    return 0


def table(packs: list[Pack]) -> list[str]:
    """Lay out name, title, attributes, where it comes from."""
    rows = [
        (
            pack.name,
            pack.title,
            ", ".join(attribute.name for attribute in pack.space.attributes),
            "ships with the program" if pack.folder.is_relative_to(BUNDLED_PACKS.resolve()) else str(pack.folder),
        )
        for pack in packs
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return ["  ".join((*(row[k].ljust(widths[k]) for k in range(3)), row[3])) for row in rows]
