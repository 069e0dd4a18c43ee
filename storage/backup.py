"""A consistent copy of a database that is in use, by this process or another.

Needs no open `Database`, so that a copy can be made of a schema of any version without changing it.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from storage.errors import BackupError
from storage.folders import sync_folder

_BUSY_TIMEOUT_S = 10.0


async def copy_database(source: Path, target: Path, *, replace: bool = False) -> None:
    """Copy the database at `source` to `target`, as it is at one moment; writers are not held up.

    The copy is written under a temporary name beside `target`, synced, then renamed: `target` is whole or absent.
    It is one file, with no log beside it.

    Raises:
        BackupError: there is no such source, `target` exists and `replace` is false, or it cannot be written.
    """
    await asyncio.to_thread(_copy, source, target, replace)


def _copy(source: Path, target: Path, replace: bool) -> None:
    if not source.is_file():
        raise BackupError(f"there is no database at {source}; start the bot once, or check VERNISSAGE_DATA")
    _refuse(source, target, replace)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    except OSError as error:
        raise BackupError(f"cannot write to the folder {target.parent}: {error.strerror}") from error
    os.close(handle)
    temporary = Path(name)
    try:
        _copy_pages(source, temporary)
        _refuse(source, target, replace)
        temporary.replace(target)
        sync_folder(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"cannot copy {source} to {target}: {error}") from error
    finally:
        temporary.unlink(missing_ok=True)


def _refuse(source: Path, target: Path, replace: bool) -> None:
    if not target.exists():
        return
    if target.samefile(source):
        raise BackupError(f"{target} is the database itself; give another name")
    if not replace:
        raise BackupError(f"{target} exists; give another name, or ask to replace it")


def _copy_pages(source: Path, temporary: Path) -> None:
    origin = sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY_TIMEOUT_S)
    with closing(origin), closing(sqlite3.connect(temporary)) as copy:
        # All pages in one step: that is one read transaction, which in WAL mode no writer disturbs; copying in
        # several steps would begin anew after each commit in between.
        origin.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
