"""Which pictures somebody can still come to: the others' files may go.

Knows digests alone; the files are the `PictureStore`'s.
"""

from __future__ import annotations

from datetime import datetime

from storage.database import Reader
from storage.times import to_text


async def reachable_pictures(reader: Reader, closed_after: datetime) -> frozenset[str]:
    """Return the digests of pictures that must stay.

    These are the pictures of sessions that are open or were closed later than `closed_after`, and every picture that
    somebody likes: it hangs among the best and in the family tree, and can be asked for as a file.
    """
    rows = await reader.all(
        """
        SELECT DISTINCT picture FROM candidates
        JOIN generations ON generations.id = generation
        JOIN sessions ON sessions.id = session
        WHERE picture IS NOT NULL AND (
            sessions.closed_at IS NULL OR sessions.closed_at > ?
            OR EXISTS (SELECT 1 FROM votes WHERE votes.candidate = candidates.id AND value = 1)
        )
        """,
        (to_text(closed_after),),
    )
    return frozenset(str(row["picture"]) for row in rows)
