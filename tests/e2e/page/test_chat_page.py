"""The chat page in a real browser, before the real sandbox; the test itself plays the bot over the Bot API."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from sandbox.server import RunningSandbox, running_sandbox

pytestmark = pytest.mark.browser

ADA, BEN, SALON = 1001, 1002, -2001
ScriptedBot = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
OpenChat = Any


async def test_start_button_sends_start(sandbox: RunningSandbox, bot: ScriptedBot, page: Page) -> None:
    """An empty private chat shows START, and pressing it sends /start to the bot."""
    await page.goto(sandbox.url)
    await page.get_by_role("button", name="START").click()
    message = (await bot.update())["message"]
    assert (message["text"], message["from"]["first_name"]) == ("/start", "Ada")
    await expect(page.locator("#message-field")).to_be_focused()
    await expect(page.locator(".message.mine .words")).to_contain_text("/start")


async def test_album_comes_live_as_one_bubble(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """Six pictures sent as one album stand in one bubble, all loaded, with their one caption."""
    await open_chat(page)
    await bot.album(ADA, 6, caption="Generation 1")
    await expect(page.locator('.album[data-pictures="6"] .tile img')).to_have_count(6)
    await expect(page.locator(".message")).to_have_count(1)
    await expect(page.locator(".message .words")).to_contain_text("Generation 1")
    await page.wait_for_function("[...document.querySelectorAll('.tile img')].every((image) => image.naturalWidth > 0)")


async def test_press_waits_then_shows_answer_and_edit(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """A pressed button is busy until the bot answers; then the toast and the edited keyboard are seen."""
    await open_chat(page)
    message = await bot.say(ADA, "Vote", reply_markup=bot.keyboard("1 👍", "2 👍"))
    button = page.locator('.inline-button[data-data="1"]')
    await button.click()
    query = (await bot.update())["callback_query"]
    await expect(button).to_have_attribute("aria-busy", "true")
    await bot.call(
        "editMessageReplyMarkup", chat_id=ADA, message_id=message, reply_markup=bot.keyboard("1 👍 ✓", "2 👍")
    )
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="You like 1")
    await expect(page.locator(".toast")).to_have_text("You like 1")
    await expect(button).to_have_text("1 👍 ✓")
    await expect(button).not_to_have_attribute("aria-busy", "true")


async def test_alert_is_a_dialog(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """An answer with show_alert stays until the reader closes it."""
    await open_chat(page)
    await bot.say(ADA, "Sure?", reply_markup=bot.keyboard("stop"))
    await page.get_by_role("button", name="stop").click()
    query = (await bot.update())["callback_query"]
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Stopped.", show_alert=True)
    dialog = page.get_by_role("alertdialog")
    await expect(dialog).to_contain_text("Stopped.")
    await dialog.get_by_role("button", name="OK").click()
    await expect(dialog).to_have_count(0)


async def test_edit_and_deletion_are_seen_live(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """An edited text changes in its place, and a deleted message goes."""
    await open_chat(page)
    message = await bot.say(ADA, "Painting, 0 of 6")
    await expect(page.locator(".words")).to_contain_text("0 of 6")
    await bot.call("editMessageText", chat_id=ADA, message_id=message, text="Painting, 6 of 6")
    await expect(page.locator(".words")).to_contain_text("6 of 6")
    await bot.call("deleteMessage", chat_id=ADA, message_id=message)
    await expect(page.locator(".message")).to_have_count(0)


async def test_viewer_turns_by_keys_and_closes_by_escape(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """A picture opens large; arrows go through its album; Escape gives the focus back."""
    await open_chat(page)
    await bot.album(ADA, 3)
    await page.get_by_role("button", name="Picture 2 of 3").click()
    counter = page.locator(".viewer-counter")
    await expect(counter).to_have_text("2 of 3")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await expect(counter).to_have_text("3 of 3")
    await page.keyboard.press("Escape")
    await expect(page.locator(".viewer")).to_have_count(0)
    await expect(page.get_by_role("button", name="Picture 2 of 3")).to_be_focused()


async def test_viewer_turns_by_swipe(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """Drawing the picture to the left brings the next one."""
    await open_chat(page)
    await bot.album(ADA, 2)
    await page.get_by_role("button", name="Picture 1 of 2").click()
    await page.mouse.move(800, 400)
    await page.mouse.down()
    await page.mouse.move(500, 410, steps=4)
    await page.mouse.up()
    await expect(page.locator(".viewer-counter")).to_have_text("2 of 2")


async def test_another_person_writes_from_the_same_window(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """One click, and the group is seen and written to as somebody else, and stays so after a reload."""
    await open_chat(page, ADA, SALON)
    await page.get_by_title("Write as Ben").click()
    await page.locator("#message-field").fill("/vote for 4")
    await page.keyboard.press("Enter")
    message = (await bot.update())["message"]
    assert (message["from"]["id"], message["chat"]["id"]) == (BEN, SALON)
    await page.reload()
    await expect(page.locator(".message.mine .words")).to_contain_text("/vote for 4")
    await page.get_by_title("Write as Ada").click()
    await expect(page.locator(".message:not(.mine) .sender")).to_have_text("Ben")


async def test_markup_in_words_stays_words(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """What people write is never read as HTML; the entities that the bot names are shown."""
    await open_chat(page)
    await bot.say(ADA, "<img src=x onerror=alert(1)> bold", entities=[{"type": "bold", "offset": 29, "length": 4}])
    await expect(page.locator(".words")).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(page.locator(".words strong")).to_have_text("bold")
    await expect(page.locator(".words img")).to_have_count(0)


async def test_command_in_a_message_and_in_the_menu_is_sent(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """A command in the bot's words is sent when pressed, and so is one chosen by keys from the menu."""
    await bot.call("setMyCommands", commands=[{"command": name, "description": name} for name in ("best", "stop")])
    await open_chat(page)
    await bot.say(ADA, "Try /best")
    await page.get_by_role("button", name="/best").click()
    assert (await bot.update())["message"]["text"] == "/best"
    await page.locator("#message-field").press_sequentially("/s")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    assert (await bot.update())["message"]["text"] == "/stop"


async def test_reader_of_old_messages_is_not_disturbed(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """New messages do not move a reader who scrolled up; a chip counts them and leads to them."""
    for number in range(30):
        await bot.say(ADA, f"Message {number}\nof three\nlines")
    await open_chat(page)
    await expect(page.locator(".words", has_text="Message 29")).to_be_in_viewport()
    await page.locator("#scroller").evaluate("(node) => node.scrollTo(0, 0)")
    await expect(page.locator("#chip")).to_be_visible()
    await bot.say(ADA, "The newest")
    await expect(page.locator("#chip")).to_have_text("1 new message")
    await expect(page.locator(".words").first).to_be_in_viewport()
    await page.locator("#chip").click()
    await expect(page.locator(".words", has_text="The newest")).to_be_in_viewport()


async def test_what_the_bot_is_doing_is_told(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """A chat action is shown in the head of the chat until the message comes."""
    await open_chat(page)
    await bot.call("sendChatAction", chat_id=ADA, action="upload_photo")
    await expect(page.locator("#chat-status")).to_have_text("Vernissage is sending a photo…")
    await bot.say(ADA, "Here")
    await expect(page.locator("#chat-status")).to_have_text("bot")


async def test_breach_of_the_bot_api_is_shown(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """A request that Telegram would not know is counted and named in the developer's panel."""
    await open_chat(page)
    await page.locator("#developer-toggle").click()
    assert not (await bot.ask("sendMessage", {"chat_id": ADA, "text": "x", "no_such_field": 1}))["ok"]
    await expect(page.locator(".call.breach")).to_contain_text("no_such_field")
    await expect(page.locator(".developer-total")).to_contain_text("1 breach")


async def test_phone_shows_one_screen_at_a_time(sandbox: RunningSandbox, bot: ScriptedBot, page: Page) -> None:
    """At 390 pixels the chats are one screen and a chat another, with nothing wider than the screen."""
    await page.set_viewport_size({"width": 390, "height": 844})
    await bot.album(ADA, 5)
    await page.goto(sandbox.url)
    await expect(page.locator("#scroller")).to_be_hidden()
    await page.locator(f'[data-chat="{ADA}"]').click()
    await expect(page.locator(".album")).to_be_visible()
    await expect(page.locator("#chat-list")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await page.get_by_role("link", name="Back to the chats").click()
    await expect(page.locator("#chat-list")).to_be_visible()


async def test_page_finds_back_after_server_restart(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """When the server goes and comes again, the page says so and shows what is there then."""
    async with running_sandbox() as first:
        await open_chat(page, url=first.url)
        port = urlsplit(first.url).port
    await expect(page.locator("#connection")).to_have_text("Connecting…")
    assert port is not None
    async with running_sandbox(port) as second:
        await bot.at(second).say(ADA, "Here again")
        await expect(page.locator(".words")).to_contain_text("Here again")
        await page.close()


async def test_windows_share_one_line_to_the_server(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """A second window of the browser hears what the first one hears, and goes on hearing when the first is closed."""
    second = await page.context.new_page()
    await open_chat(page)
    await open_chat(second)
    await bot.say(ADA, "To both")
    await expect(page.locator(".words")).to_contain_text("To both")
    await expect(second.locator(".words")).to_contain_text("To both")
    async with second.expect_response("**/api/state"):
        await page.close()
    await bot.say(ADA, "To the second")
    await expect(second.locator(".words").last).to_contain_text("To the second")


async def test_blocked_bot_can_be_unblocked(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """A person can block the bot, which the bot is told, and have it back by one button."""
    await open_chat(page)
    await page.get_by_role("button", name="Block the bot").click()
    assert (await bot.update())["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert (await bot.ask("sendMessage", {"chat_id": ADA, "text": "x"}))["error_code"] == 403
    await page.locator("#unblock").click()
    await expect(page.locator("#start")).to_be_visible()
    await bot.say(ADA, "Back")


async def test_album_of_any_size_fills_its_block(sandbox: RunningSandbox, page: Page) -> None:
    """The boxes of two to ten pictures neither overlap nor leave a gap, and none is a sliver."""
    await page.goto(sandbox.url)
    script = """async (ratio) => { const { mosaic } = await import("/static/js/mosaic.js");
        return Array.from({ length: 9 }, (_, i) => mosaic(Array(i + 2).fill(ratio))); }"""
    for ratio in (0.5, 1.0, 1.8):
        for count, layout in enumerate(await page.evaluate(script, ratio), start=2):
            boxes = layout["boxes"]
            assert len(boxes) == count
            assert sum(box["w"] * box["h"] for box in boxes) == pytest.approx(layout["height"])
            assert min(min(box["w"], box["h"]) for box in boxes) > 0.15
            assert 0.25 < layout["height"] < 2.1


async def test_square_pictures_stand_in_the_rows_that_telegram_gives_them(sandbox: RunningSandbox, page: Page) -> None:
    """Albums of square pictures have rows of two and three, the shorter ones first."""
    await page.goto(sandbox.url)
    script = """async (count) => { const { mosaic } = await import("/static/js/mosaic.js");
        return mosaic(Array(count).fill(1)).boxes.map((box) => box.y); }"""
    for rows in ([2, 2], [2, 3], [2, 2, 2], [2, 2, 3], [2, 3, 3], [2, 2, 3, 3]):
        tops = await page.evaluate(script, sum(rows))
        assert [tops.count(top) for top in sorted(set(tops))] == rows
