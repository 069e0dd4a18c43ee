"""`vernissage doctor`: looks at everything that the bot needs, changes nothing, and says each cure."""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.commands.console import say
from bot.data_folder import DataFolder
from bot.errors import SettingsError
from bot.log import mask
from bot.room import RESERVE_BYTES, free_bytes
from bot.settings import Settings, load_settings
from bot.transport import Transport
from storage.errors import StorageError
from storage.schema import check_file, load_migrations
from style.engine.client import LocalPainter
from style.errors import StyleError
from style.places import BUNDLED, BUNDLED_PACKS, model_folder, model_id
from style.shelf import Shelf, load_shelf

LEAST_FREE_BYTES = 1_000_000_000
MODEL_START_S = 600.0
_ASK_TORCH = "import torch; print(torch.cuda.get_device_name() if torch.cuda.is_available() else '')"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one thing; a cure makes it a problem."""

    about: str
    words: str
    cure: str | None = None

    def __str__(self) -> str:
        if self.cure is None:
            return f"ok       {self.about:<9} {self.words}"
        return f"problem  {self.about:<9} {self.words}\n         {'':<9} → {self.cure}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `doctor`."""
    parser.add_argument("--quick", action="store_true", help="do not load the model: look at its files alone")


def main(arguments: argparse.Namespace) -> int:
    """Print a line for each finding; return 1 if one is a problem."""
    return asyncio.run(_report(quick=arguments.quick))


async def _report(*, quick: bool) -> int:
    try:
        settings = load_settings(need_token=False)
    except SettingsError as error:
        for problem in error.problems:
            say(str(Finding("settings", f"{problem.setting}: {problem.what}", problem.cure)))
        return 1
    code = 0
    async for finding in examine(settings, quick=quick):
        say(mask(str(finding), (settings.token.get_secret_value(),) if settings.token else ()))
        code = code or int(finding.cure is not None)
    return code


async def examine(settings: Settings, *, quick: bool) -> AsyncIterator[Finding]:
    """Look at one thing after the other."""
    folder = DataFolder(settings.data)
    yield await check_token(settings)
    yield await asyncio.to_thread(check_database, folder.database)
    yield check_disk(folder.root)
    yield await asyncio.to_thread(check_pictures, folder.pictures, settings.disk_budget)
    shelf = await asyncio.to_thread(load_shelf, (BUNDLED_PACKS, folder.packs), model_id(settings.model))
    for finding in check_shelf(shelf):
        yield finding
    yield check_model_files(settings.model)
    if not quick:
        yield await check_device(settings.device)
        yield await check_model(settings, shelf)


async def check_token(settings: Settings) -> Finding:
    """Ask the Bot API who the bot is."""
    token = settings.token.get_secret_value()
    if not token:
        return Finding(
            "token", "VERNISSAGE_TOKEN is not set", "ask @BotFather for one (/newbot), or use vernissage demo"
        )
    transport = Transport()
    bot = Bot(token, settings.base_url, settings.base_file_url, request=transport, get_updates_request=transport)
    try:
        await transport.initialize()
        me = await bot.get_me()
    except InvalidToken:
        words = f"{settings.api_url} does not know VERNISSAGE_TOKEN"
        return Finding("token", words, "ask @BotFather for the token (/mybots); check VERNISSAGE_API_URL")
    except TelegramError as error:
        cure = "check the network, a proxy (HTTPS_PROXY) and VERNISSAGE_API_URL"
        return Finding("token", f"{settings.api_url}: {error}", cure)
    finally:
        await transport.shutdown()
    return Finding("token", f"@{me.username} at {settings.api_url}")


def check_database(path: Path) -> Finding:
    """Look whether the database is one of ours, of a version that we read, and whole; it is not changed."""
    steps = load_migrations()
    if not path.exists():
        return Finding("database", f"none yet; the first run makes {path}")
    try:
        check_file(path, len(steps))
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except (StorageError, sqlite3.Error) as error:
        return Finding("database", f"{path}: {error}", "stop the bot and put a backup in its place")
    if state != "ok":
        return Finding("database", f"{path} is damaged: {state}", "stop the bot and put a backup in its place")
    newest = "" if version == len(steps) else f", to be migrated to {len(steps)} at the next run"
    return Finding("database", f"{path}, whole, version {version}{newest}")


def check_disk(folder: Path) -> Finding:
    """Look how much room is left where the data are, or will be."""
    free = free_bytes(folder)
    words = f"{free / 1e9:.1f} GB free at {folder}"
    if free < RESERVE_BYTES:
        words += f"; painting rests below {RESERVE_BYTES / 1e9:g} GB"
    return Finding("disk", words, None if free >= LEAST_FREE_BYTES else "make room, or move VERNISSAGE_DATA")


def check_pictures(folder: Path, budget_bytes: int) -> Finding:
    """Look how much of their budget the stored pictures take."""
    used = sum(file.stat().st_size for file in folder.glob("??/*.png"))
    words = f"{used / 1e9:.2f} GB of pictures, of {budget_bytes / 1e9:g} GB that they may take"
    cure = "raise VERNISSAGE_DISK_BUDGET; the bot removes what nobody can reach, and rests when the budget is spent"
    return Finding("pictures", words, None if used <= budget_bytes else cure)


def check_shelf(shelf: Shelf) -> list[Finding]:
    """Tell which styles are offered, and why others are not."""
    problems = [Finding("styles", problem, "repair the style, or remove its folder") for problem in shelf.problems]
    if not shelf.packs:
        cure = "use VERNISSAGE_MODEL=bundled, or put packs made for this model into the data folder's packs/"
        return [Finding("styles", "there is none for this model", cure), *problems]
    return [Finding("styles", ", ".join(shelf.packs)), *problems]


def check_model_files(model: str) -> Finding:
    """Look whether the model's folder is there; one that a hub has is found out by loading it."""
    folder = model_folder(model)
    if folder is None:
        return Finding("model", f"{model}, of a model hub")
    if not (folder / "model_index.json").is_file():
        if model == BUNDLED:
            cure = "it comes with the program: install it again, with all of its files"
        else:
            cure = "set VERNISSAGE_MODEL to bundled, or to a folder that diffusers saved"
        return Finding("model", f"{folder} holds no diffusers model (no model_index.json)", cure)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Finding("model", f"{folder}, {size / 1e6:.0f} MB")


async def check_device(device: str) -> Finding:
    """Ask for a GPU in a process of its own, as the bot's has no torch."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _ASK_TORCH, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    answer, _ = await process.communicate()
    if process.returncode != 0:
        return Finding("device", "torch cannot be loaded", "install the program again: pip install vernissage")
    name = answer.decode().strip()
    if device == "cuda" and not name:
        cure = "install the driver and a torch with CUDA, or set VERNISSAGE_DEVICE=auto"
        return Finding("device", "VERNISSAGE_DEVICE=cuda, but torch sees no GPU", cure)
    return Finding("device", name if name and device != "cpu" else "CPU")


async def check_model(settings: Settings, shelf: Shelf) -> Finding:
    """Load the model in an engine of its own, as the bot would."""
    painter = LocalPainter(
        model=settings.model,
        device=settings.device,
        packs=tuple(shelf.packs.values()),
        start_timeout_s=MODEL_START_S,
    )
    try:
        model = await painter.start()
        problems = painter.problems
    except StyleError as error:
        return Finding("engine", str(error), "see the lines above about model and device")
    finally:
        await painter.close()
    if problems:
        return Finding("engine", "; ".join(problems), "train those adapters again, or remove them")
    return Finding("engine", f"loaded {model.id}: {model.width} x {model.height} px, {model.steps} steps")
