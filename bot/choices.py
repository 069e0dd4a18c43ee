"""What a chat can choose, and between what: for each setting its name, its choices and how they are said. Pure.

Owns the table of settings. Knows nothing of who may choose, nor of how a choice is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.hours import span
from bot.words import CATALOGUES, Words
from storage.chat_settings import ALBUM_SIZES, ChatSettings, Closers, VoteMode

NONE = "none"
LANGUAGE = "language"
LIMITS_MIN = (5, 15, 60, 360, 1440)
QUORUMS = (2, 3, 5, 8, 12, 20)
DAILY_HOURS = (7, 8, 9, 12, 17, 18, 20, 21)
QUIET = ((22, 7), (22, 8), (23, 8), (0, 9))
# Clocks ahead of UTC, in minutes: whole hours, and the parts of hours that large countries keep.
OFFSETS_MIN = tuple(sorted({*range(-11 * 60, 15 * 60, 60), -210, 210, 270, 330, 345, 390, 570}))

Titles = Mapping[str, str]  # the styles' titles by their names


@dataclass(frozen=True, slots=True)
class Chosen:
    """A chat's choices as the menu shows them; `language` is None where each person's own holds."""

    settings: ChatSettings
    language: str | None
    titles: Titles


@dataclass(frozen=True, slots=True)
class Field:
    """One setting.

    `values` are its choices as callback data, `value` the present one; `say` says one; `with_value` makes the choice,
    except for the language, which is no part of `ChatSettings`.
    """

    name: str
    title: Callable[[Words], str]
    about: Callable[[Words], str]
    values: Callable[[Chosen], Sequence[str]]
    value: Callable[[Chosen], str]
    say: Callable[[Words, Chosen, str], str]
    with_value: Callable[[ChatSettings, str], ChatSettings]
    in_groups_only: bool = False


def fields(*, is_private: bool) -> tuple[Field, ...]:
    """Return what can be chosen, in the menu's order; some settings have no meaning for one person alone."""
    return tuple(field for field in _FIELDS if not (is_private and field.in_groups_only))


def field_of(name: str, *, is_private: bool) -> Field | None:
    """Find a setting by its name."""
    return next((field for field in fields(is_private=is_private) if field.name == name), None)


def _optional(number: int | None) -> str:
    return NONE if number is None else str(number)


def _number(value: str) -> int | None:
    return None if value == NONE else int(value)


def _minutes(limit: timedelta | None) -> int | None:
    return None if limit is None else round(limit.total_seconds() / 60)


def _say_limit(words: Words, _: Chosen, value: str) -> str:
    return words.setting_none if value == NONE else span(words, timedelta(minutes=int(value)))


def _say_number(words: Words, _: Chosen, value: str) -> str:
    return words.setting_none if value == NONE else value


def _say_hour(words: Words, _: Chosen, value: str) -> str:
    return words.setting_none if value == NONE else f"{int(value):02}:00"


def _say_closers(words: Words, _: Chosen, value: str) -> str:
    said = {
        Closers.STARTER: words.setting_closers_starter,
        Closers.ADMINISTRATORS: words.setting_closers_administrators,
        Closers.EVERYONE: words.setting_closers_everyone,
    }
    return said[Closers(value)]


def _quiet(hours: tuple[int, int] | None) -> str:
    return NONE if hours is None else f"{hours[0]}-{hours[1]}"


def _quiet_hours(value: str) -> tuple[int, int] | None:
    if value == NONE:
        return None
    start, end = value.split("-")
    return int(start), int(end)


def _say_quiet(words: Words, _: Chosen, value: str) -> str:
    hours = _quiet_hours(value)
    return words.setting_none if hours is None else f"{hours[0]:02}:00–{hours[1]:02}:00"


def _offset(minutes: int) -> str:
    return f"{'m' if minutes < 0 else 'p'}{abs(minutes)}"


def _ahead_min(value: str) -> int:
    return int(value[1:]) * (-1 if value[0] == "m" else 1)


def _say_clock(_words: Words, _: Chosen, value: str) -> str:
    hours, minutes = divmod(abs(_ahead_min(value)), 60)
    return f"UTC{'-' if value[0] == 'm' else '+'}{hours}{f':{minutes:02}' if minutes else ''}"


def _say_language(words: Words, _: Chosen, value: str) -> str:
    return words.setting_language_own if value == NONE else CATALOGUES[value].language_name


def _say_style(words: Words, chosen: Chosen, value: str) -> str:
    return words.setting_style_ask if value == NONE else chosen.titles.get(value, value)


_FIELDS = (
    Field(
        "size",
        lambda words: words.setting_size,
        lambda words: words.setting_size_about,
        lambda _: [str(size) for size in ALBUM_SIZES],
        lambda chosen: str(chosen.settings.album_size),
        lambda _words, _, value: value,
        lambda settings, value: replace(settings, album_size=int(value)),
    ),
    Field(
        "limit",
        lambda words: words.setting_limit,
        lambda words: words.setting_limit_about,
        lambda _: [NONE, *map(str, LIMITS_MIN)],
        lambda chosen: _optional(_minutes(chosen.settings.time_limit)),
        _say_limit,
        lambda settings, value: replace(settings, time_limit=None if value == NONE else timedelta(minutes=int(value))),
    ),
    Field(
        "quorum",
        lambda words: words.setting_quorum,
        lambda words: words.setting_quorum_about,
        lambda _: [NONE, *map(str, QUORUMS)],
        lambda chosen: _optional(chosen.settings.quorum),
        _say_number,
        lambda settings, value: replace(settings, quorum=_number(value)),
        in_groups_only=True,
    ),
    Field(
        "closers",
        lambda words: words.setting_closers,
        lambda words: words.setting_closers_about,
        lambda _: [str(closers) for closers in Closers],
        lambda chosen: str(chosen.settings.closers),
        _say_closers,
        lambda settings, value: replace(settings, closers=Closers(value)),
        in_groups_only=True,
    ),
    Field(
        "counts",
        lambda words: words.setting_counts,
        lambda words: words.setting_counts_about,
        lambda _: ["hidden", "shown"],
        lambda chosen: "shown" if chosen.settings.shows_counts else "hidden",
        lambda words, _, value: words.setting_shown if value == "shown" else words.setting_hidden,
        lambda settings, value: replace(settings, shows_counts=value == "shown"),
        in_groups_only=True,
    ),
    Field(
        "mode",
        lambda words: words.setting_mode,
        lambda words: words.setting_mode_about,
        lambda _: [str(mode) for mode in VoteMode],
        lambda chosen: str(chosen.settings.vote_mode),
        lambda words, _, value: words.setting_mode_poll if value == VoteMode.POLL else words.setting_mode_keyboard,
        lambda settings, value: replace(settings, vote_mode=VoteMode(value)),
        in_groups_only=True,
    ),
    Field(
        "style",
        lambda words: words.setting_style,
        lambda words: words.setting_style_about,
        lambda chosen: [NONE, *chosen.titles],
        lambda chosen: chosen.settings.style_name or NONE,
        _say_style,
        lambda settings, value: replace(settings, style_name=None if value == NONE else value),
    ),
    Field(
        LANGUAGE,
        lambda words: words.setting_language,
        lambda words: words.setting_language_about,
        lambda _: [NONE, *CATALOGUES],
        lambda chosen: chosen.language or NONE,
        _say_language,
        lambda settings, _: settings,
    ),
    Field(
        "daily",
        lambda words: words.setting_daily,
        lambda words: words.setting_daily_about,
        lambda _: [NONE, *map(str, DAILY_HOURS)],
        lambda chosen: _optional(chosen.settings.daily_hour),
        _say_hour,
        lambda settings, value: replace(settings, daily_hour=_number(value)),
    ),
    Field(
        "quiet",
        lambda words: words.setting_quiet,
        lambda words: words.setting_quiet_about,
        lambda _: [NONE, *map(_quiet, QUIET)],
        lambda chosen: _quiet(chosen.settings.quiet_hours),
        _say_quiet,
        lambda settings, value: replace(settings, quiet_hours=_quiet_hours(value)),
    ),
    Field(
        "clock",
        lambda words: words.setting_clock,
        lambda words: words.setting_clock_about,
        lambda _: [_offset(minutes) for minutes in OFFSETS_MIN],
        lambda chosen: _offset(round(chosen.settings.utc_offset.total_seconds() / 60)),
        _say_clock,
        lambda settings, value: replace(settings, utc_offset=timedelta(minutes=_ahead_min(value))),
    ),
    Field(
        "share",
        lambda words: words.setting_share,
        lambda words: words.setting_share_about,
        lambda _: ["yes", "no"],
        lambda chosen: "yes" if chosen.settings.contributes else "no",
        lambda words, _, value: words.setting_yes if value == "yes" else words.setting_no,
        lambda settings, value: replace(settings, contributes=value == "yes"),
    ),
)
