"""Turns messages into the Bot API's form and into the page's form; owns nothing."""

from typing import Any

from sandbox.files import Document, Photo
from sandbox.messages import Message
from sandbox.state import State

GROUP_BOT = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT = {"id": 136_817_688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
"""Whom Telegram names as the sender of what was written in the name of a chat."""


def message_to_api(state: State, message: Message, *, with_reply: bool = True) -> dict[str, Any]:
    """Return the Bot API's `Message`; a message replied to is carried along, one step deep."""
    chat = state.chats[message.chat_id]
    rendered: dict[str, Any] = {"message_id": message.id, **_sender_to_api(state, message)}
    rendered.update({"chat": chat.to_api(), "date": message.date})
    if message.thread is not None:
        rendered.update({"message_thread_id": message.thread, "is_topic_message": True})
    if message.edit_date is not None:
        rendered["edit_date"] = message.edit_date
    if with_reply and message.reply_to is not None:
        parent = state.messages.get(message.chat_id, message.reply_to)
        if parent is not None:
            rendered["reply_to_message"] = message_to_api(state, parent, with_reply=False)
    if message.media_group_id is not None:
        rendered["media_group_id"] = message.media_group_id
    rendered.update(_content_to_api(message))
    if message.keyboard is not None:
        rendered["reply_markup"] = {"inline_keyboard": message.keyboard}
    return {**rendered, **message.marks}


def _sender_to_api(state: State, message: Message) -> dict[str, Any]:
    if message.sender_chat is None:
        return {"from": state.author_to_api(message.author)}
    sender = state.chats[message.sender_chat]
    if sender.is_channel and sender.id == message.chat_id:
        return {"sender_chat": sender.to_api()}
    return {"from": dict(CHANNEL_BOT if sender.is_channel else GROUP_BOT), "sender_chat": sender.to_api()}


def _content_to_api(message: Message) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if isinstance(message.media, Photo):
        content["photo"] = message.media.to_api()
    elif isinstance(message.media, Document):
        content["document"] = message.media.to_api()
    if message.poll is not None:
        content["poll"] = message.poll.to_api()
    word = "caption" if message.media is not None else "text"
    if message.body.text:
        content[word] = message.body.text
        if message.body.entities:
            content["entities" if word == "text" else "caption_entities"] = list(message.body.entities)
    return content


def message_to_page(state: State, message: Message) -> dict[str, Any]:
    """Return the form that the chat page reads."""
    rendered: dict[str, Any] = {
        "id": message.id,
        "chat_id": message.chat_id,
        "from": _sender_to_page(state, message),
        "date": message.date,
    }
    optional = {
        "edit_date": message.edit_date,
        "reply_to": message.reply_to,
        "media_group_id": message.media_group_id,
        "service": message.service,
        "thread": message.thread,
        "poll": message.poll and message.poll.to_page(),
        "reactions": _reactions_to_page(message) or None,
        "entities": list(message.body.entities) or None,
        "keyboard": message.keyboard and [[_button_to_page(button) for button in row] for row in message.keyboard],
        "caption" if message.media is not None else "text": message.body.text or None,
    }
    rendered.update({key: value for key, value in optional.items() if value is not None})
    if isinstance(message.media, Photo):
        largest = message.media.largest
        rendered["photo"] = {"file_id": largest.file_id, "width": largest.width, "height": largest.height}
    elif isinstance(message.media, Document):
        document = message.media.to_api()
        rendered["document"] = {key: document[key] for key in ("file_id", "file_name", "mime_type", "file_size")}
    return rendered


def _sender_to_page(state: State, message: Message) -> dict[str, Any]:
    if message.sender_chat is not None:
        return {"id": message.sender_chat, "name": state.chats[message.sender_chat].title, "is_bot": False}
    author = state.author_to_api(message.author)
    return {"id": author["id"], "name": author["first_name"], "is_bot": author["is_bot"]}


def _reactions_to_page(message: Message) -> list[dict[str, Any]]:
    by_emoji: dict[str, list[int]] = {}
    for reactor, emojis in message.reactions.items():
        for emoji in emojis:
            by_emoji.setdefault(emoji, []).append(reactor)
    return [{"emoji": emoji, "by": reactors} for emoji, reactors in by_emoji.items()]


def _button_to_page(button: dict[str, Any]) -> dict[str, Any]:
    return {key: button[key] for key in ("text", "callback_data", "url") if key in button}
