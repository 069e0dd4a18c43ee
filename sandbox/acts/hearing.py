"""Owns which messages the bot hears of: privacy mode, administrators, chats that it is not in."""

from sandbox.chats import Chat
from sandbox.messages import Message
from sandbox.render import message_to_api
from sandbox.state import State


def tell_bot(state: State, message: Message) -> None:
    """Queue the update of a new message, if the bot hears of it."""
    chat = state.chats[message.chat_id]
    if hears(state, chat, message):
        state.updates.push("channel_post" if chat.is_channel else "message", message_to_api(state, message))


def tell_bot_of_edit(state: State, message: Message) -> None:
    """Queue the update of an edited message, if the bot hears of it."""
    chat = state.chats[message.chat_id]
    if hears(state, chat, message):
        kind = "edited_channel_post" if chat.is_channel else "edited_message"
        state.updates.push(kind, message_to_api(state, message))


def hears(state: State, chat: Chat, message: Message) -> bool:
    """Say whether the bot gets a message.

    In a group with privacy mode on and no administrator's rights it hears commands for it, replies to its own
    messages, and service messages.
    """
    if not chat.bot.is_in or chat.is_blocked:
        return False
    if chat.is_private or chat.is_channel or chat.bot.is_administrator or not state.bot.has_privacy:
        return True
    if message.service is not None:
        return True
    if message.reply_to is not None:
        parent = state.messages.get(chat.id, message.reply_to)
        if parent is not None and parent.author == state.bot.id:
            return True
    return _has_command_for(state.bot.username, message)


def _has_command_for(username: str, message: Message) -> bool:
    text = message.body.text.encode("utf-16-le")
    for entity in message.body.entities:
        if entity["type"] == "bot_command":
            start = entity["offset"] * 2
            command = text[start : start + entity["length"] * 2].decode("utf-16-le")
            _, _, addressee = command.partition("@")
            if addressee.lower() in ("", username.lower()):
                return True
    return False
