"""The methods that mark messages of a chat: reactions and pins."""

from typing import Any

from sandbox.acts.hearing import tell_bot
from sandbox.chats import Chat
from sandbox.errors import ApiError
from sandbox.methods.method import Uploads
from sandbox.methods.target import check_access, find_chat, find_message, refuse_unemulated, sender_of
from sandbox.posting import post, show_change, show_chat
from sandbox.reactions import react_to
from sandbox.render import message_to_api
from sandbox.state import State

_MAY_NOT_PIN = "not enough rights to manage pinned messages in the chat"


async def set_message_reaction(state: State, request: Any, uploads: Uploads) -> bool:
    """Set the bot's reaction to a message; on an album it lands on its first message. No update comes of it."""
    chat = find_chat(state, request.chat_id)
    check_access(chat)
    message = state.messages.first_of_album(find_message(state, chat, request.message_id, "message to react"))
    if message.service is not None:
        raise ApiError(400, "message can't be reacted to")
    react_to(message, state.bot.id, [reaction.emoji for reaction in request.reaction or []])
    show_change(state, message)
    return True


async def pin_chat_message(state: State, request: Any, uploads: Uploads) -> bool:
    """Pin a message on top of the others; the chat gets a service message of it."""
    refuse_unemulated(request)
    chat = _pinnable_chat(state, request)
    message = find_message(state, chat, request.message_id, "message to pin")
    if message.service is not None:
        raise ApiError(400, "service messages can't be pinned")
    if message.id in chat.pinned:
        return True
    chat.pinned.append(message.id)
    marks = {"pinned_message": message_to_api(state, message, with_reply=False)}
    words = f"{state.bot.first_name} pinned a message"
    service = post(state, chat.id, state.bot.id, service=words, sender_chat=sender_of(chat), marks=marks)
    tell_bot(state, service)
    show_chat(state, chat)
    return True


async def unpin_chat_message(state: State, request: Any, uploads: Uploads) -> bool:
    """Take down a pinned message: the one that is named, else the newest."""
    refuse_unemulated(request)
    chat = _pinnable_chat(state, request)
    if request.message_id is None and not chat.pinned:
        raise ApiError(400, "message to unpin not found")
    message_id = chat.pinned[-1] if request.message_id is None else request.message_id
    find_message(state, chat, message_id, "message to unpin")
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
        show_chat(state, chat)
    return True


async def unpin_all_chat_messages(state: State, request: Any, uploads: Uploads) -> bool:
    """Take down all pinned messages."""
    chat = _pinnable_chat(state, request)
    chat.pinned.clear()
    show_chat(state, chat)
    return True


def _pinnable_chat(state: State, request: Any) -> Chat:
    """Return the chat: pins need no right in private chats, and an administrator's elsewhere."""
    chat = find_chat(state, request.chat_id)
    check_access(chat)
    right = "can_edit_messages" if chat.is_channel else "can_pin_messages"
    if not chat.is_private and not chat.bot.can(right):
        raise ApiError(400, _MAY_NOT_PIN)
    return chat
