"""`vernissage operator …`: what operators order in the chat, from a shell, while the bot runs or not.

Written into the audit log as the act of id 0. What a running bot must be told of itself, such as a drain, is not here.
"""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.console import say
from bot.data_folder import DataFolder
from bot.errors import BadInputError
from bot.operators.bans import put_ban, remove_ban
from bot.operators.ids import read_id
from bot.operators.journal import USUAL, line
from bot.operators.quotas import read_quota
from bot.operators.stats import describe, gather
from bot.settings import Settings, load_settings
from bot.words import words_for
from storage.audit import Entry, Verdict, append_audit, last_audit
from storage.database import Database, Transaction
from storage.ids import PersonId
from storage.quotas import EVERYBODY, all_quotas, set_quota

SHELL = PersonId(0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `operator`."""
    orders = parser.add_subparsers(dest="order", metavar="ORDER", required=True)
    audit = orders.add_parser("audit", help="the last actions, newest first")
    audit.add_argument("count", nargs="?", type=int, default=USUAL)
    ban = orders.add_parser("ban", help="ban a person or a chat")
    ban.add_argument("id", type=_id)
    ban.add_argument("reason", nargs="*")
    unban = orders.add_parser("unban", help="lift a ban")
    unban.add_argument("id", type=_id)
    quota = orders.add_parser("quota", help="pictures a day: all quotas, everybody's (N), or one's (ID N)")
    quota.add_argument("said", nargs="*", metavar="[ID] N|none")
    orders.add_parser("stats", help="how much the bot is used")


def main(arguments: argparse.Namespace) -> int:
    """Obey, and return 0.

    Raises:
        BadInputError: there is no database yet, an operator would be banned, or the words make no quota.
    """
    settings = load_settings(need_token=False)
    path = DataFolder(settings.data).database
    if not path.is_file():
        raise BadInputError(f"there is no database at {path}: start the bot once, or check VERNISSAGE_DATA")
    asyncio.run(_obey(arguments, settings, path))
    return 0


async def _obey(arguments: argparse.Namespace, settings: Settings, path: Path) -> None:
    now = datetime.now(UTC)
    async with Database.open(path) as database:
        match arguments.order:
            case "audit":
                for entry in await last_audit(database.reader, max(arguments.count, 1)):
                    say(line(entry))
            case "ban":
                if arguments.id in settings.operators:
                    raise BadInputError(words_for(None).ban_operator)
                async with database.transaction() as tx:
                    reason = " ".join(arguments.reason)
                    is_new = await put_ban(tx, arguments.id, reason, SHELL, now)
                    await _note(tx, now, "/ban", f"{arguments.id} {reason}".strip())
                say(f"{arguments.id} is banned" if is_new else f"{arguments.id} was banned before")
            case "unban":
                async with database.transaction() as tx:
                    was_banned = await remove_ban(tx, arguments.id)
                    await _note(tx, now, "/unban", str(arguments.id))
                say(f"{arguments.id} is welcome again" if was_banned else f"{arguments.id} was not banned")
            case "quota":
                await _quota(database, " ".join(arguments.said), now)
            case "stats":
                say(describe(words_for(None), await gather(database.reader, now)))


async def _quota(database: Database, said: str, now: datetime) -> None:
    if said:
        parsed = read_quota(said)
        if parsed is None:
            raise BadInputError(f"{said!r} is no quota: give N, or ID N, or none in place of N")
        async with database.transaction() as tx:
            await set_quota(tx, *parsed)
            await _note(tx, now, "/quota", said)
    for who, pictures in (await all_quotas(database.reader)).items():
        say(f"{'everybody' if who == EVERYBODY else who}: {pictures} pictures a day")


async def _note(tx: Transaction, now: datetime, action: str, text: str) -> None:
    await append_audit(tx, Entry(now, SHELL, action, Verdict.ALLOWED, {"text": text}))


def _id(said: str) -> int:
    who = read_id(said)
    if who is None:
        raise argparse.ArgumentTypeError(f"{said!r} is no id: give a number, below zero for a group")
    return who
