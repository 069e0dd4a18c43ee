"""What people do to messages that are there: press buttons, react, answer polls; the bot is told."""

import asyncio
from typing import Any

from sandbox.acts.whereabouts import chat_of, message_of
from sandbox.callbacks import Answer
from sandbox.chats import Chat
from sandbox.errors import PeopleError
from sandbox.messages import Message
from sandbox.posting import show_change
from sandbox.reactions import EMOJIS, react_to, reaction_to_api
from sandbox.render import message_to_api
from sandbox.state import State


def press(state: State, chat_id: int, message_id: int, person_id: int, data: str) -> asyncio.Future[Answer]:
    """Let a person press a button; the future brings the bot's answer.

    The data need not be on the keyboard: clients can be made to send anything, and a bot must stand it.

    Raises:
        PeopleError: unknown chat, person or message, or data of a size that no button carries.
    """
    chat_of(state, chat_id, person_id)
    message = message_of(state, chat_id, message_id)
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


def react(state: State, chat_id: int, message_id: int, person_id: int, emojis: list[str]) -> Message:
    """Let a person set their reaction to a message, or with none take it back; on an album it lands on its first item.

    The bot hears of it where it is an administrator and asked for it; in a channel it hears the counts alone.

    Raises:
        PeopleError: unknown chat, person, message or emoji, more than one, or not allowed to react.
    """
    chat = chat_of(state, chat_id, person_id)
    message = state.messages.first_of_album(message_of(state, chat_id, message_id))
    if len(emojis) > 1 or any(emoji not in EMOJIS for emoji in emojis):
        raise PeopleError(400, f"a person reacts with one of Telegram's emoji or with none, got {emojis}")
    standing = chat.standing_of(person_id)
    if not standing.may_send("can_react_to_messages"):
        raise PeopleError(403, f"person {person_id} may not react in chat {chat_id}")
    actor = chat.id if standing.is_anonymous else person_id
    before = message.reactions.get(actor, ())
    if before == tuple(emojis):
        return message
    react_to(message, actor, emojis)
    show_change(state, message)
    if chat.bot.is_administrator:
        _tell_reaction(state, chat, message, actor, before)
    return message


def answer_poll(state: State, chat_id: int, message_id: int, person_id: int, options: list[int]) -> Message:
    """Let a person answer a poll, or with no option take the answer back.

    The bot gets `poll_answer` of polls of its own that are not anonymous, and `poll` of all its own.

    Raises:
        PeopleError: unknown chat, person or message, no poll, or an answer that it does not allow.
    """
    chat = chat_of(state, chat_id, person_id)
    message = message_of(state, chat_id, message_id)
    if message.poll is None:
        raise PeopleError(400, f"message {message_id} is no poll")
    poll = message.poll
    voter = chat.id if chat.standing_of(person_id).is_anonymous else person_id
    poll.vote(voter, tuple(options))
    for carrier in state.messages.with_poll(poll):
        show_change(state, carrier)
    chosen = poll.votes.get(voter, ())
    if not poll.is_anonymous:
        answer: dict[str, Any] = {
            "poll_id": poll.id,
            "option_ids": list(chosen),
            "option_persistent_ids": [poll.options[index].persistent_id for index in chosen],
        }
        who = {"voter_chat": chat.to_api()} if voter == chat.id else {"user": state.author_to_api(person_id)}
        state.updates.push("poll_answer", {**answer, **who})
    state.updates.push("poll", poll.to_api())
    return message


def _tell_reaction(state: State, chat: Chat, message: Message, actor: int, before: tuple[str, ...]) -> None:
    told: dict[str, Any] = {"chat": chat.to_api(), "message_id": message.id, "date": state.now_s()}
    if chat.is_channel:
        counts: dict[str, int] = {}
        for emojis in message.reactions.values():
            for emoji in emojis:
                counts[emoji] = counts.get(emoji, 0) + 1
        told["reactions"] = [{"type": reaction_to_api(emoji), "total_count": count} for emoji, count in counts.items()]
        state.updates.push("message_reaction_count", told)
        return
    who = {"actor_chat": chat.to_api()} if actor == chat.id else {"user": state.author_to_api(actor)}
    after = message.reactions.get(actor, ())
    told.update(who)
    told["old_reaction"] = [reaction_to_api(emoji) for emoji in before]
    told["new_reaction"] = [reaction_to_api(emoji) for emoji in after]
    state.updates.push("message_reaction", told)
