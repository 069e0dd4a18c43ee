"""Owns the polls that people vote in: questions, options, votes, and when they end. Knows no chats and no clock."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import PeopleError
from sandbox.files import Photo
from sandbox.texts import NO_TEXT, FormattedText

_FIRST_ID = 5_200_000_000_000_000_001


@dataclass(frozen=True)
class Option:
    """One answer of a poll, perhaps with a picture."""

    persistent_id: str
    body: FormattedText
    photo: Photo | None = None


@dataclass
class Poll:
    """A poll and the votes in it; a voter is a person's id, or that of the chat in whose name they vote."""

    id: str
    question: FormattedText
    options: tuple[Option, ...]
    is_anonymous: bool = True
    type: str = "regular"
    allows_multiple_answers: bool = False
    allows_revoting: bool = True
    hides_results: bool = False
    correct_options: tuple[int, ...] = ()
    explanation: FormattedText = NO_TEXT
    description: FormattedText = NO_TEXT
    photo: Photo | None = None
    open_period_s: int | None = None
    close_date: int | None = None
    is_closed: bool = False
    votes: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def vote(self, voter: int, options: tuple[int, ...]) -> None:
        """Replace a voter's answer; none at all takes it back.

        Raises:
            PeopleError: the poll has ended, or does not allow this answer.
        """
        if self.is_closed:
            raise PeopleError(409, "the poll has ended")
        if any(not 0 <= option < len(self.options) for option in options) or len(set(options)) != len(options):
            raise PeopleError(400, f"options are different numbers from 0 to {len(self.options) - 1}")
        if len(options) > 1 and not self.allows_multiple_answers:
            raise PeopleError(400, "the poll allows one answer only")
        if voter in self.votes and not self.allows_revoting:
            raise PeopleError(409, "the poll does not let one change an answer")
        self.votes.pop(voter, None)
        if options:
            self.votes[voter] = tuple(sorted(options))

    def counts(self) -> list[int]:
        """Return how many chose each option; all zeros while the results are hidden."""
        if self.hides_results and not self.is_closed:
            return [0] * len(self.options)
        return [sum(index in chosen for chosen in self.votes.values()) for index in range(len(self.options))]

    def to_api(self) -> dict[str, Any]:
        """Return the Bot API's `Poll`."""
        options = [
            {**_option_to_api(option), "voter_count": count}
            for option, count in zip(self.options, self.counts(), strict=True)
        ]
        told: dict[str, Any] = {
            "id": self.id,
            **_text_to_api("question", self.question),
            "options": options,
            "total_voter_count": len(self.votes),
            "is_closed": self.is_closed,
            "is_anonymous": self.is_anonymous,
            "type": self.type,
            "allows_multiple_answers": self.allows_multiple_answers,
            "allows_revoting": self.allows_revoting,
            "members_only": False,
        }
        if self.type == "quiz":
            told["correct_option_ids"] = list(self.correct_options)
        told.update(_text_to_api("explanation", self.explanation) if self.explanation.text else {})
        told.update(_text_to_api("description", self.description) if self.description.text else {})
        if self.photo is not None:
            told["media"] = {"photo": self.photo.to_api()}
        times = {"open_period": self.open_period_s, "close_date": self.close_date}
        return {**told, **{name: value for name, value in times.items() if value is not None}}

    def to_page(self) -> dict[str, Any]:
        """Return the form that the chat page reads; `votes` tells who chose what where the poll is not anonymous."""
        options = [
            {"text": option.body.text, "voters": count, "photo": _photo_to_page(option.photo)}
            for option, count in zip(self.options, self.counts(), strict=True)
        ]
        shows_votes = not self.is_anonymous and (self.is_closed or not self.hides_results)
        return {
            "id": self.id,
            "question": self.question.text,
            "options": options,
            "total_voters": len(self.votes),
            "voted": {str(voter): list(chosen) for voter, chosen in self.votes.items()},
            "shows_votes": shows_votes,
            "closed": self.is_closed,
            "anonymous": self.is_anonymous,
            "type": self.type,
            "multiple": self.allows_multiple_answers,
            "hides_results": self.hides_results,
            "revoting": self.allows_revoting,
            "close_date": self.close_date,
            "photo": _photo_to_page(self.photo),
        }


class PollIds:
    """Hands out the ids of polls."""

    def __init__(self) -> None:
        self._last_id = _FIRST_ID - 1

    def next_id(self) -> str:
        """Hand out the next poll's id."""
        self._last_id += 1
        return str(self._last_id)


def _text_to_api(name: str, body: FormattedText) -> dict[str, Any]:
    told: dict[str, Any] = {name: body.text}
    return {**told, f"{name}_entities": list(body.entities)} if body.entities else told


def _option_to_api(option: Option) -> dict[str, Any]:
    told = {"persistent_id": option.persistent_id, **_text_to_api("text", option.body)}
    return {**told, "media": {"photo": option.photo.to_api()}} if option.photo else told


def _photo_to_page(photo: Photo | None) -> dict[str, Any] | None:
    if photo is None:
        return None
    largest = photo.largest
    return {"file_id": largest.file_id, "width": largest.width, "height": largest.height}
