"""The errors that `storage` raises.

StorageError
├── DatabaseError             the database file cannot be used; the message names the file and the cure
│   ├── NotADatabaseError     the file holds something else
│   ├── NewerDatabaseError    the file was written by a newer version of this program; it was left untouched
│   ├── DatabaseBusyError     another process, or a transaction of our own, held the database for too long
│   └── DatabaseClosedError   used after it was closed
├── DiskFullError             no room left to write, in the database or among the pictures
├── ConstraintError           a change that the schema forbids: an unknown id, a value out of its range, a second row
│   └── SessionOpenError      the chat has a session that is not closed
├── NotFoundError             no such row
├── WrongPhaseError           the row is not in the phase, or the album not in the status, that the caller expected
├── BackupError               a backup that was not written; the message says why
└── PictureError              a picture cannot be stored or given
    ├── BadDigestError        a name that is not 64 hexadecimal characters
    ├── MissingPictureError   no picture of that digest
    └── CorruptPictureError   the file's content is not what its name says
"""

from __future__ import annotations

import sqlite3
from pathlib import Path


class StorageError(Exception):
    """Base of all errors of this package."""


class DatabaseError(StorageError):
    """The database file cannot be used; the message names the file and the cure."""


class NotADatabaseError(DatabaseError):
    """The file holds something else than a database of this program."""


class NewerDatabaseError(DatabaseError):
    """The file was written by a newer version of this program; it was left untouched."""


class DatabaseBusyError(DatabaseError):
    """Another process, or a transaction of our own, held the database for too long."""


class DatabaseClosedError(DatabaseError):
    """The database, or the transaction, was used after its end."""


class DiskFullError(StorageError):
    """No room is left to write; nothing of the transaction, or of the picture, was kept."""


class ConstraintError(StorageError):
    """A change that the schema forbids: an unknown id, a value out of its range, a second row where one may be."""


class SessionOpenError(ConstraintError):
    """The chat has a session that is not closed; one chat has at most one."""


class NotFoundError(StorageError):
    """No row has that id."""


class WrongPhaseError(StorageError):
    """The row is not in the phase, or the album not in the status, that the caller expected; nothing was changed."""


class BackupError(StorageError):
    """A backup that was not written; the message says why."""


class PictureError(StorageError):
    """A picture cannot be stored or given."""


class BadDigestError(PictureError):
    """A name that is not 64 lower-case hexadecimal characters."""


class MissingPictureError(PictureError):
    """No picture of that digest is stored."""


class CorruptPictureError(PictureError):
    """The stored file's content is not what its name says."""


_FILE_TROUBLES = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
)


def name_error(error: sqlite3.Error, path: Path) -> StorageError | None:
    """Give an error of the world outside the name by which it can be caught; None for our own bugs, such as bad SQL."""
    # The lowest byte is the kind; the rest says more about it (https://www.sqlite.org/rescode.html).
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_CONSTRAINT:
        return ConstraintError(str(error))
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DatabaseBusyError(f"another process holds {path}; stop it, or wait")
    if code == sqlite3.SQLITE_FULL:
        return DiskFullError(f"no room is left on the disk of {path}; make room")
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return NotADatabaseError(f"{path} cannot be read as a database ({error}); restore a backup")
    if code in _FILE_TROUBLES:
        return DatabaseError(f"cannot use {path}: {error}; check that its folder exists and can be written")
    return None
