"""Several people in several windows with a bot among them: votes, reactions, polls, files, membership."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser

ADA, BEN, CHLOE, SALON = 1001, 1002, 1003, -2001
ScriptedBot = Any  # the fixtures' own classes live in this folder's conftest.py, which no module can import
OpenChat = Any
NewWindow = Any


async def beside(page: Page, open_chat: OpenChat, new_window: NewWindow) -> Page:
    """Open the group as Ada in this window, and as Ben in another, which is returned."""
    bens: Page = await new_window()
    await open_chat(page, ADA, SALON)
    await open_chat(bens, BEN, SALON)
    return bens


async def promote(page: Page) -> None:
    """Make the bot an administrator of the open group, by the box about its members."""
    await page.get_by_role("button", name="Members").click()
    await page.get_by_role("button", name="Promote: Vernissage").click()
    await expect(page.get_by_role("button", name="Demote: Vernissage")).to_be_visible()
    await page.keyboard.press("Escape")


async def test_two_people_vote_in_two_windows_and_see_each_others_effects(
    bot: ScriptedBot, open_chat: OpenChat, new_window: NewWindow, page: Page
) -> None:
    """Each tap's edit is seen in both windows, its toast in the window of who tapped."""
    bens = await beside(page, open_chat, new_window)
    album = await bot.album(SALON, 4, "Generation 1")
    message = await bot.say(
        SALON, "0 votes", reply_parameters={"message_id": album[0]}, reply_markup=bot.keyboard("1 👍", "2 👍")
    )
    await expect(bens.locator('.album[data-pictures="4"]')).to_be_visible()
    for votes, (window, other, person) in enumerate([(page, bens, ADA), (bens, page, BEN)], start=1):
        await window.locator('.inline-button[data-data="2"]').click()
        query = (await bot.update())["callback_query"]
        assert (query["from"]["id"], query["message"]["message_id"]) == (person, message)
        await bot.call("answerCallbackQuery", callback_query_id=query["id"], text=f"Taken, {person}")
        await bot.call(
            "editMessageText",
            chat_id=SALON,
            message_id=message,
            text=f"{votes} votes",
            reply_markup=bot.keyboard("1 👍", f"2 👍 {votes}"),
        )
        await expect(window.locator(".toast")).to_have_text(f"Taken, {person}")
        for seen in (window, other):
            await expect(seen.locator(".words").last).to_contain_text(f"{votes} votes")
            await expect(seen.locator('.inline-button[data-data="2"]')).to_have_text(f"2 👍 {votes}")
        await expect(other.locator(".toast", has_text=f"Taken, {person}")).to_have_count(0)


async def test_reaction_is_given_joined_and_taken_back(
    bot: ScriptedBot, open_chat: OpenChat, new_window: NewWindow, page: Page
) -> None:
    """A reaction to any picture stands under the album in both windows; the bot hears of it at the first picture."""
    await bot.hear("message_reaction")
    bens = await beside(page, open_chat, new_window)
    await promote(page)
    first, *_ = await bot.album(SALON, 3)
    await page.get_by_role("button", name="Picture 3 of 3").click(button="right")
    await page.get_by_role("button", name="React with 🔥").click()
    reaction = (await bot.update())["message_reaction"]
    assert (reaction["message_id"], reaction["user"]["id"]) == (first, ADA)
    await bens.get_by_role("button", name="🔥 1 reaction: Ada").click()
    await expect(page.get_by_role("button", name="🔥 2 reactions: Ada, Ben")).to_have_attribute("aria-pressed", "true")
    await page.locator(".reaction").click()
    await expect(bens.get_by_role("button", name="🔥 1 reaction: Ben")).to_be_visible()
    await expect(page.locator(".reaction")).to_have_attribute("aria-pressed", "false")


async def test_poll_with_pictures_is_answered_and_retracted(
    bot: ScriptedBot, open_chat: OpenChat, new_window: NewWindow, page: Page
) -> None:
    """Two answers ticked and sent; the other window sees the bars and who chose; the answer can be taken back."""
    bens = await beside(page, open_chat, new_window)
    pictures = [message["photo"][-1]["file_id"] for message in await bot.pictures(SALON, 3)]
    options = [
        {"text": f"Picture {number}", "media": {"type": "photo", "media": picture}}
        for number, picture in enumerate(pictures, start=1)
    ]
    poll = {"question": "Which?", "is_anonymous": False, "allows_multiple_answers": True}
    await bot.call("sendPoll", chat_id=SALON, options=options, **poll)
    await page.get_by_role("checkbox", name="Picture 1").click()
    await page.get_by_role("checkbox", name="Picture 3").click()
    await page.get_by_role("button", name="Vote", exact=True).click()
    assert (await bot.update())["poll_answer"]["option_ids"] == [0, 2]
    await bens.get_by_role("checkbox", name="Picture 3").click()
    await bens.get_by_role("button", name="Vote", exact=True).click()
    await expect(page.locator('.poll-result[data-option="2"]')).to_contain_text("100%")
    await expect(page.get_by_role("img", name="Chosen by Ada, Ben")).to_be_visible()
    await expect(bens.locator('.poll-result[data-option="0"]')).to_contain_text("50%")
    await page.get_by_role("button", name="Picture of Picture 2, open").click()
    await expect(page.locator(".viewer-caption")).to_have_text("Picture 2")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Retract vote").click()
    await expect(page.get_by_role("checkbox", name="Picture 1")).to_be_visible()
    await expect(bens.locator('.poll-result[data-option="0"]')).to_contain_text("0%")


async def test_photos_chosen_by_the_button_arrive_as_one_album(
    bot: ScriptedBot, open_chat: OpenChat, page: Page, tmp_path: Path
) -> None:
    """Two pictures and a caption come to the bot as one album, and stand as one in the chat."""
    for name, color in (("red", "#c03020"), ("blue", "#2030c0")):
        Image.new("RGB", (300, 200), color).save(tmp_path / f"{name}.png")
    await open_chat(page)
    await bot.say(ADA, "Send me your pictures")
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Send pictures or files").click()
    await (await chooser.value).set_files([tmp_path / "red.png", tmp_path / "blue.png"])
    await page.get_by_label("Caption").fill("Two of mine")
    await page.get_by_role("button", name="Send", exact=True).last.click()
    first, second = (await bot.update())["message"], (await bot.update())["message"]
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], len(first["photo"]) > 0, len(second["photo"]) > 0) == ("Two of mine", True, True)
    await expect(page.locator('.message.mine .album[data-pictures="2"]')).to_be_visible()


async def test_zip_dropped_on_the_chat_arrives_unchanged(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """A file that is no picture can be sent as a file alone, and its bytes reach the bot as they are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.txt", "words")
    await open_chat(page)
    await bot.say(ADA, "Send me a zip")
    await page.evaluate(
        """(bytes) => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(bytes)], "style.zip", { type: "application/zip" }));
            const place = document.getElementById("scroller");
            for (const type of ["dragenter", "dragover", "drop"])
                place.dispatchEvent(new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true }));
        }""",
        list(packed.getvalue()),
    )
    await expect(page.get_by_role("radio", name="Photos")).to_be_disabled()
    await page.get_by_role("button", name="Send", exact=True).last.click()
    document = (await bot.update())["message"]["document"]
    assert document["file_name"] == "style.zip"
    assert await bot.download(document["file_id"]) == packed.getvalue()
    await expect(page.locator(".message.mine .file")).to_contain_text("style.zip")


async def test_own_words_can_be_edited(
    bot: ScriptedBot, open_chat: OpenChat, new_window: NewWindow, page: Page
) -> None:
    """Edit in a message's menu changes it for everybody, and the bot is told."""
    bens = await beside(page, open_chat, new_window)
    await page.locator("#message-field").fill("/vote for 3")
    await page.keyboard.press("Enter")
    await page.locator(".message.mine .words").click(button="right")
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_role("textbox", name="Text").fill("/vote for 4")
    await page.get_by_role("button", name="Save").click()
    await expect(bens.locator(".words")).to_contain_text("/vote for 4")
    await expect(bens.locator(".stamp")).to_contain_text("edited")
    assert (await bot.update())["message"]["text"] == "/vote for 3"
    assert (await bot.update())["edited_message"]["text"] == "/vote for 4"


async def test_group_becomes_a_supergroup_and_its_people_go_along(
    bot: ScriptedBot, open_chat: OpenChat, page: Page
) -> None:
    """Migrating opens the new chat; the old one leaves the list, and the bot is told the new id."""
    await open_chat(page, ADA, SALON)
    await page.get_by_role("button", name="Members").click()
    await page.get_by_role("checkbox", name="supergroup").check()
    await page.get_by_role("button", name="Done").click()
    new = (await bot.update())["message"]["migrate_to_chat_id"]
    await expect(page.locator(f'#chat-list [data-chat="{new}"][aria-current]')).to_be_visible()
    await expect(page.locator(f'#chat-list [data-chat="{SALON}"]')).to_have_count(0)
    await bot.say(new, "Still here")
    await expect(page.locator(".words")).to_contain_text("Still here")


async def test_unread_messages_are_counted_in_the_list_until_they_are_read(
    bot: ScriptedBot, open_chat: OpenChat, page: Page
) -> None:
    """What comes to another chat is counted beside it, and no longer once that chat was opened."""
    await open_chat(page)
    await bot.say(SALON, "One")
    await bot.say(SALON, "Two")
    row = page.locator(f'#chat-list [data-chat="{SALON}"]')
    await expect(row.locator(".badge")).to_have_text("2")
    await expect(row).to_contain_text("Vernissage: Two")
    await row.click()
    await expect(page.locator(".badge")).to_have_count(0)


async def test_pinned_message_stands_under_the_head_and_leads_to_it(
    bot: ScriptedBot, open_chat: OpenChat, page: Page
) -> None:
    """What the bot pins is seen above the talk until it is unpinned, and pressing it goes there."""
    message = await bot.say(ADA, "The rules")
    for number in range(30):
        await bot.say(ADA, f"Message {number}\nof two lines")
    await open_chat(page)
    await bot.call("pinChatMessage", chat_id=ADA, message_id=message)
    await page.get_by_role("button", name="Pinned message The rules").click()
    await expect(page.locator(".words", has_text="The rules")).to_be_in_viewport()
    await bot.call("unpinChatMessage", chat_id=ADA, message_id=message)
    await expect(page.locator("#pinned")).to_be_hidden()


async def test_guests_are_invited_vote_and_are_sent_home(bot: ScriptedBot, open_chat: OpenChat, page: Page) -> None:
    """Alone in the group, one invites two guests in the box about its members; they press the album's buttons."""
    await open_chat(page, ADA, SALON)
    await page.get_by_role("button", name="Members").click()
    await page.get_by_label("How many guests").fill("2")
    await page.get_by_role("button", name="Invite guests").click()
    await expect(page.locator(".member", has_text="guest, votes by a taste of their own")).to_have_count(2)
    await page.keyboard.press("Escape")
    album = await bot.album(SALON, 2)
    buttons = bot.keyboard("1 👍", "2 👍", "1 👎", "2 👎")
    await bot.say(SALON, "Vote", reply_parameters={"message_id": album[0]}, reply_markup=buttons)
    heard: set[int] = set()
    while len(heard) < 2:
        update = await bot.update()
        if "callback_query" in update:
            heard.add(update["callback_query"]["from"]["id"])
            await bot.call("answerCallbackQuery", callback_query_id=update["callback_query"]["id"])
    assert not heard & {ADA, BEN, CHLOE}
    await page.get_by_role("button", name="Members").click()
    await page.get_by_role("button", name="Send guests home").click()
    await expect(page.locator(".member", has_text="guest, votes by a taste of their own")).to_have_count(0)
    await expect(page.get_by_role("button", name="Send guests home")).to_be_hidden()


async def test_guest_votes_for_somebody_in_their_private_chat(
    bot: ScriptedBot, open_chat: OpenChat, page: Page
) -> None:
    """The face in the chat's head lets a guest vote, and pressed again gives the votes back."""
    await open_chat(page, ADA, ADA)
    await page.get_by_role("button", name="Let a guest vote for you").click()
    await expect(page.locator("#chat-status")).to_have_text("bot; a guest votes for you")
    await page.get_by_role("button", name="Vote yourself again").click()
    await expect(page.locator("#chat-status")).to_have_text("bot")
