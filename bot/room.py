"""Room for pictures: removes those that nobody can reach any more, and says when there is none left to paint.

Owns the budget and the reserve of the disk. Votes need next to nothing: the reserve is theirs, and painting stops
before it is touched. Knows nothing of chats.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.services import Services
from storage.pictures import StoredPicture
from storage.reach import reachable_pictures

log = logging.getLogger(__name__)

RESERVE_BYTES = 300_000_000
"""What painting leaves free on the disk, for the database above all."""
YOUNGEST_ORPHAN = timedelta(days=1)
"""A file is written before the database names it: what no row names may be about to be named."""
# What a tidying leaves of the budget: tidying at every album would be work for nothing.
_SHARE_LEFT = 0.9


class NoRoomError(Exception):
    """There is no room to paint: the disk is full up to its reserve, or the budget is spent on what must stay."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """What a tidying came to."""

    removed: int
    freed_bytes: int
    left_bytes: int


class Room:
    """The disk as painting may use it; one a data folder."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._used_bytes: int | None = None
        self._tidying = asyncio.Lock()

    async def make(self) -> None:
        """Make sure that there is room to paint, by removing the oldest unreachable pictures if need be.

        Raises:
            NoRoomError: what is left must stay.
        """
        if self._used_bytes is None or self._lacking_bytes(self._used_bytes):
            tidied = await self.tidy()
            if lacking := self._lacking_bytes(tidied.left_bytes):
                raise NoRoomError(f"{lacking / 1e6:.0f} MB are lacking")

    def add(self, size_bytes: int) -> None:
        """Count a picture that was stored."""
        if self._used_bytes is not None:
            self._used_bytes += size_bytes

    async def tidy(self) -> Tidied:
        """Remove what nobody can reach and is old enough; then, while room is lacking, the oldest of the unreachable.

        Pictures of open sessions and liked ones always stay.
        """
        async with self._tidying:
            now = self._services.clock()
            stored = await self._services.pictures.stored()
            used = sum(picture.size_bytes for picture in stored)
            cut_off = now - timedelta(days=self._services.settings.keep_days)
            old = [each for each in await self._unreachable(stored, cut_off) if each.written_at <= cut_off]
            freed = await self._remove(old)
            lacking = self._lacking_bytes(used - freed)
            removed = len(old)
            if lacking:
                lacking += int((1 - _SHARE_LEFT) * self._services.settings.disk_budget)
                gone = {picture.digest for picture in old}
                more = _oldest(
                    [each for each in await self._unreachable(stored, now) if each.digest not in gone], lacking
                )
                freed += await self._remove(more)
                removed += len(more)
            self._used_bytes = used - freed
            if removed:
                log.info("%d pictures that nobody can reach were removed, %.1f MB", removed, freed / 1e6)
            return Tidied(removed, freed, self._used_bytes)

    async def _unreachable(self, stored: Iterable[StoredPicture], closed_after: datetime) -> list[StoredPicture]:
        reachable = await reachable_pictures(self._services.database.reader, closed_after)
        youngest = self._services.clock() - YOUNGEST_ORPHAN
        return [each for each in stored if each.digest not in reachable and each.written_at <= youngest]

    async def _remove(self, pictures: Iterable[StoredPicture]) -> int:
        freed = 0
        for picture in pictures:
            await self._services.pictures.remove(picture.digest)
            freed += picture.size_bytes
        return freed

    def _lacking_bytes(self, used_bytes: int) -> int:
        settings = self._services.settings
        return max(0, used_bytes - settings.disk_budget, RESERVE_BYTES - free_bytes(settings.data))


def free_bytes(folder: Path) -> int:
    """Tell how much is free on the disk of a folder, or of the folder that it would be made in."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.is_dir())
    return shutil.disk_usage(there).free


def _oldest(pictures: Iterable[StoredPicture], bytes_wanted: int) -> list[StoredPicture]:
    """Choose the oldest pictures that together have so many bytes, or all."""
    chosen = []
    for picture in sorted(pictures, key=lambda each: each.written_at):
        if bytes_wanted <= 0:
            break
        chosen.append(picture)
        bytes_wanted -= picture.size_bytes
    return chosen
