"""The frame of every text that this package writes: which kind, which version, then its body as JSON.

Knows nothing of what a body holds. Floats are written by `repr`, so that they come back bit for bit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from evolution.checks import whole
from evolution.errors import EvolutionError, NewerFormatError, UnreadableError

VERSION = 1


def dump(body: object) -> str:
    """Write JSON in one line: the same value always gives the same text."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False)


def write(kind: str, body: Mapping[str, Any]) -> str:
    """Write `body` under its kind and the present version."""
    return dump({"format": f"vernissage {kind}", "version": VERSION, **body})


def read(kind: str, text: str) -> dict[str, Any]:
    """Read the body of a text that `write` made.

    Raises:
        UnreadableError: the text is not JSON, or of another kind.
        NewerFormatError: a later version wrote it.
    """
    with reading(kind):
        body = json.loads(text)
        if not isinstance(body, dict) or body.get("format") != f"vernissage {kind}":
            raise UnreadableError(f"expected a JSON object whose format is 'vernissage {kind}'")
        version = whole("its version", body.get("version"), 1, None, UnreadableError)
    if version > VERSION:
        raise NewerFormatError(
            f"this {kind} has format version {version}, written by a later program; "
            f"this program reads up to version {VERSION}: update it"
        )
    return body


@contextmanager
def reading(kind: str) -> Iterator[None]:
    """Turn whatever goes wrong while a text is taken apart into one clear error.

    Raises:
        UnreadableError: anything in the block failed.
    """
    try:
        yield
    except KeyError as error:
        raise UnreadableError(f"not a {kind}: {error} is missing or unknown") from error
    except (EvolutionError, ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise UnreadableError(f"not a {kind}: {error}") from error
