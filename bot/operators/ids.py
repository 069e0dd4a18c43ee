"""How operators name people and chats: by Telegram's id, as a number."""

from __future__ import annotations

import re

_ID = re.compile(r"-?[1-9][0-9]{0,15}", re.ASCII)


def read_id(said: str) -> int | None:
    """Read an id; None for anything else."""
    return int(said) if _ID.fullmatch(said) else None
