"""Lists the paths of the people's side, and turns refusals into answers."""

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.errors import PeopleError
from sandbox.people_api import acting, chats, company, control, pages
from sandbox.people_api.reading import read_object
from sandbox.recording.shapes import ids_in
from sandbox.state import State

_Handler = Callable[[State, web.Request], Awaitable[web.StreamResponse]]
_CHAT = r"/api/chats/{chat:-?\d+}"
_MESSAGE = _CHAT + r"/messages/{message:\d+}"

_ROUTES: tuple[tuple[str, str, _Handler], ...] = (
    ("GET", "/", pages.page),
    ("GET", "/static/{path:.+}", pages.static),
    ("GET", "/api/state", pages.everything),
    ("GET", "/api/files/{file_id}", pages.file),
    ("GET", "/api/events", pages.events),
    ("GET", "/api/transcript", pages.transcript),
    ("GET", r"/api/transcript/{number:\d+}", pages.transcript_entry),
    ("GET", "/api/health", pages.health),
    ("POST", "/api/people", chats.add_person),
    ("DELETE", r"/api/people/{person:\d+}", chats.delete_account),
    ("POST", "/api/groups", chats.add_group),
    ("POST", _CHAT + "/members", chats.set_member),
    ("POST", _CHAT + "/migrate", chats.migrate),
    ("POST", _CHAT + "/topics", chats.open_topic),
    ("POST", _CHAT + r"/topics/{thread:\d+}", chats.close_topic),
    ("POST", _CHAT + "/block", chats.block),
    ("POST", _CHAT + "/guests", company.invite),
    ("DELETE", _CHAT + "/guests", company.send_home),
    ("POST", _CHAT + "/messages", acting.say),
    ("POST", _CHAT + "/uploads", acting.upload),
    ("POST", _MESSAGE + "/edit", acting.edit),
    ("POST", _MESSAGE + "/press", acting.press),
    ("POST", _MESSAGE + "/react", acting.react),
    ("POST", _MESSAGE + "/vote", acting.vote),
    ("GET", "/api/clock", control.tell_time),
    ("POST", "/api/clock", control.move_clock),
    ("POST", "/api/bot", control.set_bot),
    ("GET", "/api/faults", control.list_faults),
    ("POST", "/api/faults", control.add_fault),
    ("DELETE", "/api/faults", control.clear_faults),
    ("DELETE", r"/api/faults/{fault:\d+}", control.remove_fault),
    ("GET", "/api/recording", control.recording),
)


# Of guests it is what they do that is recorded: replayed, that alone is to happen, and not twice.
_RECORD_THEMSELVES = (acting.press, acting.upload, company.invite, company.send_home)


def add_people_routes(app: web.Application, state: State) -> None:
    """Serve the people's side of `state`, and the chat page."""

    def bound(handler: _Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                response = await handler(state, request)
            except PeopleError as error:
                return web.json_response({"error": str(error)}, status=error.status)
            if request.method != "GET" and handler not in _RECORD_THEMSELVES:
                await _record(state, request, response)
            return response

        return handle

    for verb, path, handler in _ROUTES:
        app.router.add_route(verb, path, bound(handler))


async def _record(state: State, request: web.Request, response: web.StreamResponse) -> None:
    """Record an act that was done, with the ids of the messages that came of it."""
    body = await read_object(request) if request.body_exists else {}
    answered = response.body if isinstance(response, web.Response) else None
    made = ids_in(json.loads(answered)) if isinstance(answered, bytes) else []
    state.recording.act(request.method, request.path, body, made)
