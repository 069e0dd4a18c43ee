"""The rules of polls and reactions that types cannot say, on one request by itself."""

from typing import Any

from sandbox.errors import BreachError
from sandbox.reactions import EMOJIS

MAX_QUESTION_CHARS = 300
MAX_OPTION_CHARS = 100
_MAX_OPTIONS = 12
_OPEN_PERIOD_S = range(5, 2_628_001)
_TYPES = ("regular", "quiz")


def check_poll(request: Any) -> None:
    """Check a `sendPoll`.

    Raises:
        BreachError: the first rule that it breaks.
    """
    if not request.options:
        raise BreachError("poll must have at least one answer option")
    if len(request.options) > _MAX_OPTIONS:
        raise BreachError(f"poll can't have more than {_MAX_OPTIONS} options")
    if request.type is not None and request.type not in _TYPES:
        raise BreachError("unsupported poll type specified")
    if request.open_period is not None and request.close_date is not None:
        raise BreachError("open_period and close_date exclude each other")
    if request.open_period is not None and request.open_period not in _OPEN_PERIOD_S:
        raise BreachError(f"open_period must be between {_OPEN_PERIOD_S[0]} and {_OPEN_PERIOD_S[-1]} seconds")
    _check_quiz(request)


def _check_quiz(request: Any) -> None:
    correct = request.correct_option_ids
    if request.type != "quiz":
        if correct or request.explanation:
            raise BreachError("correct_option_ids and explanation belong to polls of type quiz")
        return
    if not correct or any(not 0 <= option < len(request.options) for option in correct):
        raise BreachError("wrong correct option ID specified")
    if correct != sorted(set(correct)):
        raise BreachError("correct_option_ids must increase")
    if len(correct) > 1 and not request.allows_multiple_answers:
        raise BreachError("a quiz with several correct options must allow multiple answers")


def check_reaction(request: Any) -> None:
    """Check a `setMessageReaction`.

    Raises:
        BreachError: more than one, of a paid kind, or an emoji that is none of Telegram's.
    """
    reactions = request.reaction or []
    if len(reactions) > 1:
        raise BreachError("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction.type != "emoji" or reaction.emoji not in EMOJIS:
            raise BreachError("REACTION_INVALID")
