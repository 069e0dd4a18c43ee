"""The methods that send: messages, photos, albums, documents, chat actions."""

from typing import Any

from aiogram import types

from sandbox.errors import ApiError, BreachError
from sandbox.files import REFUSED_PICTURES, Document, Photo
from sandbox.markup import format_caption, format_text
from sandbox.methods.media import document_of, photo_of
from sandbox.methods.method import Uploads
from sandbox.methods.target import find_chat, find_reply, find_thread, keyboard_of, marks_of, sender_of, writable_chat
from sandbox.polls import Poll
from sandbox.posting import post
from sandbox.render import message_to_api
from sandbox.state import State
from sandbox.texts import FormattedText


async def send_message(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Send a text."""
    body = format_text(request.text, request.parse_mode, request.entities)
    writable_chat(state, request)
    return send(state, request, body, None)


async def send_photo(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Send a photo."""
    body = format_caption(request.caption, request.parse_mode, request.caption_entities)
    writable_chat(state, request, "can_send_photos")
    return send(state, request, body, await photo_of(state, request.photo, uploads))


async def send_document(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Send a file as it is."""
    body = format_caption(request.caption, request.parse_mode, request.caption_entities)
    writable_chat(state, request, "can_send_documents")
    return send(state, request, body, document_of(state, request.document, uploads))


async def send_media_group(state: State, request: Any, uploads: Uploads) -> list[dict[str, Any]]:
    """Send an album: all of it or nothing, unless a fault is set to deliver a part."""
    bodies = [format_caption(item.caption, item.parse_mode, item.caption_entities) for item in request.media]
    holds_photos = any(isinstance(item, types.InputMediaPhoto) for item in request.media)
    chat = writable_chat(state, request, "can_send_photos" if holds_photos else "can_send_documents")
    reply_to, thread = find_reply(state, chat, request.reply_parameters), find_thread(chat, request)
    media = [await _album_item(state, item, place, uploads) for place, item in enumerate(request.media, 1)]
    group_id = str(13_000_000_000_000_000 + state.messages.next_id())
    sent = [
        post(
            state,
            chat.id,
            state.bot.id,
            body=body,
            media=medium,
            media_group_id=group_id,
            reply_to=reply_to,
            thread=thread,
            sender_chat=sender_of(chat),
            marks={**marks_of(request), **marks_of(item)},
        )
        for item, body, medium in zip(request.media, bodies, media, strict=True)
    ]
    return [message_to_api(state, message) for message in sent]


async def _album_item(state: State, item: Any, place: int, uploads: Uploads) -> Photo | Document:
    try:
        return await item_media(state, item, uploads)
    except BreachError as error:
        refused = error.description.removeprefix("Bad Request: ")
        if refused not in REFUSED_PICTURES:
            raise
        raise BreachError(f'failed to send message #{place} with the error message "{refused}"') from error


async def item_media(state: State, item: Any, uploads: Uploads) -> Photo | Document:
    """Return the photo or document of one item of an album, or of an edit.

    Raises:
        ApiError: another kind of media, which the sandbox does not emulate.
    """
    if isinstance(item, types.InputMediaPhoto):
        return await photo_of(state, str(item.media), uploads)
    if isinstance(item, types.InputMediaDocument):
        return document_of(state, str(item.media), uploads)
    raise ApiError(400, f"the sandbox does not emulate media of type {item.type}")


async def send_chat_action(state: State, request: Any, uploads: Uploads) -> bool:
    """Show what the bot is doing."""
    chat = writable_chat(state, request)
    find_thread(chat, request)
    state.events.publish({"type": "chat_action", "chat_id": chat.id, "action": request.action})
    return True


def send(
    state: State, request: Any, body: FormattedText, media: Photo | Document | None, poll: Poll | None = None
) -> dict[str, Any]:
    """Put what a request sends into its chat; whether the bot may was checked before.

    Raises:
        ApiError: the message to be replied to, or the topic, is not there.
    """
    chat = find_chat(state, request.chat_id)
    message = post(
        state,
        chat.id,
        state.bot.id,
        body=body,
        media=media,
        reply_to=find_reply(state, chat, request.reply_parameters),
        thread=find_thread(chat, request),
        sender_chat=sender_of(chat),
        keyboard=keyboard_of(request),
        poll=poll,
        marks=marks_of(request),
    )
    return message_to_api(state, message)
