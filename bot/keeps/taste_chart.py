"""Draws what was learned: for each attribute its values ranked, each a dot with a bar as wide as its uncertainty.

Right of the line is liked, left is not; a strong colour is sure, a pale one is not. Sliders are curves over their
range.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.keeps.drawing import DISLIKED, FAINT, INK, LIKED, QUIET, WIDTH_PX, Colour, Sheet, blend
from bot.keeps.taste_view import Found, Mark, Panel, Ranked, Slid

MOST_VALUES = 6
_MARGIN = 48
_LABELS_END = 390
_ROW = 58
_HEAD = 72
_TITLE = 136
_SLIDERS_IN_ROW = 3
_SLIDER_HEIGHT = 250
_LEAST_RANGE = 0.3


def draw_taste(title: str, certainty: float | None, panels: Sequence[Panel]) -> bytes:
    """Draw the chart as a PNG; `certainty` in [0, 1] is the share that is known, None where it cannot be told."""
    choices = [panel for panel in panels if isinstance(panel, Ranked)]
    sliders = [panel for panel in panels if not isinstance(panel, Ranked)]
    slider_rows = [sliders[at : at + _SLIDERS_IN_ROW] for at in range(0, len(sliders), _SLIDERS_IN_ROW)]
    shown = [_shown(choice.marks) for choice in choices]
    height = _TITLE + sum(_HEAD + _ROW * len(rows) for rows in shown) + _SLIDER_HEIGHT * len(slider_rows) + _MARGIN
    sheet = Sheet(height)
    _draw_title(sheet, title, certainty)
    y = float(_TITLE)
    reach = _reach([mark for rows in shown for mark in rows])
    for choice, rows in zip(choices, shown, strict=True):
        y = _draw_choice(sheet, y, choice, rows, reach)
    bend = _reach([mark for slider in sliders if isinstance(slider, Slid) for mark in slider.marks])
    for row in slider_rows:
        width = (WIDTH_PX - 2 * _MARGIN) / _SLIDERS_IN_ROW
        for place, slider in enumerate(row):
            _draw_slider(sheet, _MARGIN + place * width, y, width - 36, slider, bend)
        y += _SLIDER_HEIGHT
    return sheet.encoded()


def _shown(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Keep the best and the worst where there are too many."""
    if len(marks) <= MOST_VALUES:
        return tuple(marks)
    best = MOST_VALUES - MOST_VALUES // 3
    return (*marks[:best], *marks[best - MOST_VALUES :])


def _reach(marks: Sequence[Mark]) -> float:
    """Return what the ends of the axis stand for: the farthest middle with half of its bar."""
    ends = [abs(mark.middle) + (mark.high - mark.low) / 4 for mark in marks]
    return max([_LEAST_RANGE, *ends])


def _colour(mark: Mark) -> tuple[Colour, Colour]:
    """Return the colours of the dot and of its bar."""
    colour = LIKED if mark.middle > 0 else DISLIKED
    is_sure = mark.is_liked or mark.is_disliked
    return blend(colour, 1.0 if is_sure else 0.5), blend(colour, 0.45 if is_sure else 0.2)


def _draw_title(sheet: Sheet, title: str, certainty: float | None) -> None:
    right = WIDTH_PX - _MARGIN
    sheet.fitted(_MARGIN, 60, title, 46, right - _MARGIN - 150, bold=True)
    if certainty is None:
        return
    sheet.text(right, 60, f"{certainty:.0%}", 46, anchor="rm", bold=True)
    sheet.bar(_MARGIN, 100, right, 114, FAINT)
    sheet.bar(_MARGIN, 100, _MARGIN + max(14.0, (right - _MARGIN) * certainty), 114, INK)


def _draw_choice(sheet: Sheet, y: float, choice: Ranked, rows: Sequence[Mark], reach: float) -> float:
    left, right = _LABELS_END + 20.0, float(WIDTH_PX - _MARGIN)
    middle, half = (left + right) / 2, (right - left) / 2
    sheet.text(_MARGIN, y + _HEAD / 2 + 6, choice.name, 40, QUIET, bold=True)
    sheet.text(left, y + _HEAD / 2 + 6, "–", 40, DISLIKED, bold=True)
    sheet.text(right, y + _HEAD / 2 + 6, "+", 40, LIKED, anchor="rm", bold=True)
    y += _HEAD
    sheet.bar(middle - 1.5, y, middle + 1.5, y + _ROW * len(rows), FAINT)
    left_out = len(choice.marks) > len(rows)
    for place, mark in enumerate(rows):
        centre = y + _ROW / 2
        if left_out and place == MOST_VALUES - MOST_VALUES // 3:
            sheet.line([(_MARGIN, y), (right, y)], FAINT, 2)
        dot, bar = _colour(mark)
        low, high = (middle + half * min(1.0, max(-1.0, value / reach)) for value in (mark.low, mark.high))
        sheet.fitted(_MARGIN, centre, mark.label, 38, _LABELS_END - _MARGIN)
        sheet.bar(low, centre - 9, max(high, low + 18), centre + 9, bar)
        sheet.dot(middle + half * min(1.0, max(-1.0, mark.middle / reach)), centre, 15, dot)
        y += _ROW
    return y


def _draw_slider(sheet: Sheet, left: float, y: float, width: float, slider: Slid | Found, reach: float) -> None:
    sheet.fitted(left, y + _HEAD / 2 + 6, slider.name, 40, width, QUIET, bold=True)
    top, bottom = y + _HEAD, y + _SLIDER_HEIGHT - 50
    middle, half = (top + bottom) / 2, (bottom - top) / 2
    sheet.text(left, bottom + 24, "–", 32, QUIET)
    sheet.text(left + width, bottom + 24, "+", 32, QUIET, anchor="rm")
    sheet.bar(left, middle - 1.5, left + width, middle + 1.5, FAINT)
    if isinstance(slider, Found):
        if slider.mark is not None:
            low, high, at = (
                left + width * (1 + value) / 2 for value in (slider.mark.low, slider.mark.high, slider.mark.middle)
            )
            sheet.bar(low, middle - 9, max(high, low + 18), middle + 9, blend(LIKED, 0.3))
            sheet.dot(at, middle, 15, LIKED)
        return

    def height(value: float) -> float:
        return middle - half * min(1.0, max(-1.0, value / reach))

    marks = slider.marks
    xs = [left + width * place / (len(marks) - 1) for place in range(len(marks))]
    upper = [(x, height(mark.high)) for x, mark in zip(xs, marks, strict=True)]
    lower = [(x, height(mark.low)) for x, mark in zip(xs, marks, strict=True)]
    best = max(range(len(marks)), key=lambda place: marks[place].middle)
    dot, _ = _colour(marks[best])
    sheet.area([*upper, *lower[::-1]], blend(QUIET, 0.28))
    sheet.line([(x, height(mark.middle)) for x, mark in zip(xs, marks, strict=True)], INK, 4)
    sheet.dot(xs[best], height(marks[best].middle), 13, dot)
