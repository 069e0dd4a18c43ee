"""The errors that `storage` raises.

StorageError
├── DatabaseError             the database file cannot be used; the message names the file and the cure
│   ├── NotADatabaseError     the file holds something else
│   ├── NewerDatabaseError    the file was written by a newer version of this program; it was left untouched
│   ├── DatabaseBusyError     another process, or a transaction of our own, held the database for too long
│   ├── DatabaseClosedError   used after it was closed
│   └── DiskFullError         no room left to write
├── ConstraintError           a change that the schema forbids: an unknown id, a value out of its range, a second row
│   └── SessionOpenError      the chat has a session that is not closed
├── NotFoundError             no such row
├── WrongPhaseError           the row is not in the phase, or the album not in the status, that the caller expected
├── BackupError               a backup that was not written; the message says why
└── PictureError              a picture cannot be given
    ├── BadDigestError        a name that is not 64 hexadecimal characters
    ├── MissingPictureError   no picture of that digest
    └── CorruptPictureError   the file's content is not what its name says
"""


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


class DiskFullError(DatabaseError):
    """No room is left to write; nothing of the transaction was kept."""


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
    """A picture cannot be given."""


class BadDigestError(PictureError):
    """A name that is not 64 lower-case hexadecimal characters."""


class MissingPictureError(PictureError):
    """No picture of that digest is stored."""


class CorruptPictureError(PictureError):
    """The stored file's content is not what its name says."""
