"""The methods about polls: sending one, with pictures or without, and ending it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aiogram import types

from sandbox.errors import ApiError, BreachError
from sandbox.files import Photo
from sandbox.markup import format_part
from sandbox.methods.media import photo_of
from sandbox.methods.method import Uploads
from sandbox.methods.sending import send
from sandbox.methods.target import find_own_message, keyboard_of, writable_chat
from sandbox.polls import Option, Poll
from sandbox.posting import show_change
from sandbox.rules_polls import MAX_OPTION_CHARS, MAX_QUESTION_CHARS
from sandbox.state import State
from sandbox.texts import FormattedText

_NOT_EMULATED = ("allow_adding_options", "shuffle_options", "members_only", "country_codes", "explanation_media")
_MAX_EXPLANATION_CHARS = 200
_MAX_DESCRIPTION_CHARS = 1024


async def send_poll(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """Send a poll; its clock runs from now on."""
    for name in _NOT_EMULATED:
        if getattr(request, name):
            raise ApiError(400, f"the sandbox does not emulate the parameter {name}")
    chat = writable_chat(state, request, "can_send_polls")
    if chat.is_channel and request.is_anonymous is False:
        raise ApiError(400, "non-anonymous polls can't be sent to channel chats")
    poll = await _read_poll(state, request, uploads)
    sent = send(state, request, FormattedText(""), None, poll)
    if poll.close_date is not None and not poll.is_closed:
        state.timers.after(poll.close_date - state.clock.now().timestamp(), _closer(state, poll))
    return sent


async def stop_poll(state: State, request: Any, uploads: Uploads) -> dict[str, Any]:
    """End a poll of the bot's own; a keyboard that is not given again is taken away."""
    message = find_own_message(state, request, "message with poll to stop")
    if message.poll is None:
        raise ApiError(400, "message is not a poll")
    if message.poll.is_closed:
        raise ApiError(400, "poll has already been closed")
    message.keyboard = keyboard_of(request)
    _close(state, message.poll)
    return message.poll.to_api()


async def _read_poll(state: State, request: Any, uploads: Uploads) -> Poll:
    moment = _moment(request.close_date)
    if request.open_period is not None:
        moment = state.now_s() + request.open_period
    elif moment is not None and not 5 <= moment - state.now_s() <= 2_628_000:
        raise BreachError("wrong poll close date specified")
    is_quiz = request.type == "quiz"
    explained = request.explanation, request.explanation_parse_mode, request.explanation_entities
    described = request.description, request.description_parse_mode, request.description_entities
    asked = request.question, request.question_parse_mode, request.question_entities
    options = [await _read_option(state, item, number, uploads) for number, item in enumerate(request.options)]
    return Poll(
        id=state.poll_ids.next_id(),
        question=format_part("poll question", *asked, MAX_QUESTION_CHARS),
        options=tuple(options),
        is_anonymous=request.is_anonymous is not False,
        type=request.type or "regular",
        allows_multiple_answers=bool(request.allows_multiple_answers),
        allows_revoting=not is_quiz if request.allows_revoting is None else request.allows_revoting,
        hides_results=bool(request.hide_results_until_closes),
        correct_options=tuple(request.correct_option_ids or ()),
        explanation=format_part("poll explanation", *explained, _MAX_EXPLANATION_CHARS, may_be_empty=True),
        description=format_part("poll description", *described, _MAX_DESCRIPTION_CHARS, may_be_empty=True),
        photo=await _read_photo(state, request.media, uploads),
        open_period_s=request.open_period,
        close_date=moment,
        is_closed=bool(request.is_closed),
    )


async def _read_option(state: State, item: Any, number: int, uploads: Uploads) -> Option:
    if isinstance(item, str):
        return Option(str(number + 1), format_part("poll options", item, None, None, MAX_OPTION_CHARS))
    body = format_part("poll options", item.text, item.text_parse_mode, item.text_entities, MAX_OPTION_CHARS)
    return Option(str(number + 1), body, await _read_photo(state, item.media, uploads))


async def _read_photo(state: State, media: Any, uploads: Uploads) -> Photo | None:
    if media is None:
        return None
    if not isinstance(media, types.InputMediaPhoto):
        raise ApiError(400, f"the sandbox does not emulate media of type {media.type} in polls")
    return await photo_of(state, str(media.media), uploads)


def _moment(close_date: Any) -> int | None:
    if close_date is None or isinstance(close_date, int):
        return close_date
    if isinstance(close_date, timedelta):
        raise BreachError("wrong poll close date specified")
    return int(close_date.timestamp())


def _closer(state: State, poll: Poll) -> Callable[[], None]:
    def close() -> None:
        if not poll.is_closed:
            _close(state, poll)

    return close


def _close(state: State, poll: Poll) -> None:
    poll.is_closed = True
    for message in state.messages.with_poll(poll):
        show_change(state, message)
    state.updates.push("poll", poll.to_api())
