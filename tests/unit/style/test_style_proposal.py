"""Attributes proposed from tags, and the words that models are known to understand."""

from __future__ import annotations

from evolution import Multiple, Single
from style.proposal import propose_attributes
from style.words import group_of, known_words, near_word


def test_tags_are_grouped_by_what_they_name() -> None:
    """Hues, lines, planes and all else become attributes, the commonest value first; lines are exclusive."""
    tags = [
        ("rothko", "red", "blue", "curve line", "circle", "soft edge"),
        ("rothko", "red", "white", "straight line", "square", "soft edge", "bars"),
        ("rothko", "Red", "blue", "white", "curve line", "circle", "square", "bars", "soft edge"),
        ("rothko", "blue", "straight line", "circle", "bars", "blot"),
    ]
    assert propose_attributes(tags, "rothko").attributes == (
        Single("line", ("curve line", "straight line")),
        Multiple("hue", ("blue", "red", "white"), count=2),
        Multiple("plane", ("circle", "square"), count=1),
        Multiple("motif", ("bars", "soft edge"), count=1),
    )


def test_what_is_no_value_says_why() -> None:
    """Rare tags, ends of sliders, tags of every picture, braces and a group of one are left out, each with a reason."""
    tags = [("oil", "dark", "red", "blue", "{x}", "square")] * 3 + [("oil", "dark", "red", "{x}", "square", "rare")]
    proposed = propose_attributes(tags, "trigger")
    assert [attribute.name for attribute in proposed.attributes] == ["hue"]
    assert dict(proposed.left_out) == {
        "dark": "an end of a slider",
        "oil": "in every picture",
        "rare": "in fewer than 2 pictures",
        "square": "the only plane",
        "{x}": "too long, or with braces",
    }


def test_pictures_without_tags_still_get_an_attribute() -> None:
    """A pack needs a choice: without any tag, hues are offered."""
    (attribute,) = propose_attributes([(), ()], "x").attributes
    assert isinstance(attribute, Multiple)
    assert (attribute.name, attribute.count, len(attribute.values)) == ("hue", 3, 9)


def test_near_words_are_found() -> None:
    """Misspelt and half words find what was meant; another word finds nothing."""
    known = known_words("bundled") or ()
    assert [near_word(tag, known) for tag in ("curved line", "angular", "squares", "Blu", "mountain")] == [
        "curve line",
        "angular line",
        "square",
        "blue",
        None,
    ]
    assert known_words("owner/model") is None
    assert (group_of("Pink"), group_of("wavy line"), group_of("sea")) == ("hue", "line", "motif")
