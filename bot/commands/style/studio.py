"""Where the artist works: the settings, the packs that are there, and the folders of trainings with their versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.data_folder import DataFolder
from bot.errors import BadInputError
from bot.settings import Settings, load_settings
from style.pack import PACK_FILE, Pack, load_pack
from style.places import BUNDLED_PACKS, model_id

PUBLISHED = "published"
"""The file that marks a version whose pack has been written."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class Studio:
    """The settings, and the places that they name."""

    settings: Settings

    @property
    def data(self) -> DataFolder:
        """The data folder."""
        return DataFolder(self.settings.data)

    @property
    def model(self) -> str:
        """The id under which packs name the model."""
        return model_id(self.settings.model)

    @property
    def pack_folders(self) -> tuple[Path, Path]:
        """The folders of packs, those that ship first."""
        return BUNDLED_PACKS, self.data.packs

    def find_pack(self, name: str) -> Pack:
        """Read the pack of this name.

        Raises:
            BadInputError: there is none; the message lists those there are.
            BadPackError: it cannot be used.
        """
        for folder in self.pack_folders:
            if (folder / check_name(name) / PACK_FILE).exists():
                return load_pack(folder / name)
        there = sorted(file.parent.name for folder in self.pack_folders for file in folder.glob(f"*/{PACK_FILE}"))
        raise BadInputError(f"no style {name!r}; there are: {', '.join(there) or 'none'}")

    def check_new(self, name: str, *, again: bool) -> None:
        """Check that a pack of this name may be written; with `again`, that of an earlier version may be replaced.

        Raises:
            BadInputError: no name, or one that is taken; the message says what to do.
        """
        check_name(name)
        if (BUNDLED_PACKS / name).exists():
            raise BadInputError(f"the style {name} ships with the program; give another --name")
        if (self.data.packs / name).exists() and not again:
            raise BadInputError(
                f"the style {name} exists in {self.data.packs}; give another --name, or --again for a new version"
            )

    def version(self, name: str) -> Path:
        """Find the folder of the version that is under way, or that would be next."""
        root = self.data.trainings / name
        numbers = sorted(int(path.name) for path in root.glob("*") if path.name.isdecimal())
        if numbers and not (root / str(numbers[-1]) / PUBLISHED).exists():
            return root / str(numbers[-1])
        return root / str(numbers[-1] + 1 if numbers else 1)

    def last_version(self, name: str) -> Path | None:
        """Find the folder of the newest version whose pack was written."""
        marks = (self.data.trainings / name).glob(f"*/{PUBLISHED}")
        return max((mark.parent for mark in marks if mark.parent.name.isdecimal()), key=_number, default=None)


def open_studio(device: str | None = None) -> Studio:
    """Read the settings; `device` replaces the one that is set.

    Raises:
        SettingsError: a setting is bad.
    """
    settings = load_settings(need_token=False)
    return Studio(settings if device is None else settings.model_copy(update={"device": device}))


def check_name(name: str) -> str:
    """Check that a name is one of a style or slider.

    Raises:
        BadInputError: it is not; the message says what is.
    """
    if not _NAME.fullmatch(name):
        raise BadInputError(f"{name!r} is no name: expected a-z, 0-9, _ and -, at most 32, a letter or digit first")
    return name


def parse_renames(texts: list[str]) -> dict[str, str]:
    """Read `OLD=NEW` texts.

    Raises:
        BadInputError: a text is none.
    """
    renamed = {}
    for text in texts:
        old, equals, new = (part.strip() for part in text.partition("="))
        if not (old and equals and new) or "," in new:
            raise BadInputError(f'--rename {text!r}: expected "OLD TAG=NEW TAG"')
        renamed[old] = new
    return renamed


def _number(folder: Path) -> int:
    return int(folder.name)
