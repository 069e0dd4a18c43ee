"""Words of a folder: completed from the pixels, never against the person who wrote them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from style.errors import BadPicturesError
from style.training.paintings import inspect_folder
from style.training.tagging import Proposal, apply_proposals, propose_tags, rename_tags


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Four flat pictures: red has words, blue an opposite, yellow none, green a file without words."""
    colours = {"blue": (20, 30, 110), "green": (30, 140, 60), "red": (204, 40, 40), "yellow": (250, 225, 60)}
    for name, colour in colours.items():
        Image.new("RGB", (120, 100), colour).save(tmp_path / f"{name}.png")
    (tmp_path / "red.txt").write_text("rothko, RED ,  a tag\n", encoding="utf-8")
    (tmp_path / "blue.txt").write_text("light", encoding="utf-8")
    (tmp_path / "green.txt").write_text("\n", encoding="utf-8")
    return tmp_path


def propose(folder: Path, **renamed: str) -> dict[str, Proposal]:
    """Propose, by the file's name."""
    proposals = propose_tags(folder, inspect_folder(folder), renamed)
    return {proposal.name: proposal for proposal in proposals}


def test_missing_tags_alone_are_added(texts: Path) -> None:
    """A hue that a person named, in any case, is not said again, and no word is contradicted by its opposite."""
    found = {name: proposal.added for name, proposal in propose(texts).items()}
    assert found == {"blue.png": ("blue",), "green.png": ("green",), "red.png": (), "yellow.png": ("yellow", "light")}


def test_words_are_written_beside_pictures(texts: Path) -> None:
    """New words follow those that were there; a file whose words do not change keeps its bytes."""
    assert apply_proposals(texts, list(propose(texts).values())) == 3
    words = {path.name: path.read_text(encoding="utf-8") for path in texts.glob("*.txt")}
    assert words == {
        "blue.txt": "light, blue\n",
        "green.txt": "green\n",
        "red.txt": "rothko, RED ,  a tag\n",
        "yellow.txt": "yellow, light\n",
    }


def test_second_run_adds_nothing(texts: Path) -> None:
    """After a run nothing is left to add, even where a person took a tag out again."""
    apply_proposals(texts, list(propose(texts).values()))
    (texts / "yellow.txt").write_text("light\n", encoding="utf-8")
    assert not any(proposal.is_change for proposal in propose(texts).values())
    assert apply_proposals(texts, list(propose(texts).values())) == 0


def test_listing_keeps_all_else(texts: Path) -> None:
    """In metadata.jsonl other fields, other lines, their order and their ends stay as they were."""
    rows = [
        '{"file_name": "yellow.png", "text": "sun", "width": 120}\r\n',
        '{"text":"red","file_name":"red.png"}\r\n',
        "\r\n",
        '{"file_name": "green.png", "text": "été\u2028"}\r\n',
        '{"file_name": "blue.png", "text": "blue, dark"}',
    ]
    (texts / "metadata.jsonl").write_bytes("".join(rows).encode())
    apply_proposals(texts, list(propose(texts).values()))
    written = (texts / "metadata.jsonl").read_bytes().decode().split("\r\n")
    assert json.loads(written[0]) == {"file_name": "yellow.png", "text": "sun, yellow, light", "width": 120}
    assert (written[1] + "\r\n", written[2], written[4]) == (rows[1], "", rows[4])
    assert json.loads(written[3])["text"] == "été, green"


def test_whole_tags_are_renamed() -> None:
    """A tag is replaced as a whole, with its spaces kept; a longer one that holds it is another tag."""
    renamed = rename_tags("angular,  angular forms,angular\nred", {"angular": "angular line", "red": "blue"})
    assert renamed == "angular line,  angular forms,angular line\nblue"


def test_renaming_is_proposed_and_written(texts: Path) -> None:
    """A renamed tag counts as there, and is written even where nothing is added."""
    proposals = propose(texts, RED="red")
    assert proposals["red.png"].kept == ("rothko", "red", "a tag")
    apply_proposals(texts, list(proposals.values()))
    assert (texts / "red.txt").read_text(encoding="utf-8") == "rothko, red ,  a tag\n"


def test_broken_record_is_named(texts: Path) -> None:
    """A record that cannot be read is told with its cure, and nothing is written."""
    (texts / "pixel-tags.json").write_text("[", encoding="utf-8")
    with pytest.raises(BadPicturesError, match=r"pixel-tags\.json: cannot be read .*remove it"):
        propose(texts)


def test_pictures_are_looked_at_as_a_whole(texts: Path) -> None:
    """A large picture gets the tags of its small copy."""
    pixels = np.asarray(Image.open(texts / "red.png").resize((900, 700)))
    Image.fromarray(pixels).save(texts / "large.png")
    assert propose(texts)["large.png"].added == ("red",)
