"""How many votes a second the database commits, and how long a voter waits for it.

Each vote is written as the bot writes it: the update's id, the voter, the vote, one transaction. Closed loop: fifty
voters, each casting as soon as the last vote is committed. Open loop: votes begin at a fixed rate, whatever happens,
and the wait counts from the moment each was due. Prints a table, then one line of JSON.

    python benchmarks/vote_writes.py [--seconds 5] [--folder DIR]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import platform
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage import candidates, chats, generations, people, sessions, styles, updates, votes
from storage.candidates import Candidate, NewCandidate
from storage.database import Database
from storage.ids import ChatId, PersonId

_VOTERS = 50
_RATES = (100, 200, 400)
_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table; waits in milliseconds."""

    load: str
    votes_per_s: float
    p50_ms: float
    p99_ms: float
    max_ms: float


class Ballot:
    """An open database with one album, and a count of the votes cast."""

    def __init__(self, database: Database, album: Sequence[Candidate]) -> None:
        self.database = database
        self.album = album
        self.numbers = itertools.count()

    async def cast(self) -> None:
        """Commit one vote: voters and pictures in turn."""
        number = next(self.numbers)
        voter = PersonId(number % _VOTERS)
        candidate = self.album[number // _VOTERS % len(self.album)]
        async with self.database.transaction() as tx:
            await updates.seen_update(tx, number, _AT)
            await people.ensure_person(tx, voter, "Guest", "en", _AT)
            await votes.cast_vote(tx, candidate.id, voter, number % 3 - 1, _AT)


async def prepare(database: Database) -> Ballot:
    """Open a session with one album of six."""
    async with database.transaction() as tx:
        await chats.ensure_chat(tx, ChatId(1), chats.ChatKind.GROUP, "Benchmark", _AT)
        await people.ensure_person(tx, PersonId(0), "Guest", "en", _AT)
        await styles.ensure_style(tx, "style", "digest", "Style", _AT)
        new = sessions.NewSession(ChatId(1), "style", "digest", "random", 6, PersonId(0), "{}")
        session = await sessions.open_session(tx, new, _AT)
        generation = await generations.add_generation(tx, session.id, "{}", [NewCandidate("{}", "{}")] * 6, _AT)
    return Ballot(database, await candidates.candidates_of_generation(database.reader, generation.id))


async def measure_closed(ballot: Ballot, seconds: float) -> Result:
    """Cast as fast as the commits allow."""
    waits: list[float] = []
    start = time.perf_counter()

    async def vote_on() -> None:
        while (begin := time.perf_counter()) < start + seconds:
            await ballot.cast()
            waits.append(time.perf_counter() - begin)

    await asyncio.gather(*(vote_on() for _ in range(_VOTERS)))
    return summarise(f"closed, {_VOTERS} voters", waits, time.perf_counter() - start)


async def measure_open(ballot: Ballot, rate: int, seconds: float) -> Result:
    """Begin a vote at each due moment."""
    waits: list[float] = []
    start = time.perf_counter()

    async def vote_due(due: float) -> None:
        await ballot.cast()
        waits.append(time.perf_counter() - due)

    async with asyncio.TaskGroup() as group:
        for number in range(round(rate * seconds)):
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(vote_due(due))
    return summarise(f"open, {rate}/s", waits, time.perf_counter() - start)


def summarise(load: str, waits: list[float], took_s: float) -> Result:
    """Condense the waits, in seconds, to one row."""
    ordered = sorted(1000 * wait for wait in waits)
    p50, p99 = (ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.99))
    return Result(load, round(len(waits) / took_s, 1), round(p50, 2), round(p99, 2), round(ordered[-1], 2))


async def run(folder: Path, seconds: float) -> list[Result]:
    """Measure each load on one new database."""
    async with Database.open(folder / "votes.db") as database:
        ballot = await prepare(database)
        results = [await measure_closed(ballot, seconds)]
        results += [await measure_open(ballot, rate, seconds) for rate in _RATES]
    return results


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description="Votes committed a second, and how long a voter waits.")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each load lasts")
    parser.add_argument("--folder", type=Path, help="where the database is written: on the disk to be measured")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        results = asyncio.run(run(Path(folder), arguments.seconds))
    print(f"{'load':<20}{'votes/s':>10}{'p50 ms':>10}{'p99 ms':>10}{'max ms':>10}")
    for it in results:
        print(f"{it.load:<20}{it.votes_per_s:>10}{it.p50_ms:>10}{it.p99_ms:>10}{it.max_ms:>10}")
    about = {"benchmark": "vote_writes", "sqlite": sqlite3.sqlite_version, "python": platform.python_version()}
    print(json.dumps({**about, "seconds": arguments.seconds, "results": [asdict(it) for it in results]}))


if __name__ == "__main__":
    main()
