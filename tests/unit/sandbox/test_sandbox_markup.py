import pytest

from sandbox.errors import BreachError
from sandbox.markup import format_caption, format_text, parse_html
from sandbox.markup_markdown import parse_markdown
from sandbox.texts import FormattedText

Entity = tuple[str, int, int]


def _entities(formatted: FormattedText) -> list[Entity]:
    return [(entity["type"], entity["offset"], entity["length"]) for entity in formatted.entities]


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        ("<b>a</b> <i>b</i>", "a b", [("bold", 0, 1), ("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("&lt;b&gt; &amp; &#x1F3A8; &nbsp;", "<b> & \U0001f3a8 &nbsp;", []),
        ('\U0001f3a8<a href="https://a.example">x</a>', "\U0001f3a8x", [("text_link", 2, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("a < b", None, []),
        ("1 > 0 & true", "1 > 0 & true", []),
    ],
)
def test_html_is_read_as_telegram_reads_it(markup: str, text: str | None, entities: list[Entity]) -> None:
    """Tags become entities counted in UTF-16; a bare `<` is an error."""
    if text is None:
        with pytest.raises(BreachError):
            parse_html(markup)
        return
    formatted = parse_html(markup)
    assert (formatted.text, _entities(formatted)) == (text, entities)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
    ],
)
def test_bad_html_is_refused_in_telegrams_words(markup: str, words: str) -> None:
    """The error names the tag and its byte offset."""
    with pytest.raises(BreachError, match=r"^Bad Request: can't parse entities: ") as caught:
        parse_html(markup)
    assert words in caught.value.description


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        (r"*a* _b_ __c__ ~d~ ||e||", "a b c d e", ["bold", "italic", "underline", "strikethrough", "spoiler"]),
        (r"*a _b_*", "a b", ["bold", "italic"]),
        (r"1\.5 \- x", "1.5 - x", []),
        ("`a.b` ```py\nc.d```", "a.b c.d", ["code", "pre"]),
        (r"[a\.b](https://a.example/\))", "a.b", ["text_link"]),
        (">a\n>b\nc", "a\nb\nc", ["blockquote"]),
        (">a\n>b||", "a\nb", ["expandable_blockquote"]),
    ],
)
def test_markdown_v2_is_read(markup: str, text: str, entities: list[str]) -> None:
    """Signs become entities, escaped characters stand for themselves."""
    formatted = parse_markdown(markup)
    assert (formatted.text, [kind for kind, _, _ in _entities(formatted)]) == (text, entities)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a *b", "Can't find end of Bold entity at byte offset 2"),
        ("[a](b", "Character '(' is reserved"),
    ],
)
def test_bad_markdown_is_refused_in_telegrams_words(markup: str, words: str) -> None:
    """A reserved character must be escaped, an entity must end."""
    with pytest.raises(BreachError) as caught:
        parse_markdown(markup)
    assert words in caught.value.description


def test_text_is_trimmed_and_its_entities_with_it() -> None:
    """White space at the ends goes, and entities move along."""
    formatted = format_text("  <b> a </b>  ", "HTML", None)
    assert (formatted.text, _entities(formatted)) == ("a", [("bold", 0, 1)])


def test_limits_count_after_parsing() -> None:
    """Tags do not count, and a caption may be empty."""
    assert len(format_text("<b>" + "a" * 4096 + "</b>", "HTML", None).text) == 4096
    assert format_caption(None, None, None).text == ""


def test_commands_links_and_names_are_found_outside_code() -> None:
    """The server marks commands, links, mentions and hashtags by itself, but not in code."""
    formatted = format_text("/go@x_bot see https://a.example/b. @ada_l #art <code>/no</code>", "HTML", None)
    kinds = [kind for kind, _, _ in _entities(formatted)]
    assert kinds == ["bot_command", "url", "mention", "hashtag", "code"]
