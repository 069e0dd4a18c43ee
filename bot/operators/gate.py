"""The gate: lets an order through if an operator gives it, by their own hand and in private; writes down each attempt.

Asks for the user's id each time, never for the chat or for how a button came to be pressed: keyboards can be forwarded
and their data forged. Knows nothing of what is ordered.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from telegram import Update

from bot.services import Services
from bot.visits import Visit, enter
from bot.words import Words
from storage.audit import Entry, Verdict, append_audit

log = logging.getLogger(__name__)

KEPT_CHARACTERS = 500
"""How much of what somebody wrote is kept in the audit log."""


class Refusal(StrEnum):
    """Why an order was not let through, as the audit log names it."""

    STRANGER = "not an operator"
    AS_CHAT = "acts as a chat"
    NOT_PRIVATE = "not in private"
    NOT_WRITTEN = "forwarded or written by another bot"

    def say(self, words: Words) -> str:
        """Say it to whoever tried."""
        return {
            Refusal.STRANGER: words.toast_operators_only,
            Refusal.AS_CHAT: words.toast_operators_only,
            Refusal.NOT_PRIVATE: words.toast_operators_in_private,
            Refusal.NOT_WRITTEN: words.toast_operators_by_hand,
        }[self]


class Gate:
    """Decides and writes down."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def admit(
        self, update: Update, visit: Visit, action: str, details: Mapping[str, Any], *, enters: bool = True
    ) -> str | bool:
        """Return True to act, False where the update was seen before, else the words of the refusal.

        Without `enters` an order that is let through is not marked as seen: whoever carries it out does that.
        What is let through is written down before it is done: killed in between, it is in the log and was not done.
        """
        refusal, now = self._refusal(update, visit), self._services.clock()
        kept = {name: value[:KEPT_CHARACTERS] for name, value in details.items() if value}
        told = kept if refusal is None else {**kept, "chat": visit.chat, "why": refusal.value}
        verdict = Verdict.ALLOWED if refusal is None else Verdict.REFUSED
        async with self._services.database.transaction() as tx:
            if (enters or refusal is not None) and not await enter(tx, visit, now):
                return False
            await append_audit(tx, Entry(now, visit.person, action, verdict, told))
        self._services.meters.order(verdict)
        log.info("operators: %s by %s in chat %s was %s", action, visit.person, visit.chat, refusal or "allowed")
        return True if refusal is None else refusal.say(visit.audience.words)

    def _refusal(self, update: Update, visit: Visit) -> Refusal | None:
        query, message = update.callback_query, update.message
        user = query.from_user if query is not None else None if message is None else message.from_user
        if query is None and message is not None and message.sender_chat is not None:
            return Refusal.AS_CHAT
        if user is None or user.id not in self._services.settings.operators:
            return Refusal.STRANGER
        if int(visit.chat) != user.id:
            return Refusal.NOT_PRIVATE
        if query is None and (message is None or message.forward_origin is not None or message.via_bot is not None):
            return Refusal.NOT_WRITTEN
        return None
