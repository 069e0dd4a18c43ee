"""Finds the people, chats and messages that an act is about, and says in words what is missing."""

from sandbox.chats import Chat
from sandbox.errors import PeopleError
from sandbox.messages import Message
from sandbox.people import Person
from sandbox.state import State


def person_of(state: State, person_id: int) -> Person:
    """Return a person.

    Raises:
        PeopleError: nobody has that id.
    """
    person = state.people.get(person_id)
    if person is None:
        raise PeopleError(404, f"no person {person_id}")
    return person


def any_chat_of(state: State, chat_id: int) -> Chat:
    """Return a chat.

    Raises:
        PeopleError: there is none of that id.
    """
    chat = state.chats.get(chat_id)
    if chat is None:
        raise PeopleError(404, f"no chat {chat_id}")
    return chat


def group_of(state: State, chat_id: int) -> Chat:
    """Return a group, supergroup or channel.

    Raises:
        PeopleError: there is none of that id, it is a private chat, or it has become another chat.
    """
    chat = any_chat_of(state, chat_id)
    if chat.is_private:
        raise PeopleError(400, f"chat {chat_id} is a private chat: this is for groups and channels")
    if chat.migrated_to is not None:
        raise PeopleError(409, f"group {chat_id} has become supergroup {chat.migrated_to}: go there")
    return chat


def chat_of(state: State, chat_id: int, person_id: int) -> Chat:
    """Return a chat that a person is in.

    Raises:
        PeopleError: no such chat or person, the person is not in it, or it has become another chat.
    """
    person_of(state, person_id)
    chat = any_chat_of(state, chat_id)
    if not chat.standing_of(person_id).is_in:
        raise PeopleError(403, f"person {person_id} is not in chat {chat_id}")
    if chat.migrated_to is not None:
        raise PeopleError(409, f"group {chat_id} has become supergroup {chat.migrated_to}: go there")
    return chat


def message_of(state: State, chat_id: int, message_id: int) -> Message:
    """Return a message.

    Raises:
        PeopleError: there is none of that id in that chat.
    """
    message = state.messages.get(chat_id, message_id)
    if message is None:
        raise PeopleError(404, f"no message {message_id} in chat {chat_id}")
    return message
