"""`vernissage paint`: pictures of a style, with no chat. What is not set is drawn by chance, from the seed."""

from __future__ import annotations

import argparse
import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.commands.console import say
from bot.data_folder import DataFolder
from bot.errors import BadInputError
from bot.originals import with_recipe
from bot.settings import Settings, load_settings
from evolution import Attribute, Chromosome, Config, Continuous, Gene, Multiple, Single, Space, ask, start
from style.decode import decode
from style.engine.client import LocalPainter
from style.engine.process import PROGRAM
from style.pack import Pack
from style.painter import Picture
from style.places import BUNDLED_PACKS, model_id
from style.recipe import Recipe
from style.shelf import Shelf, load_shelf

MOST_PICTURES = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `paint`."""
    parser.add_argument("--style", required=True, metavar="NAME", help="the style; a wrong name lists those there are")
    parser.add_argument("-n", type=int, default=4, metavar="COUNT", help="how many pictures (default 4)")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="ATTRIBUTE=VALUE",
        help='fix an attribute, e.g. line="curve line", hue=red,blue,green or brightness=-0.5; may be repeated',
    )
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="the folder (default: this one)")
    parser.add_argument("--seed", type=int, help="paint the same again (default: by chance)")


def main(arguments: argparse.Namespace) -> int:
    """Paint, and write a PNG each with its recipe inside."""
    if not 1 <= arguments.n <= MOST_PICTURES:
        raise BadInputError(f"-n must be 1 to {MOST_PICTURES}, got {arguments.n}")
    settings = load_settings(need_token=False)
    shelf = load_shelf((BUNDLED_PACKS, DataFolder(settings.data).packs), model_id(settings.model))
    pack = find_pack(shelf, arguments.style)
    genes = parse_genes(pack.space, arguments.set)
    seed = secrets.randbelow(2**31) if arguments.seed is None else arguments.seed
    chromosomes = draw(pack.space, genes, arguments.n, seed)
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(f"cannot make the folder {arguments.out}: {error.strerror}; give another --out") from error
    pictures, recipes = asyncio.run(paint_chromosomes(settings, pack, chromosomes))
    for number, (picture, recipe) in enumerate(zip(pictures, recipes, strict=True), start=1):
        file = arguments.out / f"{pack.name}-{seed}-{number}.png"
        file.write_bytes(with_recipe(picture.png, recipe))
        say(f"{file}  {recipe.prompt}")
    return 0


def find_pack(shelf: Shelf, name: str) -> Pack:
    """Find a pack by name.

    Raises:
        BadInputError: there is none; the message lists those there are, and why others are not offered.
    """
    if name in shelf.packs:
        return shelf.packs[name]
    there = ", ".join(shelf.packs) or "none"
    problems = "".join(f"\n  not offered: {problem}" for problem in shelf.problems)
    raise BadInputError(f"no style {name!r} for this model; there are: {there}{problems}")


def parse_genes(space: Space, settings: Sequence[str]) -> dict[str, Gene]:
    """Read `attribute=value` texts; the words of a multiple attribute are separated by commas.

    Raises:
        BadInputError: an attribute or a value that the space does not have; the message lists what it has.
    """
    attributes = {attribute.name: attribute for attribute in space.attributes}
    genes: dict[str, Gene] = {}
    for text in settings:
        name, equals, value = text.partition("=")
        if not equals or name.strip() not in attributes:
            raise BadInputError(f"--set {text!r}: expected ATTRIBUTE=VALUE, with one of {', '.join(attributes)}")
        attribute = attributes[name.strip()]
        genes[attribute.name] = _parse_gene(attribute, value.strip())
    return genes


def _parse_gene(attribute: Attribute, text: str) -> Gene:
    match attribute:
        case Single(name, values):
            if text not in values:
                raise BadInputError(f"--set {name}={text}: expected one of: {', '.join(values)}")
            return text
        case Multiple(name, values, count):
            words = tuple(word.strip() for word in text.split(","))
            if len(set(words)) != len(words) or len(words) != count or not set(words) <= set(values):
                raise BadInputError(f"--set {name}={text}: expected {count} different of: {', '.join(values)}")
            return words
        case Continuous(name, low, high):
            try:
                number = float(text)
            except ValueError:
                number = float("nan")
            if not low <= number <= high:
                raise BadInputError(f"--set {name}={text}: expected a number from {low:g} to {high:g}")
            return number


def draw(space: Space, genes: Mapping[str, Gene], n: int, seed: int) -> tuple[Chromosome, ...]:
    """Draw n chromosomes by chance, and put the fixed genes into each."""
    _, chromosomes = ask(start(space, seed, Config(strategy="random")), n)
    return tuple(replace(chromosome, values={**chromosome.values, **genes}) for chromosome in chromosomes)


async def paint_chromosomes(
    settings: Settings, pack: Pack, chromosomes: Sequence[Chromosome], program: Sequence[str] = PROGRAM
) -> tuple[list[Picture], list[Recipe]]:
    """Start an engine, paint, and end it.

    Raises:
        StyleError: the model, the pack or the painting failed.
    """
    painter = LocalPainter(model=settings.model, device=settings.device, packs=(pack,), program=program)
    try:
        model = await painter.start()
        recipes = [decode(pack, chromosome, model) for chromosome in chromosomes]
        return await painter.paint(recipes), recipes
    finally:
        await painter.close()
