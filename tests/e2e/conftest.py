"""Finds and starts the system's Chromium, and runs a sandbox for the page to speak to.

Fixtures for every test in this folder:

- `sandbox`: a fresh `RunningSandbox` (`.url`, `.token`, `.state`) on a free port, in the test's own event loop.
- `page`: a `Page` of 1280 × 800 in a context of its own, with light colours and reduced motion. Should the page throw
  an error or be stopped by its content security policy, the test fails at its end.
- `new_window`: makes another such page, as another person's browser.
- `browser`: Playwright's `Browser`, one for the whole run, as it takes seconds to start; the test is skipped where the
  machine has no Chromium. The environment's `CHROMIUM` names another one than those that are looked for.
- `page_sandbox`: like `sandbox`, for tests with a `page`.

A test that uses `browser` or `page` carries `@pytest.mark.browser`. All these share one event loop, since a browser
belongs to the loop that started it; async fixtures of theirs say `@pytest_asyncio.fixture(loop_scope="session")`.
Name `page` and `new_window` after `page_sandbox` among a test's arguments, so that the page is closed first.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect

from sandbox.server import RunningSandbox, running_sandbox

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",  # containers seldom allow the browser's own sandbox; it meets only our page here
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
DEADLINE_MS = 30_000


def find_chromium() -> Path | None:
    """Return the Chromium to use: the one that `CHROMIUM` names, else the first on the path, else None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named) if Path(named).is_file() else None
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return Path(found) if found else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests that share the browser in one event loop."""
    for item in items:
        if item.get_closest_marker("browser") and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture
async def sandbox() -> AsyncIterator[RunningSandbox]:
    """Run a sandbox on a free port."""
    async with running_sandbox() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def page_sandbox() -> AsyncIterator[RunningSandbox]:
    """Run a sandbox on a free port, in the loop of the tests with a page."""
    async with running_sandbox() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Start a Chromium without a window, or skip the test where there is none."""
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("no Chromium on this machine: install one (apt install chromium) or name it in CHROMIUM")
    expect.set_options(timeout=DEADLINE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_window(browser: Browser) -> AsyncIterator[Callable[[], Awaitable[Page]]]:
    """Open empty pages, each in a window of its own, whose errors fail the test.

    A second tab of one window would be in the background, where Chromium draws once a second.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A line that broke since the server stopped is what some tests are about; all else is a fault of the page.
        if message.type == "error" and "net::ERR_" not in message.text:
            problems.append(message.text)

    async def make() -> Page:
        context = await browser.new_context(
            viewport={"width": 1280, "height": 800}, color_scheme="light", reduced_motion="reduce"
        )
        contexts.append(context)
        context.set_default_timeout(DEADLINE_MS)
        context.on("console", note)
        context.on("weberror", lambda error: problems.append(str(error.error)))
        return await context.new_page()

    yield make
    for context in contexts:
        await context.close()
    assert not problems, f"the page reported {problems}"


@pytest_asyncio.fixture(loop_scope="session")
async def page(new_window: Callable[[], Awaitable[Page]]) -> Page:
    """Open one window."""
    return await new_window()
