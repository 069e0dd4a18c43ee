"""Carries faults out on one request: before it is done, in its midst, or after."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import methods

from sandbox.errors import ApiError, SandboxError
from sandbox.faults.rules import Rule
from sandbox.flood import too_many_requests

_CHUNK_S = 0.05


class LostError(SandboxError):
    """The answer is never given: the connection is held for `hold_s` seconds, then cut."""

    def __init__(self, kind: str, hold_s: float) -> None:
        self.hold_s = hold_s
        super().__init__(kind)


async def carry_out(rule: Rule | None, request: Any, handle: Callable[[Any], Awaitable[Any]]) -> Any:
    """Let `handle` do what `request` asks, with the fault before, in the midst or after; return its result.

    Raises:
        ApiError: the fault is an error that is answered.
        LostError: the fault is an answer that never comes.
    """
    if rule is None:
        return await handle(request)
    if rule.kind == "slow":
        await asyncio.sleep(rule.pause_s)
        return await handle(request)
    if rule.kind == "partial_album":
        return await _deliver_part(rule, request, handle)
    if rule.delivered and rule.kind != "too_many_requests":
        await handle(request)
    raise _failure(rule, rule.kind)


async def drip(rule: Rule, data: bytes, write: Callable[[bytes], Awaitable[None]]) -> None:
    """Write bytes as slowly as a rule says."""
    await asyncio.sleep(rule.pause_s)
    size = max(1, int(rule.bytes_per_s * _CHUNK_S)) if rule.bytes_per_s else max(1, len(data))
    for start in range(0, len(data), size):
        await write(data[start : start + size])
        if rule.bytes_per_s:
            await asyncio.sleep(_CHUNK_S)


async def _deliver_part(rule: Rule, request: Any, handle: Callable[[Any], Awaitable[Any]]) -> Any:
    if not isinstance(request, methods.SendMediaGroup) or rule.items >= len(request.media):
        return await handle(request)
    if rule.items:
        await handle(request.model_copy(update={"media": request.media[: rule.items]}))
    if rule.then == "error":
        raise ApiError(400, f'failed to send message #{rule.items + 1} with the error message "INTERNAL_SERVER_ERROR"')
    raise _failure(rule, rule.then)


def _failure(rule: Rule, kind: str) -> SandboxError:
    if kind == "too_many_requests":
        return too_many_requests(rule.retry_after_s)
    if kind == "server_error":
        return ApiError(rule.status)
    return LostError(kind, rule.pause_s if kind == "timeout" else 0.0)
