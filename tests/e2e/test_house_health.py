from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from aiohttp.test_utils import unused_port

DEADLINE_S = 120.0


def test_a_bot_that_cannot_reach_telegram_lives_and_a_stopped_one_does_not(tmp_path: Path) -> None:
    """`vernissage health` tells by its code whether a bot runs on the folder, however long its start takes."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VERNISSAGE_")}
    environment = kept | {
        "VERNISSAGE_TOKEN": "100000001:sandbox-token-for-nobody",
        "VERNISSAGE_API_URL": f"http://127.0.0.1:{unused_port()}",
        "VERNISSAGE_DATA": str(tmp_path),
    }

    def vernissage(*command: str) -> list[str]:
        return [sys.executable, "-m", "bot", *command]

    def health() -> int:
        return subprocess.run(vernissage("health"), env=environment, capture_output=True, check=False).returncode

    assert health() == 1
    with subprocess.Popen(vernissage("run", "--no-env-file"), env=environment) as bot:
        try:
            until = time.monotonic() + DEADLINE_S
            while health() != 0:
                assert bot.poll() is None
                assert time.monotonic() < until
            bot.send_signal(signal.SIGTERM)
            assert bot.wait(DEADLINE_S) == 0
        finally:
            bot.kill()
    os.utime(tmp_path / "heartbeat", (0, 0))
    assert health() == 1
