"""Owns the bot's side of the HTTP server: token, method, parameters, judgement, answer, and the record of it."""

import logging
import time
from typing import Any

from aiohttp import web

from sandbox.errors import ApiError, BreachError
from sandbox.judge import judge
from sandbox.methods.method import Described, Method
from sandbox.methods.registry import METHODS, knows
from sandbox.params import Params, read_params
from sandbox.state import State

_log = logging.getLogger(__name__)
_METHOD_PATH = r"/bot{token:[^/]*}/{method:[^/]*}"
_FILE_PATH = r"/file/bot{token:[^/]*}/{path:.*}"


def add_bot_routes(app: web.Application, state: State) -> None:
    """Serve the Bot API from `state`."""

    async def call(request: web.Request) -> web.Response:
        return await _call(state, request)

    async def fetch(request: web.Request) -> web.Response:
        return _fetch(state, request)

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
    error: ApiError | None = None
    try:
        if method is None:
            raise _unknown(spelled)
        params = await read_params(request)
        result = await _carry_out(state, method, params)
    except ApiError as failure:
        error = failure
    took_ms = (time.perf_counter() - started) * 1000
    breach = error.description if isinstance(error, BreachError) else None
    if breach:
        _log.warning("%s is not valid Bot API: %s", spelled, breach)
    state.transcript.add(
        at=at,
        method=method.name if method else spelled,
        request=params.to_record(),
        error=error.description if error else None,
        took_ms=took_ms,
        breach=breach,
    )
    return _failure(error) if error else _success(result)


async def _carry_out(state: State, method: Method, params: Params) -> Any:
    request = judge(method.model, params.values, params.uploads)
    return await method.handle(state, request, params.uploads)


def _unknown(name: str) -> ApiError:
    if knows(name):
        _log.error("%s IS NOT EMULATED by the sandbox: it answers 404", name)
        return ApiError(404, f"the sandbox does not emulate {name}")
    _log.error("%s IS NO METHOD of the Bot API: it answers 404", name)
    return BreachError(error_code=404, words="")


def _success(result: Any) -> web.Response:
    if isinstance(result, Described):
        return web.json_response({"ok": True, "result": result.result, "description": result.description})
    return web.json_response({"ok": True, "result": result})


def _failure(error: ApiError) -> web.Response:
    answer: dict[str, Any] = {"ok": False, "error_code": error.error_code, "description": error.description}
    if error.parameters:
        answer["parameters"] = error.parameters
    return web.json_response(answer, status=error.error_code)


def _fetch(state: State, request: web.Request) -> web.Response:
    if request.match_info["token"] != state.token:
        return _failure(ApiError(401))
    stored = state.files.at(request.match_info["path"])
    if stored is None:
        return _failure(ApiError(404))
    return web.Response(body=stored.data, content_type="application/octet-stream")
