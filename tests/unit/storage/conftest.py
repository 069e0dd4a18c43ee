"""An open database on disk, with one chat, one person and one session that is being voted on."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import candidates, chats, generations, people, sessions, styles
from storage.candidates import Candidate, NewCandidate
from storage.database import Database
from storage.generations import Generation
from storage.ids import ChatId, PersonId
from storage.sessions import NewSession, Phase, Session


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def chat() -> ChatId:
    return ChatId(-100)


@pytest.fixture
def ann() -> PersonId:
    return PersonId(1)


@pytest.fixture
async def database(tmp_path: Path, now: datetime, chat: ChatId, ann: PersonId) -> AsyncIterator[Database]:
    async with Database.open(tmp_path / "vernissage.db") as database:
        async with database.transaction() as tx:
            await chats.ensure_chat(tx, chat, chats.ChatKind.GROUP, "Painters", now)
            await people.ensure_person(tx, ann, "Ann", "en", now)
            await styles.ensure_style(tx, "kandinsky", "d1", "Kandinsky", now)
        yield database


@pytest.fixture
def new_session(chat: ChatId, ann: PersonId) -> NewSession:
    return NewSession(chat, "kandinsky", "d1", "random", album_size=3, started_by=ann, state='{"asked":0}')


@pytest.fixture
async def session(database: Database, new_session: NewSession, now: datetime) -> Session:
    async with database.transaction() as tx:
        return await sessions.open_session(tx, new_session, now)


@pytest.fixture
async def generation(database: Database, session: Session, now: datetime) -> Generation:
    async with database.transaction() as tx:
        pictures = [NewCandidate(f'{{"n":{n}}}', "{}") for n in range(3)]
        generation = await generations.add_generation(tx, session.id, '{"asked":1}', pictures, now)
        await sessions.set_phase(tx, session.id, Phase.PAINTING, Phase.DELIVERING, now)
        await sessions.set_phase(tx, session.id, Phase.DELIVERING, Phase.VOTING, now)
    return generation


@pytest.fixture
async def album(database: Database, generation: Generation) -> tuple[Candidate, ...]:
    return await candidates.candidates_of_generation(database.reader, generation.id)
