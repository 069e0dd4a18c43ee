"""/quota: how many pictures a day a chat or a person may have; those that are used up are told when more come."""

from __future__ import annotations

from bot.operators.ids import read_id
from bot.operators.register import Order
from bot.outcomes import Outcome
from bot.services import Services
from storage.quotas import EVERYBODY, all_quotas, set_quota

MOST = 1_000_000
_NONE = ("none", "off")
_SHOWN = 60


class Quotas:
    """Takes operators' orders about quotas."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def set(self, order: Order) -> Outcome:
        """Answer /quota (all of them), /quota N (for everybody), /quota ID N; N may be `none`."""
        parsed = read_quota(order.text)
        if parsed is None:
            return Outcome(await self._list(order))
        who, pictures = parsed
        async with self._services.database.transaction() as tx:
            await set_quota(tx, who, pictures)
        return Outcome(await self._list(order))

    async def _list(self, order: Order) -> str:
        quotas = await all_quotas(self._services.database.reader)
        lines = [
            order.words.quota_everybody.format(pictures=pictures)
            if who == EVERYBODY
            else order.words.quota_of.format(who=who, pictures=pictures)
            for who, pictures in list(quotas.items())[:_SHOWN]
        ]
        return "\n".join([order.words.quota_how, *(lines or [order.words.quota_nobody])])


def read_quota(said: str) -> tuple[int, int | None] | None:
    """Read whose quota shall be what: `N` (everybody's) or `ID N`; None in place of a number takes it away."""
    match said.lower().split():
        case [number]:
            who: int | None = EVERYBODY
        case [name, number]:
            who = read_id(name)
        case _:
            return None
    is_number = number.isascii() and number.isdecimal() and len(number) <= len(str(MOST)) and int(number) <= MOST
    if who is None or not (is_number or number in _NONE):
        return None
    return who, int(number) if is_number else None
