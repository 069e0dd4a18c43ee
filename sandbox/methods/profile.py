"""The methods about the bot itself: who it is, its commands, its descriptions."""

from typing import Any

from sandbox.commands import scope_key
from sandbox.errors import ApiError
from sandbox.methods.method import Uploads
from sandbox.methods.target import find_chat
from sandbox.state import State


async def get_me(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Tell the bot who it is."""
    return {
        **state.bot.to_api(),
        "can_join_groups": True,
        "can_read_all_group_messages": not state.bot.has_privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def refuse_closing(state: State, request: Any, uploads: Uploads) -> bool:
    """Refuse `logOut` and `close`: both belong to a move between servers."""
    raise ApiError(400, "the sandbox does not log bots out, nor close them")


async def set_my_commands(state: State, request: Any, uploads: Uploads) -> bool:
    """Set the list of commands of a scope and a language."""
    commands = [
        {"command": item.command.removeprefix("/"), "description": item.description} for item in request.commands
    ]
    _set(state, request, commands)
    return True


async def delete_my_commands(state: State, request: Any, uploads: Uploads) -> bool:
    """Delete the list of commands of a scope and a language."""
    _set(state, request, [])
    return True


async def get_my_commands(state: State, request: Any, uploads: Uploads) -> list[dict[str, str]]:
    """Return exactly the list that was set for a scope and a language."""
    return state.commands.get(_scope(state, request), request.language_code or "")


def _set(state: State, request: Any, commands: list[dict[str, str]]) -> None:
    state.commands.set(_scope(state, request), request.language_code or "", commands)
    state.events.publish({"type": "commands", "commands": state.commands.shown()})


def _scope(state: State, request: Any) -> str:
    if request.scope is None:
        return scope_key(None)
    scope = request.scope.model_dump(mode="json", exclude_none=True)
    if "chat_id" in scope:
        find_chat(state, scope["chat_id"])
    return scope_key(scope)


async def set_my_description(state: State, request: Any, uploads: Uploads) -> bool:
    """Set what people read before they start."""
    state.profile.set("description", request.language_code or "", request.description or "")
    return True


async def get_my_description(state: State, request: Any, uploads: Uploads) -> dict[str, str]:
    """Return what people read before they start."""
    return {"description": state.profile.get("description", request.language_code or "")}


async def set_my_short_description(state: State, request: Any, uploads: Uploads) -> bool:
    """Set what the bot's profile says."""
    state.profile.set("short_description", request.language_code or "", request.short_description or "")
    return True


async def get_my_short_description(state: State, request: Any, uploads: Uploads) -> dict[str, str]:
    """Return what the bot's profile says."""
    return {"short_description": state.profile.get("short_description", request.language_code or "")}


async def set_my_name(state: State, request: Any, uploads: Uploads) -> bool:
    """Set the bot's name; the one for every language is the name that chats show."""
    state.profile.set("name", request.language_code or "", request.name or "")
    if request.name and not request.language_code:
        state.bot.first_name = request.name
    return True


async def get_my_name(state: State, request: Any, uploads: Uploads) -> dict[str, str]:
    """Return the bot's name."""
    return {"name": state.profile.get("name", request.language_code or "") or state.bot.first_name}
