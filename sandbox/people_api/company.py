"""The paths of guests: simulated people who come into a chat and vote there."""

from aiohttp import web

from sandbox.errors import PeopleError
from sandbox.guests.house import GuestHouse
from sandbox.guests.party import Manner
from sandbox.people_api.reading import number, number_in_path, read_object
from sandbox.render import message_to_page
from sandbox.state import State

HOUSE = web.AppKey("guests", GuestHouse)
_MOST_PACE_S = 600


async def invite(state: State, request: web.Request) -> web.StreamResponse:
    """Let guests come in; how many is `count`, one where it is left out."""
    body = await read_object(request)
    usual, chat = Manner(), number_in_path(request, "chat")
    pace_s = body.get("pace_s", usual.pace_s)
    if isinstance(pace_s, bool) or not isinstance(pace_s, int | float) or not 0 <= pace_s <= _MOST_PACE_S:
        raise PeopleError(400, f"pace_s must be a number of seconds, 0 to {_MOST_PACE_S}")
    seed = number(body, "seed") if "seed" in body else usual.seed
    if seed < 0:
        raise PeopleError(400, "seed must be 0 or more")
    count = number(body, "count") if "count" in body else 1
    await request.app[HOUSE].invite(chat, number(body, "person"), count, Manner(float(pace_s), seed))
    return _told(state, chat)


async def send_home(state: State, request: web.Request) -> web.StreamResponse:
    """Send all guests of a chat home."""
    chat = number_in_path(request, "chat")
    await request.app[HOUSE].send_home(chat)
    return _told(state, chat)


def _told(state: State, chat_id: int) -> web.Response:
    messages = [message_to_page(state, message) for message in state.messages.of_chat(chat_id)]
    return web.json_response(state.chats[chat_id].to_page(messages))
