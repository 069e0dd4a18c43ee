"""Owns the people's side of the HTTP server: the chat page, guests and tests see the chats through it."""

import asyncio
import json
import mimetypes
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox import acts
from sandbox.errors import PeopleError
from sandbox.render import message_to_page
from sandbox.state import State

_STATIC = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_PRESS_TIMEOUT_S = 30
_NO_PAGE = "The chat page is not installed: sandbox/static/index.html is missing. The API under /api/ works.\n"
_Handler = Callable[[State, web.Request], Awaitable[web.StreamResponse]]


def add_people_routes(app: web.Application, state: State) -> None:
    """Serve the people's side of `state`, and the chat page."""

    def bound(handler: _Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(state, request)
            except PeopleError as error:
                return web.json_response({"error": str(error)}, status=error.status)

        return handle

    app.router.add_get("/", bound(_page))
    app.router.add_get("/api/state", bound(_state))
    app.router.add_post("/api/people", bound(_add_person))
    app.router.add_post("/api/groups", bound(_add_group))
    app.router.add_post(r"/api/chats/{chat:-?\d+}/messages", bound(_say))
    app.router.add_post(r"/api/chats/{chat:-?\d+}/messages/{message:\d+}/press", bound(_press))
    app.router.add_post(r"/api/chats/{chat:-?\d+}/block", bound(_block))
    app.router.add_get("/api/files/{file_id}", bound(_file))
    app.router.add_get("/api/events", bound(_events))
    app.router.add_get("/api/transcript", bound(_transcript))
    app.router.add_get("/api/health", bound(_health))
    app.router.add_get("/static/{path:.+}", bound(_static))


async def _page(state: State, request: web.Request) -> web.StreamResponse:
    page = _STATIC / "index.html"
    if not page.is_file():
        return web.Response(status=404, text=_NO_PAGE)
    return web.FileResponse(page, headers={"Cache-Control": "no-cache"})


async def _static(state: State, request: web.Request) -> web.StreamResponse:
    path = (_STATIC / request.match_info["path"]).resolve()
    if not path.is_relative_to(_STATIC.resolve()) or not path.is_file():
        raise PeopleError(404, "no such file")
    # the machine's own table of types may know scripts by an older name, which browsers refuse for modules
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return web.FileResponse(path, headers={"Cache-Control": "no-cache", "Content-Type": kind})


async def _state(state: State, request: web.Request) -> web.StreamResponse:
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
    return web.json_response({"bot": bot, "people": people, "chats": chats, "event_id": state.events.last_id})


async def _add_person(state: State, request: web.Request) -> web.StreamResponse:
    body = await _body(request)
    person = acts.come_in(state, _text(body, "first_name"), body.get("language_code") or "en")
    return web.json_response(person.to_page())


async def _add_group(state: State, request: web.Request) -> web.StreamResponse:
    body = await _body(request)
    members = body.get("members")
    if not isinstance(members, list) or not all(type(member) is int for member in members):
        raise PeopleError(400, "members must be a list of person ids")
    chat = acts.found_group(state, _text(body, "title"), members)
    messages = [message_to_page(state, message) for message in state.messages.of_chat(chat.id)]
    return web.json_response(chat.to_page(messages))


async def _say(state: State, request: web.Request) -> web.StreamResponse:
    body = await _body(request)
    reply_to = _number(body, "reply_to") if body.get("reply_to") is not None else None
    message = acts.say(state, _chat(request), _number(body, "person"), _text(body, "text"), reply_to)
    return web.json_response(message_to_page(state, message))


async def _press(state: State, request: web.Request) -> web.StreamResponse:
    body = await _body(request)
    message_id = int(request.match_info["message"])
    started = time.perf_counter()
    waiting = acts.press(state, _chat(request), message_id, _number(body, "person"), _text(body, "data"))
    try:
        answer = await asyncio.wait_for(waiting, _PRESS_TIMEOUT_S)
    except TimeoutError:
        return web.json_response({"answered": False})
    took_ms = round((time.perf_counter() - started) * 1000)
    return web.json_response(
        {"answered": True, "text": answer.text, "show_alert": answer.show_alert, "took_ms": took_ms}
    )


async def _block(state: State, request: web.Request) -> web.StreamResponse:
    body = await _body(request)
    blocked = body.get("blocked")
    if not isinstance(blocked, bool):
        raise PeopleError(400, "blocked must be true or false")
    acts.block(state, _chat(request), _number(body, "person"), blocked)
    return web.json_response({"blocked": blocked})


async def _file(state: State, request: web.Request) -> web.StreamResponse:
    stored = state.files.get(request.match_info["file_id"])
    if stored is None:
        raise PeopleError(404, "no such file")
    headers = {"Content-Type": stored.mime_type, "Cache-Control": "private, max-age=31536000, immutable"}
    return web.Response(body=stored.data, headers=headers)


async def _events(state: State, request: web.Request) -> web.StreamResponse:
    asked = request.headers.get("Last-Event-ID", "")
    after = int(asked) if asked.isdigit() else state.events.last_id
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    await response.prepare(request)
    await response.write(b": here we are\n\n")
    async for number, event in state.events.follow(after):
        await response.write(f"id: {number}\ndata: {json.dumps(event)}\n\n".encode())
    return response


async def _transcript(state: State, request: web.Request) -> web.StreamResponse:
    after = request.query.get("after", "0")
    if not after.isdigit():
        raise PeopleError(400, "after must be a number")
    return web.json_response(state.transcript.after(int(after)))


async def _health(state: State, request: web.Request) -> web.StreamResponse:
    return web.json_response({"ok": True})


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError as error:
        raise PeopleError(400, "the body must be JSON") from error
    if not isinstance(body, dict):
        raise PeopleError(400, "the body must be a JSON object")
    return body


def _chat(request: web.Request) -> int:
    return int(request.match_info["chat"])


def _number(body: dict[str, Any], key: str) -> int:
    value = body.get(key)
    if type(value) is not int:
        raise PeopleError(400, f"{key} must be an integer")
    return value


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise PeopleError(400, f"{key} must be a text")
    return value
