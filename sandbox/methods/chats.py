"""The methods that ask about chats and their members."""

from typing import Any

from sandbox.chats import Chat
from sandbox.errors import ApiError
from sandbox.methods.method import Uploads
from sandbox.methods.target import find_chat
from sandbox.state import State

_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)
_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
)


async def get_chat(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Tell about a chat."""
    chat = find_chat(state, request.chat_id)
    told: dict[str, Any] = {
        "id": chat.id,
        "type": chat.type,
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict(_GIFTS),
    }
    if chat.is_private:
        return {**told, "first_name": chat.title}
    return {**told, "title": chat.title, "permissions": dict.fromkeys(_PERMISSIONS, True)}


async def get_chat_member(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Tell what somebody is in a chat."""
    chat = find_chat(state, request.chat_id)
    if request.user_id != state.bot.id and state.people.get(request.user_id) is None:
        raise ApiError(400, "user not found")
    return _member(state, chat, request.user_id)


async def get_chat_administrators(state: State, request: Any, uploads: Uploads) -> list[dict[str, Any]]:
    """List a group's administrators: here its founder alone."""
    chat = find_chat(state, request.chat_id)
    if chat.owner is None:
        raise ApiError(400, "there are no administrators in the private chat")
    return [_member(state, chat, chat.owner)]


async def get_chat_member_count(state: State, request: Any, uploads: Uploads) -> int:
    """Count a chat's members, the bot among them."""
    return len(find_chat(state, request.chat_id).members) + 1


def _member(state: State, chat: Chat, user_id: int) -> dict[str, Any]:
    user = state.author_to_api(user_id)
    if user_id == chat.owner:
        return {"status": "creator", "user": user, "is_anonymous": False}
    if user_id == state.bot.id and chat.is_blocked:
        return {"status": "kicked", "user": user, "until_date": 0}
    is_in = user_id in chat.members or user_id == state.bot.id
    return {"status": "member" if is_in else "left", "user": user}
