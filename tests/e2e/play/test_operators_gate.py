"""The operators' gate, over HTTP against the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from bot.menu import TEACHING
from sandbox.client import SandboxClient
from storage.audit import Entry, Verdict, last_audit
from storage.bans import all_bans
from storage.broadcasts import sending_broadcasts
from storage.drains import find_drain
from storage.quotas import all_quotas

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any
Running = Any

ADA, BEN, SALON = 1001, 1002, -2001


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


COMMANDS = ("queue", "stats", "ban", "unban", "quota", "drain", "resume", "broadcast", "audit")


@pytest.fixture
def operated(house: House) -> House:
    """A bot that Ada runs."""
    house.settings["operators"] = frozenset({ADA})
    return house


async def test_thirty_forged_actions_are_refused_and_written_down(operated: House, ada: Visitor, ben: Visitor) -> None:
    """Ordinary members' commands and forged buttons, in private and in a group, do nothing and are all in the log."""
    texts = [f"/{name}" for name in COMMANDS]
    texts += ["/ban 1001", f"/unban {BEN}", "/quota 0", "/quota 1001 0", "/broadcast Free paintings!", "/drain now"]
    presses = ["castsend:1", "caststop:1", "giveup:1:1", "publish:quick:1", "nothing", "a:b:c", f"ban:{ADA}", "drain"]
    presses += ["castsend:2", "castsend", "giveup:999:1", "giveup:-1:0", "audit", "queue", "stats"]
    async with operated.bot() as bot, SandboxClient(ben.people.url) as people:
        member = type(ben)(people, SALON, BEN)
        await ben.say("/start")
        message = await ben.sees("🎨 Quick")
        for text in texts:
            await ben.say(text)
        for press in presses:
            assert "operators of this bot alone" in str(await ben.forge(message["id"], f"1:p:{press}"))
        await member.say("/drain@vernissage_sandbox_bot")
        await member.sees("for the operators of this bot alone")
        entries = await _entries(bot)
        forged = [entry for entry in entries if entry.verdict is Verdict.REFUSED]
        assert len(forged) == len(texts) + len(presses) + 1 == 31
        assert {entry.actor for entry in forged} == {BEN}
        assert await find_drain(bot.database.reader) is None
        assert await all_bans(bot.database.reader) == ()
        assert await all_quotas(bot.database.reader) == {}
        assert await sending_broadcasts(bot.database.reader) == ()


async def test_an_operator_is_refused_outside_of_the_private_chat(operated: House, ada: Visitor) -> None:
    """An operator's own command and press in a group, as under a forwarded keyboard, are refused there."""
    async with operated.bot() as bot, SandboxClient(ada.people.url) as people:
        in_group = type(ada)(people, SALON, ADA)
        await in_group.say("/drain@vernissage_sandbox_bot")
        message = await in_group.sees("work in our private chat alone")
        assert "in our private chat alone" in str(await in_group.forge(message["id"], "1:p:castsend:1"))
        assert [entry.details["why"] for entry in await _entries(bot)] == ["not in private", "not in private"]
        assert await find_drain(bot.database.reader) is None


async def test_the_menu_shows_operators_commands_to_operators_alone(operated: House, ada: Visitor) -> None:
    """The chat of an operator has a menu of its own; nobody else's shows what operators may."""
    async with operated.bot() as bot:
        await ada.say("/audit")
        await ada.sees("The last actions")
        await bot.sessions.desk.menus.workers.idle()
        calls = [entry for entry in await ada.people.transcript() if entry["method"] == "setMyCommands"]
        assert calls
        assert all(str(ADA) in str(call) and "broadcast" in str(call) for call in calls)


async def test_help_tells_operators_alone_what_they_can_order(operated: House, ada: Visitor, ben: Visitor) -> None:
    """Ada learns from /help how a style is taught, and every order; Ben does not; in a group nobody does."""
    async with operated.bot() as bot:
        orders = (*TEACHING, *bot.sessions.desk.register.commands)
        await ada.say("/help")
        told = (await ada.sees("For operators"))["text"]
        assert [name for name in orders if f"/{name}:" not in told] == []
        assert len(told) <= 4096
        await ben.say("/help")
        assert "For operators" not in str(await ben.sees("Your Telegram id is"))
        ada.chat = SALON
        await ada.say("/help@vernissage_sandbox_bot")
        assert "For operators" not in str(await ada.sees("Your Telegram id is"))


async def test_teaching_is_written_down_like_every_order(operated: House, ada: Visitor, ben: Visitor) -> None:
    """A lesson begun by an operator and a stranger's attempt stand in one log; a repeated word is one order."""
    async with operated.bot() as bot:
        await ada.say("/newstyle glow")
        await ada.sees("glow")
        await ben.say("/train glow")
        await ben.sees("for the operators of this bot alone")
        entries = await _entries(bot)
        assert {(entry.actor, entry.action, entry.verdict) for entry in entries} == {
            (ADA, "/newstyle", Verdict.ALLOWED),
            (BEN, "/train", Verdict.REFUSED),
        }
