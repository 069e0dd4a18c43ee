"""Owns how much a bot may send before Telegram answers 429: by chat, and over all chats, an album of n counting as n.

Telegram publishes rough figures and keeps the exact ones to itself; these are the published ones, with a burst. Knows
methods and chat ids alone. A refused request spends nothing.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from aiogram import methods

from sandbox.clock import Clock
from sandbox.errors import ApiError

_Kind = Literal["send", "edit"]
_PRIVATE_PER_S = 1.0
_GROUP_PER_S = 20 / 60
_CHAT_BURST = 22.0
"""20 at once, and two more: what left the bot evenly spaced may arrive closer together."""
_ROUNDING_S = 1e-6
_OVERALL_PER_S, _OVERALL_BURST = 30.0, 35.0

_SENDS: tuple[type[Any], ...] = (
    methods.SendMessage,
    methods.SendPhoto,
    methods.SendDocument,
    methods.SendPoll,
    methods.CopyMessage,
    methods.ForwardMessage,
)
_EDITS: tuple[type[Any], ...] = (
    methods.EditMessageText,
    methods.EditMessageCaption,
    methods.EditMessageMedia,
    methods.EditMessageReplyMarkup,
    methods.StopPoll,
)


@dataclass(slots=True)
class _Bucket:
    """`per_s` units a second, of which `burst` may come at once.

    Source: the generic cell rate algorithm, ITU-T I.371; `full_at` is its theoretical arrival time.
    """

    per_s: float
    burst: float
    full_at: float = 0.0

    def wait_s(self, units: float, now: float) -> float:
        return max(0.0, max(self.full_at, now) + (units - self.burst) / self.per_s - now)

    def spend(self, units: float, now: float) -> None:
        self.full_at = max(self.full_at, now) + units / self.per_s

    def refund(self, units: float) -> None:
        self.full_at -= units / self.per_s


class FloodLimits:
    """The budgets of each chat for sending and for editing, and one of all together."""

    def __init__(self, clock: Clock, *, are_on: bool) -> None:
        self._clock = clock
        self._start = clock.now()
        self.are_on = are_on
        self._overall = _Bucket(_OVERALL_PER_S, _OVERALL_BURST)
        self._chats: dict[tuple[int, _Kind], _Bucket] = {}

    @contextmanager
    def counting(self, request: Any) -> Iterator[None]:
        """Count a request while it is carried out; one that is refused for other reasons does not count.

        Raises:
            ApiError: 429 with `retry_after`, since it is too much for its chat, or for all together.
        """
        kind, units = _weigh(request)
        if not self.are_on or kind is None or not isinstance(request.chat_id, int):
            yield
            return
        now = (self._clock.now() - self._start).total_seconds()
        buckets = [self._bucket(request.chat_id, kind)]
        if kind == "send":
            buckets.append(self._overall)
        wait_s = max(bucket.wait_s(units, now) for bucket in buckets)
        if wait_s > _ROUNDING_S:
            raise too_many_requests(math.ceil(wait_s))
        for bucket in buckets:
            bucket.spend(units, now)
        try:
            yield
        except ApiError:
            for bucket in buckets:
                bucket.refund(units)
            raise

    def _bucket(self, chat_id: int, kind: _Kind) -> _Bucket:
        per_s = _PRIVATE_PER_S if chat_id > 0 else _GROUP_PER_S
        return self._chats.setdefault((chat_id, kind), _Bucket(per_s, _CHAT_BURST))


def too_many_requests(retry_after_s: int) -> ApiError:
    """Make the refusal that tells how long to wait."""
    return ApiError(429, f"retry after {retry_after_s}", parameters={"retry_after": retry_after_s})


def _weigh(request: Any) -> tuple[_Kind | None, int]:
    if isinstance(request, methods.SendMediaGroup):
        return "send", len(request.media)
    if isinstance(request, methods.CopyMessages | methods.ForwardMessages):
        return "send", len(request.message_ids)
    if isinstance(request, _SENDS):
        return "send", 1
    return ("edit", 1) if isinstance(request, _EDITS) else (None, 0)
