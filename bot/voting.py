"""Votes: what a tap does to them, and what is told to evolution when a generation closes.

Owns the rule of the toggle and of the ballot. Knows nothing of keyboards or of sending.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import evolution
from storage.candidates import Candidate
from storage.database import Transaction
from storage.ids import PersonId
from storage.votes import Vote, cast_vote, take_back


async def toggle(tx: Transaction, candidate: Candidate, voter: PersonId, value: int, at: datetime) -> int:
    """Give a like (+1) or a dislike (-1), or take it back where it was given already; return what holds now."""
    if await cast_vote(tx, candidate.id, voter, value, at) == value:
        await take_back(tx, candidate.id, voter)
        return 0
    return value


def ballot(votes: Iterable[Vote], album_size: int) -> tuple[evolution.Vote, ...]:
    """Write the votes at the close: whoever voted on anything has said "seen, neither" of what they left alone.

    Somebody who voted on nothing, or took everything back, has no vote.
    """
    by_voter: dict[PersonId, dict[int, int]] = {}
    for vote in votes:
        by_voter.setdefault(vote.voter, {})[vote.position] = vote.value
    return tuple(
        evolution.Vote(voter=str(voter), index=position, value=values.get(position, 0))
        for voter, values in sorted(by_voter.items())
        for position in range(album_size)
    )


def marks(votes: Sequence[Vote]) -> dict[int, int]:
    """Map the numbers of pictures (1 and up) to what one voter says of them."""
    return {vote.position + 1: vote.value for vote in votes if vote.value}
