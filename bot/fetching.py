"""Where updates come from: polling, or a webhook whose server runs here. What is done with them is not known here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from telegram.error import Conflict, TelegramError
from telegram.ext import Application, Updater

from bot.errors import StartError
from bot.ports import check_port
from bot.settings import Settings

log = logging.getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member", "chat_member", "message_reaction", "poll_answer")
POLL = timedelta(seconds=30)
_WEBHOOK_RETRIES = 5


def check_fetching(settings: Settings) -> None:
    """Check what can be checked before the model is loaded: that the webhook's server can listen.

    Raises:
        BadInputError: it cannot; the message names the settings to change.
    """
    if settings.webhook_url:
        cure = "free it, or set VERNISSAGE_WEBHOOK_LISTEN and VERNISSAGE_WEBHOOK_PORT"
        check_port(settings.webhook_listen, settings.listen_port, cure)


@asynccontextmanager
async def fetching(application: App, settings: Settings, stop_timeout_s: float) -> AsyncIterator[None]:
    """Fetch updates until the end: by webhook if its URL is set, else by polling.

    Raises:
        StartError: the webhook's server cannot listen, or the Bot API refuses the webhook.
    """
    updater = application.updater
    assert updater is not None  # noqa: S101  # the builder makes one
    try:
        if settings.webhook_url:
            await _start_webhook(updater, settings, settings.webhook_url)
        else:
            await updater.start_polling(
                timeout=POLL, allowed_updates=ALLOWED_UPDATES, bootstrap_retries=-1, error_callback=_tell_polling_error
            )
        yield
    finally:
        if updater.running:
            await _stop(updater, stop_timeout_s)


async def _start_webhook(updater: Updater, settings: Settings, url: str) -> None:
    secret = settings.webhook_secret
    try:
        await updater.start_webhook(
            listen=settings.webhook_listen,
            port=settings.listen_port,
            url_path=urlsplit(url).path.lstrip("/"),
            webhook_url=url,
            secret_token=secret.get_secret_value() if secret else None,
            allowed_updates=ALLOWED_UPDATES,
            bootstrap_retries=_WEBHOOK_RETRIES,
        )
    except OSError as error:
        raise StartError(f"the webhook's server cannot listen on port {settings.listen_port}: {error}") from None
    except TelegramError as error:
        raise StartError(f"the webhook {url} was refused: {error}; check VERNISSAGE_WEBHOOK_URL") from None


async def _stop(updater: Updater, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await updater.stop()
    except TimeoutError:
        # What was fetched and not yet confirmed comes again at the next start, and is dropped as known.
        log.warning("fetching updates did not stop within %.1f s", timeout_s)


def _tell_polling_error(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error(
            "another program fetches this bot's updates: stop it, or give this one a token of its own (%s)", error
        )
    else:
        log.warning("cannot fetch updates (%s); trying again", error)
