"""Reads what people send over HTTP, and says in words what is wrong with it."""

from typing import Any

from aiohttp import web

from sandbox.errors import PeopleError


async def read_object(request: web.Request) -> dict[str, Any]:
    """Return the body, which must be a JSON object.

    Raises:
        PeopleError: it is not.
    """
    try:
        body = await request.json()
    except ValueError as error:
        raise PeopleError(400, "the body must be JSON") from error
    if not isinstance(body, dict):
        raise PeopleError(400, "the body must be a JSON object")
    return body


def number_in_path(request: web.Request, name: str) -> int:
    """Return a number that stands in the path; the route has checked that it is one."""
    return int(request.match_info[name])


def number(body: dict[str, Any], key: str) -> int:
    """Return an integer.

    Raises:
        PeopleError: it is missing or something else.
    """
    value = body.get(key)
    if type(value) is not int:
        raise PeopleError(400, f"{key} must be an integer")
    return value


def optional_number(body: dict[str, Any], key: str) -> int | None:
    """Return an integer, or None where there is none.

    Raises:
        PeopleError: it is something else.
    """
    return None if body.get(key) is None else number(body, key)


def text(body: dict[str, Any], key: str) -> str:
    """Return a text.

    Raises:
        PeopleError: it is missing or something else.
    """
    value = body.get(key)
    if not isinstance(value, str):
        raise PeopleError(400, f"{key} must be a text")
    return value


def truth(body: dict[str, Any], key: str, default: bool | None = None) -> bool:
    """Return true or false, or `default` where nothing was given.

    Raises:
        PeopleError: it is missing without a default, or something else.
    """
    value = body.get(key, default)
    if not isinstance(value, bool):
        raise PeopleError(400, f"{key} must be true or false")
    return value


def numbers(body: dict[str, Any], key: str, what: str) -> list[int]:
    """Return a list of integers.

    Raises:
        PeopleError: it is missing or something else; `what` says what they are.
    """
    values = body.get(key)
    if not isinstance(values, list) or not all(type(value) is int for value in values):
        raise PeopleError(400, f"{key} must be a list of {what}")
    return values


def texts(body: dict[str, Any], key: str) -> list[str]:
    """Return a list of texts.

    Raises:
        PeopleError: it is missing or something else.
    """
    values = body.get(key)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise PeopleError(400, f"{key} must be a list of texts")
    return values
