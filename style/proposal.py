"""Attributes of a new style, proposed from the tags of its pictures; a person corrects them in style.toml.

Knows tags only: how they came there is for `style.training`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evolution import Multiple, Single
from style.procedural.spec import HUES
from style.words import group_of, is_end

_GROUPS = ("line", "hue", "plane", "motif")
_MOST_VALUES = 24
_MOST_AT_ONCE = 3
_WORD = re.compile(r"[^,{}\s](?:[^,{}\n\r\t]{0,78}[^,{}\s])?")


@dataclass(frozen=True, slots=True)
class ProposedAttributes:
    """The attributes, and the tags that became no value of any, each with the reason."""

    attributes: tuple[Single | Multiple, ...]
    left_out: tuple[tuple[str, str], ...]


def propose_attributes(tags: Sequence[Sequence[str]], trigger: str) -> ProposedAttributes:
    """Propose attributes from the tags of each picture: those that stand in enough of them, grouped by what they name.

    Hues and planes and motifs are `multiple`, lines are `single`. Where no group has two values, all hues that the
    painter knows are offered, since any model understands them.
    """
    pictures = [{tag.casefold() for tag in some} - {trigger.casefold()} for some in tags]
    counts = Counter(tag for some in pictures for tag in some)
    least = max(2, math.ceil(0.04 * len(pictures)))
    left_out = {tag: reason for tag, n in counts.items() if (reason := _reason(tag, n, len(pictures), least))}
    ranked = [tag for tag, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if tag not in left_out]
    attributes = []
    for group in _GROUPS:
        values = [tag for tag in ranked if group_of(tag) == group][:_MOST_VALUES]
        if len(values) > 1:
            attributes.append(_attribute(group, values, pictures))
        elif values:
            left_out[values[0]] = f"the only {group}"
    return ProposedAttributes(
        tuple(attributes) or (Multiple("hue", HUES, count=_MOST_AT_ONCE),), tuple(sorted(left_out.items()))
    )


def _reason(tag: str, count: int, pictures: int, least: int) -> str | None:
    """Say why a tag is no value; None where it is one."""
    if not _WORD.fullmatch(tag):
        return "too long, or with braces"
    if is_end(tag):
        return "an end of a slider"
    if count < least:
        return f"in fewer than {least} pictures"
    if count == pictures and group_of(tag) == "motif":
        return "in every picture"
    return None


def _attribute(group: str, values: Sequence[str], pictures: Sequence[set[str]]) -> Single | Multiple:
    if group == "line":
        return Single(group, tuple(values))
    together = [n for some in pictures if (n := len(some & set(values)))]
    usual = round(sum(together) / len(together))
    return Multiple(group, tuple(values), count=max(1, min(usual, _MOST_AT_ONCE, len(values) - 1)))
