"""Lists the paths of the people's side, and turns refusals into answers."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.errors import PeopleError
from sandbox.people_api import acting, chats, control, pages
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
    ("GET", "/api/health", pages.health),
    ("POST", "/api/people", chats.add_person),
    ("POST", "/api/groups", chats.add_group),
    ("POST", _CHAT + "/members", chats.set_member),
    ("POST", _CHAT + "/migrate", chats.migrate),
    ("POST", _CHAT + "/topics", chats.open_topic),
    ("POST", _CHAT + r"/topics/{thread:\d+}", chats.close_topic),
    ("POST", _CHAT + "/block", chats.block),
    ("POST", _CHAT + "/messages", acting.say),
    ("POST", _CHAT + "/uploads", acting.upload),
    ("POST", _MESSAGE + "/press", acting.press),
    ("POST", _MESSAGE + "/react", acting.react),
    ("POST", _MESSAGE + "/vote", acting.vote),
    ("GET", "/api/clock", control.tell_time),
    ("POST", "/api/clock", control.move_clock),
    ("POST", "/api/bot", control.set_bot),
)


def add_people_routes(app: web.Application, state: State) -> None:
    """Serve the people's side of `state`, and the chat page."""

    def bound(handler: _Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(state, request)
            except PeopleError as error:
                return web.json_response({"error": str(error)}, status=error.status)

        return handle

    for verb, path, handler in _ROUTES:
        app.router.add_route(verb, path, bound(handler))
