"""The shelf: all packs that can be offered with the loaded base model, and why the others cannot.

Knows folders and packs; a broken pack is a problem to be told, never a crash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from style.errors import BadPackError
from style.pack import PACK_FILE, Pack, load_pack
from style.places import BUNDLED, BUNDLED_PACKS

FIRST = "kandinsky"  # what people meet first: it alone was learned from a painter's works


@dataclass(frozen=True, slots=True)
class Shelf:
    """Packs by name, in order of their titles, `FIRST` before all.

    Problems are in words for operators, file and cure named. `versions` are packs by their digest that were offered
    once: whoever began with one goes on with it.
    """

    packs: Mapping[str, Pack]
    problems: tuple[str, ...]
    versions: Mapping[str, Pack] = field(default_factory=dict)

    def find(self, name: str, digest: str) -> Pack | None:
        """Find the very version of a style, else the one that is offered now; None where there is neither."""
        version = self.versions.get(digest)
        return version if version is not None and version.name == name else self.packs.get(name)

    def put(self, pack: Pack) -> Shelf:
        """Give a shelf on which this pack is offered, in place of one of its name; both are found by their digests."""
        before = self.packs.get(pack.name)
        versions = {**self.versions, **({} if before is None else {before.digest: before}), pack.digest: pack}
        packs = _ordered({**self.packs, pack.name: pack})
        return Shelf(MappingProxyType(packs), self.problems, MappingProxyType(versions))

    def every_pack(self) -> tuple[Pack, ...]:
        """List all packs that may be painted with; versions last, since their files stay where they are for ever."""
        return (*self.packs.values(), *self.versions.values())


def load_shelf(folders: Iterable[Path], model_id: str, versions: Iterable[Path] = ()) -> Shelf:
    """Read all packs that lie in `folders` (each pack a folder with style.toml in it) and fit the base model.

    A folder that does not exist holds no packs. A name that comes twice is a problem; the first stays. `versions` are
    folders of packs themselves; one that is broken, or for another model, is passed over.
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
    kept = {pack.digest: pack for pack in map(_read_version, versions) if pack is not None and pack.base == model_id}
    return Shelf(packs=MappingProxyType(_ordered(packs)), problems=tuple(problems), versions=MappingProxyType(kept))


def _ordered(packs: Mapping[str, Pack]) -> dict[str, Pack]:
    return dict(sorted(packs.items(), key=lambda item: (item[0] != FIRST, item[1].title, item[0])))


def _read_version(folder: Path) -> Pack | None:
    try:
        return load_pack(folder)
    except BadPackError:
        return None


def bundled_pack(name: str) -> Pack:
    """Read a pack that ships with the program.

    Raises:
        BadPackError: none of this name does; the message lists those that do.
    """
    packs = load_shelf([BUNDLED_PACKS], BUNDLED).packs
    if name not in packs:
        raise BadPackError(f"no bundled style is named {name!r}; there are {', '.join(sorted(packs))}")
    return packs[name]
