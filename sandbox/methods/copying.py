"""The methods that send again what was sent: copies, which name no source, and forwards, which do."""

from dataclasses import replace
from typing import Any

from sandbox.chats import Chat
from sandbox.errors import ApiError
from sandbox.markup import format_caption
from sandbox.messages import Message
from sandbox.methods.method import Uploads
from sandbox.methods.target import (
    check_access,
    find_chat,
    find_message,
    find_reply,
    find_thread,
    keyboard_of,
    marks_of,
    sender_of,
    writable_chat,
)
from sandbox.posting import post
from sandbox.render import message_to_api
from sandbox.state import State
from sandbox.texts import NO_TEXT


async def copy_message(state: State, request: Any, uploads: Uploads) -> dict[str, int]:
    """Copy one message; a caption that is given replaces its own."""
    chat = writable_chat(state, request)
    source = _source(state, request, "message to copy")
    if source.service is not None:
        raise ApiError(400, "message can't be copied")
    body = source.body
    if request.caption is not None and source.media is not None:
        body = format_caption(request.caption, request.parse_mode, request.caption_entities)
    message = post(
        state,
        chat.id,
        state.bot.id,
        body=body,
        media=source.media,
        reply_to=find_reply(state, chat, request.reply_parameters),
        thread=find_thread(chat, request),
        sender_chat=sender_of(chat),
        keyboard=keyboard_of(request),
        poll=source.poll and replace(source.poll, id=state.poll_ids.next_id(), votes={}),
        marks=marks_of(request),
    )
    return {"message_id": message.id}


async def copy_messages(state: State, request: Any, uploads: Uploads) -> list[dict[str, int]]:
    """Copy several messages, in their order; albums stay albums, and what cannot be copied is passed over."""
    chat = writable_chat(state, request)
    groups: dict[str, str] = {}
    sent = []
    for source in _sources(state, request, may_be_protected=True):
        body = NO_TEXT if request.remove_caption and source.media is not None else source.body
        poll = source.poll and replace(source.poll, id=state.poll_ids.next_id(), votes={})
        parts: dict[str, Any] = {"body": body, "media": source.media, "poll": poll, "marks": marks_of(request)}
        sent.append(_again(state, chat, request, source, groups, parts))
    return [{"message_id": message.id} for message in sent]


async def forward_message(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Forward one message."""
    chat = writable_chat(state, request)
    source = _source(state, request, "message to forward")
    if source.service is not None or source.marks.get("has_protected_content"):
        raise ApiError(400, "message can't be forwarded")
    return message_to_api(state, _forward(state, chat, request, source, {}))


async def forward_messages(state: State, request: Any, uploads: Uploads) -> list[dict[str, int]]:
    """Forward several messages, in their order; albums stay albums, and what cannot be forwarded is passed over."""
    chat = writable_chat(state, request)
    groups: dict[str, str] = {}
    sources = _sources(state, request, may_be_protected=False)
    return [{"message_id": _forward(state, chat, request, source, groups).id} for source in sources]


def _forward(state: State, chat: Chat, request: Any, source: Message, groups: dict[str, str]) -> Message:
    marks = {**marks_of(request), "forward_origin": source.marks.get("forward_origin") or _origin(state, source)}
    parts: dict[str, Any] = {"body": source.body, "media": source.media, "poll": source.poll, "marks": marks}
    return _again(state, chat, request, source, groups, parts)


def _again(
    state: State, chat: Chat, request: Any, source: Message, groups: dict[str, str], parts: dict[str, Any]
) -> Message:  # one argument a thing that differs between copies and forwards
    group_id = source.media_group_id
    if group_id is not None:
        group_id = groups.setdefault(group_id, str(13_000_000_000_000_000 + state.messages.next_id()))
    thread = find_thread(chat, request)
    place: dict[str, Any] = {"media_group_id": group_id, "thread": thread, "sender_chat": sender_of(chat)}
    return post(state, chat.id, state.bot.id, **place, **parts)


def _origin(state: State, source: Message) -> dict[str, Any]:
    if source.sender_chat is None:
        return {"type": "user", "date": source.date, "sender_user": state.author_to_api(source.author)}
    sender = state.chats[source.sender_chat]
    if sender.is_channel and sender.id == source.chat_id:
        return {"type": "channel", "date": source.date, "chat": sender.to_api(), "message_id": source.id}
    return {"type": "chat", "date": source.date, "sender_chat": sender.to_api()}


def _source(state: State, request: Any, what: str) -> Message:
    chat = find_chat(state, request.from_chat_id)
    check_access(chat, "read")
    return find_message(state, chat, request.message_id, what)


def _sources(state: State, request: Any, *, may_be_protected: bool) -> list[Message]:
    chat = find_chat(state, request.from_chat_id)
    check_access(chat, "read")
    found = [state.messages.get(chat.id, message_id) for message_id in request.message_ids]
    usable = [
        message
        for message in found
        if message is not None
        and message.service is None
        and (may_be_protected or not message.marks.get("has_protected_content"))
    ]
    if not usable:
        raise ApiError(400, f"there are no messages to {'copy' if may_be_protected else 'forward'}")
    return usable
