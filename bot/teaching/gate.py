"""Who is an operator: asked at every command and every tap, by the person's id and never by chat or button."""

from __future__ import annotations

import logging
from collections.abc import Set as AbstractSet

from bot.visits import Visit

log = logging.getLogger(__name__)


class Gate:
    """Lets operators in, each in their own private chat; whoever acts as a chat has a chat's id and is none."""

    def __init__(self, operators: AbstractSet[int]) -> None:
        self._operators = operators

    def refuse(self, visit: Visit, action: str) -> str | None:
        """Say why the visitor may not do this; None where they may. What is refused is logged."""
        words = visit.audience.words
        if visit.person not in self._operators:
            log.warning("person %s in chat %s: %s was refused, no operator", visit.person, visit.chat, action)
            return words.operators_only
        if int(visit.chat) != int(visit.person):
            log.warning("operator %s in chat %s: %s was refused, not in private", visit.person, visit.chat, action)
            return words.operators_in_private
        return None
