"""The life of the bot: opens everything in order, serves, and closes it in reverse.

Owns start, stop and wiring. Knows neither what people do (`bot.handlers`) nor what comes of it (`bot.sessions`).
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ApplicationBuilder, CallbackContext

from bot import handlers
from bot.data_folder import DataFolder
from bot.errors import StartError, TokenRejectedError
from bot.fetching import App, check_fetching, fetching
from bot.heartbeat import beating
from bot.limits import Limits
from bot.menu import menu
from bot.metrics import check_metrics, serving_metrics
from bot.processor import InOrder, UpdateQueue
from bot.services import Services
from bot.sessions import Sessions
from bot.settings import Settings
from bot.teaching.folders import published_packs
from bot.transport import Transport
from bot.words import CATALOGUES, words_for
from storage.audit import prune_refusals
from storage.database import Database
from storage.pictures import PictureStore
from storage.quotas import prune_usage
from storage.updates import prune_updates
from style.engine.client import LocalPainter
from style.places import BUNDLED_PACKS, model_id
from style.shelf import load_shelf

log = logging.getLogger(__name__)

LONGEST_RETRY_S = 60.0
UPKEEP_EVERY = timedelta(days=1)
UPDATES_KEPT = timedelta(days=2)
"""Telegram sends an update again for 24 hours at most."""

REFUSALS_KEPT = timedelta(days=90)
"""Anybody can make a refusal, so they are not kept for ever; what operators did is."""

# A stop has ten seconds in all; a part that is not done in its share of them is left, and the log says so.
_FETCHING_STOP_S = 2.0
_HANDLERS_STOP_S = 1.5
_SESSIONS_STOP_S = 3.0
_PAINTER_STOP_S = 2.0


async def serve(settings: Settings) -> None:
    """Run the bot until this task is cancelled; everything is closed in order then, in less than ten seconds.

    Raises:
        TokenRejectedError: the Bot API does not know the token, now or any longer.
        BadInputError: the webhook's server cannot listen on its port.
        StartError: the Bot API refuses the webhook, or to say who the bot is.
        DataFolderError, DataFolderInUseError: the data folder cannot be used.
        StorageError: the database cannot be used.
        StyleError: the model cannot be loaded.
    """
    # The library's way to opt in to spans of time as timedelta; without, it warns at each 429.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    rejected = asyncio.Event()
    async with AsyncExitStack() as stack:
        folder = DataFolder(settings.data)
        stack.enter_context(folder.held())
        check_fetching(settings)
        check_metrics(settings)
        database = await stack.enter_async_context(Database.open(folder.database))
        # From here on, since reaching the Bot API and loading the model may take as long as they want.
        await stack.enter_async_context(beating(folder.heartbeat, partial(database.reader.one, "SELECT 1")))
        processor = InOrder()
        application = _build_application(settings, processor, rejected)
        await stack.enter_async_context(_connected(application, settings))
        services = await stack.enter_async_context(_services(settings, folder, database))
        sessions = Sessions(services, application.bot, queue=application.job_queue)
        handlers.register(application, sessions)
        await stack.enter_async_context(serving_metrics(settings, services, folder.heartbeat))
        _plan_upkeep(application, database, sessions)
        stack.push_async_callback(_close, "the sessions", sessions.stop, _SESSIONS_STOP_S)
        await sessions.start()
        await stack.enter_async_context(_processing(application, processor))
        await stack.enter_async_context(fetching(application, settings, _FETCHING_STOP_S))
        await _tell_commands(application)
        spare_collections()
        how = "by webhook" if settings.webhook_url else "by polling"
        log.info("ready: @%s, %s, %d styles", application.bot.username, how, len(services.shelf.packs))
        await rejected.wait()
        raise TokenRejectedError(settings.api_url)


def _build_application(settings: Settings, processor: InOrder, rejected: asyncio.Event) -> App:
    host = urlsplit(settings.api_url).hostname or ""
    transport = Transport(use_proxy=host not in {"localhost", "127.0.0.1", "::1"}, on_unauthorized=rejected.set)
    builder = ApplicationBuilder().token(settings.token.get_secret_value())
    builder = builder.base_url(settings.base_url).base_file_url(settings.base_file_url)
    builder = builder.request(transport).get_updates_request(transport)
    return builder.rate_limiter(Limits()).concurrent_updates(processor).update_queue(UpdateQueue()).build()


@asynccontextmanager
async def _connected(application: App, settings: Settings) -> AsyncIterator[None]:
    """Greet the Bot API, as often as it takes to reach it."""
    retry_s = 1.0
    try:
        while True:
            try:
                await application.initialize()
                break
            except InvalidToken:
                raise TokenRejectedError(settings.api_url) from None
            except BadRequest as error:
                raise StartError(f"{settings.api_url} refused to say who the bot is: {error}") from None
            except (NetworkError, RetryAfter) as error:
                log.warning("cannot reach %s (%s); trying again in %.0f s", settings.api_url, error, retry_s)
                await asyncio.sleep(retry_s)
                retry_s = min(2 * retry_s, LONGEST_RETRY_S)
        yield
    finally:
        # The library closes what it opened only once all of it was.
        await application.shutdown()
        await application.bot.shutdown()


@asynccontextmanager
async def _services(settings: Settings, folder: DataFolder, database: Database) -> AsyncIterator[Services]:
    """Take the styles from the shelf, and start the painter with them."""
    versions = published_packs(folder)
    shelf = await asyncio.to_thread(load_shelf, (BUNDLED_PACKS, folder.packs), model_id(settings.model), versions)
    for problem in shelf.problems:
        log.warning("style not offered: %s", problem)
    painter = LocalPainter(model=settings.model, device=settings.device, packs=shelf.every_pack())
    try:
        log.info("loading the model %s", settings.model)
        model = await painter.start()
        yield Services(
            settings=settings,
            database=database,
            pictures=PictureStore(folder.pictures),
            painter=painter,
            shelf=shelf,
            model=model,
            clock=_now,
        )
    finally:
        await _close("the painter", painter.close, _PAINTER_STOP_S)


@asynccontextmanager
async def _processing(application: App, processor: InOrder) -> AsyncIterator[None]:
    """Let handlers have the updates; at the end let them finish, or else end them."""
    await application.start()
    try:
        yield
    finally:
        if not await _close("the handlers", application.stop, _HANDLERS_STOP_S):
            processor.cancel()


async def _tell_commands(application: App) -> None:
    try:
        await application.bot.set_my_commands(menu(words_for(None)))
        for language, words in CATALOGUES.items():
            await application.bot.set_my_commands(menu(words), language_code=language)
    except TelegramError as error:
        log.warning("the menu of commands was not set: %s", error)


def _plan_upkeep(application: App, database: Database, sessions: Sessions) -> None:
    async def keep_up(_: CallbackContext[Any, Any, Any, Any]) -> None:
        async with database.transaction() as tx:
            count = await prune_updates(tx, before=_now() - UPDATES_KEPT)
            await prune_refusals(tx, before=_now() - REFUSALS_KEPT)
            await prune_usage(tx, before=_now())
            await tx.all("PRAGMA optimize")
        await sessions.commons.learn()
        tidied = await sessions.crew.room.tidy()
        log.info("upkeep done, %d updates forgotten, %d pictures removed", count, tidied.removed)

    assert application.job_queue is not None  # noqa: S101  # the builder makes one
    # A start counts as a day's turn: a bot that is started every night would else never come to it.
    application.job_queue.run_repeating(
        keep_up, UPKEEP_EVERY, first=timedelta(seconds=30), name="upkeep", job_kwargs={"misfire_grace_time": None}
    )


def spare_collections() -> None:
    """Take all that a start has made out of the collections of garbage, each of which would stop the loop for 50 ms.

    Most of it is code, which stays as long as the process; what comes later is collected as ever.
    """
    gc.collect()
    gc.freeze()


async def _close(what: str, close: Callable[[], Awaitable[None]], timeout_s: float) -> bool:
    """Close a part, and return whether that was done in time and without an error; a stop goes on either way."""
    try:
        async with asyncio.timeout(timeout_s):
            await close()
    except TimeoutError:
        log.warning("%s did not stop within %.1f s", what, timeout_s)
    except Exception:
        log.exception("%s did not stop as they should", what)
    else:
        return True
    return False


def _now() -> datetime:
    return datetime.now(UTC)
