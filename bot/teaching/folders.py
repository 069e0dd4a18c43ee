"""Where a taught style lies: `lessons/NAME/pictures` as taken in, and `lessons/NAME/VERSION` for each training.

A version keeps the pictures it was trained on (hard links to those of the lesson), its log, samples, report and pack;
none of it changes afterwards, so a session that began with a version finds it for ever.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.data_folder import DataFolder
from storage.lessons import LessonPicture, Side
from style.pack import PACK_FILE, Pack, load_pack

PUBLISHED = "published"
"""The file that marks a version that was offered once."""

LESSON_FILE = "lesson.json"
"""What the pack is to say: title, credits, licence, attributes (name, kind, values, count).

Of a version that is only proposed also the pack to show beside it, as "against"; of a slider the pack to which it is
added, as "base".
"""

PACK_FOLDER = "pack"
COMPARISON_FILE = "comparison.png"
_LIKED = "liked-"


@dataclass(frozen=True, slots=True)
class LessonFolder:
    """The places of one style."""

    data: DataFolder
    name: str

    @property
    def root(self) -> Path:
        """All that belongs to the style."""
        return self.data.lessons / self.name

    def pictures(self, side: Side) -> Path:
        """The pictures as they were taken in, named by their hashes."""
        return self.root / ("pictures" if side is Side.STYLE else f"pictures-{side}")

    @property
    def inbox(self) -> Path:
        """Files as they were sent, until they are read."""
        return self.root / "inbox"

    def version(self, version: int) -> Path:
        """The folder of a training."""
        return self.root / str(version)

    def pack(self, version: int) -> Path:
        """The pack that a training made."""
        return self.version(version) / PACK_FOLDER / self.name


def published_packs(data: DataFolder) -> list[Path]:
    """List the packs of all versions that were offered once."""
    marks = sorted(data.lessons.glob(f"*/*/{PUBLISHED}"))
    return [file.parent for mark in marks for file in sorted(mark.parent.glob(f"pack/*/{PACK_FILE}"))]


def lay_out(folder: LessonFolder, version: int, pictures: Sequence[LessonPicture], lesson: dict[str, Any]) -> Path:
    """Lay out what a training learns from, with the words of each picture, and what its pack is to say; blocks."""
    place = folder.version(version)
    learned_from = place / "pictures"
    learned_from.mkdir(parents=True, exist_ok=True)
    rows = []
    for picture in pictures:
        target = learned_from / f"{picture.digest}.png"
        if not target.exists():
            os.link(folder.pictures(Side.STYLE) / target.name, target)
        rows.append(json.dumps({"file_name": target.name, "text": picture.words}, ensure_ascii=False))
    (learned_from / "metadata.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (place / LESSON_FILE).write_text(json.dumps(lesson, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return learned_from


def add_liked(folder: LessonFolder, version: int, liked: Sequence[tuple[Path, str]]) -> None:
    """Add copies of pictures that people liked, each with its words, to what a training learns from; blocks.

    One that is no longer there is left out: whoever liked it may have had it erased.
    """
    place = folder.version(version) / "pictures"
    rows = []
    for path, words in liked:
        target = place / f"{_LIKED}{path.parent.name}{path.stem}.png"
        try:
            shutil.copyfile(path, target)
        except FileNotFoundError:
            continue
        rows.append(json.dumps({"file_name": target.name, "text": words}, ensure_ascii=False) + "\n")
    with (place / "metadata.jsonl").open("a", encoding="utf-8") as listing:
        listing.writelines(rows)


def forget_liked(place: Path) -> None:
    """Delete the copies of liked pictures from a training that is done; blocks."""
    listing = place / "pictures" / "metadata.jsonl"
    if not listing.exists():
        return
    lines = listing.read_text("utf-8").splitlines(keepends=True)
    listing.write_text("".join(line for line in lines if f'"{_LIKED}' not in line), encoding="utf-8")
    for path in (place / "pictures").glob(f"{_LIKED}*.png"):
        path.unlink()


def lay_out_ends(
    folder: LessonFolder, version: int, low: Sequence[LessonPicture], high: Sequence[LessonPicture]
) -> tuple[Path, Path]:
    """Lay out the pictures of a slider's ends, paired by the order in which they came; blocks."""
    places = []
    for side, pictures in ((Side.LOW, low), (Side.HIGH, high)):
        place = folder.version(version) / side
        place.mkdir(parents=True, exist_ok=True)
        for number, picture in enumerate(pictures):
            target = place / f"{number:04d}.png"
            if not target.exists():
                os.link(folder.pictures(side) / f"{picture.digest}.png", target)
        places.append(place)
    return places[0], places[1]


def forget_strays(folder: LessonFolder, side: Side, known: Sequence[LessonPicture]) -> None:
    """Delete pictures that a killed process has stored and not told; their file is read again. Blocks."""
    digests = {picture.digest for picture in known}
    for path in folder.pictures(side).glob("*.png"):
        if path.stem not in digests:
            path.unlink()


def put_on_shelf(pack: Pack, folder: LessonFolder, version: int) -> Pack:
    """Offer a version's pack: it takes the place of the one before, whole or not at all; blocks.

    Raises:
        OSError: it cannot be written.
        BadPackError: what was written is no pack.
    """
    packs = folder.data.packs
    packs.mkdir(parents=True, exist_ok=True)
    (folder.version(version) / PUBLISHED).write_text(pack.digest + "\n", encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix=".new-", dir=packs.parent) as workbench:
        fresh, place = Path(workbench, "new"), packs / pack.name
        shutil.copytree(pack.folder, fresh)
        if place.exists():
            place.rename(Path(workbench, "old"))
        fresh.rename(place)
    return load_pack(place)
