"""The chat page for everybody: by keyboard alone, by screen reader, on a phone; and its developer's panel."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, Route, expect

from sandbox.server import RunningSandbox

pytestmark = pytest.mark.browser

ADA, BEN, SALON = 1001, 1002, -2001
MOST_STEPS = 40
GRAVE = ("serious", "critical")
ScriptedBot = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
OpenChat = Any


async def step_to(page: Page, target: Locator, key: str = "Shift+Tab") -> None:
    """Walk by a key until an element has the focus."""
    for _ in range(MOST_STEPS):
        if await target.evaluate("(node) => node === document.activeElement"):
            return
        await page.keyboard.press(key)
    pytest.fail(f"{MOST_STEPS} times {key} did not lead to {target}")


async def fill_salon(bot: ScriptedBot) -> None:
    """Send the group an album, a keyboard and a poll with pictures."""
    pictures = await bot.pictures(SALON, 5, "Generation 1")
    await bot.say(
        SALON, "Vote with /vote, by buttons or by the poll", reply_markup=bot.keyboard("1 👍", "2 👍", "Stop")
    )
    options = [
        {"text": f"Picture {number}", "media": {"type": "photo", "media": message["photo"][-1]["file_id"]}}
        for number, message in enumerate(pictures, start=1)
    ]
    await bot.call("sendPoll", chat_id=SALON, question="Which is best?", options=options, is_anonymous=False)


async def test_everything_is_reached_by_keyboard_alone(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """Write, press a button, react, look at a picture, and go to another chat, all without a mouse."""
    await open_chat(page, ADA, SALON)
    await bot.album(SALON, 2)
    await bot.say(SALON, "Vote", reply_markup=bot.keyboard("1 👍", "2 👍"))
    await expect(page.locator(".inline-button")).to_have_count(2)
    await page.keyboard.type("/vote")
    await page.keyboard.press("Enter")
    assert (await bot.update())["message"]["text"] == "/vote"
    await step_to(page, page.locator('.inline-button[data-data="1"]'))
    await page.keyboard.press("Enter")
    query = (await bot.update())["callback_query"]
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Taken")
    await expect(page.get_by_role("status").filter(has_text="Taken")).to_be_visible()
    await expect(page.locator('.inline-button[data-data="1"]')).to_be_focused()
    await step_to(page, page.locator(".message").first.get_by_role("button", name="React"))
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message").first.get_by_role("button", name="❤️ 1 reaction: Ada")).to_be_visible()
    await step_to(page, page.get_by_role("button", name="Picture 1 of 2"))
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator(".viewer-counter")).to_have_text("2 of 2")
    await page.keyboard.press("Escape")
    await step_to(page, page.locator(f'#chat-list [data-chat="{ADA}"]'))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Vernissage", level=2)).to_be_visible()


async def no_grave_faults(page: Page, where: str) -> None:
    """Let axe-core look at the page as it stands."""
    found = (await Axe().run(page)).response["violations"]
    grave = [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found if fault["impact"] in GRAVE]
    assert not grave, f"{where}: {grave}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width_px", [390, 1400])
async def test_axe_finds_no_serious_fault(
    bot: ScriptedBot, open_chat: OpenChat, page: Page, scheme: Any, width_px: int
) -> None:
    """The chats, a group with album, keyboard and poll, and what opens over them, are fit for screen readers."""
    # Without motion: a colour that is still on its way from one theme to the other has no contrast to be judged.
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.set_viewport_size({"width": width_px, "height": 844})
    await fill_salon(bot)
    await open_chat(page, ADA, SALON)
    await expect(page.locator("html")).to_have_attribute("data-theme", scheme)
    await expect(page.locator(".poll")).to_be_visible()
    await no_grave_faults(page, "a group")
    await page.locator(".words").last.click(button="right")
    await no_grave_faults(page, "a message's menu")
    await page.get_by_role("button", name="React with 👍").click()
    await page.get_by_role("button", name="Picture 1 of 5").click()
    await no_grave_faults(page, "the viewer")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Members").click()
    await no_grave_faults(page, "a group's members")
    await page.keyboard.press("Escape")
    await page.locator("#developer-toggle").click()
    await page.get_by_role("tab", name="Faults").click()
    await no_grave_faults(page, "faults")


async def test_theme_is_there_before_the_page(sandbox: RunningSandbox, page: Page) -> None:
    """The theme does not wait for the page's own script: a dark page that was light first would flash."""
    await page.emulate_media(color_scheme="dark")
    await page.route("**/main.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    await page.goto(sandbox.url)
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_nothing_is_wider_than_a_phone(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """At 390 pixels the album, keyboard, poll, a message's menu and the developer's panel fit the screen."""
    await page.set_viewport_size({"width": 390, "height": 844})
    await fill_salon(bot)
    await page.goto("about:blank")
    await open_chat(page, ADA, SALON)
    for part in (".album", ".keyboard", ".poll"):
        box = await page.locator(part).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["width"] > 280
    await page.locator(".words").last.click(button="right")
    box = await page.locator(".message-menu").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
    await page.keyboard.press("Escape")
    await page.locator("#developer-toggle").click()
    await expect(page.get_by_role("tab", name="Faults")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_tap_on_a_phone_opens_the_menu_of_a_message(
    sandbox: RunningSandbox, bot: ScriptedBot, browser: Browser
) -> None:
    """Where there is no mouse to hover, touching a message offers reactions and a reply."""
    await bot.say(ADA, "Tap me")
    phone = await browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = await phone.new_page()
    await page.goto(f"{sandbox.url}/#person={ADA}&chat={ADA}")
    await page.locator(".words").tap()
    await page.get_by_role("button", name="React with 🎉").tap()
    await expect(page.locator(".reaction")).to_contain_text("🎉")
    await page.locator(".words").tap()
    await page.get_by_role("button", name="Reply").last.tap()
    await expect(page.locator(".replying")).to_contain_text("Tap me")
    await phone.close()


async def test_fault_switched_on_in_the_panel_strikes(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """A fault chosen in the form meets the bot's next request, which the transcript tells; then it can be removed."""
    await open_chat(page)
    await page.locator("#developer-toggle").click()
    await page.get_by_role("tab", name="Faults").click()
    await page.get_by_label("What goes wrong").select_option("too_many_requests")
    await page.get_by_label("Method").select_option("sendMessage")
    await page.get_by_role("button", name="Switch on").click()
    await expect(page.locator(".fault")).to_contain_text("0 of 1 struck")
    answer = await bot.ask("sendMessage", {"chat_id": ADA, "text": "Too much"})
    assert (answer["error_code"], answer["parameters"]["retry_after"]) == (429, 5)
    await expect(page.locator(".fault.over")).to_contain_text("1 of 1 struck")
    await page.get_by_role("button", name="Switch off").click()
    await expect(page.locator(".fault")).to_have_count(0)
    await page.get_by_role("tab", name="Requests").click()
    await expect(page.locator(".call.error")).to_contain_text("too many requests")


async def test_answer_is_in_the_transcript(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """A request opens to what was asked and what was answered, with the time it took."""
    await open_chat(page)
    await page.locator("#developer-toggle").click()
    message = await bot.say(ADA, "Hello")
    call = page.locator(".call.ok", has_text="sendMessage")
    await expect(call).to_contain_text("ms")
    await call.locator("summary").click()
    await expect(call.get_by_label("Request")).to_contain_text('"text": "Hello"')
    await expect(call.get_by_label("Answer")).to_contain_text(f'"message_id": {message}')


async def test_clock_moved_in_the_panel_ends_a_press(
    sandbox: RunningSandbox, bot: ScriptedBot, open_chat: OpenChat, page: Page
) -> None:
    """After 151 seconds by the panel's clock a press is too old to be answered, and privacy mode can be switched."""
    await open_chat(page)
    await bot.say(ADA, "Vote", reply_markup=bot.keyboard("1"))
    await page.locator('.inline-button[data-data="1"]').click()
    query = (await bot.update())["callback_query"]
    await page.locator("#developer-toggle").click()
    await page.get_by_role("tab", name="Clock").click()
    # The panel also asks for the clock all the time: what counts is the answer to the change.
    async with page.expect_response(lambda answer: "/api/clock" in answer.url and answer.request.method != "GET"):
        await page.get_by_role("button", name="+ 151 s").click()
    answer = await bot.ask("answerCallbackQuery", {"callback_query_id": query["id"]})
    assert "too old" in answer["description"]
    async with page.expect_response(lambda answer: "/api/bot" in answer.url and answer.request.method != "GET"):
        await page.get_by_role("checkbox", name="Privacy mode").uncheck()
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/api/state") as state:
        assert (await state.json())["settings"]["privacy"] is False


async def test_switch_shows_what_was_asked_while_the_answer_is_awaited(
    bot: ScriptedBot, open_chat: OpenChat, page: Page
) -> None:
    """The panel looks at the house all the time; what it knows before the answer does not turn the switch back."""
    await open_chat(page)
    await page.locator("#developer-toggle").click()
    await page.get_by_role("tab", name="Clock").click()
    asked = asyncio.Event()

    async def hold(route: Route) -> None:
        await asked.wait()
        await route.continue_()

    await page.route("**/api/bot*", hold)
    privacy = page.get_by_role("checkbox", name="Privacy mode")
    await privacy.uncheck()
    for _ in range(2):  # the second look began after the press
        await page.wait_for_event("response", lambda answer: "/api/clock" in answer.url)
    await expect(privacy).not_to_be_checked()
    asked.set()
    await page.wait_for_event("response", lambda answer: "/api/bot" in answer.url)
    await expect(privacy).not_to_be_checked()
