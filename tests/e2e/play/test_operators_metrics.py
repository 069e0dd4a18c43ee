"""The metrics' server beside a running bot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from bot.errors import BadInputError
from bot.metrics import HOST, check_metrics, serving_metrics
from bot.settings import Settings

House = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
Visitor = Any

TOKEN = "1001:metrics-token-for-nobody"


async def _get(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.get(f"http://{HOST}:{port}{path}") as answer:
        return answer.status, await answer.text()


async def test_metrics_tell_of_taps_and_sessions_and_name_nobody(house: House, ben: Visitor, tmp_path: Path) -> None:
    """What was tapped and painted is counted in Prometheus' format; no token, name or id is in it."""
    house.settings["metrics_port"] = port = unused_port()
    beat = tmp_path / "heartbeat"
    beat.touch()
    async with house.bot() as bot:
        services = bot.sessions.services
        async with serving_metrics(services.settings, services, beat):
            await ben.begin()
            await ben.press("1 👍")
            status, text = await _get(port, "/metrics")
            assert status == 200
            assert "vernissage_tap_seconds_count 2.0" in text
            assert 'vernissage_sessions{phase="voting"} 1.0' in text
            assert 'vernissage_total{what="pictures"} 6.0' in text
            assert "vernissage_drained 0.0" in text
            secrets = (services.settings.token.get_secret_value(), str(ben.person), "Ben")
            assert [secret for secret in secrets if secret in text] == []


async def test_health_fails_without_a_heartbeat(house: House, tmp_path: Path) -> None:
    """A bot whose loop no longer beats is answered for with 503."""
    house.settings["metrics_port"] = port = unused_port()
    beat = tmp_path / "heartbeat"
    async with house.bot() as bot:
        services = bot.sessions.services
        async with serving_metrics(services.settings, services, beat):
            status, text = await _get(port, "/health")
            assert (status, '"status": "failing"' in text) == (503, True)
            beat.touch()
            status, text = await _get(port, "/health")
            assert (status, '"status": "ok"' in text) == (200, True)


async def test_no_port_means_no_server_and_a_taken_one_is_told(house: House, tmp_path: Path) -> None:
    """Off by default; a port that another program has is a bad setting."""
    async with house.bot() as bot, serving_metrics(bot.sessions.services.settings, bot.sessions.services, tmp_path):
        taken = int(house.sandbox.url.rpartition(":")[2])
        check_metrics(Settings(_env_file=None, token=TOKEN))
        with pytest.raises(BadInputError, match="VERNISSAGE_METRICS_PORT"):
            check_metrics(Settings(_env_file=None, token=TOKEN, metrics_port=taken))
