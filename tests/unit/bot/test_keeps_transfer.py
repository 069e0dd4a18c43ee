import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.keeps.importing import refusal_words
from bot.keeps.transfer import MOST_BYTES, ImportRefusedError, file_name, read_model, write_model
from bot.words import words_for
from evolution import Continuous, Single, Space, State, Vote, ask, start, tell, voters_of
from style.pack import Pack, Sampling

SPACE = Space((Single("line", ("curve line", "straight line")), Continuous("brightness", -1.0, 1.0)))
PACK = Pack(
    name="quick",
    title="Quick",
    base="quick",
    base_revision=None,
    trigger="quick",
    template="{trigger} {line}",
    space=SPACE,
    sliders=(),
    adapters=(),
    sampling=Sampling(None, None, None, None),
    licence="CC0-1.0",
    credits="nobody",
    samples=(),
    folder=Path(),
    digest="1" * 64,
)


def _model() -> State:
    state, _ = ask(start(SPACE, seed=4), 3)
    return tell(state, [Vote("1001", 0, 1), Vote("1002", 0, -1), Vote("1002", 2, 1)])


def _file(**changes: Any) -> bytes:
    body = json.loads(write_model(_model(), "quick", "1" * 64, "Quick", "1001"))
    return json.dumps({**body, **changes}).encode()


def _refused(content: bytes, pack: Pack = PACK) -> ImportRefusedError:
    with pytest.raises(ImportRefusedError) as refused:
        read_model(content, {pack.name: pack}, "7")
    assert refusal_words(words_for("en"), refused.value)
    return refused.value


def test_a_model_comes_back_with_its_votes_and_names_nobody() -> None:
    """The file holds no id; whoever imports has the exporter's votes, the others are numbered."""
    content = write_model(_model(), "quick", "1" * 64, "Quick", "1001")
    # As numbers of their own: the same digits may stand by chance within a seed or a value.
    assert re.search(rb"(?<![\d.])100[12](?!\d)", content) is None
    imported = read_model(content, {"quick": PACK}, "7")
    state = State.from_json(imported.state)
    assert voters_of(state) == ("7", "imported 2")
    assert [vote.value for vote in state.generations[0].votes] == [1, -1, 1]
    assert (imported.generations, imported.votes, imported.is_other_version) == (1, 3, False)


def test_a_forged_voter_does_not_speak_for_somebody_here() -> None:
    """An id that was written into the file by hand is a name like any other."""
    content = _file().replace(b"voter 1", b"1002")
    assert "1002" not in voters_of(State.from_json(read_model(content, {"quick": PACK}, "7").state))


def test_another_version_of_the_style_with_the_same_attributes_is_taken_and_told() -> None:
    """What was learned still fits; the pictures may look different."""
    assert read_model(_file(), {"quick": replace(PACK, digest="2" * 64)}, "7").is_other_version


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b" " * (MOST_BYTES + 1), "too_large"),
        (b"", "foreign"),
        (b"\xff\x00", "foreign"),
        (b"[]", "foreign"),
        (b"[" * 100_000, "foreign"),
        (_file(format="else"), "foreign"),
        (_file(version="1"), "foreign"),
        (_file(style=None), "foreign"),
        (_file(version=2), "newer"),
        (_file(state={"format": "vernissage state", "version": 99}), "newer"),
        (_file(state={}), "damaged"),
        (_file(state=[1]), "damaged"),
        (_file(style={"name": "other", "digest": "", "title": "Other"}), "no_style"),
    ],
)
def test_what_cannot_be_imported_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    """Too large, foreign, newer, damaged, or of a style that is not here: each has its words."""
    assert _refused(content).reason == reason


def test_a_style_whose_attributes_have_changed_is_refused() -> None:
    """What was learned of other values says nothing here."""
    changed = replace(PACK, space=Space((Single("line", ("curve line", "zigzag")),)))
    assert _refused(_file(), changed).reason == "other_space"


def test_the_file_has_a_name_that_every_system_takes() -> None:
    """Whatever a style is called."""
    assert file_name("de-stijl") == "de-stijl.vernissage.json"
    assert file_name("a/b ü") == "a-b-.vernissage.json"
