"""What a person's act came to: the form in which use cases answer, free of Telegram's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is said at once (None: nothing), then what follows; whatever had to be kept is committed already."""

    toast: str | None
    then: Callable[[], Awaitable[None]] | None = None


REPEATED = Outcome(None)
"""The update was seen before: nothing was done."""
