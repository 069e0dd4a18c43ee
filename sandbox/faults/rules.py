"""Says what a fault is, and reads one from a request's body. Knows no HTTP and no bot."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from aiogram import methods
from aiogram.types import Update

from sandbox.errors import PeopleError

REQUEST_KINDS = {
    "too_many_requests": "429 with retry_after_s; nothing is done",
    "server_error": "a 5xx of that status; with delivered, after the request was carried out",
    "timeout": "no answer for pause_s seconds, then the connection is cut; with delivered, after it was carried out",
    "cut": "the connection is cut at once; with delivered, after the request was carried out",
    "partial_album": "the first `items` of an album arrive, then it ends as `then` says: error, timeout or cut",
    "slow": "the answer is held back for pause_s seconds; downloads come at bytes_per_s",
}
UPDATE_KINDS = {
    "duplicate_update": "the update comes twice, with the same id",
    "reorder_updates": "the update waits until one of another kind has passed it, at most pause_s of the clock",
}
KINDS = REQUEST_KINDS | UPDATE_KINDS
DOWNLOAD = "download"
"""The name that stands for fetching a file, where others stand for methods."""

_THEN = ("error", "timeout", "cut")
_STATUSES = (500, 502, 503, 504)


@dataclass(frozen=True)
class Rule:
    """What goes wrong, and when.

    A request or update fits by its method (or `update` kind) and chat, where these are given; without a method every
    request fits but getUpdates and downloads. Of those that fit, the first `skip` pass, then each is hit with
    `probability`, drawn by a generator of the rule's own from `seed`, until `count` were hit (None: without end).
    """

    kind: str
    method: str | None = None
    update: str | None = None
    chat: int | None = None
    count: int | None = 1
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    delivered: bool = False
    retry_after_s: int = 5
    status: int = 500
    pause_s: float = 60.0
    items: int = 1
    then: str = "error"
    bytes_per_s: int | None = None

    def fits_request(self, method: str, chat: int | None) -> bool:
        """Say whether a request is one of those that this is about."""
        if self.kind not in REQUEST_KINDS or (self.chat is not None and self.chat != chat):
            return False
        if self.kind == "partial_album":
            return method == "sendMediaGroup"
        if self.method is None:
            return method not in ("getUpdates", DOWNLOAD)
        return self.method == method

    def fits_update(self, kind: str, chat: int | None) -> bool:
        """Say whether an update is one of those that this is about."""
        if self.kind not in UPDATE_KINDS or (self.chat is not None and self.chat != chat):
            return False
        return self.update is None or self.update == kind

    def to_page(self) -> dict[str, Any]:
        """Return all fields."""
        return asdict(self)


def read_rule(body: dict[str, Any]) -> Rule:
    """Make a rule of a request's body.

    Raises:
        PeopleError: an unknown field, kind, method or update, or a value that makes no sense.
    """
    known = {field.name for field in fields(Rule)}
    unknown = sorted(set(body) - known)
    if unknown:
        raise PeopleError(400, f"a fault has no field {unknown[0]}; it has {', '.join(sorted(known))}")
    if body.get("kind") not in KINDS:
        raise PeopleError(400, f"kind must be one of {', '.join(KINDS)}")
    method = body.get("method")
    if method is not None:
        body = {**body, "method": _spell(method)}
    for key, (kinds, least) in _NUMBERS.items():
        _check_number(body, key, kinds, least)
    _check_words(body)
    return Rule(**body)


_NUMBERS: dict[str, tuple[tuple[type, ...], float | None]] = {
    "chat": ((int,), None),
    "count": ((int,), 1),
    "skip": ((int,), 0),
    "probability": ((int, float), 0),
    "seed": ((int,), 0),
    "retry_after_s": ((int,), 1),
    "pause_s": ((int, float), 0),
    "items": ((int,), 0),
    "bytes_per_s": ((int,), 1),
}
_MAY_BE_NONE = ("chat", "count", "bytes_per_s")


def _check_number(body: dict[str, Any], key: str, kinds: tuple[type, ...], least: float | None) -> None:
    value = body.get(key)
    if key not in body or (value is None and key in _MAY_BE_NONE):
        return
    if value is None or type(value) not in kinds or (least is not None and value < least):
        raise PeopleError(400, f"{key} must be a number{'' if least is None else f', {least:g} or more'}")


def _check_words(body: dict[str, Any]) -> None:
    if float(body.get("probability", 1.0)) > 1:
        raise PeopleError(400, "probability is at most 1")
    if body.get("status", 500) not in _STATUSES:
        raise PeopleError(400, f"status must be one of {', '.join(map(str, _STATUSES))}")
    if body.get("then", "error") not in _THEN:
        raise PeopleError(400, f"then must be one of {', '.join(_THEN)}")
    if not isinstance(body.get("delivered", False), bool):
        raise PeopleError(400, "delivered must be true or false")
    update = body.get("update")
    if update is not None and (update not in Update.model_fields or update == "update_id"):
        raise PeopleError(400, f"update names no kind of update: {update!r}")


def _spell(method: Any) -> str:
    if method == DOWNLOAD:
        return DOWNLOAD
    found = next((name for name in methods.__all__ if name.lower() == str(method).lower()), None)
    if found is None:
        raise PeopleError(400, f"method names no method of the Bot API: {method!r}")
    return found[:1].lower() + found[1:]
