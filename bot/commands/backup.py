"""`vernissage backup FILE`: a consistent copy of the database while the bot runs."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from bot.commands.console import say
from bot.data_folder import DataFolder
from bot.settings import load_settings
from storage.backup import copy_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `backup`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="where the copy goes")
    parser.add_argument("--replace", action="store_true", help="replace FILE if it exists")


def main(arguments: argparse.Namespace) -> int:
    """Copy the database; pictures are files named by their content, and any program copies those."""
    source = DataFolder(load_settings(need_token=False).data).database
    asyncio.run(copy_database(source, arguments.file, replace=arguments.replace))
    say(f"{arguments.file}: a copy of {source}, {arguments.file.stat().st_size:,} bytes")
    return 0
