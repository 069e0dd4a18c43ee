"""The chat's clock: its daily hour, its quiet hours, and spans of time in words."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.hours import next_daily, span, waking
from bot.words import words_for
from storage.chat_settings import ChatSettings

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "offset", "expected"),
    [(13, 0, 13), (12, 0, 36), (9, 0, 33), (13, 2, 35), (15, 2, 13), (6, -7, 13), (None, 0, None)],
)
def test_the_daily_hour_is_the_next_one_on_the_chats_clock(hour: int | None, offset: int, expected: int | None) -> None:
    """`expected` hours after midnight of that day, in UTC; an hour that is now is tomorrow's."""
    found = next_daily(ChatSettings(daily_hour=hour, utc_offset=timedelta(hours=offset)), NOON)
    assert found == (None if expected is None else NOON.replace(hour=0) + timedelta(hours=expected))


@pytest.mark.parametrize(
    ("quiet", "offset", "hours"),
    [
        (None, 0, 0),
        ((22, 8), 0, 0),
        ((11, 13), 0, 1),
        ((12, 13), 0, 1),
        ((10, 12), 0, 0),
        ((22, 8), 11, 9),
        ((20, 3), 9, 6),
    ],
)
def test_quiet_hours_end_on_the_chats_clock(quiet: tuple[int, int] | None, offset: int, hours: int) -> None:
    """Hours that span midnight, and those that do not; outside of them nothing waits."""
    settings = ChatSettings(quiet_hours=quiet, utc_offset=timedelta(hours=offset))
    assert waking(settings, NOON) - NOON == timedelta(hours=hours)


def test_spans_are_said_in_their_largest_unit() -> None:
    """Seconds are a minute, two hours and more are hours, two days and more are days."""
    words = words_for("en")
    said = [span(words, timedelta(minutes=minutes)) for minutes in (0.2, 1.4, 119, 150, 2870, 2880)]
    assert said == ["1 min", "1 min", "119 min", "2 h", "48 h", "2 d"]
