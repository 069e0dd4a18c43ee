"""The attributes of a lesson: proposed from words and pixels, corrected by an operator's buttons and lines of text.

Knows attributes as rows of JSON (name, kind, values, count), the form in which a lesson keeps them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from evolution import Single
from storage.lessons import LessonPicture
from style.proposal import propose_attributes

Row = dict[str, Any]

_LINE = re.compile(r"\s*([a-z][a-z0-9 _-]{0,31})\s*:\s*(.+)", re.IGNORECASE)
_VALUE = re.compile(r"[^,{}\s](?:[^,{}\n\r\t]{0,78}[^,{}\s])?")
_MOST_ATTRIBUTES, _MOST_VALUES = 8, 24


def tags_of(picture: LessonPicture) -> tuple[str, ...]:
    """List a picture's tags: those that people gave, then those that its pixels tell; each once."""
    said = (*re.split("[,\n]", picture.words), *picture.seen.split(","))
    return tuple(dict.fromkeys(filter(None, (part.strip().casefold() for part in said))))


def proposed(pictures: Sequence[LessonPicture], name: str) -> list[Row]:
    """Propose attributes from the pictures of a lesson."""
    found = propose_attributes([tags_of(picture) for picture in pictures], name)
    return [
        {"name": one.name, "kind": "single", "values": list(one.values)}
        if isinstance(one, Single)
        else {"name": one.name, "kind": "multiple", "values": list(one.values), "count": one.count}
        for one in found.attributes
    ]


def read_rows(text: str) -> list[Row]:
    """Read what a lesson keeps."""
    rows: list[Row] = json.loads(text)
    return rows


def without(rows: Sequence[Row], index: int) -> list[Row] | None:
    """Leave an attribute out; None where there is no such one, or it is the last that is left."""
    if not 0 <= index < len(rows) or len(rows) < 2:
        return None
    return [row for place, row in enumerate(rows) if place != index]


def corrected(rows: Sequence[Row], text: str) -> list[Row] | None:
    """Take lines such as `line: curve line, angular line` or `2 hue: red, blue, white`; None where one is none.

    A number in front is how many values a picture has at once. An attribute of that name is replaced, any other added.
    """
    kept = {str(row["name"]): row for row in rows}
    for line in filter(str.strip, text.split("\n")):
        count = re.match(r"\s*(\d{1,2})\s+", line)
        found = _LINE.fullmatch(line[count.end() :] if count else line)
        if found is None:
            return None
        name = found[1].strip().casefold().replace(" ", "_")
        values = list(dict.fromkeys(part.strip().casefold() for part in found[2].split(",") if part.strip()))
        if name == "trigger" or not 2 <= len(values) <= _MOST_VALUES or not all(map(_VALUE.fullmatch, values)):
            return None
        number = int(count[1]) if count else int(kept.get(name, {}).get("count", 1))
        if not 1 <= number < len(values):
            return None
        kept[name] = {"name": name, "kind": "single", "values": values}
        if number > 1 or count is not None or name in ("hue", "plane", "motif"):
            kept[name] = {"name": name, "kind": "multiple", "values": values, "count": number}
    return list(kept.values()) if 0 < len(kept) <= _MOST_ATTRIBUTES else None


def said(row: Row) -> str:
    """Say an attribute in the form in which it can be typed."""
    number = f"{row['count']} " if row["kind"] == "multiple" else ""
    return f"{number}{row['name']}: {', '.join(row['values'])}"
