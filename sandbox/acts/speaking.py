"""How people write and send pictures and files; the bot is told where its privacy mode allows."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.acts.hearing import tell_bot, tell_bot_of_edit
from sandbox.acts.whereabouts import chat_of, message_of
from sandbox.chats import Chat
from sandbox.errors import ApiError, PeopleError
from sandbox.files import Document, Photo, encode_sizes
from sandbox.markup import MAX_CAPTION_CHARS, MAX_TEXT_CHARS
from sandbox.messages import Message
from sandbox.params import Upload
from sandbox.posting import post, tell_edit
from sandbox.state import State
from sandbox.texts import NO_TEXT, FormattedText, complete, utf16_length

_MAX_ALBUM = 10


@dataclass(frozen=True)
class Place:
    """Where something is said: the chat, who says it, in reply to what, in which topic, in which channel's name."""

    chat_id: int
    person_id: int
    reply_to: int | None = None
    thread: int | None = None
    sender_chat: int | None = None


def say(state: State, place: Place, text: str) -> Message:
    """Let a person write a message.

    Raises:
        PeopleError: unknown chat, person, topic or message; empty or too long; not allowed to write here.
    """
    chat = _open(state, place, "can_send_messages")
    body = complete(FormattedText(text))
    if not 1 <= utf16_length(body.text) <= MAX_TEXT_CHARS:
        raise PeopleError(400, f"a message has 1 to {MAX_TEXT_CHARS} characters, got {utf16_length(body.text)}")
    message = _post(state, chat, place, body, None, None)
    tell_bot(state, message)
    return message


def edit(state: State, chat_id: int, message_id: int, person_id: int, text: str) -> Message:
    """Let a person change the text, or the caption, of a message of theirs.

    Raises:
        PeopleError: unknown chat, person or message; not theirs; empty or too long.
    """
    chat_of(state, chat_id, person_id)
    message = message_of(state, chat_id, message_id)
    if message.author != person_id or message.service is not None:
        raise PeopleError(403, f"message {message_id} is not one that person {person_id} wrote")
    body = complete(FormattedText(text))
    least, most = (1, MAX_TEXT_CHARS) if message.media is None else (0, MAX_CAPTION_CHARS)
    if not least <= utf16_length(body.text) <= most:
        raise PeopleError(400, f"this has {least} to {most} characters, got {utf16_length(body.text)}")
    if body != message.body:
        message.body = body
        tell_edit(state, message)
        tell_bot_of_edit(state, message)
    return message


async def upload(
    state: State, place: Place, files: Sequence[Upload], *, as_photos: bool, caption: str = ""
) -> list[Message]:
    """Let a person send pictures or files: one, or up to ten as an album with the caption on its first.

    Photos are re-encoded in sizes as Telegram does; files (a zip among them) stay as they are.

    Raises:
        PeopleError: as `say`; no file or too many; a photo that is none; a caption that is too long.
    """
    chat = _open(state, place, "can_send_photos" if as_photos else "can_send_documents")
    if not 1 <= len(files) <= _MAX_ALBUM:
        raise PeopleError(400, f"one sends 1 to {_MAX_ALBUM} files together, got {len(files)}")
    body = complete(FormattedText(caption))
    if utf16_length(body.text) > MAX_CAPTION_CHARS:
        raise PeopleError(400, f"a caption has at most {MAX_CAPTION_CHARS} characters, got {utf16_length(body.text)}")
    media = [await _keep(state, file, as_photos) for file in files]
    group_id = str(13_000_000_000_000_000 + state.messages.next_id()) if len(files) > 1 else None
    sent = []
    for number, medium in enumerate(media):
        sent.append(_post(state, chat, place, NO_TEXT if number else body, medium, group_id))
        tell_bot(state, sent[-1])
    return sent


async def _keep(state: State, file: Upload, as_photo: bool) -> Photo | Document:
    try:
        if as_photo:
            return state.files.add_photo(await asyncio.to_thread(encode_sizes, file.data))
        return state.files.add_document(file.data, file.filename)
    except ApiError as error:
        raise PeopleError(400, f"{file.filename} cannot be sent: {error.description}") from error


def _open(state: State, place: Place, permission: str) -> Chat:
    """Return the chat if the person may write there."""
    chat = chat_of(state, place.chat_id, place.person_id)
    if chat.is_blocked:
        raise PeopleError(409, "this person has blocked the bot: unblock it first")
    if chat.is_deactivated:
        raise PeopleError(409, f"person {place.person_id} has deleted their account")
    standing = chat.standing_of(place.person_id)
    if not standing.may_send(permission) or (chat.is_channel and not standing.is_administrator):
        raise PeopleError(403, f"person {place.person_id} may not write this in chat {chat.id}")
    if place.reply_to is not None:
        message_of(state, chat.id, place.reply_to)
    if place.thread is not None:
        topic = chat.topics.get(place.thread)
        if topic is None:
            raise PeopleError(404, f"no topic {place.thread} in chat {chat.id}")
        if topic.is_closed and not standing.is_administrator:
            raise PeopleError(403, f"topic {place.thread} is closed")
    if place.sender_chat is not None:
        channel = state.chats.get(place.sender_chat)
        if channel is None or not channel.is_channel or channel.standing_of(place.person_id).status != "creator":
            raise PeopleError(403, f"person {place.person_id} owns no channel {place.sender_chat}")
    return chat


def _post(
    state: State, chat: Chat, place: Place, body: FormattedText, media: Photo | Document | None, group_id: str | None
) -> Message:
    sender_chat = place.sender_chat
    if chat.is_channel or chat.standing_of(place.person_id).is_anonymous:
        sender_chat = chat.id
    return post(
        state,
        chat.id,
        place.person_id,
        body=body,
        media=media,
        media_group_id=group_id,
        reply_to=place.reply_to,
        thread=place.thread,
        sender_chat=sender_chat,
    )
