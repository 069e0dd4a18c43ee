"""Owns the button presses that wait for the bot's answer; knows nothing of keyboards or updates."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.clock import Clock
from sandbox.errors import ApiError

ANSWER_WITHIN = timedelta(seconds=150)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_FIRST_ID = 4_300_000_000_000_000_001


@dataclass(frozen=True)
class Answer:
    """What the person who pressed sees: a toast, or a box where `show_alert` is set; no text is no words at all."""

    text: str | None
    show_alert: bool


class Callbacks:
    """Open callback queries, by id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_id = _FIRST_ID - 1
        self._open: dict[str, tuple[datetime, asyncio.Future[Answer]]] = {}

    def open(self) -> tuple[str, asyncio.Future[Answer]]:
        """Open a query; the future brings its answer."""
        self._forget_old()
        self._last_id += 1
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._open[str(self._last_id)] = (self._clock.now(), answer)
        return str(self._last_id), answer

    def answer(self, query_id: str, answer: Answer) -> None:
        """Answer a query, once.

        Raises:
            ApiError: no such query, answered before, or older than 150 s.
        """
        self._forget_old()
        if query_id not in self._open:
            raise ApiError(400, _TOO_OLD)
        _, waiting = self._open.pop(query_id)
        if not waiting.done():
            waiting.set_result(answer)

    def _forget_old(self) -> None:
        oldest = self._clock.now() - ANSWER_WITHIN
        self._open = {query_id: query for query_id, query in self._open.items() if query[0] >= oldest}
