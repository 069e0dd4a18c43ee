"""The operators' gate, over HTTP against the sandbox."""

from __future__ import annotations

from typing import Any

from storage.audit import Entry, Verdict, last_audit

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any
Running = Any

ADA, BEN = 1001, 1002


async def _entries(bot: Running) -> list[Entry]:
    return list(await last_audit(bot.database.reader, 100))


async def test_an_operators_command_is_answered_and_written_down(house: House, ada: Visitor) -> None:
    """An operator asks in private and is answered; the audit log says so."""
    house.settings["operators"] = frozenset({ADA})
    async with house.bot() as bot:
        await ada.say("/audit 5")
        await ada.sees("The last actions (1)")
        (entry,) = await _entries(bot)
        assert (entry.actor, entry.action, entry.verdict) == (ADA, "/audit", Verdict.ALLOWED)
        assert entry.details == {"text": "5"}


async def test_a_strangers_command_is_refused_and_written_down(house: House, ada: Visitor, ben: Visitor) -> None:
    """Somebody who is no operator hears so in plain words, and nothing else happens."""
    house.settings["operators"] = frozenset({ADA})
    async with house.bot() as bot:
        await ben.say("/audit")
        await ben.sees("for the operators of this bot alone")
        (entry,) = await _entries(bot)
        assert (entry.actor, entry.verdict) == (BEN, Verdict.REFUSED)
        assert entry.details == {"chat": BEN, "why": "not an operator"}
