"""The paths of what stands outside the chats: clock, faults, recording, flood limits, the bot's privacy mode."""

from aiohttp import web

from sandbox.errors import PeopleError
from sandbox.faults.rules import read_rule
from sandbox.people_api.reading import number_in_path, read_object, truth
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
    """Switch the bot's privacy mode, as its owner does, or the flood limits; what is not named stays."""
    body = await read_object(request)
    state.bot.has_privacy = truth(body, "privacy", default=state.bot.has_privacy)
    state.flood.are_on = truth(body, "flood_limits", default=state.flood.are_on)
    return web.json_response({"privacy": state.bot.has_privacy, "flood_limits": state.flood.are_on})


async def list_faults(state: State, request: web.Request) -> web.StreamResponse:
    """List the faults, with how often each has struck."""
    return web.json_response([fault.to_page() for fault in state.faults.all()])


async def add_fault(state: State, request: web.Request) -> web.StreamResponse:
    """Switch a fault on."""
    return web.json_response(state.faults.add(read_rule(await read_object(request))).to_page())


async def remove_fault(state: State, request: web.Request) -> web.StreamResponse:
    """Switch one fault off."""
    fault = number_in_path(request, "fault")
    if not state.faults.remove(fault):
        raise PeopleError(404, f"no fault {fault}")
    return web.json_response({"removed": fault})


async def clear_faults(state: State, request: web.Request) -> web.StreamResponse:
    """Switch all faults off."""
    state.faults.clear()
    return web.json_response({"removed": "all"})


async def recording(state: State, request: web.Request) -> web.StreamResponse:
    """Tell the session so far as JSON lines."""
    return web.Response(text=state.recording.text(), content_type="application/jsonl")
