"""Has an upload read in a process of its own, and hears what became of each picture. Needs no torch."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from style.engine.process import child_environment
from style.uploads.intake import Kept, Refused
from style.uploads.refusals import REASONS

PROGRAM = (sys.executable, "-P", "-m", "style.uploads")
_READ_LIMIT = 64 * 1024


async def read_upload(
    path: Path, name: str, folder: Path, *, program: Sequence[str] = PROGRAM, timeout_s: float = 300.0
) -> list[Kept | Refused]:
    """Have the file `path`, which was called `name`, taken into the folder of pictures `folder`.

    Whatever ends the process early (its bounds, or time) is a refusal of the whole file; what was kept before stays.
    """
    process = await asyncio.create_subprocess_exec(
        *program,
        str(path),
        name,
        str(folder),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=_READ_LIMIT,
        env={**child_environment(os.environ), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        start_new_session=True,
    )
    found: list[Kept | Refused] = []
    try:
        with contextlib.suppress(TimeoutError, ValueError):
            async with asyncio.timeout(timeout_s):
                await _listen(cast(asyncio.StreamReader, process.stdout), found)
                await process.wait()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                # With whatever it has started: it leads a session of its own.
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if process.returncode != 0:
        found.append(Refused(name, "too_costly", ""))
    return found


async def _listen(stream: asyncio.StreamReader, found: list[Kept | Refused]) -> None:
    while line := await stream.readline():
        found.append(_parsed(line))


def _parsed(line: bytes) -> Kept | Refused:
    fields = json.loads(line)
    kind = fields.pop("kind")
    if kind == "kept":
        return Kept(**{**fields, "seen": tuple(fields["seen"])})
    if fields["reason"] not in REASONS:
        raise ValueError(f"no reason of ours: {fields['reason']!r}")
    return Refused(**fields)
