"""A prompting model as a file: evolution's state as JSON, with the name and the digest of the style it was learned in.

Owns the file's form and the checks of what comes in. People are not named in it: whoever exports is "me", all others
are numbered; whoever imports becomes "me". Pure functions over text; they may take a second, so callers run them in a
thread.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from evolution import State, rename_voters, voters_of
from evolution.errors import EvolutionError, NewerFormatError
from style.pack import Pack

FORMAT = "vernissage prompting model"
VERSION = 1
MOST_BYTES = 2 * 1024 * 1024
"""About two thousand albums of one person."""
SUFFIX = ".vernissage.json"
ME = "me"
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


class ImportRefusedError(Exception):
    """A file that cannot be imported; `reason` says why, `names` what the words about it name."""

    def __init__(self, reason: str, **names: str) -> None:
        super().__init__(f"{reason} {names}")
        self.reason = reason
        self.names = names


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds: the state as text, its strategy, the style, and how much it has learned from."""

    state: str
    strategy: str
    pack: Pack
    generations: int
    votes: int
    is_other_version: bool


def file_name(style: str) -> str:
    """Name the file of a style's prompting model."""
    return f"{_UNSAFE.sub('-', style)}{SUFFIX}"


def write_model(state: State, style: str, digest: str, title: str, me: str) -> bytes:
    """Write a prompting model; `me` is the voter who exports."""
    others = [voter for voter in voters_of(state) if voter != me]
    names = {me: ME, **{voter: f"voter {number}" for number, voter in enumerate(others, 1)}}
    body = {
        "format": FORMAT,
        "version": VERSION,
        "style": {"name": style, "digest": digest, "title": title},
        "state": json.loads(rename_voters(state, names).to_json()),
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def read_model(content: bytes, shelf: Mapping[str, Pack], me: str) -> Imported:
    """Read what `write_model` wrote, after strict checks; "me" in it becomes the voter `me`.

    Raises:
        ImportRefusedError: too large, something else, of a later version, of a style that is not here, or of other
            attributes than the style has now.
    """
    if len(content) > MOST_BYTES:
        raise ImportRefusedError("too_large", limit=f"{MOST_BYTES // 1024 // 1024}")
    try:
        body = json.loads(content)
        if body["format"] != FORMAT or type(body["version"]) is not int:
            raise ImportRefusedError("foreign")
        if body["version"] > VERSION:
            raise ImportRefusedError("newer")
        name, digest, title = (str(body["style"][key])[:64] for key in ("name", "digest", "title"))
        state = State.from_json(json.dumps(body["state"]))
    except NewerFormatError as error:
        raise ImportRefusedError("newer") from error
    except EvolutionError as error:
        raise ImportRefusedError("damaged") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ImportRefusedError("foreign") from error
    pack = shelf.get(name)
    if pack is None:
        there = ", ".join(one.title for one in shelf.values())
        raise ImportRefusedError("no_style", title=title, styles=there or "–")
    if state.space != pack.space:
        raise ImportRefusedError("other_space", title=pack.title)
    # Names of the file's own are no people here: a forged one must not speak for somebody.
    names = {voter: f"imported {number}" for number, voter in enumerate(voters_of(state), 1)} | {ME: me}
    named = rename_voters(state, names)
    votes = sum(vote.value != 0 for generation in named.generations for vote in generation.votes)
    return Imported(named.to_json(), named.config.strategy, pack, named.generation, votes, digest != pack.digest)
