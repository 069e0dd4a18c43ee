"""The paths of what stands outside the chats: the clock, and the bot's privacy mode."""

from aiohttp import web

from sandbox.errors import PeopleError
from sandbox.people_api.reading import read_object, truth
from sandbox.state import State


async def tell_time(state: State, request: web.Request) -> web.StreamResponse:
    """Tell what time it is in the sandbox."""
    return web.json_response({"now": state.clock.now().isoformat()})


async def move_clock(state: State, request: web.Request) -> web.StreamResponse:
    """Move the clock on; it never goes back."""
    body = await read_object(request)
    seconds = body.get("advance_s")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise PeopleError(400, "advance_s must be a number of seconds, 0 or more")
    state.clock.advance(seconds)
    return web.json_response({"now": state.clock.now().isoformat()})


async def set_bot(state: State, request: web.Request) -> web.StreamResponse:
    """Switch the bot's privacy mode, as its owner does."""
    body = await read_object(request)
    state.bot.has_privacy = truth(body, "privacy")
    return web.json_response({"privacy": state.bot.has_privacy})
