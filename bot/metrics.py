"""The metrics' server: /metrics in Prometheus' text format, and /health as JSON; on this machine's own address alone.

Knows nothing of how anything is measured. No answer names a person, a chat, or anything that somebody wrote.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.errors import StartError
from bot.heartbeat import DEAD_AFTER_S, last_beat_s
from bot.ports import check_port
from bot.services import Services
from bot.settings import Settings
from storage.drains import find_drain
from storage.errors import StorageError
from storage.statistics import sessions_by_phase, totals

HOST = "127.0.0.1"
_STOP_S = 1.0


def check_metrics(settings: Settings) -> None:
    """Check that the server can listen, before the model is loaded.

    Raises:
        BadInputError: it cannot; the message names the setting to change.
    """
    if settings.metrics_port is not None:
        check_port(HOST, settings.metrics_port, "free it, or set VERNISSAGE_METRICS_PORT")


@asynccontextmanager
async def serving_metrics(settings: Settings, services: Services, heartbeat: Path) -> AsyncIterator[None]:
    """Serve until the end of the block; nothing, where no port is set.

    Raises:
        StartError: the port was taken meanwhile.
    """
    if settings.metrics_port is None:
        yield
        return
    runner = web.AppRunner(_application(services, heartbeat), access_log=None, shutdown_timeout=_STOP_S)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, HOST, settings.metrics_port).start()
        except OSError as error:
            raise StartError(f"the metrics' server cannot listen on port {settings.metrics_port}: {error}") from None
        yield
    finally:
        await runner.cleanup()


def _application(services: Services, heartbeat: Path) -> web.Application:
    async def metrics(_: web.Request) -> web.Response:
        await _look(services)
        text = await asyncio.to_thread(generate_latest, services.meters.registry)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def health(_: web.Request) -> web.Response:
        told = await _health(services, heartbeat)
        return web.json_response(told, status=200 if told["status"] == "ok" else 503)

    application = web.Application()
    application.router.add_get("/metrics", metrics)
    application.router.add_get("/health", health)
    return application


async def _look(services: Services) -> None:
    """Ask the database for what only it knows."""
    reader, meters = services.database.reader, services.meters
    for phase, count in (await sessions_by_phase(reader)).items():
        meters.sessions.labels(phase.value).set(count)
    for what, count in asdict(await totals(reader)).items():
        meters.totals.labels(what).set(count)
    meters.drained.set(await find_drain(reader) is not None)


async def _health(services: Services, heartbeat: Path) -> dict[str, Any]:
    """Say whether the bot lives: the database answers, and the last beat is young."""
    beat_s = await asyncio.to_thread(last_beat_s, heartbeat)
    try:
        sessions = await sessions_by_phase(services.database.reader)
        is_drained = await find_drain(services.database.reader) is not None
    except StorageError:
        return {"status": "failing", "database": False, "last_beat_s": beat_s}
    is_alive = beat_s is not None and abs(beat_s) <= DEAD_AFTER_S
    return {
        "status": "ok" if is_alive else "failing",
        "database": True,
        "last_beat_s": None if beat_s is None else round(beat_s, 1),
        "drained": is_drained,
        "sessions": {phase.value: count for phase, count in sessions.items()},
    }
