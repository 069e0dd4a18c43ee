"""The methods that change or delete messages."""

from datetime import timedelta
from typing import Any

from sandbox.errors import ApiError
from sandbox.files import Document, Photo
from sandbox.markup import format_caption, format_text
from sandbox.messages import Keyboard, Message
from sandbox.methods.method import Uploads
from sandbox.methods.sending import item_media
from sandbox.methods.target import check_access, find_chat, find_message, find_own_message, keyboard_of
from sandbox.posting import remove, tell_edit
from sandbox.render import message_to_api
from sandbox.state import State
from sandbox.texts import FormattedText

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_DELETABLE_FOR_S = int(timedelta(hours=48).total_seconds())


async def edit_message_text(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Change a message's text; a keyboard that is not given again is taken away."""
    body = format_text(request.text, request.parse_mode, request.entities)
    message = find_own_message(state, request)
    if message.media is not None or message.poll is not None:
        raise ApiError(400, "there is no text in the message to edit")
    return _change(state, message, body, None, keyboard_of(request))


async def edit_message_caption(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Change a caption; a keyboard that is not given again is taken away."""
    body = format_caption(request.caption, request.parse_mode, request.caption_entities)
    message = find_own_message(state, request)
    if message.media is None:
        raise ApiError(400, "there is no caption in the message to edit")
    return _change(state, message, body, message.media, keyboard_of(request))


async def edit_message_media(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Change the picture or file, or give a text one; caption and keyboard not given again are taken away."""
    item = request.media
    body = format_caption(item.caption, item.parse_mode, item.caption_entities)
    message = find_own_message(state, request)
    if message.poll is not None:
        raise ApiError(400, "message can't be edited")
    media = await item_media(state, item, uploads)
    if message.media_group_id is not None and type(media) is not type(message.media):
        raise ApiError(400, "can't change media type in the album")
    return _change(state, message, body, media, keyboard_of(request))


async def edit_message_reply_markup(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Change or take away a keyboard."""
    message = find_own_message(state, request)
    return _change(state, message, message.body, message.media, keyboard_of(request))


async def delete_message(state: State, request: Any, uploads: Uploads) -> bool:
    """Delete one message."""
    chat = find_chat(state, request.chat_id)
    check_access(chat)
    message = find_message(state, chat, request.message_id, "message to delete")
    if not _is_deletable(state, message):
        raise ApiError(400, "message can't be deleted")
    remove(state, message)
    return True


async def delete_messages(state: State, request: Any, uploads: Uploads) -> bool:
    """Delete several messages; what is not there or may not be deleted is passed over."""
    chat = find_chat(state, request.chat_id)
    check_access(chat)
    for message_id in dict.fromkeys(request.message_ids):
        message = state.messages.get(chat.id, message_id)
        if message is not None and _is_deletable(state, message):
            remove(state, message)
    return True


def _is_deletable(state: State, message: Message) -> bool:
    """A bot may delete its own messages and those of private chats for two days; an administrator may delete all."""
    if state.chats[message.chat_id].bot.can("can_delete_messages"):
        return True
    if state.now_s() - message.date > _DELETABLE_FOR_S:
        return False
    return message.chat_id > 0 or message.author == state.bot.id


def _change(
    state: State, message: Message, body: FormattedText, media: Photo | Document | None, keyboard: Keyboard | None
) -> dict[str, Any]:
    if keyboard is not None and message.media_group_id is not None:
        raise ApiError(400, "message can't be edited")
    if (message.body, message.media, message.keyboard) == (body, media, keyboard):
        raise ApiError(400, _NOT_MODIFIED)
    message.body, message.media, message.keyboard = body, media, keyboard
    tell_edit(state, message)
    return message_to_api(state, message)
