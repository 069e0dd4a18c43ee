"""Statistics over all chats, for operators; they name nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from storage.database import Reader
from storage.sessions import Phase
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Totals:
    """How many there are, of all time."""

    chats: int
    reachable: int
    voters: int
    votes: int
    generations: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on a day of UTC."""

    day: date
    generations: int
    voters: int


async def totals(reader: Reader) -> Totals:
    """Count everything."""
    row = await reader.one(
        """
        SELECT (SELECT count(*) FROM chats) AS chats,
            (SELECT count(*) FROM chats WHERE suspended_at IS NULL) AS reachable,
            (SELECT count(DISTINCT voter) FROM votes) AS voters,
            (SELECT count(*) FROM votes) AS votes,
            (SELECT count(*) FROM generations) AS generations,
            (SELECT count(*) FROM candidates WHERE picture IS NOT NULL) AS pictures
        """
    )
    assert row is not None  # noqa: S101 a SELECT without FROM has one row
    return Totals(**dict(row))


async def days_until(reader: Reader, now: datetime, count: int) -> tuple[Day, ...]:
    """Return the last `count` days, the present one last."""
    days = [now.date() - timedelta(days=back) for back in reversed(range(count))]
    since = days[0].isoformat()
    rows = await reader.all(
        "SELECT substr(painting_at, 1, 10) AS day, count(*) AS count FROM generations WHERE day >= ? GROUP BY day",
        (since,),
    )
    generations = {row["day"]: int(row["count"]) for row in rows}
    rows = await reader.all(
        "SELECT substr(cast_at, 1, 10) AS day, count(DISTINCT voter) AS count FROM votes WHERE day >= ? GROUP BY day",
        (since,),
    )
    voters = {row["day"]: int(row["count"]) for row in rows}
    return tuple(Day(day, generations.get(day.isoformat(), 0), voters.get(day.isoformat(), 0)) for day in days)


async def waits_for_album(reader: Reader, since: datetime) -> tuple[float, ...]:
    """Return how many seconds passed between the close of each generation and the vote on the next one's album."""
    rows = await reader.all(
        """
        SELECT before.closed_at AS closed_at, after.voting_at AS voting_at
        FROM generations AS after JOIN generations AS before
        ON before.session = after.session AND before.number = after.number - 1
        WHERE after.voting_at >= ? AND before.closed_at IS NOT NULL
        """,
        (to_text(since),),
    )
    return tuple((from_text(row["voting_at"]) - from_text(row["closed_at"])).total_seconds() for row in rows)


async def sessions_by_phase(reader: Reader) -> dict[Phase, int]:
    """Count the sessions that are not closed by their phase, in chats that can be reached."""
    rows = await reader.all(
        """
        SELECT phase, count(*) AS count FROM sessions JOIN chats ON chats.id = chat
        WHERE phase <> 'closed' AND suspended_at IS NULL GROUP BY phase
        """
    )
    counts = {Phase(row["phase"]): int(row["count"]) for row in rows}
    return {phase: counts.get(phase, 0) for phase in Phase if phase is not Phase.CLOSED}
