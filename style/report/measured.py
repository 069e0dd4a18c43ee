"""The report's part on what was measured: how near the style came, its sliders, its words, its variety.

Reads the figures as `evaluation.json` has them, where what is not a number is null. What is not there is left out; all
that comes from outside is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

Figures = Mapping[str, Any]

_MEASURES = {
    "brightness": "lightness",
    "structure": "how much lies in the middle",
    "parallel": "directions of its own",
    "chroma": "strength of colour",
    "detail": "amount of edges",
    "slant": "slanting edges",
    "smoothness": "evenness of small areas",
}


def distance(evaluation: Figures) -> tuple[float, float, float, float] | None:
    """Take the style distance before, after, and the interval of the latter; None where it was not measured."""
    try:
        low, high = evaluation["interval"]
        return float(evaluation["before"]), float(evaluation["after"]), float(low), float(high)
    except (KeyError, TypeError, ValueError):
        return None


def render_measured(evaluation: Figures) -> str:
    """Render the sections of all that was measured."""
    return "".join(part(evaluation) for part in (_nearness, _sliders, _words, _variety, _learned))


def _nearness(evaluation: Figures) -> str:
    if (line := distance(evaluation)) is None:
        return ""
    before, after, low, high = line
    against = str(evaluation.get("against", "all"))
    rows = [
        ["without the style", f"{before:.2f}"],
        ["with it", f"{after:.2f} ({low:.2f} to {high:.2f}, 19 times of 20)"],
    ]
    progress = evaluation.get("progress", {})
    for key, label in ((against, ""), (f"{against}, as tagged", ", where it is asked for what they show")):
        way = progress.get(key, {})
        if way.get("value") is not None:
            between = f"{_percent(way['low'])} to {_percent(way['high'])}, 19 times of 20"
            rows.append([f"of the way to the pictures{label}", f"{_percent(way['value'])} ({between})"])
    seen = "pictures that training never saw" if against == "held out" else "all pictures, those of its training too"
    words = f"Distance in colour, texture, line and composition to {seen}; 1 is as far as the painter’s own sets are"
    return _section("How near it came", f"{words} from each other.", [], rows)


def _sliders(evaluation: Figures) -> str:
    rows = [
        [
            str(row["attribute"]),
            _MEASURES.get(str(row.get("measured", "")), "nothing measured"),
            _number(row["rank"]),
            _percent(row["ordered"]),
            _number(row["layout"]),
        ]
        for row in evaluation.get("sliders", ())
    ]
    words = (
        "How what is measured follows the number that is turned: 1 always rises with it, −1 always falls, 0 does not "
        "follow. For a slider that no measure is named after, the one that its ends differ in most was found on half "
        "of the seeds and judged on the other half. Layout kept: 1 the same picture’s forms, 0 others."
    )
    heads = ["slider", "judged by", "follows", "ends in order", "layout kept"]
    return _section("What the sliders do", words, heads, rows)


def _words(evaluation: Figures) -> str:
    rows = [
        [
            str(row["word"]),
            str(row["attribute"]),
            *(_percent(row[rate]) for rate in ("asked", "unasked", "chance", "ceiling")),
        ]
        for row in evaluation.get("mixed", ())
    ]
    words = (
        "How often a word is seen in the pictures: where it was asked for, where it was not, and by chance; last, how "
        "often in pictures that a program drew to the same requests, which is the most that can be seen."
    )
    heads = ["word", "attribute", "asked for", "not asked for", "by chance", "drawn"]
    blind = ", ".join(map(str, evaluation.get("unjudged", ())))
    note = f"Not judged, as nothing here can see them: {blind}." if blind else ""
    return _section("Which words it follows", words if rows else "", heads, rows, note)


def _variety(evaluation: Figures) -> str:
    if not (found := evaluation.get("diversity")):
        return ""
    reference = "the painter’s pictures" if evaluation.get("style") else "drawn pictures, as there were no others"
    rows = [
        ["colours", _number(found["colour"])],
        ["composition", _number(found["composition"])],
        ["nearly the same as another", _percent(found["duplicates"])],
    ]
    return _section("How various it is", f"1 is as various as {reference}.", [], rows)


def _learned(evaluation: Figures) -> str:
    rows: dict[str, list[str]] = {}
    for row in evaluation.get("learned", ()):
        rows.setdefault(str(row["measure"]), []).append(_number(row["value"]))
    words = (
        "CLIP score, 0 to 100: how well a picture fits its words. PickScore: how often it would be picked before the "
        "other set’s of the same words. CSD, −1 to 1: how alike in style to the painter’s. KID: how far from them, 0 "
        "is not at all."
    )
    heads = ["measure", "without the style", "with it"]
    return _section("What networks see", words, heads, [[name, *values] for name, values in rows.items()])


def _section(title: str, words: str, heads: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> str:
    if not rows and not note:
        return ""
    head = f"<thead><tr>{''.join(f'<th>{escape(name)}</th>' for name in heads)}</tr></thead>" if heads else ""
    body = "".join(
        f"<tr><th>{escape(first)}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in rest)}</tr>"
        for first, *rest in rows
    )
    mark = ' class="figures"' if heads else ""  # narrow screens scroll tables of many columns, and wrap the others
    table = f'<div class="wide"><table{mark}>{head}{body}</table></div>' if rows else ""
    said = "".join(f"<p>{escape(text)}</p>" for text in (words,) if text)
    return f"<section><h2>{escape(title)}</h2>{said}{table}{f'<p>{escape(note)}</p>' if note else ''}</section>"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %".replace("-", "−")
