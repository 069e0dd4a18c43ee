"""What the buttons carry: short, versioned texts of our own, and their strict reading.

Anybody can forge such a text, so reading one proves nothing: whoever acts on a press checks chat, generation and phase
again. Knows nothing of keyboards' looks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

VERSION = "1"
MAX_BYTES = 64
STYLE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,47}")

Verb = Literal["next", "best", "stop", "cancel", "retry", "show", "goon", "anew", "forget", "keep", "sure", "unshare"]
_LETTERS: dict[Verb, str] = {
    "next": "n",
    "best": "b",
    "stop": "x",
    "cancel": "c",
    "retry": "r",
    "show": "a",
    "goon": "g",
    "anew": "w",
    "forget": "f",
    "keep": "k",
    "sure": "y",
    "unshare": "u",
}
_VERBS: dict[str, Verb] = {letter: verb for verb, letter in _LETTERS.items()}
# 15 digits hold every id that SQLite hands out in practice; a leading zero would give one button two spellings.
_ID = r"[1-9][0-9]{0,14}"
_MARK = re.compile(rf"1:v:({_ID}):([0-9]):([+-])", re.ASCII)
_ORIGINAL = re.compile(rf"1:o:({_ID}):([0-9])", re.ASCII)
_PRESS = re.compile(rf"1:([a-z]):({_ID})", re.ASCII)
_SETTING = re.compile(rf"1:t(?::([a-z]{{1,12}})(?::({STYLE_NAME.pattern}))?)?", re.ASCII)
_OPERATE = re.compile(r"1:p:([a-z]{1,12})(?::([A-Za-z0-9_-]{1,48})(?::([A-Za-z0-9_-]{1,48}))?)?", re.ASCII)
_STYLE = re.compile(rf"1:s:({STYLE_NAME.pattern})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mark:
    """A like (+1) or a dislike (-1) of picture `index` (from 0) of a generation."""

    generation: int
    index: int
    value: int


@dataclass(frozen=True, slots=True)
class Original:
    """A wish for picture `index` (from 0) of a generation as a file."""

    generation: int
    index: int


@dataclass(frozen=True, slots=True)
class Press:
    """A button about a generation (`next`, `sure`, `cancel`, `show`), a person (`forget`, `keep`), or a session.

    `unshare` is about a share.
    """

    verb: Verb
    id: int


@dataclass(frozen=True, slots=True)
class StyleChoice:
    """A style chosen by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A button of the settings: all of them (no `field`), the choices of one (no `value`), or a choice."""

    field: str = ""
    value: str = ""


TeachVerb = Literal["done", "drop", "discard", "cancel", "go_on", "publish", "try", "longer", "scrap"]
_TEACH_LETTERS: dict[TeachVerb, str] = {
    "done": "d",
    "drop": "a",
    "discard": "x",
    "cancel": "c",
    "go_on": "g",
    "publish": "p",
    "try": "t",
    "longer": "l",
    "scrap": "s",
}
_TEACH_VERBS: dict[str, TeachVerb] = {letter: verb for verb, letter in _TEACH_LETTERS.items()}
_TEACH = re.compile(rf"1:e:([a-z]):({_ID})(?::([0-9]{{1,3}}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Teach:
    """An operator's button about a lesson (`done`, `drop` of attribute `index`, `discard`) or a training (others)."""

    verb: TeachVerb
    id: int
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Operate:
    """A button of the operators': what it does, to what, and how; letters, digits, _ and - alone."""

    action: str
    subject: str = ""
    value: str = ""


Data: TypeAlias = Mark | Operate | Original | Press | Setting | StyleChoice | Teach


def write(data: Data) -> str:
    """Write what a button carries: at most 64 bytes, ASCII."""
    match data:
        case Mark(generation, index, value):
            text = f"{VERSION}:v:{generation}:{index}:{'+' if value > 0 else '-'}"
        case Operate(action, subject, value):
            text = ":".join([VERSION, "p", action, *filter(None, (subject, value))])
        case Original(generation, index):
            text = f"{VERSION}:o:{generation}:{index}"
        case Press(verb, number):
            text = f"{VERSION}:{_LETTERS[verb]}:{number}"
        case Setting(field, value):
            text = ":".join([VERSION, "t", *filter(None, (field, value))])
        case Teach(teach_verb, number, place):
            text = f"{VERSION}:e:{_TEACH_LETTERS[teach_verb]}:{number}" + ("" if place is None else f":{place}")
        case StyleChoice(name):
            text = f"{VERSION}:s:{name}"
    assert len(text.encode()) <= MAX_BYTES, text  # noqa: S101 our own bug, if ever
    return text


def read(text: str | None) -> Data | None:
    """Read what a press brought; None for whatever `write` does not write: forged, foreign, or of another version."""
    if text is None or len(text.encode(errors="replace")) > MAX_BYTES:
        return None
    if found := _MARK.fullmatch(text):
        return Mark(int(found[1]), int(found[2]), 1 if found[3] == "+" else -1)
    if found := _ORIGINAL.fullmatch(text):
        return Original(int(found[1]), int(found[2]))
    if found := _SETTING.fullmatch(text):
        return Setting(found[1] or "", found[2] or "")
    if (found := _TEACH.fullmatch(text)) and found[1] in _TEACH_VERBS:
        return Teach(_TEACH_VERBS[found[1]], int(found[2]), None if found[3] is None else int(found[3]))
    if found := _OPERATE.fullmatch(text):
        return Operate(found[1], found[2] or "", found[3] or "")
    if found := _STYLE.fullmatch(text):
        return StyleChoice(found[1])
    if (found := _PRESS.fullmatch(text)) and found[1] in _VERBS:
        return Press(_VERBS[found[1]], int(found[2]))
    return None
