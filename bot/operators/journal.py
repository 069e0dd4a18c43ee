"""/audit: the last actions of operators, and what others tried in their place."""

from __future__ import annotations

import json

from bot.operators.register import Order
from bot.outcomes import Outcome
from bot.services import Services
from storage.audit import Entry, Verdict, last_audit

USUAL, MOST = 15, 50
_LONGEST = 120
_ROOM = 4_000


class Journal:
    """Reads the audit log."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def show(self, order: Order) -> Outcome:
        """Answer /audit, or /audit N."""
        said = order.text.strip()
        count = min(int(said[:3]), MOST) if said.isdecimal() and int(said[:3]) else USUAL
        lines = [line(entry) for entry in await last_audit(self._services.database.reader, count)]
        text = "\n".join([order.words.audit_title.format(count=len(lines)), *lines])
        return Outcome(text[:_ROOM])


def line(entry: Entry) -> str:
    """Write an action in one line: ✅ or ⛔, when (UTC), who, what, and with which details."""
    sign = "✅" if entry.verdict is Verdict.ALLOWED else "⛔"
    details = json.dumps(dict(entry.details), ensure_ascii=False) if entry.details else ""
    return f"{sign} {entry.happened_at:%m-%d %H:%M:%S} {entry.actor} {entry.action} {details}".rstrip()[:_LONGEST]
