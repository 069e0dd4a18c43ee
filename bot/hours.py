"""The chat's clock: its daily hour, its quiet hours, and spans of time in words. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.words import Words
from storage.chat_settings import ChatSettings

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def next_daily(settings: ChatSettings, now: datetime) -> datetime | None:
    """Return the next moment, after `now`, at which the chat's clock shows its daily hour; None without one."""
    if settings.daily_hour is None:
        return None
    local = now + settings.utc_offset
    today = local.replace(hour=settings.daily_hour, minute=0, second=0, microsecond=0)
    return (today if today > local else today + timedelta(days=1)) - settings.utc_offset


def waking(settings: ChatSettings, now: datetime) -> datetime:
    """Return the end of the quiet hours that `now` is in, or `now` itself outside of them."""
    if settings.quiet_hours is None:
        return now
    start, end = settings.quiet_hours
    local = now + settings.utc_offset
    is_quiet = start <= local.hour < end if start < end else local.hour >= start or local.hour < end
    if not is_quiet:
        return now
    today = local.replace(hour=end, minute=0, second=0, microsecond=0)
    return (today if today > local else today + timedelta(days=1)) - settings.utc_offset


def span(words: Words, time: timedelta) -> str:
    """Say a span of time in its largest unit: "3 min", "2 h", "4 d"; never less than a minute."""
    seconds = max(time.total_seconds(), _MINUTE)
    if seconds < 2 * _HOUR:
        return words.span_minutes.format(count=round(seconds / _MINUTE))
    if seconds < 2 * _DAY:
        return words.span_hours.format(count=round(seconds / _HOUR))
    return words.span_days.format(count=round(seconds / _DAY))
