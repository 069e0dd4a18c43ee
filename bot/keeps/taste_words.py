"""What was learned, in words: what is liked, how sure that is, how long it will take, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.keeps.taste_view import Found, Mark, Panel, Ranked, Slid
from bot.words import Words
from evolution import Insight, Taste

_MOST_NAMED = 6
_PERHAPS = 3
# What is believed to be worth less than this is not worth a word.
_LEAST_WORTH = 0.1
# Between these places a slider is neither low nor high.
_IN_BETWEEN = 1 / 3


def has_learned(taste: Taste) -> bool:
    """Return whether anybody has liked or disliked anything."""
    return taste.likes + taste.dislikes > 0


def taste_words(words: Words, taste: Taste, panels: Sequence[Panel]) -> str:
    """Say what was learned, in a photo's caption: at most 1024 characters."""
    lines = [
        words.taste_title.format(generations=taste.generations, likes=taste.likes, dislikes=taste.dislikes),
        "",
        *_likings(words, panels),
    ]
    if taste.insight is not None:
        lines += ["", _certainty(words, taste.insight), *_warnings(words, taste.insight)]
    lines += ["", words.taste_legend]
    return "\n".join(lines)


def _likings(words: Words, panels: Sequence[Panel]) -> list[str]:
    found = [(panel, mark) for panel in panels for mark in _tellable(panel)]
    found.sort(key=lambda pair: -abs(pair[1].middle))
    lines = []

    def add(template: str, is_meant: Callable[[Mark], bool], most: int = _MOST_NAMED) -> None:
        named = [_name(words, panel, mark) for panel, mark in found if is_meant(mark)][:most]
        if named:
            lines.append(template.format(what=", ".join(named)))

    add(words.taste_likes, lambda mark: mark.is_liked)
    add(words.taste_dislikes, lambda mark: mark.is_disliked)
    add(words.taste_perhaps, lambda mark: mark.middle > _LEAST_WORTH and not mark.is_liked, _PERHAPS)
    return lines or [words.taste_open]


def _tellable(panel: Panel) -> tuple[Mark, ...]:
    """Return what is worth words: each value, but of a slider its best place alone."""
    match panel:
        case Ranked(_, marks):
            return marks
        case Slid(_, marks):
            return (max(marks, key=lambda mark: mark.middle),)
        case Found(_, mark):
            return () if mark is None else (mark,)


def _name(words: Words, panel: Panel, mark: Mark) -> str:
    match panel:
        case Ranked():
            return mark.label
        case Slid(name, marks):
            place = 2 * marks.index(mark) / (len(marks) - 1) - 1
        case Found(name):
            place = mark.middle
    if place > _IN_BETWEEN:
        return words.taste_slider_high.format(name=name)
    return (words.taste_slider_low if place < -_IN_BETWEEN else words.taste_slider_middle).format(name=name)


def _certainty(words: Words, insight: Insight) -> str:
    known = words.taste_certainty.format(percent=round(100 * insight.certainty))
    if insight.votes_until_sure is None:
        return f"{known} {words.taste_until_unknown}"
    if insight.votes_until_sure == 0:
        return f"{known} {words.taste_sure}"
    return f"{known} {words.taste_until.format(votes=insight.votes_until_sure)}"


def _warnings(words: Words, insight: Insight) -> list[str]:
    signs = insight.signs
    found = [
        (signs.is_contradictory, words.taste_contradictory),
        (signs.is_drifting, words.taste_drifting),
        (signs.is_uniform, words.taste_uniform),
    ]
    said = [f"⚠️ {text}" for is_so, text in found if is_so]
    if len(insight.camps) > 1:
        first, second, *_ = insight.camps
        said.append(f"👥 {words.taste_camps.format(first=len(first), second=len(second))}")
    return said
