"""`vernissage style show NAME`: all that is known of one style, and what is wrong with it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from bot.commands.console import complain, say
from bot.commands.style.studio import Studio, open_studio
from evolution import Attribute, Continuous, Multiple, Single
from style.errors import BadPackError
from style.pack import Pack


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `style show`."""
    parser.add_argument("name", metavar="NAME", help="the style; a wrong name lists those there are")


def main(arguments: argparse.Namespace) -> int:
    """Print the style; code 1 where it cannot be offered."""
    studio = open_studio()
    try:
        pack = studio.find_pack(arguments.name)
    except BadPackError as error:
        complain(f"the style {arguments.name} cannot be used:\n  {error}")
        return 1
    for line in describe(pack):
        say(line)
    problems = find_problems(studio, pack)
    for problem in problems:
        say(f"problem     {problem}")
    return 1 if problems else 0


def describe(pack: Pack) -> Iterator[str]:
    """Say what a pack is, a line each."""
    yield f"{pack.name}: {pack.title}"
    yield f"trigger     {pack.trigger}"
    yield f"prompt      {pack.template}"
    yield f"base        {pack.base}{f', revision {pack.base_revision}' if pack.base_revision else ''}"
    for attribute in pack.space.attributes:
        yield f"attribute   {_attribute(attribute, pack)}"
    for adapter in pack.adapters:
        on = f"always on at {adapter.weight:g}" if adapter.kind == "style" else "a slider"
        yield f"adapter     {adapter.name}: {size(adapter.path.stat().st_size)}, {on}, sha256 {adapter.digest[:12]}"
    named = {"steps": pack.sampling.steps, "guidance": pack.sampling.guidance, "width": pack.sampling.width}
    if told := [f"{name} {value:g}" for name, value in named.items() if value is not None]:
        yield f"sampling    {', '.join(told)}"
    yield f"samples     {', '.join(path.name for path in pack.samples) or 'none'}"
    yield f"licence     {pack.licence}"
    yield f"credits     {pack.credits}"
    yield f"digest      {pack.digest}"
    yield f"folder      {pack.folder}"


def find_problems(studio: Studio, pack: Pack) -> list[str]:
    """Find why a pack that can be read is not offered, or not at its best."""
    problems = []
    if pack.base != studio.model:
        problems.append(f"it is for the model {pack.base}, set is {studio.model}; set VERNISSAGE_MODEL to offer it")
    first = next(folder / pack.name for folder in studio.pack_folders if (folder / pack.name).exists())
    twice = [folder / pack.name for folder in studio.pack_folders if (folder / pack.name).exists()][1:]
    problems += [f"{path} has the same name as {first}, and is not offered; rename it" for path in twice]
    if not pack.samples:
        problems.append(f"no sample to show who chooses; put a picture into {pack.folder}, and name it in style.toml")
    return problems


def size(count: int) -> str:
    """Say a number of bytes."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def _attribute(attribute: Attribute, pack: Pack) -> str:
    match attribute:
        case Single(name, values):
            return f"{name}: one of {', '.join(values)}"
        case Multiple(name, values, count):
            return f"{name}: {count} of {', '.join(values)}"
        case Continuous(name, low, high):
            driven = [slider for slider in pack.sliders if slider.attribute == name]
            how = ", ".join(f"{slider.adapter} × {slider.scale:g} ({slider.side})" for slider in driven)
            return f"{name}: {low:g} to {high:g}, driving {how}"
