"""The paths of what people do in chats: write, send files, press, react, answer polls."""

import asyncio
import base64
import time

from aiohttp import BodyPartReader, web

from sandbox.acts import speaking, touching
from sandbox.acts.speaking import Place
from sandbox.errors import PeopleError
from sandbox.params import Upload
from sandbox.people_api.reading import number, number_in_path, numbers, optional_number, read_object, text, texts
from sandbox.render import message_to_page
from sandbox.state import State

_PRESS_TIMEOUT_S = 30
_MAX_UPLOAD_BYTES = 200 * 1024 * 1024
_KINDS = ("photo", "document")


async def say(state: State, request: web.Request) -> web.StreamResponse:
    """Let a person write."""
    body = await read_object(request)
    place = Place(
        number_in_path(request, "chat"),
        number(body, "person"),
        optional_number(body, "reply_to"),
        optional_number(body, "thread"),
        optional_number(body, "as_chat"),
    )
    return web.json_response(message_to_page(state, speaking.say(state, place, text(body, "text"))))


async def edit(state: State, request: web.Request) -> web.StreamResponse:
    """Let a person change what they wrote."""
    body = await read_object(request)
    place = number_in_path(request, "chat"), number_in_path(request, "message")
    message = speaking.edit(state, *place, number(body, "person"), text(body, "text"))
    return web.json_response(message_to_page(state, message))


async def upload(state: State, request: web.Request) -> web.StreamResponse:
    """Let a person send pictures or files: form fields `person`, `kind`, `caption`, `reply_to`, `thread`, and files."""
    fields, files = await _read_form(request)
    kind = fields.get("kind", "photo")
    if kind not in _KINDS:
        raise PeopleError(400, f"kind must be one of {', '.join(_KINDS)}")
    place = Place(
        number_in_path(request, "chat"),
        _form_number(fields, "person") or 0,
        _form_number(fields, "reply_to"),
        _form_number(fields, "thread"),
        _form_number(fields, "as_chat"),
    )
    sent = await speaking.upload(state, place, files, as_photos=kind == "photo", caption=fields.get("caption", ""))
    # recorded here, since a form can be read only once
    form = {**fields, "files": [_to_record(file) for file in files]}
    state.recording.act(request.method, request.path, form, [message.id for message in sent])
    return web.json_response([message_to_page(state, message) for message in sent])


async def press(state: State, request: web.Request) -> web.StreamResponse:
    """Let a person press a button, and wait for the bot's answer."""
    body = await read_object(request)
    started = time.perf_counter()
    place = number_in_path(request, "chat"), number_in_path(request, "message")
    waiting = touching.press(state, *place, number(body, "person"), text(body, "data"))
    # recorded before it is over: what the bot answers must come after it in the record
    state.recording.act(request.method, request.path, body, [])
    try:
        answer = await asyncio.wait_for(waiting, _PRESS_TIMEOUT_S)
    except TimeoutError:
        return web.json_response({"answered": False})
    took_ms = round((time.perf_counter() - started) * 1000)
    return web.json_response(
        {"answered": True, "text": answer.text, "show_alert": answer.show_alert, "took_ms": took_ms}
    )


async def react(state: State, request: web.Request) -> web.StreamResponse:
    """Let a person react; an empty list takes the reaction back."""
    body = await read_object(request)
    place = number_in_path(request, "chat"), number_in_path(request, "message")
    message = touching.react(state, *place, number(body, "person"), texts(body, "emojis"))
    return web.json_response(message_to_page(state, message))


async def vote(state: State, request: web.Request) -> web.StreamResponse:
    """Let a person answer a poll; an empty list takes the answer back."""
    body = await read_object(request)
    place = number_in_path(request, "chat"), number_in_path(request, "message")
    options = numbers(body, "options", "option numbers, from 0")
    message = touching.answer_poll(state, *place, number(body, "person"), options)
    return web.json_response(message_to_page(state, message))


async def _read_form(request: web.Request) -> tuple[dict[str, str], list[Upload]]:
    if request.content_type != "multipart/form-data":
        raise PeopleError(400, "files are sent as multipart/form-data")
    fields: dict[str, str] = {}
    files: list[Upload] = []
    size = 0
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                raise PeopleError(400, "every part of the form needs a name")
            data = bytes(await part.read(decode=True))
            size += len(data)
            if size > _MAX_UPLOAD_BYTES:
                raise PeopleError(413, f"one sends at most {_MAX_UPLOAD_BYTES} bytes together")
            if part.filename is None:
                fields[part.name] = data.decode()
            else:
                files.append(Upload(part.filename, data))
    except ValueError as error:
        raise PeopleError(400, "the form cannot be read") from error
    return fields, files


def _to_record(file: Upload) -> dict[str, str]:
    return {"name": file.filename, "data": base64.b64encode(file.data).decode()}


def _form_number(fields: dict[str, str], key: str) -> int | None:
    value = fields.get(key)
    if value is None and key == "person":
        raise PeopleError(400, "person must be an integer")
    if value is not None and not value.removeprefix("-").isdigit():
        raise PeopleError(400, f"{key} must be an integer")
    return None if value is None else int(value)
