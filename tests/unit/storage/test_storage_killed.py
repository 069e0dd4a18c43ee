import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

# Casts vote after vote, each as the bot does, and says so when, and only when, the transaction has returned.
CASTER = """
import asyncio, itertools, pathlib, sys
from datetime import UTC, datetime
from storage import candidates, chats, generations, people, sessions, styles, votes
from storage.database import Database

async def main():
    at = datetime(2026, 3, 1, tzinfo=UTC)
    async with Database.open(pathlib.Path(sys.argv[1])) as database:
        async with database.transaction() as tx:
            await chats.ensure_chat(tx, 5, "private", "Ann", at)
            await people.ensure_person(tx, 0, "Ann", None, at)
            await styles.ensure_style(tx, "k", "d", "K", at)
            new = sessions.NewSession(5, "k", "d", "random", 6, 0, "{}")
            session = await sessions.open_session(tx, new, at)
            picture = candidates.NewCandidate("{}", "{}")
            generation = await generations.add_generation(tx, session.id, "{}", [picture] * 6, at)
        album = await candidates.candidates_of_generation(database.reader, generation.id)
        for voter in itertools.count(1):
            async with database.transaction() as tx:
                await people.ensure_person(tx, voter, "x" * 500, None, at)
                for candidate in album:
                    await votes.cast_vote(tx, candidate.id, voter, 1, at)
            print(voter, flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("acknowledged", [1, 57, 200])
def test_acknowledged_votes_survive_a_kill(tmp_path: Path, acknowledged: int) -> None:
    """After SIGKILL in mid-write every acknowledged vote is there, and no transaction is there in part."""
    path = tmp_path / "killed.db"
    with subprocess.Popen([sys.executable, "-c", CASTER, str(path)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(acknowledged)]
        child.kill()
        lines += child.stdout.readlines()
    last = max(int(line) for line in lines if line.endswith("\n"))
    with closing(sqlite3.connect(path)) as connection:
        by_voter = connection.execute("SELECT voter, count(*) FROM votes GROUP BY voter").fetchall()
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert len(by_voter) >= last >= acknowledged
    assert by_voter == [(voter, 6) for voter in range(1, len(by_voter) + 1)]
