"""The log: one line a record on stderr, as text or as JSON, with no bot token in it, whoever wrote the record.

Does not know what is logged.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Literal

MASK = "<token>"
_TOKEN = re.compile(r"\d+(?::|%3A)[\w-]{20,}", re.IGNORECASE)
_CHATTERS = ("httpx", "httpcore", "aiohttp", "apscheduler", "tornado", "asyncio", "telegram")
"""Libraries that tell at INFO what they do; their warnings are enough."""


def set_up_log(form: Literal["text", "json"], *, secrets: tuple[str, ...] = ()) -> None:
    """Send every record of level INFO and above to stderr, each of `secrets` and everything like a token masked."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_MaskedFormatter(_JsonFormatter() if form == "json" else _TextFormatter(), secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _CHATTERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def mask(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Put a mask in the place of each of `secrets`, and of everything that looks like a bot token."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return _TOKEN.sub(MASK, text)


class _MaskedFormatter(logging.Formatter):
    """Masks what another formatter wrote: message, arguments, exception and its causes alike."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = tuple(sorted(filter(None, secrets), key=len, reverse=True))

    def format(self, record: logging.LogRecord) -> str:
        return mask(self._inner.format(record), self._secrets)


class _TextFormatter(logging.Formatter):
    """Time in UTC, level, logger, message; an exception on the lines below."""

    def format(self, record: logging.LogRecord) -> str:
        record.message = record.getMessage()
        lines = [f"{_time(record):%Y-%m-%d %H:%M:%S} {record.levelname:7} {record.name}: {record.message}"]
        if record.exc_info:
            lines.append(self.formatException(record.exc_info))
        if record.stack_info:
            lines.append(self.formatStack(record.stack_info))
        return "\n".join(lines)


class _JsonFormatter(logging.Formatter):
    """One JSON object a record: `at`, `level`, `logger`, `message` and, where there is one, `exception`."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "at": _time(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)
