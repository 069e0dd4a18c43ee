"""People: who starts sessions and votes. Deleting one takes their votes along and leaves the events without a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader, Transaction
from storage.ids import PersonId
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Person:
    """A person, or a chat that acts as one."""

    id: PersonId
    first_name: str
    language_code: str | None
    created_at: datetime


async def ensure_person(
    tx: Transaction, person: PersonId, first_name: str, language_code: str | None, at: datetime
) -> None:
    """Make the person known, or bring name and language up to date."""
    await tx.all(
        """
        INSERT INTO people (id, first_name, language_code, created_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET first_name = excluded.first_name, language_code = excluded.language_code
        WHERE first_name <> excluded.first_name OR language_code IS NOT excluded.language_code
        """,
        (person, first_name, language_code, to_text(at)),
    )


async def find_person(reader: Reader, person: PersonId) -> Person | None:
    """Return the person, if known."""
    row = await reader.one("SELECT * FROM people WHERE id = ?", (person,))
    if row is None:
        return None
    return Person(PersonId(row["id"]), row["first_name"], row["language_code"], from_text(row["created_at"]))
