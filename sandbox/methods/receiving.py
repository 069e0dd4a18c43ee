"""The methods by which a bot receives: long polling, webhooks, answers to presses, files."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from sandbox.callbacks import Answer
from sandbox.errors import ApiError, BreachError
from sandbox.files import MAX_DOWNLOAD_BYTES
from sandbox.methods.method import Described, Uploads
from sandbox.state import State
from sandbox.webhooks import Target

_MAX_UPDATES = 100
_MAX_WAIT_S = 50
_MAX_CONNECTIONS = 40
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"


async def get_updates(state: State, request: Any, uploads: Uploads) -> list[dict[str, Any]]:
    """Hand out what waits, or wait for it."""
    if state.webhook.target is not None:
        raise ApiError(409, _WEBHOOK_ACTIVE)
    turn = state.polling.take_over(_OTHER_POLL)
    state.updates.allow(request.allowed_updates)
    state.updates.confirm(request.offset or 0)
    limit = request.limit if request.limit and 1 <= request.limit <= _MAX_UPDATES else _MAX_UPDATES
    wait_s = min(max(request.timeout or 0, 0), _MAX_WAIT_S)
    deadline = asyncio.get_running_loop().time() + wait_s
    try:
        while not state.updates.waiting():
            left_s = deadline - asyncio.get_running_loop().time()
            if left_s <= 0 or not await state.polling.wait(turn, state.updates.arrival(), left_s):
                break
    finally:
        state.polling.leave(turn)
    return [update.to_api() for update in state.updates.waiting()[:limit]]


async def set_webhook(state: State, request: Any, uploads: Uploads) -> Described:
    """Have updates posted to an address from now on; an empty one ends that."""
    if not request.url:
        return await delete_webhook(state, request, uploads)
    if request.certificate is not None:
        raise ApiError(400, "the sandbox does not emulate the parameter certificate")
    address = urlsplit(request.url)
    # Telegram asks for HTTPS; on the sandbox's own machine a bot may do without
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in _LOOPBACK):
        raise BreachError("bad webhook: An HTTPS URL must be provided for webhook")
    target = Target(request.url, request.secret_token, request.max_connections or _MAX_CONNECTIONS, request.ip_address)
    state.updates.allow(request.allowed_updates)
    if request.drop_pending_updates:
        state.updates.clear()
    if state.webhook.target == target:
        return Described(True, "Webhook is already set")
    state.polling.end("terminated by setWebhook request")
    await state.webhook.set(target)
    return Described(True, "Webhook was set")


async def delete_webhook(state: State, request: Any, uploads: Uploads) -> Described:
    """End the posting of updates."""
    if request.drop_pending_updates:
        state.updates.clear()
    if state.webhook.target is None:
        return Described(True, "Webhook is already deleted")
    await state.webhook.set(None)
    return Described(True, "Webhook was deleted")


async def get_webhook_info(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Tell where updates are posted."""
    return state.webhook.to_api()


async def answer_callback_query(state: State, request: Any, uploads: Uploads) -> bool:
    """Answer a press."""
    if request.url:
        raise ApiError(400, "URL_INVALID")
    state.callbacks.answer(request.callback_query_id, Answer(request.text or None, bool(request.show_alert)))
    return True


async def get_file(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Tell the path under which a file can be fetched."""
    stored = state.files.get(request.file_id)
    if stored is None:
        raise ApiError(400, "wrong file_id or the file is temporarily unavailable")
    if len(stored.data) > MAX_DOWNLOAD_BYTES:
        raise ApiError(400, "file is too big")
    return {**stored.to_api(), "file_path": stored.path}
