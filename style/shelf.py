"""The shelf: all packs that can be offered with the loaded base model, and why the others cannot.

Knows folders and packs; a broken pack is a problem to be told, never a crash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from style.errors import BadPackError
from style.pack import PACK_FILE, Pack, load_pack
from style.places import BUNDLED, BUNDLED_PACKS

FIRST = "kandinsky"  # what people meet first: it alone was learned from a painter's works


@dataclass(frozen=True, slots=True)
class Shelf:
    """Packs by name, in order of their titles, `FIRST` before all.

    Problems are in words for operators, file and cure named.
    """

    packs: Mapping[str, Pack]
    problems: tuple[str, ...]


def load_shelf(folders: Iterable[Path], model_id: str) -> Shelf:
    """Read all packs that lie in `folders` (each pack a folder with style.toml in it) and fit the base model.

    A folder that does not exist holds no packs. A name that comes twice is a problem; the first stays.
    """
    packs: dict[str, Pack] = {}
    problems: list[str] = []
    for file in (file for folder in folders for file in sorted(folder.glob(f"*/{PACK_FILE}"))):
        try:
            pack = load_pack(file.parent)
        except BadPackError as error:
            problems.append(str(error))
            continue
        if pack.base != model_id:
            problems.append(f"{file}: made for the base model {pack.base}, loaded is {model_id}; not offered")
        elif pack.name in packs:
            problems.append(
                f"{file}: {pack.name} is also in {packs[pack.name].folder}; rename one; this one is not offered"
            )
        else:
            packs[pack.name] = pack
    ordered = dict(sorted(packs.items(), key=lambda item: (item[0] != FIRST, item[1].title, item[0])))
    return Shelf(packs=MappingProxyType(ordered), problems=tuple(problems))


def bundled_pack(name: str) -> Pack:
    """Read a pack that ships with the program.

    Raises:
        BadPackError: none of this name does; the message lists those that do.
    """
    packs = load_shelf([BUNDLED_PACKS], BUNDLED).packs
    if name not in packs:
        raise BadPackError(f"no bundled style is named {name!r}; there are {', '.join(sorted(packs))}")
    return packs[name]
