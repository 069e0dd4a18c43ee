"""Owns what people do: speak, press, block, found groups; and which updates the bot gets of it. Knows no HTTP."""

import asyncio
from typing import Any

from sandbox.callbacks import Answer
from sandbox.chats import Chat
from sandbox.errors import PeopleError
from sandbox.markup import MAX_TEXT_CHARS
from sandbox.messages import Message
from sandbox.people import Person
from sandbox.posting import post
from sandbox.render import message_to_api, message_to_page
from sandbox.state import State
from sandbox.texts import FormattedText, complete, utf16_length


def come_in(state: State, first_name: str, language_code: str) -> Person:
    """Let a new person come in, with a private chat of their own.

    Raises:
        PeopleError: the name will not do.
    """
    try:
        person = state.people.add(first_name, language_code)
    except ValueError as error:
        raise PeopleError(400, str(error)) from error
    chat = state.chats.open_private(person)
    state.events.publish({"type": "person", "chat_id": chat.id, "person": person.to_page()})
    state.events.publish({"type": "chat", "chat_id": chat.id, "chat": chat.to_page([])})
    return person


def found_group(state: State, title: str, members: list[int]) -> Chat:
    """Found a group with the bot in it; the bot is told.

    Raises:
        PeopleError: somebody is unknown, or the title will not do.
    """
    for member in members:
        person_of(state, member)
    try:
        chat = state.chats.open_group(title, members)
    except ValueError as error:
        raise PeopleError(400, str(error)) from error
    state.events.publish({"type": "chat", "chat_id": chat.id, "chat": chat.to_page([])})
    _tell_membership(state, chat, members[0], {"status": "left"}, {"status": "member"})
    service = post(state, chat.id, members[0], service=f"{title} was founded", marks={"group_chat_created": True})
    state.updates.push("message", message_to_api(state, service))
    return chat


def say(state: State, chat_id: int, person_id: int, text: str, reply_to: int | None = None) -> Message:
    """Let a person write a message; the bot is told where its privacy mode allows.

    Raises:
        PeopleError: unknown chat, person or message; empty or too long; the person has blocked the bot.
    """
    chat = chat_of(state, chat_id, person_id)
    if chat.is_blocked:
        raise PeopleError(409, "this person has blocked the bot: unblock it first")
    body = complete(FormattedText(text))
    if not 1 <= utf16_length(body.text) <= MAX_TEXT_CHARS:
        raise PeopleError(400, f"a message has 1 to {MAX_TEXT_CHARS} characters, got {utf16_length(body.text)}")
    if reply_to is not None and state.messages.get(chat_id, reply_to) is None:
        raise PeopleError(404, f"no message {reply_to} in chat {chat_id}")
    message = post(state, chat_id, person_id, body=body, reply_to=reply_to)
    if _is_for_bot(state, chat, message):
        state.updates.push("message", message_to_api(state, message))
    return message


def press(state: State, chat_id: int, message_id: int, person_id: int, data: str) -> asyncio.Future[Answer]:
    """Let a person press a button; the future brings the bot's answer.

    The data need not be on the keyboard: clients can be made to send anything, and a bot must stand it.

    Raises:
        PeopleError: unknown chat, person or message, or data of a size that no button carries.
    """
    chat_of(state, chat_id, person_id)
    message = state.messages.get(chat_id, message_id)
    if message is None:
        raise PeopleError(404, f"no message {message_id} in chat {chat_id}")
    if not 1 <= len(data.encode()) <= 64:
        raise PeopleError(400, "callback data has 1 to 64 bytes")
    query_id, answer = state.callbacks.open()
    query = {
        "id": query_id,
        "from": state.author_to_api(person_id),
        "message": message_to_api(state, message),
        "chat_instance": str(-7_000_000_000 + chat_id),
        "data": data,
    }
    state.updates.push("callback_query", query)
    return answer


def block(state: State, chat_id: int, person_id: int, is_blocked: bool) -> None:
    """Let a person block or unblock the bot in their private chat; the bot is told.

    Raises:
        PeopleError: unknown chat or person, or no private chat.
    """
    chat = chat_of(state, chat_id, person_id)
    if not chat.is_private:
        raise PeopleError(400, "the bot can be blocked in a private chat only")
    if chat.is_blocked == is_blocked:
        return
    chat.is_blocked = is_blocked
    messages = [message_to_page(state, message) for message in state.messages.of_chat(chat.id)]
    state.events.publish({"type": "chat", "chat_id": chat.id, "chat": chat.to_page(messages)})
    member, kicked = {"status": "member"}, {"status": "kicked", "until_date": 0}
    before, after = (member, kicked) if is_blocked else (kicked, member)
    _tell_membership(state, chat, person_id, before, after)


def person_of(state: State, person_id: int) -> Person:
    """Return a person.

    Raises:
        PeopleError: nobody has that id.
    """
    person = state.people.get(person_id)
    if person is None:
        raise PeopleError(404, f"no person {person_id}")
    return person


def chat_of(state: State, chat_id: int, person_id: int) -> Chat:
    """Return a chat that a person is in.

    Raises:
        PeopleError: no such chat or person, or the person is not in it.
    """
    person_of(state, person_id)
    chat = state.chats.get(chat_id)
    if chat is None:
        raise PeopleError(404, f"no chat {chat_id}")
    if person_id not in chat.members:
        raise PeopleError(403, f"person {person_id} is not in chat {chat_id}")
    return chat


def _is_for_bot(state: State, chat: Chat, message: Message) -> bool:
    """Privacy mode: in a group the bot sees commands for it and replies to its own messages."""
    if chat.is_private:
        return True
    if message.reply_to is not None:
        parent = state.messages.get(chat.id, message.reply_to)
        if parent is not None and parent.author == state.bot.id:
            return True
    text = message.body.text.encode("utf-16-le")
    for entity in message.body.entities:
        if entity["type"] == "bot_command":
            start = entity["offset"] * 2
            command = text[start : start + entity["length"] * 2].decode("utf-16-le")
            _, _, addressee = command.partition("@")
            if addressee.lower() in ("", state.bot.username.lower()):
                return True
    return False


def _tell_membership(state: State, chat: Chat, person_id: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    user = state.bot.to_api()
    change = {
        "chat": chat.to_api(),
        "from": state.author_to_api(person_id),
        "date": state.now_s(),
        "old_chat_member": {"user": user, **before},
        "new_chat_member": {"user": user, **after},
    }
    state.updates.push("my_chat_member", change)
