import io
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientConnectionResetError, web
from PIL import Image
from telegram import Bot, InputMediaDocument, InputMediaPhoto, ReplyParameters
from telegram.error import BadRequest, Forbidden

from sandbox.client import SandboxClient
from sandbox.clock import ManualClock
from sandbox.server import RunningSandbox

ADA, SALON = 1001, -2001
KEYBOARD = {"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


def _draw(color: str, size: tuple[int, int] = (600, 400)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


async def test_a_photo_comes_back_as_jpeg_in_sizes(bot: Bot, people: SandboxClient) -> None:
    """A photo is re-encoded in Telegram's sizes, smallest first, none above 1,280 pixels."""
    message = await bot.send_photo(ADA, _draw("red", (2000, 1000)), caption="<b>one</b>", parse_mode="HTML")
    assert [(size.width, size.height) for size in message.photo] == [(90, 45), (320, 160), (800, 400), (1280, 640)]
    assert message.caption_entities[0].type == "bold"
    file = await bot.get_file(message.photo[-1].file_id)
    data = bytes(await file.download_as_bytearray())
    assert data == await people.file(message.photo[-1].file_id)
    assert Image.open(io.BytesIO(data)).format == "JPEG"


async def test_a_photo_is_sent_again_by_its_file_id(bot: Bot, picture: bytes) -> None:
    """A file_id stands for the same photo for good."""
    first = await bot.send_photo(ADA, picture)
    second = await bot.send_photo(SALON, first.photo[0].file_id)
    assert second.photo == first.photo


async def test_a_document_comes_back_as_it_was(bot: Bot, people: SandboxClient) -> None:
    """Documents keep name and bytes, and are no photos."""
    message = await bot.send_document(ADA, b"recipe", filename="recipe.json")
    assert message.document is not None
    assert (message.document.file_name, message.document.mime_type) == ("recipe.json", "application/json")
    assert await people.file(message.document.file_id) == b"recipe"
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type Document as Photo"):
        await bot.send_photo(ADA, message.document.file_id)


async def test_an_album_shares_one_group_id(bot: Bot, people: SandboxClient) -> None:
    """An album is as many messages as pictures, with one media_group_id and the caption on the first."""
    album = await bot.send_media_group(
        ADA, [InputMediaPhoto(_draw("red"), caption="c"), InputMediaPhoto(_draw("blue"))]
    )
    assert len({message.media_group_id for message in album}) == 1
    shown = await people.messages(ADA)
    assert [message.get("caption") for message in shown] == ["c", None]
    assert all(message["photo"]["width"] == 600 for message in shown)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (_draw("red", (2100, 100)), "PHOTO_INVALID_DIMENSIONS"),
        (_draw("red", (9000, 1001)), "PHOTO_INVALID_DIMENSIONS"),
        (b"x" * (10 * 1024 * 1024 + 1), "is too big for a photo; the maximum size is 10485760 bytes"),
    ],
    ids=["no picture", "too long", "too large", "too heavy"],
)
async def test_bad_photos_are_refused(bot: Bot, data: bytes, words: str) -> None:
    """A photo must be a picture within Telegram's limits."""
    with pytest.raises(BadRequest) as caught:
        await bot.send_photo(ADA, data)
    assert words.lower() in str(caught.value).lower()


async def test_a_bad_picture_in_an_album_is_named_by_its_place(bot: Bot, people: SandboxClient, picture: bytes) -> None:
    """The refusal tells which item failed, and nothing was sent."""
    with pytest.raises(BadRequest, match=r'(?i)message #2 with the error message "IMAGE_PROCESS_FAILED"'):
        await bot.send_media_group(ADA, [InputMediaPhoto(picture), InputMediaPhoto(b"no picture")])
    assert await people.messages(ADA) == []


async def test_unknown_files_are_refused(api: Any) -> None:
    """A file identifier must be one that the sandbox gave out; links are not followed."""
    wrong = "Bad Request: wrong file identifier/HTTP URL specified"
    assert await api.error("sendPhoto", chat_id=ADA, photo="AgACnothing") == wrong
    link = "https://a.example/a.png"
    assert await api.error("sendPhoto", chat_id=ADA, photo=link) == "Bad Request: failed to get HTTP URL content"


async def test_a_reply_carries_its_parent_one_step_deep(bot: Bot) -> None:
    """The message replied to comes along, without its own parent."""
    first = await bot.send_message(ADA, "1")
    second = await bot.send_message(ADA, "2", reply_parameters=ReplyParameters(first.id))
    third = await bot.send_message(ADA, "3", reply_parameters=ReplyParameters(second.id))
    assert third.reply_to_message is not None
    assert (third.reply_to_message.text, third.reply_to_message.reply_to_message) == ("2", None)


async def test_a_reply_to_nothing_needs_leave(bot: Bot) -> None:
    """A missing parent is an error unless the bot allows to go without."""
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await bot.send_message(ADA, "a", reply_parameters=ReplyParameters(99))
    message = await bot.send_message(ADA, "a", reply_parameters=ReplyParameters(99, allow_sending_without_reply=True))
    assert message.reply_to_message is None


async def test_an_edit_to_the_same_is_refused(api: Any) -> None:
    """Text, caption, media and keyboard must differ from what is there."""
    sent = (await api("sendMessage", chat_id=ADA, text="a", reply_markup=KEYBOARD))["result"]
    place = {"chat_id": ADA, "message_id": sent["message_id"]}
    assert await api.error("editMessageText", **place, text=" a ", reply_markup=KEYBOARD) == NOT_MODIFIED
    assert await api.error("editMessageReplyMarkup", **place, reply_markup=KEYBOARD) == NOT_MODIFIED
    assert (await api("editMessageReplyMarkup", **place))["ok"]
    assert await api.error("editMessageReplyMarkup", **place) == NOT_MODIFIED


async def test_an_edit_without_keyboard_takes_it_away(api: Any, people: SandboxClient, clock: ManualClock) -> None:
    """A keyboard that an edit does not repeat is gone, and the edit is dated."""
    sent = (await api("sendMessage", chat_id=ADA, text="a", reply_markup=KEYBOARD))["result"]
    clock.advance(60)
    edited = (await api("editMessageText", chat_id=ADA, message_id=sent["message_id"], text="b"))["result"]
    assert "reply_markup" not in edited
    assert edited["edit_date"] == sent["date"] + 60
    [shown] = await people.messages(ADA)
    assert "keyboard" not in shown


async def test_media_and_captions_are_edited(bot: Bot, picture: bytes) -> None:
    """A picture is exchanged, its caption changed, and a text message can be given a picture."""
    photo = await bot.send_photo(ADA, picture, caption="a")
    edited = await bot.edit_message_media(InputMediaPhoto(_draw("blue"), caption="b"), ADA, photo.id)
    assert not isinstance(edited, bool)
    assert (edited.caption, edited.photo == photo.photo) == ("b", False)
    captioned = await bot.edit_message_caption(ADA, photo.id, caption="c")
    assert not isinstance(captioned, bool)
    assert (captioned.caption, captioned.photo) == ("c", edited.photo)
    text = await bot.send_message(ADA, "t")
    turned = await bot.edit_message_media(InputMediaPhoto(photo.photo[-1].file_id), ADA, text.id)
    assert not isinstance(turned, bool)
    assert (turned.text, len(turned.photo)) == (None, len(photo.photo))


async def test_an_albums_photo_stays_a_photo(bot: Bot, picture: bytes) -> None:
    """Within an album the kind of media cannot change."""
    album = await bot.send_media_group(ADA, [InputMediaPhoto(picture), InputMediaPhoto(picture)])
    with pytest.raises(BadRequest, match=r"(?i)can't change media type in the album"):
        await bot.edit_message_media(InputMediaDocument(b"x", filename="a.txt"), ADA, album[0].id)


async def test_only_fitting_messages_of_the_bots_own_are_edited(
    api: Any, people: SandboxClient, picture: bytes
) -> None:
    """Edits need a message that is there, is the bot's, and has what is edited."""
    said = await people.say(ADA, ADA, "hello")
    for message_id, words in ((said["id"], "message can't be edited"), (99, "message to edit not found")):
        error = await api.error("editMessageText", chat_id=ADA, message_id=message_id, text="a")
        assert error == f"Bad Request: {words}"
    assert await api.error("editMessageText", text="a") == "Bad Request: chat_id is empty"
    text = (await api("sendMessage", chat_id=ADA, text="a"))["result"]["message_id"]
    error = await api.error("editMessageCaption", chat_id=ADA, message_id=text, caption="c")
    assert error == "Bad Request: there is no caption in the message to edit"


async def test_messages_are_deleted_within_48_hours(api: Any, people: SandboxClient, clock: ManualClock) -> None:
    """Own messages go, missing ones are an error alone and passed over together, old ones stay."""
    ids = [(await api("sendMessage", chat_id=SALON, text=str(n)))["result"]["message_id"] for n in range(3)]
    assert (await api("deleteMessage", chat_id=SALON, message_id=ids[0]))["result"] is True
    missing = "Bad Request: message to delete not found"
    assert await api.error("deleteMessage", chat_id=SALON, message_id=ids[0]) == missing
    assert (await api("deleteMessages", chat_id=SALON, message_ids=ids[:2]))["result"] is True
    clock.advance(48 * 3600 + 1)
    stuck = "Bad Request: message can't be deleted"
    assert await api.error("deleteMessage", chat_id=SALON, message_id=ids[2]) == stuck
    assert [message["id"] for message in await people.messages(SALON)] == [ids[2]]


async def test_in_a_group_the_bot_cannot_delete_others_messages(api: Any, people: SandboxClient) -> None:
    """Without being an administrator only the bot's own messages go; in private both sides' do."""
    in_group, in_private = await people.say(SALON, ADA, "a"), await people.say(ADA, ADA, "a")
    error = await api.error("deleteMessage", chat_id=SALON, message_id=in_group["id"])
    assert error == "Bad Request: message can't be deleted"
    assert (await api("deleteMessage", chat_id=ADA, message_id=in_private["id"]))["ok"]


async def test_a_blocked_bot_cannot_write(bot: Bot, people: SandboxClient) -> None:
    """Who blocks the bot gets nothing until unblocked, and the bot is told both times."""
    await people.block(ADA, ADA)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ADA, "a")
    await people.block(ADA, ADA, False)
    await bot.send_message(ADA, "a")
    told = [update.my_chat_member for update in await bot.get_updates()]
    assert [change.new_chat_member.status for change in told if change] == ["kicked", "member"]


async def test_what_is_not_emulated_is_refused_not_ignored(api: Any) -> None:
    """A valid parameter that the sandbox cannot follow fails instead of being dropped."""
    error = await api.error("sendMessage", chat_id=ADA, text="a", message_effect_id="5")
    assert error == "Bad Request: the sandbox does not emulate the parameter message_effect_id"
    error = await api.error("sendMessage", chat_id=ADA, text="a", message_thread_id=3)
    assert error == "Bad Request: message thread not found"
    assert "does not log bots out" in await api.error("logOut")
    assert "nor close them" in await api.error("close")


async def test_chats_and_members_are_told(api: Any) -> None:
    """A group tells its title, its founder as administrator, and who is in it."""
    assert (await api("getChat", chat_id=SALON))["result"]["title"] == "Salon"
    assert (await api("getChat", chat_id=ADA))["result"]["first_name"] == "Ada"
    [founder] = (await api("getChatAdministrators", chat_id=SALON))["result"]
    assert (founder["status"], founder["user"]["id"]) == ("creator", ADA)
    me = (await api("getMe"))["result"]["id"]
    statuses = [(await api("getChatMember", chat_id=SALON, user_id=who))["result"]["status"] for who in (1002, me)]
    assert statuses == ["member", "member"]
    private = "Bad Request: there are no administrators in the private chat"
    assert await api.error("getChatAdministrators", chat_id=ADA) == private
    assert (await api("getChatMemberCount", chat_id=SALON))["result"] == 4


async def test_commands_are_kept_by_scope_and_language(bot: Bot, people: SandboxClient) -> None:
    """Each scope and language has its own list; the page shows the default one."""
    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_commands([("start", "Los")], language_code="de")
    assert [command.description for command in await bot.get_my_commands(language_code="de")] == ["Los"]
    assert (await people.state())["bot"]["commands"] == [{"command": "start", "description": "Begin"}]
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()


async def test_descriptions_fall_back_to_every_language(bot: Bot) -> None:
    """A description without language stands for all that have none."""
    await bot.set_my_description("Vote for pictures")
    await bot.set_my_short_description("Pictures", language_code="en")
    await bot.set_my_name("Gallery")
    assert (await bot.get_my_description("de")).description == "Vote for pictures"
    assert (await bot.get_my_short_description("en")).short_description == "Pictures"
    sender = (await bot.send_message(ADA, "a")).from_user
    assert sender is not None
    assert sender.first_name == "Gallery"


async def test_listener_who_leaves_in_the_midst_of_a_line_is_no_error(
    server: RunningSandbox,
    people: SandboxClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A page that is closed just as something happens ends its stream, and nothing is logged."""
    write = web.StreamResponse.write

    async def broken(response: web.StreamResponse, data: bytes) -> None:
        if data.startswith(b"id:"):
            raise ClientConnectionResetError("Cannot write to closing transport")
        await write(response, data)

    monkeypatch.setattr(web.StreamResponse, "write", broken)
    async with aiohttp.ClientSession() as session, session.get(f"{server.url}/api/events") as stream:
        assert await stream.content.readline() == b": here we are\n"
        await people.say(1001, 1001, "hello")
        assert await stream.content.read() == b"\n"
    assert "aiohttp.server" not in {record.name for record in caplog.records}
