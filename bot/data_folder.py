"""The data folder: where in it what lies, and that one instance alone runs on it.

Knows nothing of what the files hold.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import DataFolderError, DataFolderInUseError


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The places in a data folder; none of them need exist."""

    root: Path

    @property
    def database(self) -> Path:
        """The database's file."""
        return self.root / "vernissage.db"

    @property
    def pictures(self) -> Path:
        """The folder of pictures."""
        return self.root / "pictures"

    @property
    def packs(self) -> Path:
        """The folder of the styles that are this instance's own."""
        return self.root / "packs"

    @property
    def trainings(self) -> Path:
        """The folder of trainings: of each style or slider a folder, with one in it for each version."""
        return self.root / "trainings"

    @property
    def lessons(self) -> Path:
        """The folder of the styles that are taught in a chat: of each a folder, with one in it for each version."""
        return self.root / "lessons"

    @property
    def heartbeat(self) -> Path:
        """The file that an instance touches while it lives."""
        return self.root / "heartbeat"

    @property
    def lock(self) -> Path:
        """The file whose lock an instance holds while it runs."""
        return self.root / "vernissage.lock"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder if there is none, and hold it for this process alone until the end.

        A killed process holds nothing: the lock is the operating system's, not the file.

        Raises:
            DataFolderError: the folder cannot be made or written to.
            DataFolderInUseError: another instance holds it.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            cure = "set VERNISSAGE_DATA to a folder that can be written"
            raise DataFolderError(f"cannot write to {self.root}: {error.strerror}; {cure}") from error
        try:
            self._lock(handle)
            yield
        finally:
            os.close(handle)

    def _lock(self, handle: int) -> None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
            raise DataFolderInUseError(
                f"another instance (process {holder}) runs on {self.root}; stop it, or set VERNISSAGE_DATA to another"
                " folder for this one"
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
