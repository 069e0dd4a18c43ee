"""Owns the faults that are switched on: which request or update is hit next, and how many were."""

import random
from dataclasses import dataclass, field
from typing import Any

from sandbox.faults.rules import Rule


@dataclass
class Fault:
    """A rule that is switched on, and how often it fitted and hit."""

    id: int
    rule: Rule
    draw: random.Random
    fitted: int = 0
    hits: int = field(default=0)

    def strikes(self) -> bool:
        """Count something that fits, and say whether it is hit."""
        if self.rule.count is not None and self.hits >= self.rule.count:
            return False
        self.fitted += 1
        if self.fitted <= self.rule.skip or self.draw.random() >= self.rule.probability:
            return False
        self.hits += 1
        return True

    def to_page(self) -> dict[str, Any]:
        """Return the form that people read."""
        return {"id": self.id, **self.rule.to_page(), "hits": self.hits}


class Faults:
    """Faults in the order they were switched on; the first that strikes is carried out, alone."""

    def __init__(self) -> None:
        self._last_id = 0
        self._faults: list[Fault] = []

    def add(self, rule: Rule) -> Fault:
        """Switch a fault on."""
        self._last_id += 1
        fault = Fault(self._last_id, rule, random.Random(rule.seed))
        self._faults.append(fault)
        return fault

    def all(self) -> list[Fault]:
        """Return all that were added and not removed, those that have struck their last time among them."""
        return list(self._faults)

    def remove(self, fault_id: int) -> bool:
        """Switch one off; say whether it was there."""
        kept = [fault for fault in self._faults if fault.id != fault_id]
        was_there = len(kept) < len(self._faults)
        self._faults = kept
        return was_there

    def clear(self) -> None:
        """Switch all off."""
        self._faults = []

    def for_request(self, method: str, chat: int | None) -> Rule | None:
        """Return the fault that a request meets, None for none."""
        fitting = (fault for fault in self._faults if fault.rule.fits_request(method, chat))
        return next((fault.rule for fault in fitting if fault.strikes()), None)

    def for_update(self, kind: str, chat: int | None) -> Rule | None:
        """Return the fault that an update meets, None for none."""
        fitting = (fault for fault in self._faults if fault.rule.fits_update(kind, chat))
        return next((fault.rule for fault in fitting if fault.strikes()), None)
