from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import BaseRequest

from bot.transport import Transport, UnsentError, UnsentTimedOutError

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
MESSAGE = {"message_id": 5, "date": 0, "chat": {"id": 7, "type": "private"}}
Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Api:
    """A Bot API of one handler, which records what came."""

    def __init__(self) -> None:
        self.handle: Handle = self._echo
        self.bodies: list[dict[str, Any]] = []
        self.result: object = MESSAGE

    async def _echo(self, request: web.Request) -> web.Response:
        if request.content_type == "application/json":
            self.bodies.append(await request.json())
        else:
            form = await request.post()
            self.bodies.append({k: v.file.read() if isinstance(v, web.FileField) else v for k, v in form.items()})
        return web.json_response({"ok": True, "result": self.result})

    async def dispatch(self, request: web.Request) -> web.StreamResponse:
        """Answer as the test wants it."""
        return await self.handle(request)


@pytest.fixture
def api() -> Api:
    return Api()


@pytest_asyncio.fixture
async def server(api: Api) -> AsyncIterator[TestServer]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", api.dispatch)
    server = TestServer(app)
    async with server:
        yield server


def make_bot(server: TestServer | str, transport: BaseRequest) -> Bot:
    root = server if isinstance(server, str) else str(server.make_url("")).rstrip("/")
    return Bot(TOKEN, f"{root}/bot", f"{root}/file/bot", request=transport, get_updates_request=transport)


@pytest_asyncio.fixture
async def bot(server: TestServer) -> AsyncIterator[Bot]:
    transport = Transport(read_s=0.3, use_proxy=False)
    await transport.initialize()
    yield make_bot(server, transport)
    await transport.shutdown()


def answer(status: int, description: str, **parameters: int) -> Handle:
    async def handle(request: web.Request) -> web.Response:
        body = {"ok": False, "error_code": status, "description": description}
        return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)

    return handle


async def test_a_call_without_files_is_json(api: Api, bot: Bot) -> None:
    """Numbers, texts and keyboards arrive as JSON of their own types."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("1 👍", callback_data="x")]])
    message = await bot.send_message(7, "hej", reply_markup=keyboard)
    assert message.message_id == 5
    assert api.bodies[0]["chat_id"] == 7
    assert api.bodies[0]["reply_markup"] == {"inline_keyboard": [[{"text": "1 👍", "callback_data": "x"}]]}


async def test_an_album_arrives_with_its_bytes(api: Api, bot: Bot) -> None:
    """Each picture of an album is a file of the form, and the media name it."""
    api.result = [MESSAGE, MESSAGE]
    await bot.send_media_group(
        7, [InputMediaPhoto(b"one", filename="1.png"), InputMediaPhoto(b"two", filename="2.png")]
    )
    (body,) = api.bodies
    names = [item["media"].removeprefix("attach://") for item in json.loads(body["media"])]
    assert [body[name] for name in names] == [b"one", b"two"]
    assert body["chat_id"] == "7"


async def test_a_file_is_downloaded(api: Api, bot: Bot, server: TestServer) -> None:
    """A file's bytes come back as they are."""

    async def handle(request: web.Request) -> web.Response:
        return web.Response(body=b"\x89PNG")

    api.handle = handle
    assert await bot.request.retrieve(str(server.make_url("/file/x.png"))) == b"\x89PNG"


@pytest.mark.parametrize(
    ("status", "words", "parameters", "expected"),
    [
        (400, "Bad Request: message is not modified", {}, BadRequest),
        (401, "Unauthorized", {}, InvalidToken),
        (403, "Forbidden: bot was blocked by the user", {}, Forbidden),
        (429, "Too Many Requests: retry after 3", {"retry_after": 3}, RetryAfter),
        (502, "Bad Gateway", {}, NetworkError),
        (302, "Found", {}, NetworkError),
    ],
)
@pytest.mark.filterwarnings("ignore:.*retry_after.*timedelta")  # PTB's own, each time it makes a RetryAfter
async def test_refusals_have_the_library_s_names(
    api: Api, bot: Bot, status: int, words: str, parameters: dict[str, int], expected: type[Exception]
) -> None:
    """What the Bot API refuses comes as the error that python-telegram-bot has for it."""
    api.handle = answer(status, words, **parameters)
    with pytest.raises(expected):
        await bot.get_me()


async def test_a_slow_answer_is_a_time_out_that_says_nothing_of_delivery(api: Api, bot: Bot) -> None:
    """A server that took the request and is silent may have acted: TimedOut, and not UnsentError."""
    release = asyncio.Event()

    async def handle(request: web.Request) -> web.Response:
        await release.wait()
        return web.Response()

    api.handle = handle
    with pytest.raises(TimedOut) as caught:
        await bot.get_me()
    release.set()
    assert not isinstance(caught.value, UnsentError)


async def test_an_upload_may_take_longer_than_a_text(api: Api, bot: Bot, server: TestServer) -> None:
    """The time-outs of media are their own: what is too slow for a text is in time for a picture."""
    api.result = True
    arrived = asyncio.Event()

    async def handle(request: web.Request) -> web.Response:
        await request.read()
        arrived.set()
        await asyncio.sleep(0.4)  # longer than the transport's read_s: the time-out itself is under test
        return web.json_response({"ok": True, "result": True})

    api.handle = handle
    assert await bot.set_chat_photo(-7, b"png")
    assert arrived.is_set()


async def test_a_broken_connection_is_a_network_error(api: Api, bot: Bot) -> None:
    """A server that hangs up in mid-answer gives NetworkError, which says nothing of delivery."""

    async def handle(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    api.handle = handle
    with pytest.raises(NetworkError) as caught:
        await bot.get_me()
    assert not isinstance(caught.value, (UnsentError, TimedOut))


async def test_a_server_that_is_not_there_was_never_reached() -> None:
    """A refused connection is an UnsentError: the request may be sent again."""
    async with Transport(use_proxy=False) as transport:
        with pytest.raises(UnsentError):
            await make_bot(f"http://127.0.0.1:{unused_port()}", transport).get_me()


async def test_no_connection_in_time_was_never_reached(api: Api, server: TestServer) -> None:
    """Waiting in vain for a free connection is a time-out of a request that was not sent."""
    assert issubclass(UnsentTimedOutError, TimedOut)
    release = asyncio.Event()
    busy = asyncio.Semaphore(0)

    async def handle(request: web.Request) -> web.Response:
        busy.release()
        await release.wait()
        return web.json_response({"ok": True, "result": True})

    api.handle = handle
    async with Transport(use_proxy=False, connect_s=0.2, pool_size=1) as transport, asyncio.TaskGroup() as tasks:
        bot = make_bot(server, transport)
        first = tasks.create_task(bot.set_my_commands([]))
        await busy.acquire()
        with pytest.raises(UnsentTimedOutError):
            await bot.set_my_commands([])
        release.set()
    assert first.result()


async def test_no_error_shows_the_token(api: Api, bot: Bot) -> None:
    """Neither the text of an error nor its printed traceback has the URL, which has the token."""
    shown = []
    for target in (f"http://127.0.0.1:{unused_port()}", "http://no-such-host.invalid", "http://[bad"):
        with pytest.raises(NetworkError) as caught:
            await make_bot(target, bot.request).get_me()
        shown.append(str(caught.value) + repr(caught.value) + "".join(traceback.format_exception(caught.value)))
    assert "AAHdq" not in "".join(shown)


async def test_an_invalid_token_is_told(api: Api, server: TestServer) -> None:
    """Whoever runs the bot learns of a token that is no longer valid, at whichever call that shows."""
    told: list[bool] = []
    api.handle = answer(401, "Unauthorized")
    async with Transport(use_proxy=False, on_unauthorized=lambda: told.append(True)) as transport:
        with pytest.raises(InvalidToken):
            await make_bot(server, transport).get_updates()
    assert told == [True]


async def test_connections_are_used_again(api: Api, bot: Bot) -> None:
    """Calls one after the other travel over one connection."""
    ports = set()

    async def handle(request: web.Request) -> web.Response:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        return web.json_response({"ok": True, "result": True})

    api.handle = handle
    for _ in range(5):
        await bot.set_my_commands([])
    assert len(ports) == 1


async def test_opened_and_closed_twice_is_as_once(server: TestServer) -> None:
    """Both requests of a bot may be one transport: opening and closing it again does nothing."""
    transport = Transport(use_proxy=False)
    for _ in range(2):
        await transport.initialize()
    for _ in range(2):
        await transport.shutdown()
    with pytest.raises(NetworkError, match="not initialized"):
        await make_bot(server, transport).get_me()
