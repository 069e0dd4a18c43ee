from __future__ import annotations

from datetime import datetime

import pytest

from storage.database import Database
from storage.errors import ConstraintError
from storage.ids import PersonId
from storage.sessions import Session
from storage.shares import ShareKind, delete_share, find_share, save_share, share_of_token

TOKEN, OTHER = "a" * 22, "b" * 22


async def test_sharing_again_renews_the_model_and_keeps_the_link(
    database: Database, session: Session, ann: PersonId, now: datetime
) -> None:
    """One link a person, session and kind; the other kind has its own."""
    async with database.transaction() as tx:
        first = await save_share(tx, TOKEN, ShareKind.COPY, session.id, ann, '{"n":1}', now)
        again = await save_share(tx, OTHER, ShareKind.COPY, session.id, ann, '{"n":2}', now)
        await save_share(tx, OTHER, ShareKind.BLEND, session.id, ann, '{"n":3}', now)
    assert (again.id, again.token, again.model) == (first.id, TOKEN, '{"n":2}')
    found = await share_of_token(database.reader, OTHER)
    assert found is not None
    assert found.kind is ShareKind.BLEND


async def test_a_stopped_share_is_gone(database: Database, session: Session, ann: PersonId, now: datetime) -> None:
    """Stopping is news once."""
    async with database.transaction() as tx:
        share = await save_share(tx, TOKEN, ShareKind.COPY, session.id, ann, "{}", now)
        assert await delete_share(tx, share.id)
        assert not await delete_share(tx, share.id)
    assert await find_share(database.reader, share.id) is None
    assert await share_of_token(database.reader, TOKEN) is None


@pytest.mark.parametrize("token", ["short", "x" * 49, "a/b" * 8])
async def test_a_weak_or_strange_token_is_refused(
    database: Database, session: Session, ann: PersonId, now: datetime, token: str
) -> None:
    """The schema wants at least 16 characters that a link may carry."""
    with pytest.raises(ConstraintError):
        async with database.transaction() as tx:
            await save_share(tx, token, ShareKind.COPY, session.id, ann, "{}", now)
