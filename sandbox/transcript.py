"""Owns the record of every Bot API request and what the judge found; the token never gets in."""

from collections import deque
from typing import Any

_RING = 5000
_MASK = "<token>"


class Transcript:
    """The last 5,000 requests, numbered from 1."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._ring: deque[tuple[dict[str, Any], Any]] = deque(maxlen=_RING)
        self._count = 0

    def add(  # one argument a column of the record
        self,
        *,
        at: float,
        method: str,
        request: dict[str, Any],
        error: str | None,
        took_ms: float,
        breach: str | None,
        sent: list[int],
        fault: str | None,
        answer: Any,
    ) -> dict[str, Any]:
        """Record one request and return its entry, without the answer.

        `request` holds parameters as they came, files as name and size; `answer` is
        what was answered, None where nothing was.
        """
        self._count += 1
        entry = {
            "n": self._count,
            "at": at,
            "method": method,
            "request": request,
            "ok": error is None,
            "error": error,
            "took_ms": round(took_ms, 1),
            "breach": breach,
            "sent": sent,
            "fault": fault,
        }
        masked: dict[str, Any] = self._mask(entry)
        self._ring.append((masked, answer))
        return masked

    def after(self, number: int) -> list[dict[str, Any]]:
        """Return the entries numbered above `number`, oldest first, without their answers, which are large."""
        return [entry for entry, _ in self._ring if entry["n"] > number]

    def entry(self, number: int) -> dict[str, Any] | None:
        """Return one entry with its answer, or None where it is not, or no longer, kept."""
        found = next((kept for kept in self._ring if kept[0]["n"] == number), None)
        return found and {**found[0], "answer": self._mask(found[1])}

    def breaches(self) -> list[dict[str, Any]]:
        """Return the entries of requests that were not valid Bot API."""
        return [entry for entry, _ in self._ring if entry["breach"]]

    def _mask(self, value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(self._token, _MASK)
        if isinstance(value, dict):
            return {self._mask(key): self._mask(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._mask(item) for item in value]
        return value
