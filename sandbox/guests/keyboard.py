"""Finds what a person would press, by what is written on the buttons alone.

Owns how albums, vote buttons and other buttons are recognised among a chat's messages. Sends and presses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sandbox.client import Button, Message
from sandbox.guests.errors import VisitError

_NUMBER = re.compile(r"\s*(\d+)")
LIKE_SIGN, DISLIKE_SIGN = "👍", "👎"


@dataclass(frozen=True, slots=True)
class OpenAlbum:
    """An album that can be voted on: its photo messages in order, and the companion message with the buttons."""

    photos: tuple[Message, ...]
    companion: Message


def buttons_of(message: Message) -> list[Button]:
    """Return the buttons that can be pressed, row by row: those that call the bot back."""
    return [button for row in message.get("keyboard", []) for button in row if "callback_data" in button]


def find_button(message: Message, words: str) -> Button | None:
    """Return the first button whose text holds `words`, in whatever case."""
    return next((button for button in buttons_of(message) if words.casefold() in button["text"].casefold()), None)


def find_vote_buttons(message: Message, sign: str) -> Mapping[int, Button]:
    """Return the buttons that hold `sign` (👍 or 👎), by the picture's number that their text begins with."""
    found = {}
    for button in buttons_of(message):
        number = _NUMBER.match(button["text"])
        if number and sign in button["text"]:
            found[int(number[1])] = button
    return MappingProxyType(found)


def find_choice(messages: Sequence[Message], after: int) -> tuple[Message, Button] | None:
    """Return the first button of the newest choice that the bot offers after message `after`; votes are no choice."""
    for message in reversed(messages):
        buttons = buttons_of(message)
        if message["id"] <= after or not message["from"]["is_bot"] or not buttons or find_button(message, "Cancel"):
            continue
        if not find_vote_buttons(message, LIKE_SIGN):
            return message, buttons[0]
    return None


def find_album(messages: Sequence[Message], after: int) -> OpenAlbum | None:
    """Return the newest album with vote buttons whose companion is newer than message `after`.

    Raises:
        VisitError: vote buttons came, but they belong to no album, or to one with other numbers of pictures.
    """
    for message in reversed(messages):
        if message["id"] > after and message["from"]["is_bot"] and find_vote_buttons(message, LIKE_SIGN):
            return OpenAlbum(_photos_of(messages, message), message)
    return None


def quote(messages: Sequence[Message]) -> str:
    """Quote what the bot said last, with its buttons, for an error that a person reads."""
    own = [message for message in messages if message["from"]["is_bot"]]
    if not own:
        return "the bot has said nothing at all"
    last = own[-1]
    words = last.get("text") or last.get("caption") or ("a picture" if "photo" in last else "a message without words")
    buttons = " ".join(f"[{button['text']}]" for button in buttons_of(last))
    return f"the bot's last message: “{words}”{' ' if buttons else ''}{buttons}"


def _photos_of(messages: Sequence[Message], companion: Message) -> tuple[Message, ...]:
    answered = next((m for m in messages if m["id"] == companion.get("reply_to")), None)
    if answered is None or "photo" not in answered:
        raise VisitError("expected vote buttons in a message that replies to an album, came one that replies to none")
    group = answered.get("media_group_id")
    photos = tuple(m for m in messages if "photo" in m and m.get("media_group_id") == group) if group else (answered,)
    likes, dislikes = find_vote_buttons(companion, LIKE_SIGN), find_vote_buttons(companion, DISLIKE_SIGN)
    expected = list(range(1, len(photos) + 1))
    if sorted(likes) != expected or sorted(dislikes) != expected:
        raise VisitError(
            f"expected a like and a dislike button for each of {len(photos)} pictures, "
            f"came likes for {sorted(likes)} and dislikes for {sorted(dislikes)}"
        )
    return photos
