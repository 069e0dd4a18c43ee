"""Owns the webhook: where updates are posted, and the task that posts them; knows nothing of what they say.

Updates go out one at a time, in order; a failed attempt is repeated after growing pauses of the sandbox's clock.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import Any

import aiohttp

from sandbox.clock import Clock
from sandbox.updates import Update, Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the name of a header
_PAUSES_S = (1, 2, 5, 10, 30, 60)
_ATTEMPT_TIMEOUT_S = 60
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Target:
    """Where updates are posted."""

    url: str
    secret_token: str | None
    max_connections: int
    ip_address: str | None


class Webhook:
    """The webhook, while one is set."""

    def __init__(self, clock: Clock, updates: Updates) -> None:
        self._clock = clock
        self._updates = updates
        self._task: asyncio.Task[None] | None = None
        self.target: Target | None = None
        self._last_error: tuple[int, str] | None = None

    async def set(self, target: Target | None) -> None:
        """Post to `target` from now on, or to nobody."""
        await self.close()
        self.target = target
        self._last_error = None
        if target is not None:
            self._task = asyncio.create_task(self._deliver(target), name="webhook")

    async def close(self) -> None:
        """Stop posting."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def to_api(self) -> dict[str, Any]:
        """Return the Bot API's `WebhookInfo`."""
        info: dict[str, Any] = {
            "url": self.target.url if self.target else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting()),
        }
        if self.target is None:
            return info
        info["max_connections"] = self.target.max_connections
        info["ip_address"] = self.target.ip_address or "127.0.0.1"
        if self._last_error is not None:
            info["last_error_date"], info["last_error_message"] = self._last_error
        if self._updates.allowed:
            info["allowed_updates"] = self._updates.allowed
        return info

    async def _deliver(self, target: Target) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ATTEMPT_TIMEOUT_S)) as http:
            failures = 0
            while True:
                waiting = self._updates.waiting()
                if not waiting:
                    await self._updates.arrival()
                    continue
                problem = await self._post(http, target, waiting[0])
                if problem is None:
                    self._updates.drop(waiting[0])
                    failures = 0
                    continue
                self._last_error = (int(self._clock.now().timestamp()), problem)
                _log.warning("webhook: %s; the update is posted again", problem)
                await self._clock.sleep(_PAUSES_S[min(failures, len(_PAUSES_S) - 1)])
                failures += 1

    async def _post(self, http: aiohttp.ClientSession, target: Target, update: Update) -> str | None:
        headers = {SECRET_HEADER: target.secret_token} if target.secret_token else {}
        try:
            async with http.post(target.url, json=update.to_api(), headers=headers) as answer:
                body = await answer.read()
                if not 200 <= answer.status < 300:
                    return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientError:
            return "Connection refused"
        if b'"method"' in body:
            _log.error("webhook: the answer holds a method; the sandbox does not carry that out")
        return None
