"""What the Bot API refuses, in its own words; each row names where the documentation or the public server says so."""

from __future__ import annotations

import asyncio
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from aiogram import methods, types

Stage = Any  # the class lives in this folder's conftest.py, which no module can import
ADA, BEN, CHLOE, SALON = 1001, 1002, 1003, -2001
SERVER = "the public server, telegram-bot-api/Client.cpp"
HERE = Path(__file__).parent
pytestmark = pytest.mark.asyncio(loop_scope="module")

MESSAGE = {"chat_id": ADA, "text": "a"}
KEYS = {"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]}
OPTIONS = [{"text": "a"}, {"text": "b"}]


def _poll(**fields: Any) -> dict[str, Any]:
    return {"chat_id": ADA, "question": "?", "options": OPTIONS, **fields}


REFUSALS: list[tuple[str, str, dict[str, Any], int, str]] = [
    # chats that the bot cannot reach
    (SERVER, "sendMessage", {"chat_id": 5, "text": "a"}, 400, "Bad Request: chat not found"),
    (SERVER, "sendMessage", {"chat_id": BEN, "text": "a"}, 403, "Forbidden: bot was blocked by the user"),
    (SERVER, "sendMessage", {"chat_id": "{kicked}", "text": "a"}, 403, "Forbidden: bot was kicked from the group chat"),
    (
        SERVER,
        "sendMessage",
        {"chat_id": "{super_kicked}", "text": "a"},
        403,
        "Forbidden: bot was kicked from the supergroup chat",
    ),
    (
        SERVER,
        "sendMessage",
        {"chat_id": "{left}", "text": "a"},
        403,
        "Forbidden: bot is not a member of the group chat",
    ),
    (
        "#responseparameters",
        "sendMessage",
        {"chat_id": "{old}", "text": "a"},
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
    ),
    (SERVER, "sendMessage", {"chat_id": "{silent}", "text": "a"}, 400, "not enough rights to send text messages"),
    (SERVER, "sendPhoto", {"chat_id": "{silent}", "photo": "{file}"}, 400, "not enough rights to send photos"),
    (SERVER, "sendPoll", {**_poll(), "chat_id": "{silent}"}, 400, "not enough rights to send polls to the chat"),
    ("#sendchataction", "sendChatAction", {"chat_id": BEN, "action": "typing"}, 403, "bot was blocked by the user"),
    ("#leavechat", "leaveChat", {"chat_id": ADA}, 400, "can't leave private chats"),
    ("#leavechat", "leaveChat", {"chat_id": "{left}"}, 403, "bot is not a member of the group chat"),
    # topics
    (
        SERVER,
        "sendMessage",
        {"chat_id": "{forum}", "text": "a", "message_thread_id": 5},
        400,
        "message thread not found",
    ),
    (
        "#sendmessage",
        "sendMessage",
        {"chat_id": "{forum}", "text": "a", "message_thread_id": "{topic}"},
        400,
        "Bad Request: TOPIC_CLOSED",
    ),
    (SERVER, "sendMessage", {**MESSAGE, "message_thread_id": 3}, 400, "message thread not found"),
    # polls
    ("#sendpoll", "sendPoll", _poll(options=[]), 400, "poll must have at least one answer option"),
    ("#sendpoll", "sendPoll", _poll(options=OPTIONS * 7), 400, "poll can't have more than 12 options"),
    ("#sendpoll", "sendPoll", _poll(question=""), 400, "text must be non-empty"),
    ("#sendpoll", "sendPoll", _poll(question="a" * 301), 400, "poll question length must not exceed 300"),
    ("#inputpolloption", "sendPoll", _poll(options=[{"text": ""}]), 400, "text must be non-empty"),
    (
        "#inputpolloption",
        "sendPoll",
        _poll(options=[{"text": "a" * 101}]),
        400,
        "poll options length must not exceed 100",
    ),
    (
        "#inputpolloption",
        "sendPoll",
        _poll(options=[{"text": "a", "colour": 1}]),
        400,
        "options[0].colour is not a field",
    ),
    ("#inputpolloption", "sendPoll", _poll(options=[{}]), 400, "options[0].text is missing"),
    (
        "#inputpolloption",
        "sendPoll",
        _poll(options=[{"text": "a", "media": {"type": "photo", "media": "attach://f"}}]),
        400,
        "media not found",
    ),
    (
        "#inputpolloption",
        "sendPoll",
        _poll(options=[{"text": "a", "media": {"type": "document", "media": "{file}"}}]),
        400,
        "options[0].media must be exactly one of",
    ),
    ("#sendpoll", "sendPoll", _poll(type="quiz"), 400, "wrong correct option ID specified"),
    ("#sendpoll", "sendPoll", _poll(type="quiz", correct_option_ids=[2]), 400, "wrong correct option ID specified"),
    ("#sendpoll", "sendPoll", _poll(type="duel"), 400, "unsupported poll type specified"),
    ("#sendpoll", "sendPoll", _poll(correct_option_id=0), 400, "correct_option_id is a deprecated field"),
    ("#sendpoll", "sendPoll", _poll(open_period=4), 400, "open_period must be between 5 and 2628000"),
    ("#sendpoll", "sendPoll", _poll(open_period=9, close_date=9), 400, "open_period and close_date exclude each other"),
    ("#sendpoll", "sendPoll", _poll(close_date=9), 400, "wrong poll close date specified"),
    ("#sendpoll", "sendPoll", _poll(shuffle_options=True), 400, "does not emulate the parameter shuffle_options"),
    (
        "#sendpoll",
        "sendPoll",
        {**_poll(is_anonymous=False), "chat_id": "{channel}"},
        400,
        "non-anonymous polls can't be sent to channel chats",
    ),
    ("#stoppoll", "stopPoll", {"chat_id": ADA, "message_id": 999}, 400, "message with poll to stop not found"),
    ("#stoppoll", "stopPoll", {"chat_id": ADA, "message_id": "{text}"}, 400, "message is not a poll"),
    ("#stoppoll", "stopPoll", {"chat_id": ADA, "message_id": "{closed}"}, 400, "poll has already been closed"),
    (
        "#editmessagetext",
        "editMessageText",
        {**MESSAGE, "message_id": "{poll}"},
        400,
        "there is no text in the message",
    ),
    # reactions
    (
        "#setmessagereaction",
        "setMessageReaction",
        {"chat_id": ADA, "message_id": "{text}", "reaction": [{"type": "emoji", "emoji": "🚲"}]},
        400,
        "REACTION_INVALID",
    ),
    (
        "#setmessagereaction",
        "setMessageReaction",
        {"chat_id": ADA, "message_id": "{text}", "reaction": [{"type": "paid"}]},
        400,
        "REACTION_INVALID",
    ),
    (
        "#setmessagereaction",
        "setMessageReaction",
        {"chat_id": ADA, "message_id": "{text}", "reaction": [{"type": "emoji", "emoji": e} for e in "👍🔥"]},
        400,
        "REACTIONS_TOO_MANY",
    ),
    (
        "#setmessagereaction",
        "setMessageReaction",
        {"chat_id": ADA, "message_id": 999},
        400,
        "message to react not found",
    ),
    ("#reactiontype", "setMessageReaction", {"chat_id": ADA, "message_id": 1, "reaction": [{}]}, 400, "exactly one of"),
    # copies, forwards, pins
    (
        "#copymessage",
        "copyMessage",
        {"chat_id": ADA, "from_chat_id": ADA, "message_id": 999},
        400,
        "message to copy not found",
    ),
    (
        "#copymessage",
        "copyMessage",
        {"chat_id": ADA, "from_chat_id": "{silent}", "message_id": "{service}"},
        400,
        "message can't be copied",
    ),
    (
        "#copymessages",
        "copyMessages",
        {"chat_id": ADA, "from_chat_id": ADA, "message_ids": [3, 2]},
        400,
        "strictly increasing order",
    ),
    (
        "#copymessages",
        "copyMessages",
        {"chat_id": ADA, "from_chat_id": ADA, "message_ids": [999]},
        400,
        "no messages to copy",
    ),
    (
        "#forwardmessage",
        "forwardMessage",
        {"chat_id": ADA, "from_chat_id": ADA, "message_id": "{secret}"},
        400,
        "message can't be forwarded",
    ),
    (
        "#forwardmessage",
        "forwardMessage",
        {"chat_id": ADA, "from_chat_id": ADA, "message_id": 999},
        400,
        "message to forward not found",
    ),
    (
        "#pinchatmessage",
        "pinChatMessage",
        {"chat_id": SALON, "message_id": "{in_salon}"},
        400,
        "not enough rights to manage pinned messages in the chat",
    ),
    ("#pinchatmessage", "pinChatMessage", {"chat_id": ADA, "message_id": 999}, 400, "message to pin not found"),
    ("#unpinchatmessage", "unpinChatMessage", {"chat_id": ADA}, 400, "message to unpin not found"),
    # edits and deletions
    ("#editmessagetext", "editMessageText", {**MESSAGE, "message_id": 999}, 400, "message to edit not found"),
    (
        "#editmessagetext",
        "editMessageText",
        {**MESSAGE, "chat_id": CHLOE, "message_id": "{hi}"},
        400,
        "can't be edited",
    ),
    (
        "#editmessagetext",
        "editMessageText",
        {**MESSAGE, "message_id": "{photo}"},
        400,
        "there is no text in the message",
    ),
    (
        "#editmessagecaption",
        "editMessageCaption",
        {"chat_id": ADA, "message_id": "{text}", "caption": "a"},
        400,
        "there is no caption in the message to edit",
    ),
    (
        "#editmessagereplymarkup",
        "editMessageReplyMarkup",
        {"chat_id": ADA, "message_id": "{photo}", "reply_markup": KEYS},
        400,
        "message can't be edited",
    ),
    (
        "#editmessagetext",
        "editMessageText",
        {"chat_id": ADA, "message_id": "{text}", "text": "text"},
        400,
        "message is not modified: specified new message content and reply markup are exactly the same",
    ),
    ("#deletemessage", "deleteMessage", {"chat_id": ADA, "message_id": 999}, 400, "message to delete not found"),
    (
        "#deletemessage",
        "deleteMessage",
        {"chat_id": SALON, "message_id": "{in_salon}"},
        400,
        "message can't be deleted",
    ),
    (
        "#deletemessage",
        "deleteMessage",
        {"chat_id": "{kicked}", "message_id": 1},
        403,
        "bot was kicked from the group chat",
    ),
    # albums, files, buttons
    (
        "#sendmediagroup",
        "sendMediaGroup",
        {"chat_id": ADA, "media": [{"type": "photo", "media": "x"}]},
        400,
        "2-10 items",
    ),
    (
        "#sendmediagroup",
        "sendMediaGroup",
        {"chat_id": ADA, "media": [{"type": "photo", "media": "x"}] * 11},
        400,
        "too many messages to send as an album",
    ),
    (
        "#sendmediagroup",
        "sendMediaGroup",
        {"chat_id": ADA, "media": [{"type": "photo", "media": "x"}] * 2, "reply_markup": KEYS},
        400,
        "reply_markup is not a field",
    ),
    (
        "#sending-files",
        "sendPhoto",
        {"chat_id": ADA, "photo": "nothing"},
        400,
        "wrong file identifier/HTTP URL specified",
    ),
    ("#sending-files", "sendDocument", {"chat_id": ADA, "document": "{file}"}, 400, "can't use file of type Photo"),
    ("#getfile", "getFile", {"file_id": "nothing"}, 400, "wrong file_id or the file is temporarily unavailable"),
    (
        "#inlinekeyboardbutton",
        "sendMessage",
        {**MESSAGE, "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]}},
        400,
        "BUTTON_DATA_INVALID",
    ),
    ("#sendmessage", "sendMessage", {"chat_id": ADA, "text": "a" * 4097}, 400, "message is too long"),
    ("#sendphoto", "sendPhoto", {"chat_id": ADA, "photo": "{file}", "caption": "a" * 1025}, 400, "caption is too long"),
    (
        "#answercallbackquery",
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        400,
        "query is too old and response timeout",
    ),
    (
        "#answercallbackquery",
        "answerCallbackQuery",
        {"callback_query_id": "1", "text": "a" * 201},
        400,
        "MESSAGE_TOO_LONG",
    ),
    # chats and members
    ("#getchatadministrators", "getChatAdministrators", {"chat_id": ADA}, 400, "no administrators in the private chat"),
    ("#getchatmember", "getChatMember", {"chat_id": SALON, "user_id": 5}, 400, "user not found"),
    ("#getuserprofilephotos", "getUserProfilePhotos", {"user_id": 5}, 400, "user not found"),
    (
        "#setmycommands",
        "setMyCommands",
        {"commands": [{"command": "A", "description": "a"}]},
        400,
        "BOT_COMMAND_INVALID",
    ),
    ("#setwebhook", "setWebhook", {"url": "http://bot.example"}, 400, "An HTTPS URL must be provided for webhook"),
    ("#update", "getUpdates", {"allowed_updates": ["reaction"]}, 400, "which is no kind of update"),
    ("#making-requests", "sendMessage", {**MESSAGE, "colour": "red"}, 400, "colour is not a field of SendMessage"),
    ("#making-requests", "sendKiss", {}, 404, "Not Found"),
    ("#sendvideo", "sendVideo", {}, 404, "the sandbox does not emulate sendVideo"),
]


def _filled(value: Any, stage: Stage) -> Any:
    if isinstance(value, dict):
        return {name: _filled(item, stage) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, stage) for item in value]
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        return stage.file_id if value == "{file}" else stage.ids[value[1:-1]]
    return value


@pytest.mark.parametrize(
    ("source", "method", "parameters", "code", "words"),
    REFUSALS,
    ids=[f"{row[1]}-{index}" for index, row in enumerate(REFUSALS)],
)
async def test_it_refuses_in_telegrams_words(
    full_stage: Stage, source: str, method: str, parameters: dict[str, Any], code: int, words: str
) -> None:
    """A request that Telegram refuses fails with its code and its words, and nothing is sent."""
    before = (await full_stage.people.state())["event_id"]
    body = await full_stage.call(method, **_filled(parameters, full_stage))
    assert body["ok"] is False, source
    assert (body["error_code"], words in body["description"]) == (code, True), body
    assert (await full_stage.people.state())["event_id"] == before


async def test_the_refusal_of_an_old_group_names_the_new(full_stage: Stage) -> None:
    """Source: https://core.telegram.org/bots/api#responseparameters."""
    body = await full_stage.call("sendMessage", chat_id=full_stage.ids["old"], text="a")
    assert body["parameters"] == {"migrate_to_chat_id": full_stage.ids["new"]}
    assert (await full_stage.do("sendMessage", chat_id=full_stage.ids["new"], text="a"))["chat"]["type"] == "supergroup"


async def test_every_source_is_a_place_in_the_documentation() -> None:
    """All anchors of this folder are such as aiogram's classes, made from the documentation, name, or its headings."""
    words = " ".join(
        inspect.getdoc(getattr(module, name)) or "" for module in (methods, types) for name in module.__all__
    )
    known = {f"#{anchor}" for anchor in re.findall(r"https://core\.telegram\.org/bots/api#([\w-]+)", words)}
    known |= {"#making-requests", "#sending-files", "#getting-updates", "#formatting-options"}
    tests = await asyncio.to_thread(lambda: [path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py")])
    named = {anchor for text in tests for anchor in re.findall(r"(?<=[\s(\"i])#[a-z-]{4,}\b", text)}
    assert len(named) > 40
    assert named <= known
    assert {row[0] for row in REFUSALS} <= named | {SERVER}
