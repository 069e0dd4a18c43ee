"""What is kept of a visit: who came, what was shown, how it was liked and voted on, and how long everything took.

Plain values that the report is made of. Knows neither the chat nor the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sandbox.guests.taste import Measures, Reference, Taste


@dataclass(frozen=True, slots=True)
class Guest:
    """A simulated person: the sandbox's id and name, and the taste that nobody else knows."""

    id: int
    name: str
    taste: Taste


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture as the guests saw it: its number in the album, the bytes that came, and what was measured in them."""

    number: int
    data: bytes
    measures: Measures


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one guest felt (utilities) and voted (+1, 0, -1) on the pictures of one album, in its order."""

    guest: int
    utilities: tuple[float, ...]
    votes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Album:
    """One generation: its pictures, how long they were waited for, and each guest's judgement."""

    generation: int
    pictures: tuple[Shown, ...]
    waited_s: float
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """A whole visit, complete or not: `problem` says why it ended early.

    `taps_ms` is how long each tap waited for its answer; `unanswered` counts the taps that got none. `best` is what the
    bot showed for "Best so far". `requests` and `breaches` are the bot's requests and how many were no valid Bot API.
    """

    chat: str
    seed: int
    wanted: int
    began: datetime
    took_s: float
    guests: tuple[Guest, ...]
    references: tuple[Reference, ...]
    albums: tuple[Album, ...]
    best: tuple[Shown, ...]
    taps_ms: tuple[float, ...]
    unanswered: int
    requests: int
    breaches: int
    problem: str | None = None
