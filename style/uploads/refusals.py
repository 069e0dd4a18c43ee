"""Why something that was sent is not taken: a reason of a fixed kind, which the bot says in words with its cure."""

from __future__ import annotations

from typing import Literal, get_args

Reason = Literal[
    "not_a_picture",
    "broken",
    "too_large",
    "too_small",
    "too_heavy",
    "moves",
    "two_in_one",
    "known",
    "alike",
    "bad_name",
    "a_link",
    "encrypted",
    "too_many",
    "too_heavy_together",
    "bomb",
    "broken_zip",
    "nothing_in_it",
    "too_costly",
    "not_fetched",
]
REASONS: tuple[Reason, ...] = get_args(Reason)


class RefusedError(Exception):
    """One file, or a whole archive, is not taken; `other` is the file that it is a copy of."""

    def __init__(self, reason: Reason, other: str = "") -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.other = other
