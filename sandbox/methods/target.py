"""Owns where a bot's message goes: the chat, the message replied to; and refuses what the sandbox does not emulate."""

import logging
from typing import Any, Literal

from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters

from sandbox.chats import Chat
from sandbox.errors import ApiError, BreachError
from sandbox.messages import Keyboard, Message
from sandbox.state import State

_NOT_EMULATED = (
    "business_connection_id",
    "direct_messages_topic_id",
    "suggested_post_parameters",
    "ephemeral_message_parameters",
    "allow_paid_broadcast",
    "message_effect_id",
    "inline_message_id",
    "rich_message",
)
_WHAT = {
    "can_send_messages": "text messages",
    "can_send_photos": "photos",
    "can_send_documents": "documents",
    "can_send_polls": "polls",
}
Access = Literal["read", "edit", "write"]
_log = logging.getLogger(__name__)


def refuse_unemulated(request: Any) -> None:
    """Refuse a request that asks for what the sandbox cannot do, loudly.

    Raises:
        ApiError: a parameter that is valid Bot API but not emulated.
    """
    for name in _NOT_EMULATED:
        if getattr(request, name, None):
            _log.error("%s: the parameter %s is not emulated", type(request).__name__, name)
            raise ApiError(400, f"the sandbox does not emulate the parameter {name}")


def find_chat(state: State, chat_id: int | str) -> Chat:
    """Return the chat of that id; no chat here has a name.

    Raises:
        ApiError: there is none.
    """
    chat = state.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None:
        raise ApiError(400, "chat not found")
    return chat


def writable_chat(state: State, request: Any, permission: str = "can_send_messages") -> Chat:
    """Return the chat that a request writes to.

    Raises:
        ApiError: no such chat, or the bot may not write there.
    """
    refuse_unemulated(request)
    chat = find_chat(state, request.chat_id)
    check_access(chat)
    if not chat.bot.may_send(permission):
        raise ApiError(400, f"not enough rights to send {_WHAT[permission]} to the chat")
    if chat.is_channel and not chat.bot.can("can_post_messages"):
        raise ApiError(400, "need administrator rights in the channel chat")
    return chat


def check_access(chat: Chat, access: Access = "write") -> None:
    """Check that the bot can reach a chat; reading a plain group's facts is allowed even when it is out.

    Source: the public server, telegram-bot-api/Client.cpp, `check_chat_access`.

    Raises:
        ApiError: it was blocked, removed or never added, the account is gone, or the group has become another chat.
    """
    if chat.is_private or chat.type == "group":
        if access == "read":
            return
        if chat.is_deactivated:
            raise ApiError(403, "user is deactivated")
        if chat.is_blocked:
            raise ApiError(403, "bot was blocked by the user")
    if chat.migrated_to is not None and access == "write":
        parameters = {"migrate_to_chat_id": chat.migrated_to}
        raise ApiError(400, "group chat was upgraded to a supergroup chat", parameters=parameters)
    if chat.bot.status == "kicked":
        raise ApiError(403, f"bot was kicked from the {chat.type} chat")
    if not chat.bot.is_in:
        raise ApiError(403, f"bot is not a member of the {chat.type} chat")


def find_thread(chat: Chat, request: Any) -> int | None:
    """Return the topic that a request writes to, None outside of topics.

    Raises:
        ApiError: there is no such topic, or it is closed to the bot.
    """
    thread = getattr(request, "message_thread_id", None)
    if not thread:
        return None
    topic = chat.topics.get(thread)
    if topic is None:
        raise ApiError(400, "message thread not found")
    if topic.is_closed and not chat.bot.can("can_manage_topics"):
        raise ApiError(400, "TOPIC_CLOSED")
    return topic.id


def sender_of(chat: Chat) -> int | None:
    """Return the chat in whose name the bot writes: a channel's posts are the channel's own."""
    return chat.id if chat.is_channel else None


def find_reply(state: State, chat: Chat, reply: ReplyParameters | None) -> int | None:
    """Return the id of the message to be replied to, None for no reply.

    Raises:
        ApiError: the message is not there, and the bot did not allow to go without.
    """
    if reply is None:
        return None
    if reply.quote or reply.message_id is None or (reply.chat_id is not None and reply.chat_id != chat.id):
        _log.error("reply_parameters: quotes, and replies to other chats, are not emulated")
        raise ApiError(400, "the sandbox does not emulate quotes, nor replies to other chats")
    if state.messages.get(chat.id, reply.message_id) is not None:
        return reply.message_id
    if reply.allow_sending_without_reply is True:
        return None
    raise ApiError(400, "message to be replied not found")


def find_own_message(state: State, request: Any, what: str = "message to edit") -> Message:
    """Return the message that an edit is about.

    Raises:
        BreachError: the request does not say which.
        ApiError: it is not there, or not the bot's own.
    """
    refuse_unemulated(request)
    if request.chat_id is None:
        raise BreachError("chat_id is empty")
    if not request.message_id:
        raise BreachError("message identifier is not specified")
    chat = find_chat(state, request.chat_id)
    check_access(chat, "edit")
    message = state.messages.get(chat.id, request.message_id)
    if message is None:
        raise ApiError(400, f"{what} not found")
    if message.author != state.bot.id or message.service is not None:
        raise ApiError(400, "message can't be edited")
    return message


def find_message(state: State, chat: Chat, message_id: int, what: str) -> Message:
    """Return a message of a chat; `what` names it in the refusal.

    Raises:
        ApiError: it is not there.
    """
    message = state.messages.get(chat.id, message_id)
    if message is None:
        raise ApiError(400, f"{what} not found")
    return message


def keyboard_of(request: Any) -> Keyboard | None:
    """Return the inline keyboard of a request, None where it has none; other keyboards are not shown."""
    markup = request.reply_markup
    if not isinstance(markup, InlineKeyboardMarkup):
        return None
    rows = [
        [button.model_dump(mode="json", exclude_none=True, exclude_unset=True) for button in row]
        for row in markup.inline_keyboard
        if row
    ]
    return rows or None


def marks_of(request: Any) -> dict[str, Any]:
    """Return the message fields that follow straight from a request's parameters."""
    marks: dict[str, Any] = {}
    if getattr(request, "protect_content", None) is True:
        marks["has_protected_content"] = True
    if getattr(request, "has_spoiler", None) is True:
        marks["has_media_spoiler"] = True
    if getattr(request, "show_caption_above_media", None) is True:
        marks["show_caption_above_media"] = True
    preview = getattr(request, "link_preview_options", None)
    if isinstance(preview, LinkPreviewOptions):
        marks["link_preview_options"] = preview.model_dump(mode="json", exclude_none=True, exclude_unset=True)
    return marks
