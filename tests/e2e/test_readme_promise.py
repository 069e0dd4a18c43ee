"""What the README promises, done as a newcomer would: the demo on the bundled model, with and without a browser."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

READY_S = 240.0
"""How long the model's loading and a generation may take on a machine that does much else."""


@asynccontextmanager
async def demo(data: Path, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `vernissage demo` with nothing set in its environment; end it with the block."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VERNISSAGE_")}
    environment |= {"PYTHONUNBUFFERED": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    command = (sys.executable, "-m", "bot", "demo", "--port", "0", "--no-browser", "--data", str(data), *options)
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE, stderr=STDOUT)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()


async def address(process: asyncio.subprocess.Process) -> str:
    """Wait for the line with the page's address."""
    said: list[str] = []
    assert process.stdout is not None
    async with asyncio.timeout(READY_S):
        async for raw in process.stdout:
            said.append(raw.decode())
            if found := re.search(r"ready: (http://\S+)", said[-1]):
                return found[1]
    raise AssertionError("the demo ended before it was ready:\n" + "".join(said))


@pytest.mark.browser
@pytest.mark.slow
async def test_a_newcomer_reaches_generation_two(page: Page, tmp_path: Path) -> None:
    """Open the page, START, choose the style, like two pictures, press Next: generation 2 comes."""
    async with demo(tmp_path / "data") as process:
        await page.goto(await address(process))
        patient = READY_S * 1000
        await page.locator("#start").click()
        await page.locator(".inline-button", has_text="Kandinsky").click(timeout=patient)
        await expect(page.locator('.album[data-pictures="6"]')).to_have_count(1, timeout=patient)
        for number in (1, 4):
            await page.locator(".inline-button", has_text=re.compile(rf"^{number}\s*👍")).click(timeout=patient)
            await expect(page.locator(".toast", has_text=str(number)).last).to_be_visible()
        await page.locator(".inline-button", has_text="Next generation").click()
        await expect(page.locator('.album[data-pictures="6"]')).to_have_count(2, timeout=patient)
        await expect(page.get_by_text("Generation 2").first).to_be_visible(timeout=patient)
        pictures = page.locator('.album[data-pictures="6"] >> nth=1 >> .tile img')
        widths = await pictures.evaluate_all("images => images.map(image => image.naturalWidth)")
        assert len(widths) == 6
        assert min(widths) >= 512


@pytest.mark.slow
async def test_a_simulated_person_votes_through_two_generations(tmp_path: Path) -> None:
    """`demo --auto` on the bundled model ends by itself with code 0, a report, and no breach of the Bot API."""
    report = tmp_path / "report"
    async with demo(tmp_path / "data", "--auto", "2", "--report", str(report)) as process, asyncio.timeout(2 * READY_S):
        output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    figures = json.loads((report / "report.json").read_text(encoding="utf-8"))
    assert figures["bot_api_breaches"] == 0, figures
    assert (report / "report.html").exists()
    assert (report / "contact-sheet-2.png").exists()
