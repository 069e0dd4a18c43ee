"""How people come in, found groups and channels, and open topics; the bot is told."""

from sandbox.acts.hearing import tell_bot
from sandbox.acts.membership import tell_bots_standing
from sandbox.acts.whereabouts import chat_of, group_of, person_of
from sandbox.chats import Chat, Topic
from sandbox.errors import PeopleError
from sandbox.messages import Message
from sandbox.people import Person
from sandbox.posting import post, show_chat
from sandbox.standing import LEFT
from sandbox.state import State

KINDS = ("group", "supergroup", "channel")
_TOPIC_COLOR = 7_322_096
_MAX_TOPIC_CHARS = 128


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
    show_chat(state, chat)
    return person


def found(state: State, title: str, members: list[int], kind: str = "group", is_forum: bool = False) -> Chat:
    """Found a group, supergroup or channel with the bot in it; the bot is told.

    Raises:
        PeopleError: somebody is unknown, or title or kind will not do.
    """
    for member in members:
        person_of(state, member)
    if kind not in KINDS:
        raise PeopleError(400, f"type must be one of {', '.join(KINDS)}")
    try:
        chat = state.chats.open_group(title, list(dict.fromkeys(members)), kind, is_forum)
    except ValueError as error:
        raise PeopleError(400, str(error)) from error
    show_chat(state, chat)
    tell_bots_standing(state, chat, members[0], LEFT)
    mark = "group_chat_created" if kind == "group" else f"{kind}_chat_created"
    sender_chat = chat.id if chat.is_channel else None
    service = post(
        state, chat.id, members[0], service=f"{title} was founded", sender_chat=sender_chat, marks={mark: True}
    )
    tell_bot(state, service)
    return chat


def open_topic(state: State, chat_id: int, person_id: int, name: str) -> Message:
    """Open a topic in a forum; the service message's id is the topic's.

    Raises:
        PeopleError: unknown chat or person, no forum, or a name that will not do.
    """
    chat = chat_of(state, chat_id, person_id)
    if not chat.is_forum:
        raise PeopleError(400, f"chat {chat_id} has no topics: found a supergroup with is_forum")
    if not 1 <= len(name.strip()) <= _MAX_TOPIC_CHARS:
        raise PeopleError(400, f"a topic's name has 1 to {_MAX_TOPIC_CHARS} characters")
    mark = {"forum_topic_created": {"name": name.strip(), "icon_color": _TOPIC_COLOR}}
    service = post(state, chat.id, person_id, service=f"Topic {name.strip()} was opened", marks=mark)
    service.thread = service.id
    chat.topics[service.id] = Topic(service.id, name.strip())
    show_chat(state, chat)
    tell_bot(state, service)
    return service


def close_topic(state: State, chat_id: int, person_id: int, thread: int, is_closed: bool) -> None:
    """Close a topic, or open it again.

    Raises:
        PeopleError: unknown chat, person or topic, or the person is no administrator.
    """
    chat = group_of(state, chat_id)
    if not chat_of(state, chat_id, person_id).standing_of(person_id).is_administrator:
        raise PeopleError(403, f"person {person_id} is no administrator of chat {chat_id}")
    topic = chat.topics.get(thread)
    if topic is None:
        raise PeopleError(404, f"no topic {thread} in chat {chat_id}")
    if topic.is_closed == is_closed:
        return
    topic.is_closed = is_closed
    mark, words = ("forum_topic_closed", "closed") if is_closed else ("forum_topic_reopened", "opened again")
    marks = {mark: dict[str, str]()}
    service = post(state, chat.id, person_id, service=f"{topic.name} was {words}", thread=thread, marks=marks)
    show_chat(state, chat)
    tell_bot(state, service)
