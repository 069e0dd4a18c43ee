"""Guests who were invited into a chat: they vote there on each new album until they are sent home."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from PIL import Image

from sandbox.client import SandboxClient
from sandbox.errors import ClientError
from sandbox.server import RunningSandbox, running_sandbox

ADA, SALON = 1001, -2001
COLOURS = ("red", "blue", "white", "black")


class Desk:
    """The bot's side, as a test plays it, and the people's."""

    def __init__(self, sandbox: RunningSandbox, people: SandboxClient, http: aiohttp.ClientSession) -> None:
        self.sandbox, self.people, self._http = sandbox, people, http
        self._offset = 0

    async def ask(self, method: str, **parameters: Any) -> Any:
        """Call a method; return its result."""
        async with self._http.post(f"{self.sandbox.url}/bot{self.sandbox.token}/{method}", json=parameters) as answer:
            return (await answer.json())["result"]

    async def album(self, chat: int) -> list[dict[str, Any]]:
        """Send a picture of each colour as an album; return the messages."""
        media = [{"type": "photo", "media": f"attach://{colour}"} for colour in COLOURS]
        form = aiohttp.FormData({"chat_id": str(chat), "media": json.dumps(media)})
        for colour in COLOURS:
            kept = io.BytesIO()
            Image.new("RGB", (256, 256), colour).save(kept, "PNG")
            form.add_field(colour, kept.getvalue(), filename="p.png", content_type="image/png")
        url = f"{self.sandbox.url}/bot{self.sandbox.token}/sendMediaGroup"
        async with self._http.post(url, data=form) as answer:
            sent: list[dict[str, Any]] = (await answer.json())["result"]
            return sent

    async def ask_for_votes(self, chat: int) -> None:
        """Send an album and its keyboard."""
        album = await self.album(chat)
        rows = [
            [{"text": f"{number} {sign}", "callback_data": f"{number}{sign}"} for number in range(1, len(COLOURS) + 1)]
            for sign in ("👍", "👎")
        ]
        replied = {"message_id": album[0]["message_id"]}
        await self.ask(
            "sendMessage", chat_id=chat, text="Vote", reply_parameters=replied, reply_markup={"inline_keyboard": rows}
        )

    async def hear(self, kind: str, until: int) -> set[int]:
        """Answer taps, and wait until so many people did something of this kind; return who they are."""
        heard: set[int] = set()
        while len(heard) < until:
            for update in await self.ask("getUpdates", offset=self._offset, timeout=20):
                self._offset = update["update_id"] + 1
                if "callback_query" in update:
                    await self.ask("answerCallbackQuery", callback_query_id=update["callback_query"]["id"])
                if kind in update:
                    heard.add(update[kind]["user" if kind == "poll_answer" else "from"]["id"])
        return heard


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with running_sandbox() as sandbox, SandboxClient(sandbox.url) as people, aiohttp.ClientSession() as http:
        yield Desk(sandbox, people, http)


async def test_guests_come_in_and_vote_on_each_new_album(desk: Desk) -> None:
    """They are members of the group, marked as guests, and each presses a like or a dislike in every album."""
    chat = await desk.people.invite_guests(SALON, ADA, count=2, pace_s=0)
    assert len(chat["guests"]) == 2
    assert set(chat["guests"]) < set(chat["members"])
    for _ in range(2):
        await desk.ask_for_votes(SALON)
        async with asyncio.timeout(30):
            assert await desk.hear("callback_query", until=2) == set(chat["guests"])


async def test_guests_who_come_late_vote_on_the_album_that_is_open(desk: Desk) -> None:
    """The album was there first; in a private chat the guest votes in its person's name."""
    await desk.ask_for_votes(ADA)
    chat = await desk.people.invite_guests(ADA, ADA, pace_s=0)
    assert chat["guests"] == [ADA]
    async with asyncio.timeout(30):
        assert await desk.hear("callback_query", until=1) == {ADA}


async def test_guests_answer_a_poll_of_pictures(desk: Desk) -> None:
    """Where the bot asks by a native poll, each guest chooses among its pictures."""
    await desk.ask("getUpdates", timeout=0, allowed_updates=["message", "callback_query", "poll_answer"])
    chat = await desk.people.invite_guests(SALON, ADA, count=3, pace_s=0)
    files = [message["photo"][-1]["file_id"] for message in await desk.album(SALON)]
    options = [
        {"text": f"Picture {number}", "media": {"type": "photo", "media": file}}
        for number, file in enumerate(files, start=1)
    ]
    how = {"is_anonymous": False, "allows_multiple_answers": True}
    await desk.ask("sendPoll", chat_id=SALON, question="Which?", options=options, **how)
    async with asyncio.timeout(30):
        assert await desk.hear("poll_answer", until=3) == set(chat["guests"])


async def test_guests_follow_their_group_into_the_supergroup(desk: Desk) -> None:
    """After the migration they vote in the new chat, with the same people."""
    before = await desk.people.invite_guests(SALON, ADA, count=2, pace_s=0)
    after = await desk.people.groups.migrate(SALON, ADA)
    await desk.ask_for_votes(after["id"])
    async with asyncio.timeout(30):
        assert await desk.hear("callback_query", until=2) == set(before["guests"])


async def test_guests_sent_home_have_left(desk: Desk) -> None:
    """Nobody of them is a member any more, and others may be invited."""
    await desk.people.invite_guests(SALON, ADA, count=12, pace_s=0)
    with pytest.raises(ClientError, match="1 to 12 guests, here are 12"):
        await desk.people.invite_guests(SALON, ADA, count=1)
    left = await desk.people.send_guests_home(SALON)
    assert (left["guests"], left["members"]) == ([], [1001, 1002, 1003])
    assert len((await desk.people.invite_guests(SALON, ADA, count=1))["guests"]) == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"chat": -9, "person": ADA}, "no chat -9"),
        ({"chat": 1002, "person": ADA}, "1001"),
        ({"chat": SALON, "person": ADA, "count": 0}, "1 to 12"),
        ({"chat": SALON, "person": ADA, "pace_s": -1}, "pace_s must be"),
        ({"chat": SALON, "person": ADA, "seed": -1}, "seed must be"),
    ],
)
async def test_invitation_that_cannot_be_met_is_refused(desk: Desk, given: dict[str, Any], told: str) -> None:
    """Unknown chats, other people's chats, and numbers out of bounds are told."""
    with pytest.raises(ClientError, match=told):
        await desk.people.invite_guests(**given)
