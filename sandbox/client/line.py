"""Owns the HTTP session to one sandbox; knows no paths."""

from typing import Any

import aiohttp

from sandbox.errors import ClientError

_TIMEOUT_S = 40


class Line:
    """A line to the sandbox at `url`; open it before use."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Open the session."""
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def http(self) -> aiohttp.ClientSession:
        """Return the open session.

        Raises:
            ClientError: it is not open.
        """
        if self._session is None:
            raise ClientError("use the client inside `async with`")
        return self._session

    async def ask(self, verb: str, path: str, body: dict[str, Any] | None = None, **how: Any) -> Any:
        """Ask for a path and return its JSON.

        Raises:
            ClientError: the sandbox refuses; the message has its words.
        """
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        async with self.http.request(verb, self.url + path, json=body, timeout=timeout, **how) as answer:
            content = await answer.json()
            if answer.status != 200:
                raise ClientError(f"{verb} {path}: {answer.status} {content.get('error')}")
            return content
