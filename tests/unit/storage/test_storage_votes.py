import asyncio
from datetime import datetime

import pytest

from storage import candidates, people, votes
from storage.candidates import Candidate
from storage.database import Database
from storage.errors import ConstraintError
from storage.generations import Generation
from storage.ids import CandidateId, PersonId
from storage.sessions import Session

Album = tuple[Candidate, ...]


async def test_second_vote_replaces_first(database: Database, album: Album, ann: PersonId, now: datetime) -> None:
    """The last vote counts, and each says what it took the place of."""
    async with database.transaction() as tx:
        assert await votes.cast_vote(tx, album[1].id, ann, 1, now) is None
        assert await votes.cast_vote(tx, album[1].id, ann, -1, now) == 1
    (vote,) = await votes.votes_of_generation(database.reader, album[1].generation)
    assert (vote.voter, vote.candidate, vote.position, vote.value, vote.cast_at) == (ann, album[1].id, 1, -1, now)


async def test_vote_taken_back_is_gone(database: Database, album: Album, ann: PersonId, now: datetime) -> None:
    """Taking back deletes the vote and says what it was; a second time there is nothing."""
    async with database.transaction() as tx:
        await votes.cast_vote(tx, album[0].id, ann, 0, now)
        assert await votes.take_back(tx, album[0].id, ann) == 0
        assert await votes.take_back(tx, album[0].id, ann) is None
    assert await votes.votes_of_generation(database.reader, album[0].generation) == ()


@pytest.mark.parametrize("value", [-2, 2, 7])
async def test_only_three_values_are_votes(
    database: Database, album: Album, ann: PersonId, now: datetime, value: int
) -> None:
    """The schema refuses a value other than -1, 0 and +1."""
    with pytest.raises(ConstraintError):
        async with database.transaction() as tx:
            await votes.cast_vote(tx, album[0].id, ann, value, now)


async def test_unknown_voter_or_candidate_is_refused(
    database: Database, album: Album, ann: PersonId, now: datetime
) -> None:
    """A vote needs a known person and a known candidate."""
    for candidate, voter in ((album[0].id, PersonId(404)), (CandidateId(404), ann)):
        with pytest.raises(ConstraintError):
            async with database.transaction() as tx:
                await votes.cast_vote(tx, candidate, voter, 1, now)


async def test_tally_counts_each_voter_once(
    database: Database, generation: Generation, album: Album, now: datetime
) -> None:
    """However often people tap, a candidate's tally has one vote a voter, and unvoted candidates have zeros."""
    async with database.transaction() as tx:
        for voter in map(PersonId, (11, 12, 13)):
            await people.ensure_person(tx, voter, "Guest", None, now)
            for value in (1, -1, 1):
                await votes.cast_vote(tx, album[0].id, voter, value, now)
            await votes.cast_vote(tx, album[1].id, voter, -1 if voter == 11 else 0, now)
    tallies = await votes.tally_generation(database.reader, generation.id)
    assert [(tally.position, tally.likes, tally.dislikes) for tally in tallies] == [(0, 3, 0), (1, 0, 1), (2, 0, 0)]
    own = await votes.votes_of_voter(database.reader, generation.id, PersonId(11))
    assert [(vote.position, vote.value) for vote in own] == [(0, 1), (1, -1)]


async def test_hundred_casts_at_once_are_all_kept(
    database: Database, generation: Generation, album: Album, now: datetime
) -> None:
    """A hundred people who tap at the same moment have a hundred votes, and reads answer meanwhile."""

    async def tap(voter: PersonId) -> None:
        async with database.transaction() as tx:
            await people.ensure_person(tx, voter, "Guest", None, now)
            await votes.cast_vote(tx, album[voter % 3].id, voter, 1, now)

    async with asyncio.TaskGroup() as group:
        for voter in range(100, 200):
            group.create_task(tap(PersonId(voter)))
        async with asyncio.timeout(5):
            await votes.tally_generation(database.reader, generation.id)
    assert len(await votes.votes_of_generation(database.reader, generation.id)) == 100


async def test_erasing_a_person_takes_their_votes(
    database: Database, generation: Generation, album: Album, ann: PersonId, now: datetime
) -> None:
    """A person's row can be deleted, and their votes go along; the session and others' votes stay."""
    async with database.transaction() as tx:
        await people.ensure_person(tx, PersonId(2), "Bob", None, now)
        for voter in (ann, PersonId(2)):
            await votes.cast_vote(tx, album[0].id, voter, 1, now)
        await tx.all("DELETE FROM people WHERE id = ?", (ann,))
    assert [vote.voter for vote in await votes.votes_of_generation(database.reader, generation.id)] == [2]


async def test_favourites_come_by_score_then_by_age(
    database: Database, session: Session, album: Album, ann: PersonId, now: datetime
) -> None:
    """The best are ordered by likes minus dislikes; the unpainted and the unliked are not among them."""
    async with database.transaction() as tx:
        await people.ensure_person(tx, PersonId(2), "Bob", None, now)
        for candidate in album[:2]:
            await candidates.set_picture(tx, candidate.id, "a" * 64)
        for position, voter, value in ((0, 1, 1), (0, 2, -1), (1, 1, 1), (1, 2, 1), (2, 1, 1)):
            await votes.cast_vote(tx, album[position].id, PersonId(voter), value, now)
    best = await candidates.favourites_of_session(database.reader, session.id, limit=5)
    assert [(it.candidate.id, it.likes, it.dislikes) for it in best] == [(album[1].id, 2, 0), (album[0].id, 1, 1)]
    assert len(await candidates.favourites_of_session(database.reader, session.id, limit=1)) == 1
