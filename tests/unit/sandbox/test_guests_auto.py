"""Simulated people visit a scripted bot that speaks the Bot API over HTTP."""

import asyncio
import colorsys
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest
from PIL import Image, ImageDraw

from sandbox.auto import main
from sandbox.server import running_sandbox

PICTURES = 4
Colour = tuple[float, float, float]


class ScriptedBot:
    """Paints flat pictures whose colours follow the likes; it sends `albums` of them at most."""

    def __init__(self, url: str, token: str, *, albums: int = 9) -> None:
        self._base = f"{url}/bot{token}"
        self._albums = albums
        self._random = np.random.default_rng(5)
        self._colours: list[Colour] = []
        self._liked: dict[int, set[int]] = {}
        self._sent = 0

    async def run(self) -> None:
        """Poll and answer until cancelled."""
        offset = 0
        async with aiohttp.ClientSession() as self._http:
            while True:
                for update in await self._ask("getUpdates", offset=offset, timeout=20):
                    offset = update["update_id"] + 1
                    await self._handle(update)

    async def _handle(self, update: dict[str, Any]) -> None:
        if query := update.get("callback_query"):
            await self._ask("answerCallbackQuery", callback_query_id=query["id"], text="ok")
            await self._press(query["message"]["chat"]["id"], query["data"], query["from"]["id"])
        elif update.get("message", {}).get("text", "").startswith("/start"):
            keyboard = [[{"text": "Flat colours", "callback_data": "style"}]]
            chat = update["message"]["chat"]["id"]
            await self._ask("sendMessage", chat_id=chat, text="Which style?", reply_markup=_markup(keyboard))

    async def _press(self, chat: int, data: str, person: int) -> None:
        kind, _, index = data.partition(":")
        if kind == "like":
            self._liked.setdefault(int(index), set()).add(person)
        elif kind in ("style", "next") and self._sent < self._albums:
            await self._send_album(chat)
        elif kind == "best":
            await self._upload_album(chat, self._colours[:2])
        elif kind == "stop":
            await self._ask("sendMessage", chat_id=chat, text="Good-bye.")

    async def _send_album(self, chat: int) -> None:
        parents = [self._colours[index] for index in self._liked]
        fresh = [(float(h), 0.9, float(v)) for h, v in self._random.uniform(0.1, 1.0, (PICTURES, 2))]
        self._colours = [(h, s, 0.8 * v) for h, s, v in (parents * PICTURES)[:PICTURES]] or fresh
        self._liked, self._sent = {}, self._sent + 1
        album = await self._upload_album(chat, self._colours)
        rows = [
            [{"text": f"{index + 1} {sign}", "callback_data": f"{kind}:{index}"} for index in range(PICTURES)]
            for sign, kind in (("👍", "like"), ("👎", "dislike"))
        ]
        last = [
            {"text": words, "callback_data": kind}
            for words, kind in (("Next generation ▶", "next"), ("Best so far", "best"), ("Stop", "stop"))
        ]
        await self._ask(
            "sendMessage",
            chat_id=chat,
            text=f"Generation {self._sent}",
            reply_parameters={"message_id": album[0]["message_id"]},
            reply_markup=_markup([*rows, last]),
        )

    async def _ask(self, method: str, **parameters: Any) -> Any:
        async with self._http.post(f"{self._base}/{method}", json=parameters) as answer:
            return (await answer.json())["result"]

    async def _upload_album(self, chat: int, colours: list[Colour]) -> Any:
        media = [{"type": "photo", "media": f"attach://p{index}"} for index in range(len(colours))]
        form = aiohttp.FormData({"chat_id": str(chat), "media": json.dumps(media)})
        for index, colour in enumerate(colours):
            form.add_field(f"p{index}", _drawn(colour), filename="p.png", content_type="image/png")
        async with self._http.post(f"{self._base}/sendMediaGroup", data=form) as answer:
            return (await answer.json())["result"]


def _markup(rows: list[list[dict[str, str]]]) -> dict[str, Any]:
    return {"inline_keyboard": rows}


def _drawn(colour: Colour) -> bytes:
    shade = tuple(round(255 * part) for part in colorsys.hsv_to_rgb(*colour))
    picture = Image.new("RGB", (512, 512), (shade[0], shade[1], shade[2]))
    ImageDraw.Draw(picture).ellipse((150, 180, 360, 390), fill="white")
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


@asynccontextmanager
async def visited(**habits: Any) -> AsyncIterator[str]:
    """Run a sandbox with a scripted bot, and give its address."""
    async with running_sandbox() as sandbox:
        bot = asyncio.create_task(ScriptedBot(sandbox.url, sandbox.token, **habits).run())
        yield sandbox.url
        assert not bot.done(), bot.exception()
        bot.cancel()
        await asyncio.gather(bot, return_exceptions=True)


async def test_guest_judges_all_generations_and_leaves_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One person goes the whole way, and the report holds every figure and picture of it."""
    async with visited() as url:
        code = await asyncio.to_thread(main, ["--url", url, "--generations", "3", "--report", str(tmp_path)])
    told = capsys.readouterr().out
    assert code == 0, told
    assert "generation 3: " in told
    assert told.strip().endswith("report.html")
    data = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert [len(album["pictures"]) for album in data["albums"]] == [PICTURES] * 3
    assert len(data["best_so_far"]) == 2
    assert data["bot_api_breaches"] == 0
    assert data["taps_unanswered"] == 0
    assert len(data["taps_ms"]) >= 3 + 1 + 2 + 2
    assert (tmp_path / "report.html").stat().st_size > 10_000


async def test_likes_lead_where_the_taste_is(tmp_path: Path) -> None:
    """A bot that repeats what was liked is found nearer to the taste than its first album."""
    async with visited() as url:
        await asyncio.to_thread(main, ["--url", url, "--generations", "2", "--report", str(tmp_path), "--seed", "1"])
    first, last = json.loads((tmp_path / "report.json").read_text("utf-8"))["figures"]["generations"]
    assert last["percentile"] > first["percentile"] + 10


async def test_several_guests_vote_in_a_group(tmp_path: Path) -> None:
    """Five people, two more than the sandbox has, meet in a group, and each votes by a taste of their own."""
    async with visited() as url:
        argv = ["--url", url, "--generations", "2", "--guests", "4", "--report", str(tmp_path)]
        assert await asyncio.to_thread(main, argv) == 0
    data = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert data["chat"] == "Salon"
    assert len({guest["likes"] for guest in data["guests"]}) == 5
    assert all(len(album["judgements"]) == 5 for album in data["albums"])


async def test_bot_that_stops_painting_is_quoted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """When the next album does not come, the error says so with the bot's last words, and the report still comes."""
    async with visited(albums=1) as url:
        argv = ["--url", url, "--generations", "2", "--report", str(tmp_path), "--timeout", "1"]
        code = await asyncio.to_thread(main, argv)
    error = capsys.readouterr().err
    assert code == 1
    assert "waited 1 s for the next generation" in error
    assert "“Generation 1” [1 👍]" in error
    assert "1 of 2 generations came" in (tmp_path / "report.html").read_text("utf-8")


def test_no_sandbox_is_said_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody listens, the error names the address and nothing is written."""
    code = main(["--url", "http://127.0.0.1:9", "--report", str(tmp_path / "none")])
    assert code == 1
    assert "no sandbox answers at http://127.0.0.1:9" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


async def test_report_that_cannot_be_written_is_said_plainly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file where the folder should be ends in an error, not in a trace."""
    (tmp_path / "taken").write_text("", "utf-8")
    async with visited() as url:
        argv = ["--url", url, "--generations", "1", "--report", str(tmp_path / "taken")]
        assert await asyncio.to_thread(main, argv) == 1
    assert "the report cannot be written" in capsys.readouterr().err
