import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from sandbox.client import Message, SandboxClient
from sandbox.clock import SystemClock
from sandbox.server import RunningSandbox, running_sandbox

ADA = 1001
SECRET = "a-secret"


async def _greet(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    markup = {"inline_keyboard": [[{"text": "Like", "callback_data": "like"}]]}
    await update.message.reply_text("Welcome", do_quote=True, api_kwargs={"reply_markup": markup})


async def _thank(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("Thank you")
    await update.callback_query.edit_message_text("Liked")


def _application(server: RunningSandbox) -> Any:
    builder = Application.builder().token(server.token)
    builder = builder.base_url(f"{server.url}/bot").base_file_url(f"{server.url}/file/bot")
    application = builder.build()
    application.add_handler(CommandHandler("start", _greet))
    application.add_handler(CallbackQueryHandler(_thank))
    return application


def _with_buttons(messages: list[Message]) -> Message | None:
    return next((message for message in messages if "keyboard" in message), None)


async def _visit(server: RunningSandbox) -> None:
    async with SandboxClient(server.url) as people:
        await people.say(ADA, ADA, "/start")
        message = await people.wait_for(ADA, _with_buttons)
        answer = await people.press(ADA, message["id"], ADA, "like")
        assert answer["text"] == "Thank you"
        await people.wait_for(ADA, lambda messages: messages[-1].get("text") == "Liked")
        assert [entry for entry in await people.transcript() if entry["breach"]] == []


async def test_a_whole_bot_works_by_polling() -> None:
    """An unchanged python-telegram-bot application greets and answers a press through long polling."""
    async with running_sandbox() as server, _application(server) as application:
        await application.updater.start_polling()
        await application.start()
        await _visit(server)
        await application.updater.stop()
        await application.stop()


async def test_a_whole_bot_works_by_webhook(unused_tcp_port: int) -> None:
    """The same application is served through its webhook, secret and all."""
    async with running_sandbox() as server, _application(server) as application:
        address = f"http://127.0.0.1:{unused_tcp_port}"
        await application.updater.start_webhook(port=unused_tcp_port, webhook_url=address, secret_token=SECRET)
        await application.start()
        await _visit(server)
        await application.updater.stop()
        await application.stop()


async def test_the_program_says_where_it_listens_and_ends_when_told() -> None:
    """`serve` prints one line with address and token, serves, and ends with 0 on SIGTERM."""
    arguments = ("-m", "sandbox", "serve", "--port", "0", "--token", "7:abc")
    program = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=os.environ
    )
    assert program.stdout is not None
    async with asyncio.timeout(60):
        line = (await program.stdout.readline()).decode().split()
        assert (line[0], line[2:]) == ("sandbox:", ["token", "7:abc"])
        async with SandboxClient(line[1]) as people:
            assert (await people.state())["bot"]["id"] == 7
        program.send_signal(signal.SIGTERM)
        _, errors = await program.communicate()
    assert program.returncode == 0
    assert b"7:abc" not in errors


async def test_the_program_writes_the_session_down(tmp_path: Path) -> None:
    """`serve --record` has every act in the file at once, the token never."""
    path = tmp_path / "session.jsonl"
    arguments = ("-m", "sandbox", "serve", "--port", "0", "--token", "7:abc", "--record", str(path))
    program = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    assert program.stdout is not None
    async with asyncio.timeout(60):
        url = (await program.stdout.readline()).decode().split()[1]
        async with SandboxClient(url) as people:
            assert (await people.state())["settings"] == {"privacy": True, "flood_limits": True}
            await people.say(ADA, ADA, "is it 7:abc?")
        lines = await asyncio.to_thread(path.read_text, encoding="utf-8")
        program.terminate()
        await program.wait()
    assert "is it <token>?" in lines
    assert "7:abc" not in lines


async def test_a_clock_that_is_moved_on_wakes_who_sleeps() -> None:
    """The machine's own clock too: what is slept is shortened by as much."""
    clock = SystemClock()
    before = clock.now()
    sleeper = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)
    clock.advance(1800)
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.advance(1800)
    await asyncio.wait_for(sleeper, 5)
    assert (clock.now() - before).total_seconds() >= 3600


async def test_the_page_and_its_files_are_served(api: Any) -> None:
    """The chat page comes from `/`, and nothing outside its folder does."""
    async with api.http.get(api.server.url + "/") as answer:
        assert answer.status == 200
        assert "text/html" in answer.headers["Content-Type"]
    async with api.http.get(api.server.url + "/static/%2e%2e/server.py") as answer:
        assert answer.status == 404
    async with api.http.get(api.server.url + "/api/health") as answer:
        assert await answer.json() == {"ok": True}
