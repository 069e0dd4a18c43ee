"""How people join, leave, are promoted, restricted or banned, and what they do with the bot; the bot is told."""

from typing import Any

from sandbox.acts.hearing import tell_bot
from sandbox.acts.whereabouts import chat_of, group_of, person_of
from sandbox.chats import Chat
from sandbox.errors import PeopleError
from sandbox.posting import post, show_chat
from sandbox.standing import KICKED, LEFT, MEMBER, PERMISSIONS, RIGHTS, Standing, all_rights
from sandbox.state import State

_STATUSES = ("member", "administrator", "restricted", "left", "kicked")


def set_standing(state: State, chat_id: int, by: int, whom: int, standing: Standing) -> Chat:
    """Give somebody, or the bot, another standing in a group; whoever acts for others must be an administrator.

    Joining, leaving and being added or removed write a service message. The bot gets `my_chat_member` of itself, and
    `chat_member` of others where it is an administrator and asked for that.

    Raises:
        PeopleError: unknown chat or person, an act that is not theirs to do, or a standing that cannot be given.
    """
    chat = group_of(state, chat_id)
    person_of(state, by)
    is_bot = whom == state.bot.id
    before = chat.bot if is_bot else chat.standing_of(person_of(state, whom).id)
    _check_may(chat, by, whom, before, standing)
    if before == standing:
        return chat
    if is_bot and standing.is_in and chat.is_channel and not standing.is_administrator:
        raise PeopleError(400, "a bot is in a channel as its administrator, or not at all")
    was_heard = chat.bot.is_in
    if is_bot:
        chat.bot = standing
        tell_bots_standing(state, chat, by, before)
    else:
        chat.standings[whom] = standing
        _tell_standing(state, chat, by, whom, before)
    if before.is_in != standing.is_in:
        _write_service(state, chat, by, whom, standing, was_heard)
    show_chat(state, chat)
    return chat


def read_standing(chat_type: str, status: str, may: list[str] | None = None, is_anonymous: bool = False) -> Standing:
    """Make a standing of words; administrators have all rights but promoting, restricted people none, unless told.

    Raises:
        PeopleError: an unknown status or right.
    """
    if status not in _STATUSES:
        raise PeopleError(400, f"status must be one of {', '.join(_STATUSES)}")
    default = all_rights(chat_type) if status == "administrator" else frozenset[str]()
    known = {*PERMISSIONS, "can_react_to_messages", *RIGHTS, *all_rights(chat_type)}
    unknown = sorted(set(may or ()) - known)
    if unknown:
        raise PeopleError(400, f"unknown right {unknown[0]}")
    given = default if may is None else frozenset(may)
    return Standing(status, given if status in ("administrator", "restricted") else frozenset(), is_anonymous)


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
    show_chat(state, chat)
    before, after = (MEMBER, KICKED) if is_blocked else (KICKED, MEMBER)
    _push(state, "my_chat_member", chat, person_id, state.bot.id, before, after)


def delete_account(state: State, person_id: int) -> None:
    """Let a person delete their account: they leave every group, and their private chat can no longer be written to.

    Raises:
        PeopleError: nobody has that id.
    """
    private = state.chats[person_of(state, person_id).id]
    private.is_deactivated = True
    show_chat(state, private)
    for chat in state.chats.all():
        if not chat.is_private and chat.migrated_to is None and chat.standing_of(person_id).is_in:
            set_standing(state, chat.id, person_id, person_id, LEFT)


def migrate(state: State, chat_id: int, person_id: int) -> Chat:
    """Let a group's owner make a supergroup of it; both chats get a service message of it, and so does the bot.

    Raises:
        PeopleError: unknown chat or person, not its owner, or no group.
    """
    group = group_of(state, chat_id)
    if group.type != "group":
        raise PeopleError(400, f"chat {chat_id} is a {group.type} already")
    if chat_of(state, chat_id, person_id).standing_of(person_id).status != "creator":
        raise PeopleError(403, f"person {person_id} does not own chat {chat_id}")
    chat = state.chats.upgrade(group)
    marks: dict[str, Any] = {"migrate_to_chat_id": chat.id}
    farewell = post(state, group.id, person_id, service="The group became a supergroup", marks=marks)
    marks = {"migrate_from_chat_id": group.id}
    welcome = post(state, chat.id, person_id, service="The group became a supergroup", sender_chat=chat.id, marks=marks)
    show_chat(state, group)
    show_chat(state, chat)
    tell_bot(state, farewell)
    tell_bot(state, welcome)
    return chat


def tell_bots_standing(state: State, chat: Chat, by: int, before: Standing) -> None:
    """Tell the bot that its own standing has changed."""
    _push(state, "my_chat_member", chat, by, state.bot.id, before, chat.bot)


def _check_may(chat: Chat, by: int, whom: int, before: Standing, after: Standing) -> None:
    actor = chat.standing_of(by)
    if before.status == "creator" and (after.is_in or by != whom):
        raise PeopleError(403, f"person {whom} owns chat {chat.id} and stays so until they leave")
    if by == whom and after in (MEMBER, LEFT):
        if before.status == "kicked":
            raise PeopleError(403, f"person {whom} was banned from chat {chat.id}")
        return
    if after == MEMBER and not before.is_in and before.status != "kicked" and actor.is_in:
        return  # any member may bring somebody in
    if not actor.is_administrator:
        raise PeopleError(403, f"person {by} is no administrator of chat {chat.id}")


def _tell_standing(state: State, chat: Chat, by: int, whom: int, before: Standing) -> None:
    if chat.bot.is_administrator:
        _push(state, "chat_member", chat, by, whom, before, chat.standing_of(whom))


def _push(
    state: State, kind: str, chat: Chat, by: int, whom: int, before: Standing, after: Standing
) -> None:  # one argument a field of the update
    user = state.author_to_api(whom)
    change = {
        "chat": chat.to_api(),
        "from": state.author_to_api(by),
        "date": state.now_s(),
        "old_chat_member": before.to_api(user, chat.type),
        "new_chat_member": after.to_api(user, chat.type),
    }
    state.updates.push(kind, change)


def _write_service(state: State, chat: Chat, by: int, whom: int, after: Standing, was_heard: bool) -> None:
    if chat.is_channel:
        return
    user = state.author_to_api(whom)
    name = user["first_name"]
    marks = {"new_chat_members": [user]} if after.is_in else {"left_chat_member": user}
    words = f"{name} joined" if after.is_in else f"{name} left"
    service = post(state, chat.id, by, service=words, marks=marks)
    # a group's bot hears of its own leaving too; the update before tells it why nothing follows
    if was_heard and not chat.bot.is_in and chat.type == "group":
        chat_bot, chat.bot = chat.bot, MEMBER
        tell_bot(state, service)
        chat.bot = chat_bot
        return
    tell_bot(state, service)
