"""Owns formatted text: lengths as Telegram counts them, trimming, and entities that the server finds by itself.

Knows no markup: `markup_html` and `markup_markdown` turn that into formatted text. Offsets and lengths of entities
are in UTF-16 code units, as everywhere in the Bot API.
"""

import re
from dataclasses import dataclass
from typing import Any

Entity = dict[str, Any]

_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])")),
    ("url", re.compile(r"(?<!\w)https?://[^\s<>\"']*[^\s<>\"'.,:;!?)]")),
    ("mention", re.compile(r"(?<![\w/])@[a-zA-Z0-9_]{2,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<!\w)#(?=\w*[^\W\d_])\w{1,255}(?![\w#])")),
)


@dataclass(frozen=True)
class FormattedText:
    """A text and its entities, ordered by offset, the longer first."""

    text: str
    entities: tuple[Entity, ...] = ()


NO_TEXT = FormattedText("")


def utf16_length(text: str) -> int:
    """Count UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def find_entities(text: str) -> list[Entity]:
    """Find the commands, links, mentions and hashtags that nobody marked up."""
    found: list[Entity] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            found.append({"type": kind, "offset": start, "length": utf16_length(match.group())})
    return found


def complete(formatted: FormattedText) -> FormattedText:
    """Trim white space at both ends as the server does, and add what it finds by itself between the given entities."""
    trimmed = _trim(formatted)
    taken = [entity for entity in trimmed.entities if entity["type"] in _EXCLUSIVE]
    found = [entity for entity in find_entities(trimmed.text) if not any(_overlap(entity, other) for other in taken)]
    return FormattedText(trimmed.text, tuple(sort_entities([*trimmed.entities, *found])))


def sort_entities(entities: list[Entity]) -> list[Entity]:
    """Order entities by offset, the longer first."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


_EXCLUSIVE = ("code", "pre", "text_link", "text_mention", "url", "mention", "bot_command", "hashtag")


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])


def _trim(formatted: FormattedText) -> FormattedText:
    text = formatted.text
    lead = utf16_length(text) - utf16_length(text.lstrip())
    kept = text.strip()
    size = utf16_length(kept)
    entities = []
    for entity in formatted.entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, size)
        if start < end:
            entities.append({**entity, "offset": start, "length": end - start})
    return FormattedText(kept, tuple(entities))
