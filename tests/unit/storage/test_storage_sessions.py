from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from storage import candidates, chats, generations, sessions
from storage.candidates import Candidate, NewCandidate
from storage.database import Database
from storage.errors import ConstraintError, NotFoundError, SessionOpenError, WrongPhaseError
from storage.generations import AlbumStatus, Generation
from storage.ids import CandidateId, ChatId, GenerationId, MessageId, PersonId, SessionId
from storage.sessions import NewSession, Phase, Session

PICTURES = [NewCandidate("{}", "{}")] * 2
MINUTE = timedelta(minutes=1)


async def test_session_comes_back_as_it_was_opened(database: Database, session: Session, now: datetime) -> None:
    """A session is found by its id, by its chat, and among the unfinished, with its exact moment."""
    assert (session.phase, session.album_size, session.created_at) == (Phase.PAINTING, 3, now)
    assert await sessions.find_session(database.reader, session.id) == session
    assert await sessions.active_session(database.reader, session.chat) == session
    assert await sessions.unfinished_sessions(database.reader) == (session,)


async def test_chat_has_one_open_session(
    database: Database, session: Session, new_session: NewSession, now: datetime
) -> None:
    """A second session is refused until the first is closed; afterwards the first is the past."""
    with pytest.raises(SessionOpenError):
        async with database.transaction() as tx:
            await sessions.open_session(tx, new_session, now)
    async with database.transaction() as tx:
        assert await sessions.close_session(tx, session.id, now)
        assert not await sessions.close_session(tx, session.id, now)
        second = await sessions.open_session(tx, new_session, now)
    assert await sessions.active_session(database.reader, session.chat) == second
    assert await sessions.latest_session(database.reader, session.chat) == second


@pytest.mark.parametrize("wrong", [{"style_digest": "d2"}, {"album_size": 1}, {"chat": 404}, {"state": "no JSON"}])
async def test_bad_session_is_refused(
    database: Database, new_session: NewSession, now: datetime, wrong: dict[str, object]
) -> None:
    """Unknown style or chat, an impossible album and a state that is no JSON are kept out by the schema."""
    with pytest.raises(ConstraintError):
        async with database.transaction() as tx:
            await sessions.open_session(tx, replace(new_session, **wrong), now)  # type: ignore[arg-type] # by name


async def test_phase_moves_only_from_the_expected_one(database: Database, session: Session, now: datetime) -> None:
    """Whoever comes second finds the phase changed, and changes nothing."""
    async with database.transaction() as tx:
        await sessions.set_phase(tx, session.id, Phase.PAINTING, Phase.DELIVERING, now)
    with pytest.raises(WrongPhaseError, match="delivering, expected painting"):
        async with database.transaction() as tx:
            await sessions.set_phase(tx, session.id, Phase.PAINTING, Phase.CLOSED, now)
    found = await sessions.find_session(database.reader, session.id)
    assert found == replace(session, phase=Phase.DELIVERING)


async def test_phases_are_stamped_on_the_generation(database: Database, generation: Generation, now: datetime) -> None:
    """Each phase leaves its moment; coming back to voting reopens, and the next generation leaves the last alone."""
    session = generation.session
    async with database.transaction() as tx:
        await sessions.set_phase(tx, session, Phase.VOTING, Phase.PAINTING, now + MINUTE)
        closed = await generations.latest_generation(tx, session)
        await sessions.set_phase(tx, session, Phase.PAINTING, Phase.VOTING, now + 2 * MINUTE)
        reopened = await generations.latest_generation(tx, session)
        await sessions.set_phase(tx, session, Phase.VOTING, Phase.PAINTING, now + 3 * MINUTE)
        await generations.add_generation(tx, session, "{}", PICTURES, now + 3 * MINUTE)
        await sessions.set_phase(tx, session, Phase.PAINTING, Phase.DELIVERING, now + 4 * MINUTE)
    stamped = replace(generation, delivering_at=now, voting_at=now)
    assert closed == replace(stamped, closed_at=now + MINUTE)
    assert reopened == stamped
    first, second = await generations.generations_of_session(database.reader, session)
    assert first == replace(stamped, closed_at=now + 3 * MINUTE)
    assert (second.number, second.painting_at, second.delivering_at) == (2, now + 3 * MINUTE, now + 4 * MINUTE)


async def test_closing_stamps_session_and_generation(database: Database, generation: Generation, now: datetime) -> None:
    """The end of a session is the end of its last generation."""
    async with database.transaction() as tx:
        await sessions.close_session(tx, generation.session, now + MINUTE)
    session = await sessions.find_session(database.reader, generation.session)
    last = await generations.latest_generation(database.reader, generation.session)
    assert session is not None
    assert last is not None
    assert (session.phase, session.closed_at, last.closed_at) == (Phase.CLOSED, now + MINUTE, now + MINUTE)
    assert await sessions.unfinished_sessions(database.reader) == ()


async def test_generation_comes_with_its_candidates_and_state(
    database: Database, generation: Generation, album: tuple[Candidate, ...]
) -> None:
    """Number, candidates in order, the new state and the one before it are written together."""
    assert await generations.generation_by_number(database.reader, generation.session, 1) is not None
    assert await generations.find_generation(database.reader, generation.id) is not None
    assert [(it.position, it.chromosome) for it in album] == [(0, '{"n":0}'), (1, '{"n":1}'), (2, '{"n":2}')]
    assert await candidates.candidate_at(database.reader, generation.id, 2) == album[2]
    assert await candidates.candidate_at(database.reader, generation.id, 3) is None
    assert await sessions.read_state(database.reader, generation.session) == '{"asked":1}'
    assert await generations.read_state_before(database.reader, generation.id) == '{"asked":0}'


async def test_bad_candidate_keeps_the_whole_generation_out(
    database: Database, session: Session, now: datetime
) -> None:
    """A generation whose last candidate is refused is not there in part."""
    with pytest.raises(ConstraintError):
        async with database.transaction() as tx:
            await generations.add_generation(tx, session.id, "{}", [*PICTURES, NewCandidate("no JSON", "{}")], now)
    assert await generations.latest_generation(database.reader, session.id) is None
    assert await sessions.read_state(database.reader, session.id) == '{"asked":0}'


async def test_unseen_generation_can_be_taken_back(database: Database, generation: Generation, now: datetime) -> None:
    """Cancelling while the second is painted returns to the first and its state; what was sent stays."""
    async with database.transaction() as tx:
        second = await generations.add_generation(tx, generation.session, '{"asked":2}', PICTURES, now)
        with pytest.raises(WrongPhaseError):
            await generations.take_back_generation(tx, generation.id)
        await generations.take_back_generation(tx, second.id)
        assert await sessions.read_state(tx, generation.session) == '{"asked":1}'
        await generations.set_album_status(tx, generation.id, AlbumStatus.NONE, AlbumStatus.ATTEMPTED, now)
        with pytest.raises(WrongPhaseError):
            await generations.take_back_generation(tx, generation.id)
    assert await candidates.candidates_of_generation(database.reader, second.id) == ()


async def test_album_is_attempted_once(database: Database, generation: Generation, now: datetime) -> None:
    """Only one of two senders gets to mark the album as attempted."""
    async with database.transaction() as tx:
        await generations.set_album_status(tx, generation.id, AlbumStatus.NONE, AlbumStatus.ATTEMPTED, now)
    with pytest.raises(WrongPhaseError, match="attempted, expected none"):
        async with database.transaction() as tx:
            await generations.set_album_status(tx, generation.id, AlbumStatus.NONE, AlbumStatus.ATTEMPTED, now)
    found = await generations.find_generation(database.reader, generation.id)
    assert found is not None
    assert (found.album_status, found.album_status_at) == (AlbumStatus.ATTEMPTED, now)


async def test_messages_and_files_are_remembered(
    database: Database, generation: Generation, album: tuple[Candidate, ...]
) -> None:
    """Message ids, file ids and pictures come back where they were put."""
    async with database.transaction() as tx:
        await generations.set_progress_message(tx, generation.id, MessageId(10))
        await generations.set_companion_message(tx, generation.id, MessageId(11))
        await candidates.set_picture(tx, album[0].id, "ab" * 32)
        await candidates.set_file(tx, album[0].id, "file")
        await candidates.set_message(tx, album[0].id, MessageId(12))
    found = await generations.find_generation(database.reader, generation.id)
    assert found is not None
    assert (found.progress_message_id, found.companion_message_id) == (10, 11)
    expected = replace(album[0], picture="ab" * 32, file_id="file", message_id=MessageId(12))
    assert await candidates.find_candidate(database.reader, album[0].id) == expected
    with pytest.raises(ConstraintError):
        async with database.transaction() as tx:
            await candidates.set_picture(tx, album[0].id, "../etc")


async def test_unknown_rows_are_told(database: Database, now: datetime) -> None:
    """Writing to a row that is not there is an error, never silence."""
    async with database.transaction() as tx:
        for call in (
            sessions.set_phase(tx, SessionId(9), Phase.PAINTING, Phase.VOTING, now),
            sessions.save_state(tx, SessionId(9), "{}"),
            sessions.close_session(tx, SessionId(9), now),
            generations.add_generation(tx, SessionId(9), "{}", PICTURES, now),
            generations.take_back_generation(tx, GenerationId(9)),
            generations.set_album_status(tx, GenerationId(9), AlbumStatus.NONE, AlbumStatus.UNKNOWN, now),
            generations.set_progress_message(tx, GenerationId(9), None),
            candidates.set_file(tx, CandidateId(9), None),
        ):
            with pytest.raises(NotFoundError, match="9"):
                await call


async def test_suspended_chat_is_not_resumed(database: Database, session: Session, now: datetime) -> None:
    """Sessions of a chat that cannot be reached wait until it can be again."""
    async with database.transaction() as tx:
        assert await chats.suspend_chat(tx, session.chat, now)
        assert not await chats.suspend_chat(tx, session.chat, now)
    assert await sessions.unfinished_sessions(database.reader) == ()
    async with database.transaction() as tx:
        assert await chats.revive_chat(tx, session.chat)
        assert not await chats.revive_chat(tx, session.chat)
    assert await sessions.unfinished_sessions(database.reader) == (session,)


async def test_group_that_moves_takes_all_along(database: Database, session: Session, now: datetime) -> None:
    """A group that becomes a supergroup keeps its session under the new id; told twice, nothing changes."""
    new = ChatId(-1001)
    async with database.transaction() as tx:
        assert await chats.rekey_chat(tx, session.chat, new, now)
        assert not await chats.rekey_chat(tx, session.chat, new, now)
    assert await sessions.active_session(database.reader, new) == replace(session, chat=new)
    moved = await chats.find_chat(database.reader, new)
    assert moved is not None
    assert (moved.kind, moved.title) == (chats.ChatKind.SUPERGROUP, "Painters")
    assert await chats.find_chat(database.reader, session.chat) is None


@pytest.mark.parametrize("both_open", [False, True])
async def test_group_that_moves_into_a_known_chat_is_merged(
    database: Database, session: Session, new_session: NewSession, now: datetime, both_open: bool
) -> None:
    """If the supergroup spoke first, the two become one; the session begun there goes on, the other is kept, closed."""
    new = ChatId(-1001)
    async with database.transaction() as tx:
        await chats.ensure_chat(tx, new, chats.ChatKind.SUPERGROUP, "Painters", now)
        if both_open:
            later = await sessions.open_session(tx, replace(new_session, chat=new), now)
        assert await chats.rekey_chat(tx, session.chat, new, now)
    kept = await sessions.find_session(database.reader, session.id)
    assert kept is not None
    assert (kept.chat, kept.phase) == (new, Phase.CLOSED if both_open else Phase.PAINTING)
    assert await sessions.active_session(database.reader, new) == (later if both_open else kept)


async def test_session_outlives_its_starter(database: Database, session: Session, ann: PersonId) -> None:
    """Erasing the person who started a session leaves the session, without a name."""
    async with database.transaction() as tx:
        await tx.all("DELETE FROM people WHERE id = ?", (ann,))
    assert await sessions.find_session(database.reader, session.id) == replace(session, started_by=None)
