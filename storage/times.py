"""How a moment is written into a column: ISO 8601 text in UTC, always with six decimals.

Text rather than milliseconds, because it reads well in any SQLite shell, comes back exactly as it went in, and, its
width being fixed, sorts as the moments do. Knows no clock: moments are passed in.
"""

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """Write a moment, in whatever zone it is given, as UTC text.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs a time zone; got {moment!r}")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """Read what `to_text` wrote."""
    return datetime.fromisoformat(text)


def from_text_or_none(text: str | None) -> datetime | None:
    """Read a column that may be empty."""
    return None if text is None else from_text(text)
