"""Owns the sandbox's server: puts both sides together, listens, and closes in order."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from sandbox.bot_api import add_bot_routes
from sandbox.clock import Clock
from sandbox.guests.house import GuestHouse
from sandbox.people_api.company import HOUSE
from sandbox.people_api.routes import add_people_routes
from sandbox.state import DEFAULT_TOKEN, State

_MAX_BODY_BYTES = 60 * 1024 * 1024
_SHUTDOWN_TIMEOUT_S = 2.0


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that listens: its address (without a slash at the end), the bot's token, and its memory."""

    url: str
    token: str
    state: State


def build_app(state: State) -> web.Application:
    """Build the web application around a memory."""
    app = web.Application(client_max_size=_MAX_BODY_BYTES)
    app[HOUSE] = GuestHouse(state)
    add_bot_routes(app, state)
    add_people_routes(app, state)

    async def finish(app: web.Application) -> None:
        await app[HOUSE].close()
        state.events.close()
        state.polling.end("the sandbox is closing")
        await state.webhook.close()
        await state.timers.close()

    app.on_shutdown.append(finish)
    return app


@asynccontextmanager
async def running_sandbox(
    port: int = 0,
    *,
    host: str = "127.0.0.1",
    token: str = DEFAULT_TOKEN,
    clock: Clock | None = None,
    has_flood_limits: bool = False,
) -> AsyncIterator[RunningSandbox]:
    """Run a sandbox in this process, on this event loop; port 0 takes any free one.

    Flood limits are off unless they are asked for: a test that is about something else may send as it likes.

    Raises:
        OSError: the port is taken.
        ValueError: the token has not the form of a bot's token.
    """
    state = State(token=token, clock=clock, has_flood_limits=has_flood_limits)
    # the access log would hold the token, which is part of each path
    app = build_app(state)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_SHUTDOWN_TIMEOUT_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0]
        url = f"http://{_spelled(bound[0])}:{bound[1]}"
        app[HOUSE].url = url
        yield RunningSandbox(url, token, state)
    finally:
        await runner.cleanup()


def _spelled(host: str) -> str:
    if host == "0.0.0.0":  # noqa: S104 -- compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
