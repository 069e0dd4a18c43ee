from datetime import UTC, datetime

from bot.voting import ballot, marks
from evolution import Vote as Told
from storage.ids import CandidateId, PersonId
from storage.votes import Vote

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _vote(voter: int, position: int, value: int) -> Vote:
    return Vote(PersonId(voter), CandidateId(position + 100), position, value, NOW)


def test_what_a_voter_left_alone_is_seen_and_neither() -> None:
    """One like among three pictures says 0 of the other two."""
    assert ballot([_vote(7, 1, 1)], 3) == (Told("7", 0, 0), Told("7", 1, 1), Told("7", 2, 0))


def test_somebody_without_a_vote_says_nothing() -> None:
    """Nobody voted: nothing is told; voters are told apart."""
    assert ballot([], 6) == ()
    told = ballot([_vote(7, 0, -1), _vote(8, 1, 1)], 2)
    assert [(vote.voter, vote.value) for vote in told] == [("7", -1), ("7", 0), ("8", 0), ("8", 1)]


def test_marks_are_by_the_number_in_the_corner() -> None:
    """Numbers count from 1; a vote of 0 shows nowhere."""
    assert marks([_vote(7, 0, 1), _vote(7, 3, -1), _vote(7, 4, 0)]) == {1: 1, 4: -1}
