"""The errors of the sandbox.

SandboxError
├── ApiError        the bot's request fails, in Telegram's words
│   └── BreachError   … because the request is not valid Bot API: the transcript marks it
├── PeopleError     a request of the people's side that cannot be met
└── ClientError     what `SandboxClient` asked for was refused, or did not come in time
"""

from typing import Any

_PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class SandboxError(Exception):
    """Base of all errors of this package."""


class ApiError(SandboxError):
    """A Bot API request that fails with `error_code` and `description`."""

    def __init__(self, error_code: int, words: str = "", *, parameters: dict[str, Any] | None = None) -> None:
        prefix = _PREFIXES.get(error_code, "Error")
        self.error_code = error_code
        self.description = f"{prefix}: {words}" if words else prefix
        self.parameters = parameters
        super().__init__(self.description)


class BreachError(ApiError):
    """A request that is not valid Bot API, whatever the chats hold: a mistake of the bot's author."""

    def __init__(self, words: str, *, error_code: int = 400) -> None:
        super().__init__(error_code, words)


class PeopleError(SandboxError):
    """A request of the people's side that cannot be met; `status` is its HTTP status."""

    def __init__(self, status: int, words: str) -> None:
        self.status = status
        super().__init__(words)


class ClientError(SandboxError):
    """What the client asked for was refused, or did not come in time."""
