"""Reads a request's parameters from wherever HTTP lets them stand; knows nothing of what they mean."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.errors import ApiError, BreachError

_MAX_BYTES = 60 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file part of a multipart request."""

    filename: str
    data: bytes


@dataclass(frozen=True)
class Params:
    """A request's parameters (text from forms, anything from JSON) and its file parts."""

    values: dict[str, Any]
    uploads: dict[str, Upload]

    def to_record(self) -> dict[str, Any]:
        """Return what the transcript keeps: files by name and size."""
        files = {name: {"file": upload.filename, "size": len(upload.data)} for name, upload in self.uploads.items()}
        return {**self.values, **files}


async def read_params(request: web.Request) -> Params:
    """Read query string and body: JSON, urlencoded or multipart.

    Raises:
        BreachError: the body cannot be read, or names a parameter twice.
        ApiError: the body is too large.
    """
    values: dict[str, Any] = {}
    uploads: dict[str, Upload] = {}
    for name, value in request.query.items():
        _put(values, name, value)
    if request.content_type == "application/json":
        for name, value in _object(await request.read()).items():
            if value is not None:
                _put(values, name, value)
    elif request.content_type == "application/x-www-form-urlencoded":
        for name, text in (await request.post()).items():
            _put(values, name, text)
    elif request.content_type == "multipart/form-data":
        await _read_parts(request, values, uploads)
    return Params(values, uploads)


def _object(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body) if body.strip() else {}
    except ValueError as error:
        raise BreachError("can't parse request body as JSON") from error
    if not isinstance(values, dict):
        raise BreachError("the request body must be a JSON object")
    return values


async def _read_parts(request: web.Request, values: dict[str, Any], uploads: dict[str, Upload]) -> None:
    read = 0
    try:
        parts = await request.multipart()
    except ValueError as error:
        raise BreachError("the multipart body has no boundary") from error
    async for part in parts:
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise BreachError("every part of a multipart request needs a name")
        data = bytes(await part.read(decode=True))
        read += len(data)
        if read > _MAX_BYTES:
            raise ApiError(413, "Request Entity Too Large")
        if part.filename is None:
            _put(values, part.name, _text(data))
        else:
            _put(uploads, part.name, Upload(part.filename, data))


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BreachError("strings must be encoded in UTF-8") from error


def _put(target: dict[str, Any], name: str, value: Any) -> None:
    if name in target:
        raise BreachError(f"the parameter {name!r} is given twice")
    target[name] = value
