import json
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from sandbox.client import SandboxClient

ADA = 1001


def _button(**fields: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "a", **fields}]]}


BREACHES: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"chat_id": ADA}, "text is empty"),
    ("sendMessage", {"text": "a"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": ADA, "text": "a", "color": "red"}, "color is not a field of SendMessage"),
    ("sendMessage", {"chat_id": ADA, "text": 5}, "text must be String"),
    ("sendMessage", {"chat_id": ADA, "text": "  \n "}, "message text is empty"),
    ("sendMessage", {"chat_id": ADA, "text": "a" * 4097}, "message is too long"),
    ("sendMessage", {"chat_id": ADA, "text": "a", "parse_mode": "bbcode"}, "unsupported parse_mode"),
    ("sendMessage", {"chat_id": ADA, "text": "a", "reply_to_message_id": 1}, "deprecated"),
    ("sendMessage", {"chat_id": ADA, "text": "a", "reply_markup": _button()}, "Text buttons are unallowed"),
    ("sendMessage", {"chat_id": ADA, "text": "a", "reply_markup": _button(callback_data="")}, "BUTTON_DATA_INVALID"),
    (
        "sendMessage",
        {"chat_id": ADA, "text": "a", "reply_markup": _button(callback_data="ж" * 33)},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"chat_id": ADA, "text": "a", "reply_markup": _button(callback_data="x", url="https://a.example")},
        "exactly one action",
    ),
    (
        "sendMessage",
        {"chat_id": ADA, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": " ", "callback_data": "x"}]]}},
        "button text must be non-empty",
    ),
    (
        "sendMessage",
        {"chat_id": ADA, "text": "a", "reply_markup": _button(callback_data="x", colour="red")},
        "reply_markup.inline_keyboard[0][0].colour is not a field",
    ),
    (
        "sendMessage",
        {"chat_id": ADA, "text": "a", "reply_markup": {"keyboard": [], "inline_keyboard": []}},
        "exactly one of",
    ),
    ("sendMessage", {"chat_id": ADA, "text": "a", "reply_markup": {}}, "exactly one of"),
    (
        "sendMessage",
        {"chat_id": ADA, "text": "abc", "entities": [{"type": "bold", "offset": 1, "length": 3}]},
        "ENTITY_BOUNDS_INVALID",
    ),
    ("sendMediaGroup", {"chat_id": ADA, "media": []}, "there are no messages to send"),
    ("sendMediaGroup", {"chat_id": ADA, "media": [{"type": "photo", "media": "x"}]}, "2-10 items"),
    ("sendMediaGroup", {"chat_id": ADA, "media": [{"type": "photo", "media": "x"}] * 11}, "too many messages to send"),
    ("sendMediaGroup", {"chat_id": ADA, "media": [{"media": "x"}] * 2}, "media[0] must be exactly one of"),
    (
        "sendMediaGroup",
        {"chat_id": ADA, "media": [{"type": "photo", "media": "x"}] * 2, "reply_markup": _button(callback_data="x")},
        "reply_markup is not a field of SendMediaGroup",
    ),
    (
        "sendMediaGroup",
        {"chat_id": ADA, "media": [{"type": "photo", "media": "x"}, {"type": "document", "media": "x"}]},
        "document can't be mixed",
    ),
    ("sendPhoto", {"chat_id": ADA, "photo": "attach://nothing"}, "media not found"),
    ("sendPhoto", {"chat_id": ADA, "photo": "x", "caption": "a" * 1025}, "message caption is too long"),
    ("sendChatAction", {"chat_id": ADA, "action": "dancing"}, "wrong parameter action"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "a" * 201}, "MESSAGE_TOO_LONG"),
    ("getUpdates", {"allowed_updates": ["messages"]}, "no kind of update"),
    ("getUpdates", {"timeout": True}, "timeout must be Integer"),
    ("setWebhook", {"url": "http://bot.example/hook"}, "An HTTPS URL must be provided"),
    ("setWebhook", {"url": "https://bot.example", "secret_token": "a b"}, "unallowed characters"),
    ("setMyCommands", {"commands": [{"command": "Start!", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [], "scope": {"chat_id": 1}}, "scope must be exactly one of"),
    ("deleteMessages", {"chat_id": ADA, "message_ids": list(range(1, 102))}, "too many messages"),
]


@pytest.mark.parametrize(("method", "parameters", "words"), BREACHES)
async def test_what_is_not_bot_api_is_refused_and_marked(
    api: Any, people: SandboxClient, method: str, parameters: dict[str, Any], words: str
) -> None:
    """A request that breaks the Bot API gets a 400 and stands in the transcript as a breach."""
    assert words in await api.error(method, **parameters)
    [entry] = await people.transcript()
    assert words in str(entry["breach"])


async def test_a_wrong_moment_is_no_breach(api: Any, people: SandboxClient) -> None:
    """A valid request that fails only because of what the chats hold is not marked."""
    assert await api.error("sendMessage", chat_id=7, text="a") == "Bad Request: chat not found"
    [entry] = await people.transcript()
    assert (entry["ok"], entry["breach"]) == (False, None)


async def test_form_fields_are_read_by_their_declared_type(api: Any) -> None:
    """A text of digits stays a text, a chat's id becomes a number, a keyboard comes as JSON."""
    form = {"chat_id": "1001", "text": "123", "reply_markup": json.dumps(_button(callback_data="7"))}
    for how in ({"data": form}, {"params": form}, {"data": _multipart(form)}):
        body = await api.send("sendMessage", **how)
        assert body["result"]["text"] == "123"
        assert body["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "7"


async def test_a_file_part_that_nothing_names_is_a_breach(api: Any, picture: bytes) -> None:
    """An upload must be named by a parameter."""
    form = _multipart({"chat_id": "1001", "text": "a"})
    form.add_field("file0", picture, filename="a.png")
    body = await api.send("sendMessage", data=form)
    assert "'file0' is named by no parameter" in body["description"]


async def test_a_body_that_is_no_json_is_a_breach(api: Any) -> None:
    """Broken JSON is refused in words."""
    body = await api.send("sendMessage", data="{", headers={"Content-Type": "application/json"})
    assert body["description"] == "Bad Request: can't parse request body as JSON"


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("multipart/form-data", b"--x", "Bad Request: the multipart body has no boundary"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\r\n--x--\r\n',
            "Bad Request: strings must be encoded in UTF-8",
        ),
    ],
)
async def test_broken_multipart_is_a_breach(api: Any, kind: str, body: bytes, words: str) -> None:
    """A multipart body that cannot be read is refused in words."""
    answer = await api.send("sendMessage", data=body, headers={"Content-Type": kind})
    assert answer["description"] == words


async def test_unknown_methods_are_not_found(api: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A method that Telegram lacks, or that is not emulated, answers 404 with a loud line in the log."""
    assert await api.error("sendKiss", chat_id=ADA) == "Not Found"
    assert "does not emulate sendVideo" in await api.error("sendVideo", chat_id=ADA)
    assert "IS NO METHOD" in caplog.text
    assert "IS NOT EMULATED" in caplog.text


async def test_another_token_is_unauthorized(api: Any) -> None:
    """Only the token that the server was started with is let in."""
    async with api.http.get(f"{api.server.url}/bot123:other/getMe") as answer:
        assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")


async def test_method_names_ignore_case_and_get_works(api: Any) -> None:
    """As at Telegram's, `getme` by GET is `getMe`."""
    async with api.http.get(f"{api.server.url}/bot{api.server.token}/getme") as answer:
        assert (await answer.json())["result"]["is_bot"] is True


async def test_the_token_stays_out_of_transcript_and_log(
    api: Any, bot: Bot, people: SandboxClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither what a bot says nor a webhook's address carries the token into a record."""
    caplog.set_level("DEBUG", logger="sandbox")
    caplog.set_level("DEBUG", logger="aiohttp")
    await api("sendMessage", chat_id=ADA, text=f"my token is {api.server.token}")
    await api("setWebhook", url=f"http://127.0.0.1:9/{api.server.token}")
    await api("deleteWebhook")
    entries = await people.transcript()
    assert api.server.token not in json.dumps(entries)
    said = next(entry["n"] for entry in entries if entry["method"] == "sendMessage")
    async with aiohttp.ClientSession() as session, session.get(f"{api.server.url}/api/transcript/{said}") as told:
        answer = (await told.json())["answer"]
    assert (answer["ok"], answer["result"]["text"]) == (True, "my token is <token>")
    assert not [record for record in caplog.records if api.server.token in record.getMessage()]


def _multipart(fields: dict[str, str]) -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value)
    return form
