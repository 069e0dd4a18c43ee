from __future__ import annotations

from datetime import datetime, timedelta

from storage.candidates import Candidate, set_picture
from storage.database import Database
from storage.ids import PersonId
from storage.reach import reachable_pictures
from storage.sessions import Session, close_session
from storage.votes import cast_vote

DIGESTS = ("a" * 64, "b" * 64, "c" * 64)


async def test_closing_and_time_leave_only_the_liked(
    database: Database, session: Session, album: tuple[Candidate, ...], ann: PersonId, now: datetime
) -> None:
    """Open: all are reachable; closed lately: all; closed long ago: what somebody likes, not what is disliked."""
    async with database.transaction() as tx:
        for candidate, digest in zip(album, DIGESTS, strict=True):
            await set_picture(tx, candidate.id, digest)
        await cast_vote(tx, album[0].id, ann, 1, now)
        await cast_vote(tx, album[1].id, ann, -1, now)
    later = now + timedelta(days=40)
    assert await reachable_pictures(database.reader, later) == set(DIGESTS)
    async with database.transaction() as tx:
        await close_session(tx, session.id, now)
    assert await reachable_pictures(database.reader, now - timedelta(days=1)) == set(DIGESTS)
    assert await reachable_pictures(database.reader, later) == {DIGESTS[0]}
