"""Signs of life and answers that are lost on their way: they are given again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import bot
from bot import messenger

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any


async def test_the_sign_of_painting_goes_on_after_an_error(
    house: House, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that fails is followed by others while the painting lasts, and by none afterwards."""
    monkeypatch.setattr(messenger, "CHAT_ACTION_GAP_S", 0.05)
    house.painter.hold()
    async with house.bot():
        await ada.people.house.add_fault("server_error", method="sendChatAction", status=502)
        await ada.say("/start")
        await ada.press("Quick")
        async for event in ada.people.events(after=0):
            if event["type"] == "chat_action":
                break
        house.painter.release()
        await ada.companion(1)
    signs = [entry["ok"] for entry in await ada.people.transcript() if entry["method"] == "sendChatAction"]
    assert signs[0] is False
    assert any(signs[1:])


@pytest.mark.parametrize("delivered", [False, True])
async def test_a_lost_answer_to_a_press_is_given_again(house: House, ada: Visitor, delivered: bool) -> None:
    """The person sees their toast, whichever of the two answers arrived; the vote is one."""
    async with house.bot():
        await ada.begin()
        await ada.people.house.add_fault("cut", method="answerCallbackQuery", delivered=delivered)
        assert await ada.press("1 👍") == "You like 1"
        await ada.press("2 👎")
    answers = [entry for entry in await ada.people.transcript() if entry["method"] == "answerCallbackQuery"]
    assert sum(entry["fault"] is not None for entry in answers) == 1


def test_only_the_life_of_the_bot_and_the_doctor_make_a_client_of_telegram() -> None:
    """So every message goes through the one client that has the limits; the doctor asks for a name alone."""
    makers = {
        path.name
        for path in Path(bot.__file__).parent.rglob("*.py")
        if "ApplicationBuilder(" in path.read_text() or " Bot(" in path.read_text()
    }
    assert makers == {"lifespan.py", "doctor.py"}
