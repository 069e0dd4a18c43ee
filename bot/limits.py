"""How often the bot may speak: Telegram's limits, kept before they are met, and obeyed where they are met.

Owns the budgets of each chat and of all together. Knows calls by their endpoint and chat alone, and never repeats one
that may have been delivered: only a 429, which says that nothing was.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any, Literal

from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

ATTEMPTS = 4
"""How often a call is made at most, where each but the last is answered by a 429."""
LONGEST_HALT_S = 120.0
"""A halt that is longer is told to the caller at once instead of being waited for."""
OVERALL_PER_S = 30.0

_PRIVATE_PER_S, _PRIVATE_BURST = 1.0, 20.0
_GROUP_PER_S, _GROUP_BURST = 20 / 60, 20.0
_MANY_CHATS = 2_000
_NEVER_WAIT = frozenset({"answerCallbackQuery", "answerInlineQuery", "getUpdates", "sendChatAction"})
"""Of no use when late."""

_Kind = Literal["send", "edit"]
_Answer = bool | dict[str, Any] | list[dict[str, Any]]


class Urgency(Enum):
    """The `rate_limit_args` of a call: how it stands to its chat's budget. A call without one waits its turn."""

    OPTIONAL = "optional"
    """Progress and other news that the next one outdates: made only where it leaves half of the burst to others."""


class NoBudgetError(TelegramError):
    """An optional call was not made, since its chat is near its limit."""

    def __init__(self) -> None:
        super().__init__("not sent: the chat is near its limit")


@dataclass(slots=True)
class Budget:
    """`per_s` units a second, of which `burst` may be spent at once; what is overdrawn is waited for, in order.

    Source: the generic cell rate algorithm, ITU-T I.371; `full_at` is its theoretical arrival time.
    """

    per_s: float
    burst: float
    full_at: float = 0.0

    def wait_s(self, units: float, now: float) -> float:
        """Tell how long a call of `units` would wait."""
        return max(0.0, max(self.full_at, now) + (units - self.burst) / self.per_s - now)

    def spend(self, units: float, now: float) -> float:
        """Spend `units`, and return how long to wait before using them."""
        wait_s = self.wait_s(units, now)
        self.full_at = max(self.full_at, now) + units / self.per_s
        return wait_s

    def refund(self, units: float) -> None:
        """Give back `units` that were spent and not used."""
        self.full_at -= units / self.per_s


class Limits(BaseRateLimiter[Urgency]):
    """Keeps Telegram's limits: a message a second in a private chat, 20 messages and 20 edits a minute in a group.

    All together 30 a second; an album of n counts as n. A 429 halts its chat alone, for as long as Telegram says, and
    is then tried again; calls for other chats go on. `clock` is in seconds and never goes back.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._overall = Budget(OVERALL_PER_S, OVERALL_PER_S)
        self._chats: dict[tuple[object, _Kind], Budget] = {}
        self._halts: dict[object, float] = {}

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: who waits here is cancelled by who waits for it."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, _Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Urgency | None,
    ) -> _Answer:
        """Make the call when its turn has come.

        Raises:
            NoBudgetError: the call is optional, and its chat near its limit.
            RetryAfter: the chat is halted for longer than `LONGEST_HALT_S`, or the call was refused `ATTEMPTS` times.
        """
        if endpoint in _NEVER_WAIT:
            return await callback(*args, **kwargs)
        chat, optional = data.get("chat_id"), rate_limit_args is Urgency.OPTIONAL
        for _ in range(ATTEMPTS - 1):
            await self._take_turn(chat, endpoint, data, optional)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                seconds = _seconds(error)
                self._halts[chat] = max(self._halts.get(chat, 0.0), self._clock() + seconds)
                if optional or seconds > LONGEST_HALT_S:
                    raise
        await self._take_turn(chat, endpoint, data, optional)
        return await callback(*args, **kwargs)

    async def _take_turn(self, chat: object, endpoint: str, data: dict[str, Any], optional: bool) -> None:
        """Wait until the chat is not halted, and until it and all chats together have the budget for the call."""
        while True:
            await self._wait_out_halt(chat, optional)
            kind, units = weigh(endpoint, data)
            if units == 0:
                return
            budgets = [self._overall] if chat is None else [self._overall, self._budget(chat, kind)]
            now = self._clock()
            if optional and any(budget.wait_s(units + budget.burst / 2, now) > 0 for budget in budgets):
                raise NoBudgetError
            wait_s = max([budget.spend(units, now) for budget in budgets])
            if wait_s == 0:
                return
            used = False
            try:
                await self._sleep(wait_s)
                used = self._halts.get(chat, 0.0) <= self._clock()
            finally:
                for budget in budgets if not used else ():
                    budget.refund(units)
            if used:
                return

    async def _wait_out_halt(self, chat: object, optional: bool) -> None:
        while (left_s := self._halts.get(chat, 0.0) - self._clock()) > 0:
            if optional:
                raise NoBudgetError
            if left_s > LONGEST_HALT_S:
                raise RetryAfter(timedelta(seconds=left_s))
            await self._sleep(left_s)
        self._halts.pop(chat, None)

    def _budget(self, chat: object, kind: _Kind) -> Budget:
        if len(self._chats) > _MANY_CHATS:
            now = self._clock()
            self._chats = {key: budget for key, budget in self._chats.items() if budget.full_at > now}
        # Channels and supergroups may go by name; only private chats have positive ids.
        private = isinstance(chat, int) and chat > 0
        rate = (_PRIVATE_PER_S, _PRIVATE_BURST) if private else (_GROUP_PER_S, _GROUP_BURST)
        return self._chats.setdefault((chat, kind), Budget(*rate))


def weigh(endpoint: str, data: dict[str, Any]) -> tuple[_Kind, int]:
    """Tell which budget a call spends, and how many units of it: messages sent, or messages edited; 0 for all else."""
    match endpoint:
        case "sendMediaGroup":
            return "send", len(data["media"])
        case "copyMessages" | "forwardMessages":
            return "send", len(data["message_ids"])
    if endpoint.startswith(("send", "copy", "forward")):
        return "send", 1
    return "edit", 1 if endpoint.startswith(("editMessage", "stopPoll")) else 0


def _seconds(error: RetryAfter) -> float:
    """Read the time of a 429, which the library gives in one of two types."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
