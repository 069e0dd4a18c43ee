"""Pictures, stored as files named by the sha256 of their content: `ab/cdef….png`.

Knows nothing of what is in them, nor who refers to them. Blocking work runs in a thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.errors import BadDigestError, CorruptPictureError, DiskFullError, MissingPictureError, PictureError
from storage.folders import sync_folder

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture's file, and when it was last written."""

    digest: str
    size_bytes: int
    written_at: datetime


class PictureStore:
    """A folder of pictures. Several processes may share it: files are added whole, or deleted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Return where the picture of that digest is, or would be.

        Raises:
            BadDigestError: the digest is not 64 lower-case hexadecimal characters.
        """
        if _DIGEST.fullmatch(digest) is None:
            raise BadDigestError(f"expected 64 hexadecimal characters, got {digest[:80]!r}")
        return self.folder / digest[:2] / f"{digest[2:]}.png"

    async def put(self, content: bytes) -> str:
        """Store a picture and return its digest. When this returns it survives a power cut; a second time is free.

        Raises:
            DiskFullError: no room is left.
            PictureError: the folder cannot be written.
        """
        return await asyncio.to_thread(self._put, content)

    async def get(self, digest: str) -> bytes:
        """Return the picture's content, checked against its digest.

        Raises:
            BadDigestError: the digest is not 64 lower-case hexadecimal characters.
            MissingPictureError: no such picture is stored.
            CorruptPictureError: the file's content is another.
        """
        return await asyncio.to_thread(self._get, digest)

    async def remove(self, digest: str) -> None:
        """Delete a picture; one that is not there is no error.

        Raises:
            BadDigestError: the digest is not 64 lower-case hexadecimal characters.
            PictureError: the file cannot be deleted.
        """
        path = self.path(digest)
        try:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        except OSError as error:
            raise PictureError(f"cannot delete {path}: {error.strerror}") from error

    async def stored(self) -> tuple[StoredPicture, ...]:
        """List every picture that is stored, in no order.

        Raises:
            PictureError: the folder cannot be read.
        """
        return await asyncio.to_thread(self._stored)

    def _stored(self) -> tuple[StoredPicture, ...]:
        found = []
        try:
            for path in self.folder.glob("??/*.png"):
                digest = path.parent.name + path.stem
                with contextlib.suppress(FileNotFoundError):
                    state = path.stat()
                    if _DIGEST.fullmatch(digest):
                        written_at = datetime.fromtimestamp(state.st_mtime, UTC)
                        found.append(StoredPicture(digest, state.st_size, written_at))
        except OSError as error:
            raise PictureError(f"cannot read {self.folder}: {error.strerror}") from error
        return tuple(found)

    def _put(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        try:
            if not path.is_file() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(path, content)
                sync_folder(self.folder)
            else:
                # As young as what was written anew: whoever removes what nobody refers to goes by age.
                os.utime(path)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFullError(f"no room is left for pictures in {self.folder}; make room") from error
            raise PictureError(f"cannot store a picture in {self.folder}: {error.strerror}") from error
        return digest

    def _get(self, digest: str) -> bytes:
        path = self.path(digest)
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise MissingPictureError(f"no picture {digest} in {self.folder}") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise CorruptPictureError(f"{path} is damaged: its content is not what its name says")
        return content


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and have it on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)
