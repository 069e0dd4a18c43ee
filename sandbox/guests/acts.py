"""The single acts of a visit: begin, ask for the next generation, vote, see the best, stop.

Owns which buttons each act presses and what it waits for. Knows neither tastes nor what is recorded.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Sequence

from sandbox.client import Button, Message
from sandbox.guests.ballot import LIKE, NEITHER
from sandbox.guests.conversation import Conversation
from sandbox.guests.errors import VisitError
from sandbox.guests.keyboard import (
    DISLIKE_SIGN,
    LIKE_SIGN,
    OpenAlbum,
    find_album,
    find_button,
    find_choice,
    find_vote_buttons,
    quote,
)

NEXT, BEST, STOP, YES = "Next generation", "Best so far", "Stop", "Yes"
_BEST_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 3.0
_Choice = tuple[Message, Button]


async def begin(talk: Conversation, person: int, command: str, tell: Callable[[str], None]) -> OpenAlbum:
    """Say `command`, choose the first style that is offered, and wait for the first album.

    Raises:
        VisitError: neither a choice nor an album came in time.
    """
    said = (await talk.say(person, command))["id"]
    return await _album(talk, person, "a choice of styles, or an album", said, find_choice, tell)


async def ask_for_next(talk: Conversation, person: int, album: OpenAlbum, tell: Callable[[str], None]) -> OpenAlbum:
    """Press "Next generation", say yes if asked, and wait for the next album.

    Raises:
        VisitError: there is no such button, or no album came in time.
    """
    old = album.companion["id"]
    await talk.tap(person, *await _button(talk, old, NEXT))
    return await _album(talk, person, "the next generation", old, _find_question, tell)


async def cast(
    talk: Conversation,
    person: int,
    album: OpenAlbum,
    votes: Sequence[int],
    pause: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Press a like or a dislike for each picture that `person` has a vote on, in the album's order.

    `pause` is awaited before each tap.

    Raises:
        VisitError: the keyboard has lost a button.
    """
    for number, value in enumerate(votes, start=1):
        if value == NEITHER:
            continue
        if pause is not None:
            await pause()
        # Looked up anew each time: a tap may have changed what the buttons say and do.
        message = _find_message(await talk.look(), album.companion["id"])
        button = find_vote_buttons(message, LIKE_SIGN if value == LIKE else DISLIKE_SIGN).get(number)
        if button is None:
            raise VisitError(f"expected vote buttons for picture {number} under the album; {quote([message])}")
        await talk.tap(person, message, button)


async def see_best(talk: Conversation, person: int, album: OpenAlbum, timeout_s: float) -> tuple[Message, ...]:
    """Press "Best so far", or say /best where there is no such button, and wait for the photos.

    Raises:
        VisitError: no photo came in time.
    """
    before = (await talk.look())[-1]["id"]
    try:
        message, button = await _button(talk, album.companion["id"], BEST)
    except VisitError:
        await talk.say(person, "/best")
    else:
        await talk.tap(person, message, button)
    await talk.wait("the best so far", lambda messages: _photos(messages, before), min(_BEST_TIMEOUT_S, timeout_s))
    # The wait ends with an album's first photo; its others came in the same moment.
    return _photos(await talk.look(), before)


async def stop(talk: Conversation, person: int, album: OpenAlbum) -> None:
    """Press "Stop", and say yes if asked.

    Raises:
        VisitError: there is no such button.
    """
    before = (await talk.look())[-1]["id"]
    companion = album.companion["id"]
    await talk.tap(person, *await _button(talk, companion, STOP))
    # A bot may end without another word: that nothing comes within a few seconds is no fault.
    with contextlib.suppress(VisitError):
        await talk.wait("a last word", lambda messages: _has_ended(messages, companion, before), _STOP_TIMEOUT_S)
    question = _find_question(await talk.look(), before)
    if question:
        await talk.tap(person, *question)


async def _album(
    talk: Conversation,
    person: int,
    what: str,
    after: int,
    find_question: Callable[[Sequence[Message], int], _Choice | None],
    tell: Callable[[str], None],
) -> OpenAlbum:
    def look(messages: list[Message]) -> OpenAlbum | _Choice | None:
        return find_album(messages, after) or find_question(messages, after)

    seen: OpenAlbum | _Choice = await talk.wait(what, look)
    if isinstance(seen, OpenAlbum):
        return seen
    message, button = seen
    tell(f"chose “{button['text']}”")
    await talk.tap(person, message, button)
    return await talk.wait("the album", lambda messages: find_album(messages, after))


async def _button(talk: Conversation, companion: int, words: str) -> _Choice:
    message = _find_message(await talk.look(), companion)
    button = find_button(message, words)
    if button is None:
        raise VisitError(f"expected a button with “{words}” under the album; {quote([message])}")
    return message, button


def _find_message(messages: Sequence[Message], number: int) -> Message:
    found = next((message for message in messages if message["id"] == number), None)
    if found is None:
        raise VisitError(f"expected the vote buttons to stay, came a chat without them; {quote(messages)}")
    return found


def _find_question(messages: Sequence[Message], after: int) -> _Choice | None:
    for message in reversed(messages):
        button = find_button(message, YES) if message["id"] >= after and message["from"]["is_bot"] else None
        if button:
            return message, button
    return None


def _has_ended(messages: Sequence[Message], companion: int, after: int) -> bool:
    words = any(message["id"] > after and message["from"]["is_bot"] for message in messages)
    return words or find_button(_find_message(messages, companion), STOP) is None


def _photos(messages: Sequence[Message], after: int) -> tuple[Message, ...]:
    return tuple(message for message in messages if message["id"] > after and "photo" in message)
