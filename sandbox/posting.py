"""Owns what happens when a message comes, changes or goes: it is kept, and the page is told. Knows no HTTP."""

from typing import Any

from sandbox.chats import Chat
from sandbox.files import Document, Photo
from sandbox.messages import Keyboard, Message
from sandbox.polls import Poll
from sandbox.render import message_to_page
from sandbox.state import State
from sandbox.texts import NO_TEXT, FormattedText


def post(  # one argument a part of the message
    state: State,
    chat_id: int,
    author: int,
    *,
    body: FormattedText = NO_TEXT,
    media: Photo | Document | None = None,
    media_group_id: str | None = None,
    reply_to: int | None = None,
    keyboard: Keyboard | None = None,
    service: str | None = None,
    sender_chat: int | None = None,
    thread: int | None = None,
    poll: Poll | None = None,
    marks: dict[str, Any] | None = None,
) -> Message:
    """Put a new message into a chat."""
    message = Message(
        id=state.messages.next_id(),
        chat_id=chat_id,
        author=author,
        date=state.now_s(),
        body=body,
        media=media,
        media_group_id=media_group_id,
        reply_to=reply_to,
        keyboard=keyboard,
        service=service,
        sender_chat=sender_chat,
        thread=thread,
        poll=poll,
        marks=marks or {},
    )
    state.messages.add(message)
    _tell(state, "message", message)
    return message


def tell_edit(state: State, message: Message) -> None:
    """Date an edit and tell the page of it."""
    message.edit_date = state.now_s()
    _tell(state, "edit", message)


def show_change(state: State, message: Message) -> None:
    """Tell the page of a change that is no edit: votes, reactions."""
    _tell(state, "edit", message)


def show_chat(state: State, chat: Chat) -> None:
    """Tell the page of a chat, with all that was said in it."""
    messages = [message_to_page(state, message) for message in state.messages.of_chat(chat.id)]
    state.events.publish({"type": "chat", "chat_id": chat.id, "chat": chat.to_page(messages)})


def remove(state: State, message: Message) -> None:
    """Take a message out of its chat."""
    state.messages.remove(message.chat_id, message.id)
    _tell(state, "delete", message)


def _tell(state: State, kind: str, message: Message) -> None:
    page = message_to_page(state, message)
    state.events.publish({"type": kind, "chat_id": message.chat_id, "message_id": message.id, "message": page})
