"""The storm in its short form: chats play while requests fail and the bot is killed, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHORT = "--groups 1 --private 2 --generations 2 --failing 0.02 --kills 3 --life-s 3 --patience-s 4 --longest-s 240"


@pytest.mark.slow
async def test_nothing_is_lost_or_doubled_in_a_storm_with_three_kills() -> None:
    """Acknowledged votes are all there, no album comes twice, none stays away, and every request is valid."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.storm", *SHORT.split()),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=PIPE,
        stderr=PIPE,
    )
    said, log = await process.communicate()
    assert process.returncode == 0, f"{said.decode()}\n{log.decode()[-4000:]}"
    result = json.loads(said.decode().splitlines()[-1])["result"]
    assert (result["kills"], result["generations_voted"] >= 6, result["faults_met"] > 0) == (3, True, True)
