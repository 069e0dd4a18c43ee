"""Says what two requests have in common when only words and numbers differ: their shape."""

import json
import re
from typing import Any

from sandbox.schema import ATTACH

Shape = str
_ATTACHED = re.compile(r"attach://([^\"\\]+)")
_KEPT = frozenset({"type", "parse_mode", "action"})
"""Words that are no person's and no chance's: they are part of the shape."""

LOOSE = frozenset(
    {
        "editMessageText",
        "editMessageCaption",
        "editMessageReplyMarkup",
        "editMessageMedia",
        "sendChatAction",
        "deleteMessages",
    }
)
"""What a bot may do more or less often by the time that it takes, as it shows progress."""


def shape_of(request: dict[str, Any]) -> Shape:
    """Describe a request's parameters: names, types, the length of each list; JSON in form fields is looked into.

    File parts are named by chance: each stands where `attach://` names it.
    """
    attached = set(_ATTACHED.findall(json.dumps(request, ensure_ascii=False)))
    told = {name: value for name, value in request.items() if name != "chat_id" and name not in attached}
    described = _describe(told)
    return json.dumps(described, ensure_ascii=False)


def _describe(value: Any) -> Any:
    if isinstance(value, str):
        return _describe_text(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list):
        return [_describe(item) for item in value]
    if isinstance(value, dict):
        if set(value) == {"file", "size"}:
            return "file"
        return {
            name: item if name in _KEPT and isinstance(item, str) else _describe(item)
            for name, item in sorted(value.items())
        }
    return value


def _describe_text(value: str) -> Any:
    if value.startswith(ATTACH):
        return "file"
    if value[:1] in ("{", "["):
        try:
            return _describe(json.loads(value))
        except ValueError:
            return "text"
    if value in ("true", "false"):
        return value == "true"
    return "number" if value.removeprefix("-").isdigit() else "text"


def chat_of(request: dict[str, Any]) -> int | None:
    """Return the chat that a request is about, None where it names none."""
    value = str(request.get("chat_id", ""))
    return int(value) if value.removeprefix("-").isdigit() else None


def ids_in(content: Any) -> list[int]:
    """Return the ids of the messages that an act's answer holds."""
    messages = content if isinstance(content, list) else [content]
    return [item["id"] for item in messages if isinstance(item, dict) and "chat_id" in item and "id" in item]
