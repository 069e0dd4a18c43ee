"""Owns the record of a session: people's acts and the bot's requests, in the order they came.

Knows neither how acts are done nor how they are done again (`replay`). The bot's token never gets in.
"""

import json
from collections import deque
from pathlib import Path
from typing import Any

VERSION = 1
_RING = 20_000


class Recording:
    """The last 20,000 lines of a session, and a file that gets them all, if one is wanted."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._lines: deque[str] = deque(maxlen=_RING)
        self._path: Path | None = None
        self._add({"type": "start", "version": VERSION})

    def write_to(self, path: Path) -> None:
        """Write to a file too, from now on and all that there is; it is replaced.

        Raises:
            OSError: it cannot be written.
        """
        path.write_text(self.text(), encoding="utf-8")
        self._path = path

    def act(self, verb: str, path: str, body: dict[str, Any], made: list[int]) -> None:
        """Record what people did; `made` are the ids of the messages that came of it."""
        self._add({"type": "act", "verb": verb, "path": path, "body": body, "made": made})

    def request(self, entry: dict[str, Any]) -> None:
        """Record what the bot asked for, as the transcript has it; polling says nothing of a session."""
        if entry["method"] != "getUpdates":
            self._add({"type": "request", **entry})

    def text(self) -> str:
        """Return all lines that are kept."""
        return "".join(self._lines)

    def _add(self, line: dict[str, Any]) -> None:
        text = json.dumps(line, ensure_ascii=False).replace(self._token, "<token>") + "\n"
        self._lines.append(text)
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(text)
