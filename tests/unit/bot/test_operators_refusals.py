"""The gate's decision, on updates in Telegram's own form."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Update

from bot.meters import Meters
from bot.operators.gate import Gate
from bot.services import Services
from bot.settings import Settings
from bot.visits import visit_of
from bot.words.en import ENGLISH
from storage.audit import Verdict, last_audit
from storage.database import Database

OPERATOR, STRANGER, GROUP = 1001, 1002, -2001
NOW = datetime(2026, 11, 26, tzinfo=UTC)


def _user(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "Somebody"}


def _message(person: int, chat: int = OPERATOR, **more: Any) -> dict[str, Any]:
    kind = {"type": "private", "first_name": "x"} if chat > 0 else {"type": "supergroup", "title": "x"}
    return {"message_id": 1, "date": 0, "chat": {"id": chat, **kind}, "from": _user(person), "text": "/drain"} | more


FORWARDED: dict[str, Any] = {"forward_origin": {"type": "hidden_user", "sender_user_name": "Mallory", "date": 0}}
VIA_BOT: dict[str, Any] = {"via_bot": {"id": 9, "is_bot": True, "first_name": "Relay"}}
AS_GROUP: dict[str, Any] = {"sender_chat": {"id": GROUP, "type": "supergroup", "title": "x"}}
AS_CHANNEL: dict[str, Any] = {"sender_chat": {"id": -3001, "type": "channel", "title": "x"}}


def _press(person: int, chat: int = OPERATOR, **more: Any) -> dict[str, Any]:
    return {
        "callback_query": {
            "id": "1",
            "from": _user(person),
            "chat_instance": "1",
            "data": "1:p:castsend:1",
            "message": _message(777, chat, **more),
        }
    }


async def _admit(tmp_path: Path, given: dict[str, Any]) -> tuple[str | bool, list[Verdict]]:
    update = Update.de_json({"update_id": 1, **given}, None)
    visit = visit_of(update)
    assert visit is not None
    async with Database.open(tmp_path / "db") as database:
        settings = Settings(_env_file=None, token="1:token-for-nobody", operators=frozenset({OPERATOR}))
        services = SimpleNamespace(settings=settings, database=database, clock=lambda: NOW, meters=Meters())
        admitted = await Gate(cast(Services, services)).admit(update, visit, "x", {"text": "y" * 9_000})
        entries = await last_audit(database.reader, 10)
        assert all(len(entry.details["text"]) == 500 for entry in entries)
        return admitted, [entry.verdict for entry in entries]


@pytest.mark.parametrize("given", [{"message": _message(OPERATOR)}, _press(OPERATOR)])
async def test_an_operator_in_private_is_admitted(tmp_path: Path, given: dict[str, Any]) -> None:
    """By hand or by button."""
    assert await _admit(tmp_path, given) == (True, [Verdict.ALLOWED])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"message": _message(STRANGER, STRANGER)}, ENGLISH.toast_operators_only),
        ({"message": _message(STRANGER, GROUP)}, ENGLISH.toast_operators_only),
        ({"message": _message(OPERATOR, GROUP)}, ENGLISH.toast_operators_in_private),
        ({"message": _message(OPERATOR, GROUP, **AS_GROUP)}, ENGLISH.toast_operators_only),
        ({"message": _message(OPERATOR, GROUP, **AS_CHANNEL)}, ENGLISH.toast_operators_only),
        ({"message": _message(OPERATOR, **FORWARDED)}, ENGLISH.toast_operators_by_hand),
        ({"message": _message(OPERATOR, **VIA_BOT)}, ENGLISH.toast_operators_by_hand),
        (_press(STRANGER), ENGLISH.toast_operators_only),
        (_press(STRANGER, STRANGER), ENGLISH.toast_operators_only),
        (_press(STRANGER, GROUP, **AS_GROUP), ENGLISH.toast_operators_only),
        (_press(OPERATOR, GROUP), ENGLISH.toast_operators_in_private),
        (_press(OPERATOR, STRANGER), ENGLISH.toast_operators_in_private),
    ],
)
async def test_everybody_else_is_refused_and_written_down(tmp_path: Path, given: dict[str, Any], said: str) -> None:
    """Strangers, chats that act, groups, forwarded commands and keyboards: each is refused in words, and logged."""
    assert await _admit(tmp_path, given) == (said, [Verdict.REFUSED])
