"""Styles that were seen: a row for each name and version, so that a session can say which it runs in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader, Transaction
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Style:
    """One version of a style; `digest` is the pack's."""

    name: str
    digest: str
    title: str
    first_seen_at: datetime


async def ensure_style(tx: Transaction, name: str, digest: str, title: str, at: datetime) -> None:
    """Make this version of the style known; a known one stays as it was first seen."""
    await tx.all(
        "INSERT INTO styles (name, digest, title, first_seen_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (name, digest, title, to_text(at)),
    )


async def versions_of_style(reader: Reader, name: str) -> tuple[Style, ...]:
    """Return the versions of a style, the first seen first."""
    rows = await reader.all("SELECT * FROM styles WHERE name = ? ORDER BY first_seen_at, digest", (name,))
    return tuple(Style(row["name"], row["digest"], row["title"], from_text(row["first_seen_at"])) for row in rows)
