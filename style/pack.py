"""A style pack: a folder with style.toml and adapters, read into one frozen value after strict checks.

Owns the rules that hold between the parts of a pack. Knows nothing of the model that will use it (`style.engine`)
nor of where packs lie (`style.shelf`).
"""

from __future__ import annotations

import string
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from evolution import Continuous, Multiple, Single, Space
from evolution.errors import BadSpaceError
from style.adapter import Adapter, read_adapter
from style.digest import folder_digest
from style.errors import BadPackError
from style.pack_schema import AdapterTable, AttributeTable, ContinuousTable, MultipleTable, PackTable, SingleTable

PACK_FILE = "style.toml"
MAX_PACK_FILE_BYTES = 256 * 1024
SAMPLE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")

Side = Literal["both", "positive", "negative"]


@dataclass(frozen=True, slots=True)
class Slider:
    """A continuous attribute drives an adapter: weight = scale x the value's part at that side of zero."""

    attribute: str
    adapter: str
    side: Side
    scale: float


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to sample; None means the base model's default. Width and height in pixels."""

    steps: int | None
    guidance: float | None
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Pack:
    """A style that people can choose: what its genes are, and how they become prompts and adapter weights.

    `base` is the base model's id. `template` holds `{trigger}` and a `{name}` for each attribute that is spoken in
    words. `digest` is a sha256 over all files of the folder.
    """

    name: str
    title: str
    base: str
    base_revision: str | None
    trigger: str
    template: str
    space: Space
    sliders: tuple[Slider, ...]
    adapters: tuple[Adapter, ...]
    sampling: Sampling
    licence: str
    credits: str
    samples: tuple[Path, ...]
    folder: Path
    digest: str

    @property
    def style(self) -> Adapter | None:
        """The adapter that is always on; None where the pack is of sliders alone."""
        return next((adapter for adapter in self.adapters if adapter.kind == "style"), None)


def load_pack(folder: Path) -> Pack:
    """Read and check a pack, its adapters' numbers included.

    Raises:
        BadPackError: the file, what is wrong with it, and the cure.
    """
    folder = folder.resolve()
    file = folder / PACK_FILE
    table = _read_table(file)
    _check_names(file, table)
    _check_template(file, table)
    _check_sliders(file, table)
    files = _pack_files(folder)
    return Pack(
        name=table.name,
        title=table.title,
        base=table.base.model,
        base_revision=table.base.revision,
        trigger=table.trigger,
        template=table.prompt,
        space=_space(file, table),
        sliders=_sliders(table),
        adapters=tuple(_adapter(folder, adapter) for adapter in table.adapters),
        sampling=_sampling(table),
        licence=table.licence,
        credits=table.credits,
        samples=tuple(_sample(folder, name) for name in table.samples),
        folder=folder,
        digest=folder_digest(folder, files),
    )


def _read_table(file: Path) -> PackTable:
    try:
        with file.open("rb") as stream:
            text = stream.read(MAX_PACK_FILE_BYTES + 1)
        if len(text) > MAX_PACK_FILE_BYTES:
            raise BadPackError(f"{file}: longer than {MAX_PACK_FILE_BYTES} bytes; keep it to the keys of a pack")
        return PackTable.model_validate(tomllib.loads(text.decode("utf-8")))
    except OSError as error:
        raise BadPackError(f"{file}: cannot be read: {error.strerror}; a pack is a folder with this file") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'the whole'}: {fault['msg']}" for fault in error.errors()
        )
        raise BadPackError(f"{file}: {faults}; correct these keys (style/packs/README.md lists them all)") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPackError(f"{file}: not TOML in UTF-8: {error}; correct it there") from error


def _check_names(file: Path, table: PackTable) -> None:
    if table.name != file.parent.name:
        raise BadPackError(f"{file}: names itself {table.name!r} in a folder {file.parent.name!r}; make them the same")
    _refuse_twice(file, "attributes", (attribute.name for attribute in table.attributes))
    _refuse_twice(file, "adapters", (adapter.name for adapter in table.adapters))
    for attribute in table.attributes:
        if isinstance(attribute, ContinuousTable):
            continue
        _refuse_twice(file, f"values of {attribute.name}", attribute.values)
        if isinstance(attribute, MultipleTable) and attribute.count > len(attribute.values):
            raise BadPackError(
                f"{file}: {attribute.name} wants {attribute.count} of {len(attribute.values)} values; lower its count"
            )


def _refuse_twice(file: Path, what: str, names: Iterable[str]) -> None:
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise BadPackError(f"{file}: {what} named twice: {', '.join(twice)}; give each its own name")


def _check_template(file: Path, table: PackTable) -> None:
    spoken = {attribute.name for attribute in table.attributes if not isinstance(attribute, ContinuousTable)}
    try:
        parts = list(string.Formatter().parse(table.prompt))
    except ValueError as error:
        raise BadPackError(f"{file}: prompt {table.prompt!r}: {error}; write each attribute as {{name}}") from error
    fields = [field for _, field, _, _ in parts if field is not None]
    plain = all(not spec and conversion is None for _, field, spec, conversion in parts if field is not None)
    expected = {"trigger", *spoken}
    if not plain or sorted(fields) != sorted(expected):
        words = ", ".join(f"{{{name}}}" for name in sorted(expected))
        raise BadPackError(f"{file}: prompt {table.prompt!r} must hold each of {words} once, plainly, and no other")


def _check_sliders(file: Path, table: PackTable) -> None:
    kinds = {adapter.name: adapter.kind for adapter in table.adapters}
    driven = {slider.adapter for slider in _sliders(table)}
    if missing := sorted(name for name in driven if kinds.get(name) != "slider"):
        raise BadPackError(f"{file}: no adapter of kind slider is named {', '.join(missing)}; add it to [[adapters]]")
    if idle := sorted(name for name, kind in kinds.items() if kind == "slider" and name not in driven):
        raise BadPackError(f"{file}: no attribute drives the slider {', '.join(idle)}; drive it or take it out")


def _pack_files(folder: Path) -> list[Path]:
    files = []
    for path in folder.rglob("*"):
        _inside(folder, path)
        if path.is_file():
            files.append(path)
    return files


def _inside(folder: Path, path: Path) -> Path:
    """Refuse a path that leaves the folder, itself or by a link."""
    if ".." in path.parts or not path.resolve().is_relative_to(folder):
        raise BadPackError(f"{path}: leads out of the pack {folder.name}; copy the file into the pack's folder")
    return path


def _file(folder: Path, name: str) -> Path:
    if "\\" in name or Path(name).is_absolute():
        raise BadPackError(f"{folder / PACK_FILE}: {name!r} must be a path inside the pack, with forward slashes")
    path = _inside(folder, folder / name)
    if not path.is_file():
        raise BadPackError(f"{path}: named in {PACK_FILE} but not there; add the file or take the name out")
    return path


def _adapter(folder: Path, table: AdapterTable) -> Adapter:
    weight = 1.0 if table.weight is None else float(table.weight)
    return read_adapter(table.name, _file(folder, table.file), table.kind, weight)


def _sample(folder: Path, name: str) -> Path:
    path = _file(folder, name)
    if path.suffix.lower() not in SAMPLE_SUFFIXES:
        raise BadPackError(f"{path}: a sample must be one of {', '.join(SAMPLE_SUFFIXES)}; convert the picture")
    return path


def _space(file: Path, table: PackTable) -> Space:
    try:
        return Space(tuple(_attribute(attribute) for attribute in table.attributes))
    except BadSpaceError as error:
        raise BadPackError(f"{file}: {error}; correct the attributes") from error


def _attribute(table: AttributeTable) -> Single | Multiple | Continuous:
    if isinstance(table, SingleTable):
        return Single(table.name, tuple(table.values))
    if isinstance(table, MultipleTable):
        return Multiple(table.name, tuple(table.values), count=table.count)
    return Continuous(table.name, float(table.low), float(table.high))


def _sliders(table: PackTable) -> tuple[Slider, ...]:
    return tuple(
        Slider(attribute=attribute.name, adapter=slider.adapter, side=slider.side, scale=float(slider.scale))
        for attribute in table.attributes
        if isinstance(attribute, ContinuousTable)
        for slider in attribute.sliders
    )


def _sampling(table: PackTable) -> Sampling:
    size = table.sampling.size_px
    width, height = (size, size) if size is None or isinstance(size, int) else size
    guidance = table.sampling.guidance
    return Sampling(
        steps=table.sampling.steps,
        guidance=None if guidance is None else float(guidance),
        width=width,
        height=height,
    )
