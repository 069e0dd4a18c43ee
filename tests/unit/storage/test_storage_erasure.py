from datetime import datetime

from storage.candidates import NewCandidate, candidates_of_generation, set_picture
from storage.chats import ChatKind, ensure_chat, find_chat
from storage.database import Database
from storage.erasure import (
    KeptState,
    erase_person,
    pictures_of_chat_alone,
    read_kept,
    replace_kept,
    sessions_of_person,
    states_naming,
)
from storage.generations import Generation, add_generation
from storage.ids import ChatId, PersonId
from storage.people import ensure_person, find_person
from storage.sessions import NewSession, Session, find_session, open_session
from storage.votes import cast_vote, votes_of_generation

BEN = PersonId(2)


async def _bens_chat(database: Database, now: datetime) -> Session:
    """Ben votes in Ann's group elsewhere; here is his own chat with a generation of one picture."""
    async with database.transaction() as tx:
        await ensure_person(tx, BEN, "Ben", "en", now)
        await ensure_chat(tx, ChatId(BEN), ChatKind.PRIVATE, "Ben", now)
        new = NewSession(ChatId(BEN), "kandinsky", "d1", "random", album_size=3, started_by=BEN, state='{"by":"2"}')
        session = await open_session(tx, new, now)
        own = await add_generation(tx, session.id, '{"by":"2"}', [NewCandidate("{}", "{}")], now)
        (candidate,) = await candidates_of_generation(tx, own.id)
        await set_picture(tx, candidate.id, "a" * 64)
    return session


async def test_a_persons_sessions_are_those_started_and_those_voted_in(
    database: Database, session: Session, generation: Generation, now: datetime
) -> None:
    """Own chat and others' groups alike; before the first vote the group is not among them."""
    own = await _bens_chat(database, now)
    assert await sessions_of_person(database.reader, BEN) == (own.id,)
    candidates = await candidates_of_generation(database.reader, generation.id)
    async with database.transaction() as tx:
        await cast_vote(tx, candidates[0].id, BEN, 1, now)
    assert await sessions_of_person(database.reader, BEN) == (session.id, own.id)


async def test_erasing_a_person_takes_their_chat_and_votes_and_leaves_the_group(
    database: Database, session: Session, generation: Generation, now: datetime, ann: PersonId
) -> None:
    """Ben's chat, session and votes are gone, Ann's vote and the group's session are there; twice is once."""
    own = await _bens_chat(database, now)
    candidates = await candidates_of_generation(database.reader, generation.id)
    async with database.transaction() as tx:
        for voter in (ann, BEN):
            await cast_vote(tx, candidates[0].id, voter, 1, now)
    for _ in range(2):
        async with database.transaction() as tx:
            await erase_person(tx, BEN)
        assert await find_person(database.reader, BEN) is None
        assert await find_chat(database.reader, ChatId(BEN)) is None
        assert await find_session(database.reader, own.id) is None
        assert [vote.voter for vote in await votes_of_generation(database.reader, generation.id)] == [ann]
        assert await find_session(database.reader, session.id) is not None


async def test_only_pictures_that_no_other_chat_has_are_told(
    database: Database, session: Session, generation: Generation, now: datetime
) -> None:
    """A picture that a group shows too stays."""
    await _bens_chat(database, now)
    assert await pictures_of_chat_alone(database.reader, ChatId(BEN)) == ("a" * 64,)
    candidates = await candidates_of_generation(database.reader, generation.id)
    async with database.transaction() as tx:
        await set_picture(tx, candidates[0].id, "a" * 64)
    assert await pictures_of_chat_alone(database.reader, ChatId(BEN)) == ()


async def test_states_are_found_by_a_word_and_replaced_only_as_they_were_read(
    database: Database, session: Session, now: datetime
) -> None:
    """The present one and those before generations; a state that changed meanwhile is left alone."""
    own = await _bens_chat(database, now)
    found = await states_naming(database.reader, own.id, '"2"')
    assert [kept.generation is None for kept in found] == [True, False]
    assert await states_naming(database.reader, session.id, '"2"') == ()
    for kept in found:
        async with database.transaction() as tx:
            assert not await replace_kept(tx, kept, '{"by":"3"}', "{}")
            assert await replace_kept(tx, kept, '{"by":"2"}', '{"by":"1"}')
        assert await read_kept(database.reader, kept) == '{"by":"1"}'
    gone = KeptState(own.id, found[1].generation)
    async with database.transaction() as tx:
        await erase_person(tx, BEN)
    assert await read_kept(database.reader, gone) is None
