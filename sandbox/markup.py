"""Owns how a bot's text becomes formatted text: parse modes, given entities, limits. HTML is read here.

Error words are those of Telegram's own parser; offsets in them count bytes.
"""

import html
import logging
import re
from collections.abc import Sequence

from aiogram.types import MessageEntity

from sandbox.errors import ApiError, BreachError
from sandbox.markup_markdown import parse_markdown
from sandbox.texts import Entity, FormattedText, complete, sort_entities, utf16_length

MAX_TEXT_CHARS = 4096
MAX_CAPTION_CHARS = 1024
_log = logging.getLogger(__name__)
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<name>[a-zA-Z0-9-]*)(?P<rest>[^<>]*)(?P<end>>?)|(?P<char>&(?:#[xX]?[0-9a-fA-F]+|lt|gt|amp|quot);)"
)
_ATTRIBUTE = re.compile(r"""\s+([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_GIVEN_TYPES = frozenset(
    {
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
    }
)
_NEEDED = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id"}


def format_text(text: str, parse_mode: str | None, entities: Sequence[MessageEntity] | None) -> FormattedText:
    """Format a message's text, 1 to 4,096 characters after parsing.

    Raises:
        BreachError: empty, too long, or markup that cannot be parsed.
    """
    formatted = _format(text, parse_mode, entities)
    if not formatted.text:
        raise BreachError("message text is empty")
    if utf16_length(formatted.text) > MAX_TEXT_CHARS:
        raise BreachError("message is too long")
    return formatted


def format_caption(
    caption: str | None, parse_mode: str | None, entities: Sequence[MessageEntity] | None
) -> FormattedText:
    """Format a caption, 0 to 1,024 characters after parsing.

    Raises:
        BreachError: too long, or markup that cannot be parsed.
    """
    formatted = _format(caption or "", parse_mode, entities)
    if utf16_length(formatted.text) > MAX_CAPTION_CHARS:
        raise BreachError("message caption is too long")
    return formatted


def format_part(  # one argument a parameter of the request
    what: str,
    text: str | None,
    parse_mode: str | None,
    entities: Sequence[MessageEntity] | None,
    max_chars: int,
    *,
    may_be_empty: bool = False,
) -> FormattedText:
    """Format a part of a poll, 1 (or 0) to `max_chars` characters after parsing; `what` names it in the refusal.

    Raises:
        BreachError: empty, too long, or markup that cannot be parsed.
    """
    formatted = _format(text or "", parse_mode, entities)
    if not formatted.text and not may_be_empty:
        raise BreachError("text must be non-empty")
    if utf16_length(formatted.text) > max_chars:
        raise BreachError(f"{what} length must not exceed {max_chars}")
    return formatted


def _format(text: str, parse_mode: str | None, entities: Sequence[MessageEntity] | None) -> FormattedText:
    mode = parse_mode.lower() if isinstance(parse_mode, str) else ""
    if mode and entities:
        raise BreachError("parse_mode and entities exclude each other")
    if mode == "html":
        return complete(parse_html(text))
    if mode == "markdownv2":
        return complete(parse_markdown(text))
    if mode == "markdown":
        _log.error("parse_mode Markdown (legacy) is not emulated: use HTML or MarkdownV2")
        raise ApiError(400, "the sandbox does not emulate parse_mode Markdown; use HTML or MarkdownV2")
    if mode:
        raise BreachError("unsupported parse_mode")
    return complete(FormattedText(text, tuple(_given(text, entities or ()))))


def _given(text: str, entities: Sequence[MessageEntity]) -> list[Entity]:
    size = utf16_length(text)
    taken = []
    for entity in entities:
        if entity.type not in _GIVEN_TYPES:
            raise BreachError(f"can't parse entities: unsupported type {entity.type!r}")
        needed = _NEEDED.get(entity.type)
        if needed and not getattr(entity, needed):
            raise BreachError(f"can't parse entities: a {entity.type} needs its {needed}")
        if entity.offset < 0 or entity.length <= 0 or entity.offset + entity.length > size:
            raise BreachError("ENTITY_BOUNDS_INVALID")
        taken.append(entity.model_dump(mode="json", exclude_none=True, exclude_unset=True))
    return sort_entities(taken)


def parse_html(markup: str) -> FormattedText:
    """Parse Telegram's HTML.

    Raises:
        BreachError: an unknown, unclosed or unmatched tag.
    """
    parser = _Html(markup)
    position = 0
    for token in _TOKEN.finditer(markup):
        parser.text.append(markup[position : token.start()])
        position = token.end()
        if token["char"] is not None:
            parser.text.append(html.unescape(token["char"]))
        elif token["close"]:
            parser.close_tag(token)
        else:
            parser.open_tag(token)
    parser.text.append(markup[position:])
    return parser.finish()


class _Html:
    """What has been read: pieces of text, and the tags still open."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self.text: list[str] = []
        self._open: list[tuple[str, int, dict[str, str]]] = []
        self._entities: list[Entity] = []

    def open_tag(self, token: re.Match[str]) -> None:
        name = token["name"].lower()
        if name not in _TAGS:
            raise self._error(f'Unsupported start tag "{name}"', token.start())
        if not token["end"]:
            raise self._error("Unclosed start tag", token.start())
        attributes = self._attributes(name, token)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', token.start())
        self._open.append((name, self._length(), attributes))

    def close_tag(self, token: re.Match[str]) -> None:
        if not token["end"] or token["rest"].strip():
            raise self._error("Unclosed end tag", token.start())
        if not self._open:
            raise self._error("Unexpected end tag", token.start())
        name, start, attributes = self._open.pop()
        found = token["name"].lower()
        if found and found != name:
            where = self._byte(token.start())
            words = f'Unmatched end tag at byte offset {where}, expected "</{name}>", found "</{found}>"'
            raise BreachError(f"can't parse entities: {words}")
        self._add(name, start, attributes)

    def finish(self) -> FormattedText:
        if self._open:
            raise BreachError(
                f"can't parse entities: Can't find end tag corresponding to start tag \"{self._open[-1][0]}\""
            )
        return FormattedText("".join(self.text), tuple(sort_entities(self._entities)))

    def _add(self, name: str, start: int, attributes: dict[str, str]) -> None:
        entity: Entity = {"type": _TAGS[name], "offset": start, "length": self._length() - start}
        if not entity["length"]:
            return
        if name == "a":
            url = attributes.get("href") or "".join(self.text).encode("utf-16-le")[start * 2 :].decode("utf-16-le")
            if "." not in url and ":" not in url:
                return
            entity["url"] = url
        elif name == "tg-emoji":
            entity["custom_emoji_id"] = attributes.get("emoji-id", "")
        elif name == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif name == "code" and self._open and self._open[-1][:2] == ("pre", start):
            self._open[-1][2]["language"] = attributes.get("class", "").removeprefix("language-")
            return
        elif name == "pre" and attributes.get("language"):
            entity["language"] = attributes["language"]
        self._entities.append(entity)

    def _attributes(self, name: str, token: re.Match[str]) -> dict[str, str]:
        attributes: dict[str, str] = {}
        rest = token["rest"].rstrip()
        position = 0
        while position < len(rest):
            match = _ATTRIBUTE.match(rest, position)
            if match is None:
                raise self._error(f'Unexpected attribute in the tag "{name}"', token.start())
            value = next((group for group in match.groups()[1:] if group is not None), "")
            attributes[match[1].lower()] = html.unescape(value)
            position = match.end()
        return attributes

    def _length(self) -> int:
        return sum(map(utf16_length, self.text))

    def _byte(self, position: int) -> int:
        return len(self._markup[:position].encode())

    def _error(self, words: str, position: int) -> BreachError:
        return BreachError(f"can't parse entities: {words} at byte offset {self._byte(position)}")
