"""The paths of what people see: the chat page, the chats, files, events, and the transcript."""

import contextlib
import json
import mimetypes
from pathlib import Path

from aiohttp import web

from sandbox.errors import PeopleError
from sandbox.people_api.reading import number_in_path
from sandbox.render import message_to_page
from sandbox.state import State

_STATIC = Path(__file__).parent.parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_NO_PAGE = "The chat page is not installed: sandbox/static/index.html is missing. The API under /api/ works.\n"


async def page(state: State, request: web.Request) -> web.StreamResponse:
    """Serve the chat page."""
    page = _STATIC / "index.html"
    if not page.is_file():
        return web.Response(status=404, text=_NO_PAGE)
    return web.FileResponse(page, headers={"Cache-Control": "no-cache"})


async def static(state: State, request: web.Request) -> web.StreamResponse:
    """Serve a file of the chat page."""
    path = (_STATIC / request.match_info["path"]).resolve()
    if not path.is_relative_to(_STATIC.resolve()) or not path.is_file():
        raise PeopleError(404, "no such file")
    # the machine's own table of types may know scripts by an older name, which browsers refuse for modules
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return web.FileResponse(path, headers={"Cache-Control": "no-cache", "Content-Type": kind})


async def everything(state: State, request: web.Request) -> web.StreamResponse:
    """Tell everything that there is."""
    chats = [
        chat.to_page([message_to_page(state, message) for message in state.messages.of_chat(chat.id)])
        for chat in state.chats.all()
    ]
    bot = {
        "id": state.bot.id,
        "first_name": state.bot.first_name,
        "username": state.bot.username,
        "commands": state.commands.shown(),
    }
    people = [person.to_page() for person in state.people.all()]
    settings = {"privacy": state.bot.has_privacy, "flood_limits": state.flood.are_on}
    told = {"bot": bot, "settings": settings, "people": people, "chats": chats, "event_id": state.events.last_id}
    return web.json_response(told)


async def file(state: State, request: web.Request) -> web.StreamResponse:
    """Serve a file's bytes."""
    stored = state.files.get(request.match_info["file_id"])
    if stored is None:
        raise PeopleError(404, "no such file")
    headers = {"Content-Type": stored.mime_type, "Cache-Control": "private, max-age=31536000, immutable"}
    return web.Response(body=stored.data, headers=headers)


async def events(state: State, request: web.Request) -> web.StreamResponse:
    """Tell what happens, as server-sent events."""
    asked = request.headers.get("Last-Event-ID", "")
    after = int(asked) if asked.isdigit() else state.events.last_id
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    await response.prepare(request)
    await response.write(b": here we are\n\n")
    # Who listens may leave at any moment, also in the midst of a line: then there is nobody to be told.
    with contextlib.suppress(ConnectionResetError):
        async for number, event in state.events.follow(after):
            await response.write(f"id: {number}\ndata: {json.dumps(event)}\n\n".encode())
    return response


async def transcript(state: State, request: web.Request) -> web.StreamResponse:
    """Tell of the requests that the bot has made."""
    after = request.query.get("after", "0")
    if not after.isdigit():
        raise PeopleError(400, "after must be a number")
    return web.json_response(state.transcript.after(int(after)))


async def transcript_entry(state: State, request: web.Request) -> web.StreamResponse:
    """Tell of one request, with what was answered."""
    entry = state.transcript.entry(number_in_path(request, "number"))
    if entry is None:
        raise PeopleError(404, "no such request is kept")
    return web.json_response(entry)


async def health(state: State, request: web.Request) -> web.StreamResponse:
    """Say that the server is well."""
    return web.json_response({"ok": True})
