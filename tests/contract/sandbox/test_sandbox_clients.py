"""The core of the contract through two libraries that know nothing of each other: aiogram and python-telegram-bot.

Each test says what a bot's author would expect after reading the documentation; both libraries must agree.
"""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from typing import Any

import aiogram
import pytest
import telegram
from aiogram import types as aio
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter
from PIL import Image

from sandbox.acts.touching import press

Library = Any  # either of the two classes below: a bot, and what the libraries spell differently
Stage = Any  # the class lives in this folder's conftest.py, which no module can import
ADA, BEN, SALON = 1001, 1002, -2001
_FRONT = re.compile(r"^(telegram server says - )?(bad request: |forbidden: |conflict: )?")


class _Aiogram:
    """aiogram."""

    def __init__(self, stage: Stage) -> None:
        server = TelegramAPIServer.from_base(stage.server.url)
        self.bot: Any = aiogram.Bot(stage.server.token, session=AiohttpSession(api=server))

    async def text(self, chat: int, text: str, **how: Any) -> Any:
        if "reply_to" in how:
            how["reply_parameters"] = aio.ReplyParameters(message_id=how.pop("reply_to"))
        return await self.bot.send_message(chat, text, **how)

    async def photo(self, chat: int, data: bytes, caption: str) -> Any:
        return await self.bot.send_photo(chat, aio.BufferedInputFile(data, "a.png"), caption=caption)

    async def album(self, chat: int, pictures: list[bytes], caption: str) -> Any:
        media: list[Any] = [aio.InputMediaPhoto(media=aio.BufferedInputFile(data, "a.png")) for data in pictures]
        media[0] = aio.InputMediaPhoto(media=media[0].media, caption=caption)
        return await self.bot.send_media_group(chat, media)

    async def document(self, chat: int, data: bytes, name: str) -> Any:
        return await self.bot.send_document(chat, aio.BufferedInputFile(data, name))

    async def change_media(self, chat: int, message: int, data: bytes) -> Any:
        media = aio.InputMediaPhoto(media=aio.BufferedInputFile(data, "b.png"))
        return await self.bot.edit_message_media(media=media, chat_id=chat, message_id=message)

    async def poll(self, chat: int, question: str, options: list[str], **how: Any) -> Any:
        return await self.bot.send_poll(chat, question, [aio.InputPollOption(text=text) for text in options], **how)

    async def react(self, chat: int, message: int, emoji: str) -> Any:
        return await self.bot.set_message_reaction(chat, message, [aio.ReactionTypeEmoji(emoji=emoji)])

    async def download(self, file_id: str) -> bytes:
        path = (await self.bot.get_file(file_id)).file_path
        found = await self.bot.download_file(path)
        return bytes(found.read())

    async def updates(self, kinds: list[str] | None = None) -> list[Any]:
        found: list[Any] = await self.bot.get_updates(allowed_updates=kinds)
        if found:
            await self.bot.get_updates(offset=found[-1].update_id + 1)
        return found

    async def wrong(self, act: Awaitable[Any]) -> str:
        with pytest.raises(TelegramAPIError) as caught:
            await act
        return _FRONT.sub("", str(caught.value.message).lower())

    def buttons(self, data: str) -> Any:
        return aio.InlineKeyboardMarkup(inline_keyboard=[[aio.InlineKeyboardButton(text="a", callback_data=data)]])


class _Ptb:
    """python-telegram-bot."""

    def __init__(self, stage: Stage) -> None:
        url = stage.server.url
        self.bot: Any = telegram.Bot(stage.server.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")

    async def text(self, chat: int, text: str, **how: Any) -> Any:
        if "reply_to" in how:
            how["reply_parameters"] = telegram.ReplyParameters(how.pop("reply_to"))
        return await self.bot.send_message(chat, text, **how)

    async def photo(self, chat: int, data: bytes, caption: str) -> Any:
        return await self.bot.send_photo(chat, data, caption=caption)

    async def album(self, chat: int, pictures: list[bytes], caption: str) -> Any:
        media = [telegram.InputMediaPhoto(data) for data in pictures]
        return await self.bot.send_media_group(chat, media, caption=caption)

    async def document(self, chat: int, data: bytes, name: str) -> Any:
        return await self.bot.send_document(chat, data, filename=name)

    async def change_media(self, chat: int, message: int, data: bytes) -> Any:
        return await self.bot.edit_message_media(telegram.InputMediaPhoto(data), chat, message)

    async def poll(self, chat: int, question: str, options: list[str], **how: Any) -> Any:
        return await self.bot.send_poll(chat, question, options, **how)

    async def react(self, chat: int, message: int, emoji: str) -> Any:
        return await self.bot.set_message_reaction(chat, message, emoji)

    async def download(self, file_id: str) -> bytes:
        return bytes(await (await self.bot.get_file(file_id)).download_as_bytearray())

    async def updates(self, kinds: list[str] | None = None) -> list[Any]:
        found = list(await self.bot.get_updates(allowed_updates=kinds))
        if found:
            await self.bot.get_updates(offset=found[-1].update_id + 1)
        return found

    async def wrong(self, act: Awaitable[Any]) -> str:
        with pytest.raises(telegram.error.TelegramError) as caught:
            await act
        return _FRONT.sub("", str(caught.value.message).lower())

    def buttons(self, data: str) -> Any:
        return telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("a", callback_data=data)]])


@pytest.fixture(params=[_Aiogram, _Ptb], ids=["aiogram", "python-telegram-bot"])
async def lib(request: pytest.FixtureRequest, stage: Stage) -> AsyncIterator[Library]:
    """A bot by each library in turn; whatever it asked must have been valid Bot API at the end."""
    library = request.param(stage)
    opened = library.bot if isinstance(library, _Ptb) else library.bot.context()
    async with opened:
        yield library
    assert stage.server.state.transcript.breaches() == []


async def test_me(lib: Library) -> None:
    """#getme."""
    me = await lib.bot.get_me()
    assert (me.is_bot, me.username, me.can_read_all_group_messages) == (True, "vernissage_sandbox_bot", False)


async def test_text_with_entities(lib: Library) -> None:
    """#formatting-options."""
    message = await lib.text(ADA, "<b>bold</b> and /start", parse_mode="HTML")
    assert message.text == "bold and /start"
    assert [str(entity.type) for entity in message.entities] == ["bold", "bot_command"]


async def test_a_reply_carries_what_it_replies_to(lib: Library) -> None:
    """#replyparameters."""
    first = await lib.text(ADA, "first")
    second = await lib.text(ADA, "second", reply_to=first.message_id)
    assert second.reply_to_message.text == "first"
    assert "message to be replied not found" in await lib.wrong(lib.text(ADA, "third", reply_to=99))


async def test_a_photo_comes_back_smaller_first(stage: Stage, lib: Library, picture: bytes) -> None:
    """#photosize."""
    message = await lib.photo(ADA, picture, "a caption")
    assert (message.caption, [size.width for size in message.photo]) == ("a caption", [90, 320, 600])
    data = await lib.download(message.photo[-1].file_id)
    assert data == await stage.people.file(message.photo[-1].file_id)


async def test_an_album_shares_an_id_and_one_caption(lib: Library, picture: bytes) -> None:
    """#sendmediagroup."""
    album = await lib.album(ADA, [picture, picture, picture], "all")
    assert len({message.media_group_id for message in album}) == 1
    assert [message.caption for message in album] == ["all", None, None]


async def test_a_document_keeps_its_bytes(lib: Library) -> None:
    """#senddocument."""
    message = await lib.document(ADA, b"recipe", "recipe.json")
    assert (message.document.file_name, message.document.mime_type) == ("recipe.json", "application/json")
    assert await lib.download(message.document.file_id) == b"recipe"


async def test_edits_of_text_and_keyboard(lib: Library) -> None:
    """#editmessagetext, #editmessagereplymarkup."""
    sent = await lib.text(ADA, "a", reply_markup=lib.buttons("x"))
    edited = await lib.bot.edit_message_text("b", chat_id=ADA, message_id=sent.message_id)
    assert (edited.text, edited.reply_markup) == ("b", None)
    same = lib.bot.edit_message_text("b", chat_id=ADA, message_id=sent.message_id)
    assert (await lib.wrong(same)).startswith("message is not modified")
    markup = await lib.bot.edit_message_reply_markup(
        chat_id=ADA, message_id=sent.message_id, reply_markup=lib.buttons("y")
    )
    assert markup.reply_markup.inline_keyboard[0][0].callback_data == "y"


async def test_edits_of_media_and_caption(lib: Library, picture: bytes) -> None:
    """#editmessagemedia, #editmessagecaption."""
    sent = await lib.photo(ADA, picture, "a")
    edited = await lib.change_media(ADA, sent.message_id, picture)
    assert (edited.caption, edited.photo[0].file_id == sent.photo[0].file_id) == (None, False)
    captioned = await lib.bot.edit_message_caption(chat_id=ADA, message_id=sent.message_id, caption="b")
    assert captioned.caption == "b"


async def test_deleting(stage: Stage, lib: Library) -> None:
    """#deletemessage, #deletemessages."""
    ids = [(await lib.text(ADA, text)).message_id for text in "abc"]
    assert await lib.bot.delete_message(ADA, ids[0])
    assert await lib.bot.delete_messages(ADA, ids[1:])
    assert await stage.people.messages(ADA) == []
    assert await lib.wrong(lib.bot.delete_message(ADA, ids[0])) == "message to delete not found"


async def test_a_press_is_answered_once_and_in_time(stage: Stage, lib: Library) -> None:
    """#answercallbackquery."""
    sent = await lib.text(ADA, "vote", reply_markup=lib.buttons("x"))
    answer = press(stage.server.state, ADA, sent.message_id, ADA, "x")
    late = press(stage.server.state, ADA, sent.message_id, ADA, "x")
    first, second = await lib.updates()
    assert (first.callback_query.data, first.callback_query.message.text) == ("x", "vote")
    assert await lib.bot.answer_callback_query(first.callback_query.id, text="Liked", show_alert=True)
    assert (answer.result().text, answer.result().show_alert) == ("Liked", True)
    assert "query is too old" in await lib.wrong(lib.bot.answer_callback_query(first.callback_query.id))
    stage.clock.advance(151)
    assert "query is too old" in await lib.wrong(lib.bot.answer_callback_query(second.callback_query.id))
    assert not late.done()


async def test_a_poll_is_voted_in_and_stopped(stage: Stage, lib: Library) -> None:
    """#sendpoll, #stoppoll, #pollanswer."""
    sent = await lib.poll(SALON, "Which?", ["a", "b"], is_anonymous=False, allows_multiple_answers=True)
    await lib.updates(["poll_answer"])
    await stage.people.answer_poll(SALON, sent.message_id, BEN, 0, 1)
    [update] = await lib.updates()
    assert (update.poll_answer.user.id, list(update.poll_answer.option_ids)) == (BEN, [0, 1])
    stopped = await lib.bot.stop_poll(SALON, sent.message_id)
    assert (stopped.is_closed, [option.voter_count for option in stopped.options]) == (True, [1, 1])


async def test_reactions_of_both_sides(stage: Stage, lib: Library) -> None:
    """#setmessagereaction, #messagereactionupdated."""
    await stage.people.groups.promote(SALON, ADA, "bot")
    sent = await lib.text(SALON, "a")
    assert await lib.react(SALON, sent.message_id, "🔥")
    await lib.updates(["message_reaction"])
    await stage.people.react(SALON, sent.message_id, BEN, "👍")
    [update] = await lib.updates()
    assert (update.message_reaction.user.id, update.message_reaction.new_reaction[0].emoji) == (BEN, "👍")


async def test_copies_and_forwards(lib: Library) -> None:
    """#copymessage, #forwardmessage."""
    sent = await lib.text(ADA, "a")
    copied = await lib.bot.copy_message(SALON, ADA, sent.message_id)
    forwarded = await lib.bot.forward_message(SALON, ADA, sent.message_id)
    assert copied.message_id < forwarded.message_id
    assert forwarded.forward_origin.sender_user.is_bot


async def test_pins(stage: Stage, lib: Library) -> None:
    """#pinchatmessage, #unpinchatmessage."""
    sent = await lib.text(SALON, "a")
    refused = await lib.wrong(lib.bot.pin_chat_message(SALON, sent.message_id))
    assert refused == "not enough rights to manage pinned messages in the chat"
    await stage.people.groups.promote(SALON, ADA, "bot")
    assert await lib.bot.pin_chat_message(SALON, sent.message_id)
    assert (await lib.bot.get_chat(SALON)).pinned_message.text == "a"
    assert await lib.bot.unpin_chat_message(SALON, message_id=sent.message_id)


async def test_chats_and_members(lib: Library) -> None:
    """#getchat, #getchatmember, #getchatadministrators, #getchatmembercount."""
    assert (await lib.bot.get_chat(SALON)).title == "Salon"
    assert (await lib.bot.get_chat_member(SALON, ADA)).status == "creator"
    assert [member.user.id for member in await lib.bot.get_chat_administrators(SALON)] == [ADA]
    assert await lib.bot.get_chat_member_count(SALON) == 4
    assert (await lib.bot.get_user_profile_photos(ADA)).total_count == 0


async def test_topics(stage: Stage, lib: Library) -> None:
    """#forumtopic."""
    forum = (await stage.people.groups.found("Forum", [ADA], "supergroup", is_forum=True))["id"]
    topic = (await stage.people.groups.open_topic(forum, ADA, "Blue"))["id"]
    sent = await lib.text(forum, "a", message_thread_id=topic)
    assert (sent.message_thread_id, sent.is_topic_message, sent.chat.is_forum) == (topic, True, True)


async def test_migration_is_told_by_the_error(stage: Stage, lib: Library) -> None:
    """#responseparameters: both libraries make an error of its own of it, with the new id."""
    new = (await stage.people.groups.migrate(SALON, ADA))["id"]
    with pytest.raises((TelegramAPIError, telegram.error.ChatMigrated)) as caught:
        await lib.text(SALON, "a")
    assert new in (getattr(caught.value, "new_chat_id", None), getattr(caught.value, "migrate_to_chat_id", None))


async def test_a_block_is_told_and_refuses(stage: Stage, lib: Library) -> None:
    """#chatmemberupdated."""
    await stage.people.block(BEN, BEN)
    [update] = await lib.updates()
    assert update.my_chat_member.new_chat_member.status == "kicked"
    assert await lib.wrong(lib.text(BEN, "a")) == "bot was blocked by the user"


async def test_too_much_is_told_with_a_time(stage: Stage, lib: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """#responseparameters: 429 with retry_after, an error of its own in both libraries."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    await stage.people.house.add_fault("too_many_requests", method="sendMessage", retry_after_s=7)
    with pytest.raises((TelegramRetryAfter, telegram.error.RetryAfter)) as caught:
        await lib.text(ADA, "a")
    assert getattr(caught.value, "retry_after", None) in (7, timedelta(seconds=7))
    assert (await lib.text(ADA, "a")).text == "a"


async def test_uploads_by_people(stage: Stage, lib: Library, picture: bytes) -> None:
    """#message: photos in sizes, albums by media_group_id."""
    await stage.people.upload(ADA, ADA, [("a.png", picture), ("b.png", picture)], caption="ours")
    first, second = [update.message for update in await lib.updates()]
    assert (first.caption, first.media_group_id == second.media_group_id, len(first.photo)) == ("ours", True, 3)


async def test_commands_by_scope(lib: Library) -> None:
    """#setmycommands, #getmycommands."""
    command = aio.BotCommand if isinstance(lib, _Aiogram) else telegram.BotCommand
    assert await lib.bot.set_my_commands([command(command="start", description="Begin")])
    assert [found.command for found in await lib.bot.get_my_commands()] == ["start"]


async def test_leaving(lib: Library) -> None:
    """#leavechat."""
    assert await lib.bot.leave_chat(SALON)
    assert await lib.wrong(lib.text(SALON, "a")) == "bot is not a member of the group chat"


@pytest.fixture
def picture() -> bytes:
    """A red PNG of 600 × 400."""
    out = io.BytesIO()
    Image.new("RGB", (600, 400), "red").save(out, "PNG")
    return out.getvalue()
