"""The methods that ask about chats and their members."""

from typing import Any

from sandbox.acts.membership import tell_bots_standing
from sandbox.chats import Chat
from sandbox.errors import ApiError
from sandbox.methods.method import Uploads
from sandbox.methods.target import check_access, find_chat
from sandbox.posting import post, show_chat
from sandbox.render import message_to_api
from sandbox.standing import KICKED, LEFT, PERMISSIONS
from sandbox.state import State

_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


async def get_chat(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Tell about a chat."""
    chat = find_chat(state, request.chat_id)
    check_access(chat, "read")
    told: dict[str, Any] = {
        "id": chat.id,
        "type": chat.type,
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict(_GIFTS),
    }
    if chat.is_private:
        return {**told, "first_name": chat.title}
    told.update(chat.to_api())
    if not chat.is_channel:
        told["permissions"] = dict.fromkeys(PERMISSIONS, True)
    if chat.pinned:
        pinned = state.messages.get(chat.id, chat.pinned[-1])
        if pinned is not None:
            told["pinned_message"] = message_to_api(state, pinned, with_reply=False)
    return told


async def get_chat_member(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Tell what somebody is in a chat."""
    chat = find_chat(state, request.chat_id)
    check_access(chat, "read")
    if request.user_id != state.bot.id and state.people.get(request.user_id) is None:
        raise ApiError(400, "user not found")
    return _member(state, chat, request.user_id)


async def get_chat_administrators(state: State, request: Any, uploads: Uploads) -> list[dict[str, Any]]:
    """List a group's administrators, its owner among them; other bots there are none, so the bot itself is left out."""
    chat = find_chat(state, request.chat_id)
    if chat.is_private:
        raise ApiError(400, "there are no administrators in the private chat")
    check_access(chat, "read")
    members = [_member(state, chat, person) for person in chat.members if chat.standings[person].is_administrator]
    if request.return_bots and chat.bot.is_administrator:
        members.append(_member(state, chat, state.bot.id))
    return members


async def get_chat_member_count(state: State, request: Any, uploads: Uploads) -> int:
    """Count a chat's members, the bot among them."""
    chat = find_chat(state, request.chat_id)
    check_access(chat, "read")
    return len(chat.members) + 1


async def leave_chat(state: State, request: Any, uploads: Uploads) -> bool:
    """Leave a group, supergroup or channel."""
    chat = find_chat(state, request.chat_id)
    if chat.is_private:
        raise ApiError(400, "can't leave private chats")
    check_access(chat)
    before, chat.bot = chat.bot, LEFT
    tell_bots_standing(state, chat, state.bot.id, before)
    if not chat.is_channel:
        marks = {"left_chat_member": state.bot.to_api()}
        post(state, chat.id, state.bot.id, service=f"{state.bot.first_name} left", marks=marks)
    show_chat(state, chat)
    return True


async def get_user_profile_photos(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """List somebody's profile photos: nobody here has any."""
    if request.user_id != state.bot.id and state.people.get(request.user_id) is None:
        raise ApiError(400, "user not found")
    return {"total_count": 0, "photos": []}


def _member(state: State, chat: Chat, user_id: int) -> dict[str, Any]:
    user = state.author_to_api(user_id)
    if user_id != state.bot.id:
        return chat.standing_of(user_id).to_api(user, chat.type)
    return (KICKED if chat.is_blocked else chat.bot).to_api(user, chat.type)
