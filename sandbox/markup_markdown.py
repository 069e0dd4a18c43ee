"""Reads Telegram's MarkdownV2; knows nothing of limits. Error words are those of Telegram's own parser."""

import re

from sandbox.errors import BreachError
from sandbox.texts import Entity, FormattedText, sort_entities, utf16_length

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_SIGNS = {"__": "underline", "||": "spoiler", "*": "bold", "_": "italic", "~": "strikethrough"}
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "PreCode",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_LANGUAGE = re.compile(r"([^\s`]*)\n")
_ADDRESS = re.compile(r"\(((?:\\.|[^\\)])*)\)", re.DOTALL)
_EMOJI_ADDRESS = re.compile(r"tg://emoji\?id=(\d+)")


def parse_markdown(markup: str) -> FormattedText:
    """Parse MarkdownV2.

    Raises:
        BreachError: a reserved character that is not escaped, or an entity without its end.
    """
    parser = _Markdown(markup)
    while parser.position < len(markup):
        parser.step()
    return parser.finish()


class _Markdown:
    """What has been read: pieces of text, and the entities still open as (type, start, position of its sign)."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self.position = 0
        self._text: list[str] = []
        self._open: list[tuple[str, int, int]] = []
        self._entities: list[Entity] = []
        self._language = ""

    def step(self) -> None:
        here = self._markup[self.position]
        if here == "\\" and self.position + 1 < len(self._markup) and 0 < ord(self._markup[self.position + 1]) < 127:
            self._text.append(self._markup[self.position + 1])
            self.position += 2
        elif self._top in ("code", "pre"):
            self._step_in_code(here)
        elif here == "\n":
            self._end_line()
        elif here not in _RESERVED:
            self._take(here)
        else:
            self._sign(here)

    def finish(self) -> FormattedText:
        if self._top == "blockquote":
            self._close()
        if self._open:
            kind, _, position = self._open[-1]
            where = len(self._markup[:position].encode())
            raise BreachError(f"can't parse entities: Can't find end of {_NAMES[kind]} entity at byte offset {where}")
        return FormattedText("".join(self._text), tuple(sort_entities(self._entities)))

    @property
    def _top(self) -> str:
        return self._open[-1][0] if self._open else ""

    def _take(self, characters: str) -> None:
        self._text.append(characters)
        self.position += len(characters)

    def _step_in_code(self, here: str) -> None:
        sign = "`" if self._top == "code" else "```"
        if not self._markup.startswith(sign, self.position):
            self._take(here)
            return
        self.position += len(sign)
        if self._top == "pre" and self._language:
            self._close(language=self._language)
        else:
            self._close()

    def _end_line(self) -> None:
        self._take("\n")
        quoting = any(kind == "blockquote" for kind, _, _ in self._open)
        if quoting and self._markup.startswith(">", self.position):
            self.position += 1
        elif self._top == "blockquote":
            self._close()

    def _sign(self, here: str) -> None:
        at_line_start = self.position == 0 or self._markup[self.position - 1] == "\n"
        if at_line_start and self._markup.startswith("**>", self.position):
            self._begin("blockquote", 3)
        elif at_line_start and here == ">":
            self._begin("blockquote", 1)
        elif here == "`":
            self._begin_code()
        elif here == "[":
            self._begin("text_link", 1)
        elif self._markup.startswith("![", self.position):
            self._begin("custom_emoji", 2)
        elif here == "]" and self._top in ("text_link", "custom_emoji"):
            self._end_link()
        else:
            self._toggle(here)

    def _toggle(self, here: str) -> None:
        for sign, kind in _SIGNS.items():
            if not self._markup.startswith(sign, self.position):
                continue
            if self._top == "blockquote" and sign == "||" and self._at_quote_end():
                self.position += len(sign)
                self._close(kind="expandable_blockquote")
            elif self._top == kind:
                self.position += len(sign)
                self._close()
            else:
                self._begin(kind, len(sign))
            return
        words = f"Character '{here}' is reserved and must be escaped with the preceding '\\'"
        raise BreachError(f"can't parse entities: {words}")

    def _at_quote_end(self) -> bool:
        rest = self._markup[self.position + 2 :]
        return not rest or (rest.startswith("\n") and not rest.startswith("\n>"))

    def _begin_code(self) -> None:
        if not self._markup.startswith("```", self.position):
            self._begin("code", 1)
            return
        self._begin("pre", 3)
        language = _LANGUAGE.match(self._markup, self.position)
        self._language = language[1] if language else ""
        if language:
            self.position = language.end()

    def _end_link(self) -> None:
        self.position += 1
        address = _ADDRESS.match(self._markup, self.position)
        if address is not None:
            self.position = address.end()
        url = re.sub(r"\\(.)", r"\1", address[1]) if address else ""
        if self._top == "text_link":
            self._close(url=url or "".join(self._text).encode("utf-16-le")[self._open[-1][1] * 2 :].decode("utf-16-le"))
            return
        emoji = _EMOJI_ADDRESS.fullmatch(url)
        if emoji is None:
            raise BreachError("can't parse entities: Custom emoji entity must contain a tg://emoji URL")
        self._close(custom_emoji_id=emoji[1])

    def _begin(self, kind: str, sign_length: int) -> None:
        self._open.append((kind, self._length(), self.position))
        self.position += sign_length

    def _close(self, kind: str = "", **extra: str) -> None:
        opened, start, _ = self._open.pop()
        length = self._length() - start
        if length:
            self._entities.append({"type": kind or opened, "offset": start, "length": length, **extra})

    def _length(self) -> int:
        return sum(map(utf16_length, self._text))
