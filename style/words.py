"""The words of style: which of them name a hue, a line or a plane, and which of them a model is known to understand.

Knows words alone; what a picture shows is for `style.measures`.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from style.places import BUNDLED
from style.procedural.captions import FILLERS
from style.procedural.spec import HUES, LINES, PLANES

ENDS = (("dark", "light"), ("acentric", "centric"), ("external parallel", "inner parallel"))
"""The ends of what a slider moves between; words for them are learned, but chosen by a number."""

_MORE_HUES = ("gray", "brown", "pink", "purple", "turquoise", "gold", "silver", "beige", "ochre", "cyan", "magenta")
_MORE_PLANES = ("rectangle", "ellipse", "semicircle", "grid", "checkerboard", "crescent", "cross", "diamond", "polygon")
_NEAR = 0.72


def group_of(tag: str) -> str:
    """Name the attribute that a tag belongs to: hue, line, plane, or motif for all else."""
    word = tag.casefold()
    if word in HUES or word in _MORE_HUES:
        return "hue"
    if word in LINES or word.endswith((" line", " lines")):
        return "line"
    if word in PLANES or word in _MORE_PLANES:
        return "plane"
    return "motif"


def is_end(tag: str) -> bool:
    """Tell whether a tag names an end of a slider's way."""
    return any(tag.casefold() in ends for ends in ENDS)


def known_words(model: str) -> tuple[str, ...] | None:
    """List the tags that the model of this id was trained on; None where no such table is known."""
    if model != BUNDLED:
        return None
    return (*HUES, *LINES, *PLANES, *(end for ends in ENDS for end in ends), *FILLERS)


def near_word(tag: str, known: Iterable[str]) -> str | None:
    """Find the known word that a tag was probably meant to be ("curved line" → "curve line"), if there is one."""
    found = get_close_matches(tag.casefold(), list(known), n=1, cutoff=_NEAR)
    return found[0] if found else None
