"""Owns the bot's side of the HTTP server: token, method, parameters, judgement, answer, and the record of it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.errors import ApiError, BreachError
from sandbox.faults.enacting import LostError, carry_out, drip
from sandbox.faults.rules import DOWNLOAD, Rule
from sandbox.judge import judge
from sandbox.methods.method import Described, Method
from sandbox.methods.registry import METHODS, knows
from sandbox.params import Params, read_params
from sandbox.state import State

_log = logging.getLogger(__name__)
_METHOD_PATH = r"/bot{token:[^/]*}/{method:[^/]*}"
_MAKING = ("send", "copy", "forward")
_FILE_PATH = r"/file/bot{token:[^/]*}/{path:.*}"


def add_bot_routes(app: web.Application, state: State) -> None:
    """Serve the Bot API from `state`."""

    async def call(request: web.Request) -> web.Response:
        return await _call(state, request)

    async def fetch(request: web.Request) -> web.StreamResponse:
        return await _fetch(state, request)

    app.router.add_get(_METHOD_PATH, call)
    app.router.add_post(_METHOD_PATH, call)
    app.router.add_get(_FILE_PATH, fetch)


async def _call(state: State, request: web.Request) -> web.Response:
    if request.match_info["token"] != state.token:
        return _failure(ApiError(401))
    started = time.perf_counter()
    at = state.clock.now().timestamp()
    spelled = request.match_info["method"]
    method = METHODS.get(spelled.lower())
    params = Params({}, {})
    error: ApiError | LostError | None = None
    done: list[Any] = []
    result: Any = None
    rule: Rule | None = None
    try:
        if method is None:
            raise _unknown(spelled)
        params = await read_params(request)
        asked = judge(method.model, params.values, params.uploads)
        rule = state.faults.for_request(method.name, _chat_in(params))
        result = await carry_out(rule, asked, _doing(state, method, params, done))
    except (ApiError, LostError) as failure:
        error = failure
    took_ms = (time.perf_counter() - started) * 1000
    answer = None if isinstance(error, LostError) else _refusal(error) if error else _success(result)
    entry = state.transcript.add(
        at=at,
        method=method.name if method else spelled,
        request=params.to_record(),
        error=_words(error),
        took_ms=took_ms,
        breach=_breach(spelled, error),
        sent=_made(method, done),
        fault=rule.kind if rule else None,
        answer=answer,
    )
    state.recording.request(entry)
    if isinstance(error, LostError):
        return await _lose(request, error)
    return web.json_response(answer, status=error.error_code if error else 200)


def _doing(state: State, method: Method, params: Params, done: list[Any]) -> Callable[[Any], Awaitable[Any]]:
    """Make the function that carries a request out; `done` gets its result, whether or not that is answered."""

    async def do(request: Any) -> Any:
        with state.flood.counting(request):
            done.append(await method.handle(state, request, params.uploads))
        return done[-1]

    return do


async def _lose(request: web.Request, lost: LostError) -> web.Response:
    """Give no answer: hold the connection, then cut it."""
    await asyncio.sleep(lost.hold_s)
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _chat_in(params: Params) -> int | None:
    value = str(params.values.get("chat_id", ""))
    return int(value) if value.removeprefix("-").isdigit() else None


def _words(error: ApiError | LostError | None) -> str | None:
    if isinstance(error, LostError):
        return f"no answer: {error}"
    return error.description if error else None


def _breach(method: str, error: ApiError | LostError | None) -> str | None:
    """Say loudly what was not valid Bot API; None where it was."""
    if not isinstance(error, BreachError):
        return None
    _log.warning("%s is not valid Bot API: %s", method, error.description)
    return error.description


def _made(method: Method | None, done: list[Any]) -> list[int]:
    """Return the ids of the messages that a request made; an edit makes none."""
    if method is None or not method.name.startswith(_MAKING):
        return []
    items = [item for result in done for item in (result if isinstance(result, list) else [result])]
    return [item["message_id"] for item in items if isinstance(item, dict)]


def _unknown(name: str) -> ApiError:
    if knows(name):
        _log.error("%s IS NOT EMULATED by the sandbox: it answers 404", name)
        return ApiError(404, f"the sandbox does not emulate {name}")
    _log.error("%s IS NO METHOD of the Bot API: it answers 404", name)
    return BreachError(error_code=404, words="")


def _success(result: Any) -> dict[str, Any]:
    if isinstance(result, Described):
        return {"ok": True, "result": result.result, "description": result.description}
    return {"ok": True, "result": result}


def _failure(error: ApiError) -> web.Response:
    return web.json_response(_refusal(error), status=error.error_code)


def _refusal(error: ApiError) -> dict[str, Any]:
    answer: dict[str, Any] = {"ok": False, "error_code": error.error_code, "description": error.description}
    if error.parameters:
        answer["parameters"] = error.parameters
    return answer


async def _fetch(state: State, request: web.Request) -> web.StreamResponse:
    if request.match_info["token"] != state.token:
        return _failure(ApiError(401))
    stored = state.files.at(request.match_info["path"])
    if stored is None:
        return _failure(ApiError(404))
    rule = state.faults.for_request(DOWNLOAD, None)
    if rule is None:
        return web.Response(body=stored.data, content_type="application/octet-stream")
    if rule.kind != "slow":
        return await _break(request, rule)
    response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
    response.content_length = len(stored.data)
    await response.prepare(request)
    await drip(rule, stored.data, response.write)
    return response


async def _break(request: web.Request, rule: Rule) -> web.Response:
    async def nothing(_: Any) -> None:
        """Files are not delivered before their answer fails."""

    try:
        await carry_out(rule, None, nothing)
    except ApiError as error:
        return _failure(error)
    except LostError as lost:
        return await _lose(request, lost)
    return web.Response()
