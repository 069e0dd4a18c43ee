"""`vernissage style tag FOLDER`: what the pixels tell, as words that people can correct."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.commands.console import say
from bot.commands.style.studio import open_studio, parse_renames
from style.training.paintings import inspect_folder
from style.training.tagging import Proposal, apply_proposals, propose_tags
from style.words import known_words


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `style tag`."""
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="pictures with metadata.jsonl, or a .txt beside each"
    )
    parser.add_argument("--write", action="store_true", help="write the words; without it they are only shown")
    parser.add_argument(
        "--rename", action="append", default=[], metavar="OLD=NEW", help="replace a tag everywhere; may be repeated"
    )


def main(arguments: argparse.Namespace) -> int:
    """Show what would be added to each picture's words, or write it; a person's own words stay."""
    renamed = parse_renames(arguments.rename)
    found = inspect_folder(arguments.folder, renamed, known_words(open_studio().model))
    # Words that are misspelt are what one calls this for; they forbid nothing here.
    proposals = propose_tags(arguments.folder, found, renamed)
    for line in table(proposals):
        say(line)
    for finding in (*found.faults, *found.notes):
        say(f"  {finding}")
    changed = sum(proposal.is_change for proposal in proposals)
    if arguments.write and changed:
        say(f"{apply_proposals(arguments.folder, proposals)} pictures have new words; correct them where they stand")
    elif changed:
        say(f"{changed} of {len(proposals)} pictures would get new words: --write writes them")
    else:
        say("no picture gets new words")
    return 2 if found.faults else 0


def table(proposals: Sequence[Proposal]) -> list[str]:
    """Lay out names, the words that stand there, and those that are new."""
    width = min(40, max((len(proposal.name) for proposal in proposals), default=0))
    lines = []
    for proposal in proposals:
        new = "".join(f" + {tag}" for tag in proposal.added)
        lines.append(f"{proposal.name:<{width}}  {', '.join(proposal.kept)}{new}".rstrip())
    return lines
