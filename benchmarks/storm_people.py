"""The people of the storm: they vote, ask for the next generation, and help themselves as a person would when it fails.

They keep what the bot acknowledged, which is what must be found in its database. They know the chat alone: no request
of the bot's, and no fault.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import TypeVar

import aiohttp

from bot.words.en import ENGLISH
from sandbox.client import Button, Message, SandboxClient
from sandbox.errors import ClientError
from sandbox.guests.keyboard import DISLIKE_SIGN, LIKE_SIGN, buttons_of, find_button, find_vote_buttons

T = TypeVar("T")

BOT_NAME = "vernissage_sandbox_bot"
SILENCES = 2
"""How often people leave a bot its time that has said nothing to their /start, before they say it once more."""
PRESS_SHARE = 2 / 3
"""Of their patience: how long people wait for a toast. A bot that was killed gives none."""
_NUMBER = re.compile(re.escape(ENGLISH.companion_title).replace(r"\{number\}", r"(\d+)") + r"$", re.MULTILINE)
_WAYS_ON = (ENGLISH.button_go_on, ENGLISH.button_try_again)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One vote: by whom, in which chat, on which picture (numbers as drawn)."""

    chat: int
    generation: int
    picture: int
    voter: int


@dataclass
class Tally:
    """What all people did and heard."""

    acknowledged: dict[Mark, int] = field(default_factory=dict)
    undecided: set[Mark] = field(default_factory=set)
    refused: int = 0
    unexpected: list[str] = field(default_factory=list)
    generations: int = 0
    nudges: int = 0


class Chats:
    """What all chats show, kept up to date by the sandbox's events."""

    def __init__(self, client: SandboxClient) -> None:
        self.client = client
        self._messages: defaultdict[int, dict[int, Message]] = defaultdict(dict)
        self._changed: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)

    async def follow(self) -> None:
        """Follow the events for as long as the sandbox lives."""
        async with aclosing(self.client.events(after=0)) as events:
            async for event in events:
                if "message" not in event:
                    continue
                messages, message = self._messages[event["chat_id"]], event["message"]
                messages[message["id"]] = message
                if event["type"] == "delete":
                    del messages[message["id"]]
                self._changed[event["chat_id"]].set()

    async def find(self, chat: int, look: Callable[[list[Message]], T | None], timeout_s: float) -> T | None:
        """Return what `look` finds in the chat's messages, the newest first, now or within a time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while True:
                    self._changed[chat].clear()
                    ordered = [message for _, message in sorted(self._messages[chat].items(), reverse=True)]
                    if (found := look([message for message in ordered if message["from"]["is_bot"]])) is not None:
                        return found
                    await self._changed[chat].wait()
        return None


class Company:
    """The people of one chat, who go through some generations together."""

    def __init__(
        self, chats: Chats, chat: int, people: Sequence[int], seed: int, patience_s: float, tally: Tally
    ) -> None:
        """Let people come together; `patience_s` is how long they wait for pictures before they help themselves."""
        self._chats = chats
        self._chat = chat
        self._people = people
        self._dice = random.Random(f"{seed} {chat}")
        self._patience_s = patience_s
        self._tally = tally
        self._current = self._said = self._silent = 0

    async def play(self, generations: int) -> None:
        """Vote on so many generations."""
        await self._nudge()
        while self._current < generations:
            companion = await self._chats.find(self._chat, self._newer, self._patience_s)
            if companion is None:
                self._tally.nudges += 1
                await self._nudge()
                continue
            self._current = _generation(companion) or 0
            await asyncio.gather(*(self._vote(person, companion) for person in self._people))
            self._tally.generations += 1
            if self._current < generations:
                await self._press_first(companion, ENGLISH.button_next)

    def _newer(self, messages: list[Message]) -> Message | None:
        return next((one for one in messages if (_generation(one) or 0) > self._current), None)

    async def _vote(self, person: int, companion: Message) -> None:
        """Tap some pictures, each once; taps of one person follow one another."""
        liked, disliked = (find_vote_buttons(companion, sign) for sign in (LIKE_SIGN, DISLIKE_SIGN))
        for picture in self._dice.sample(sorted(liked), k=self._dice.randint(2, len(liked))):
            value = self._dice.choice((1, -1))
            mark = Mark(self._chat, self._current, picture, person)
            toast = await self._press(companion, (liked if value > 0 else disliked)[picture], person)
            given = (ENGLISH.toast_liked if value > 0 else ENGLISH.toast_disliked).format(number=picture)
            if toast == given:
                self._tally.acknowledged[mark] = value
            elif toast is None or toast == ENGLISH.something_failed[:200]:
                self._tally.undecided.add(mark)
            elif toast in (ENGLISH.toast_generation_closed, ENGLISH.toast_painting_next, ENGLISH.toast_session_over):
                self._tally.refused += 1
            else:
                self._tally.unexpected.append(f"{mark}: {toast}")

    async def _nudge(self) -> None:
        """Do what a person does when nothing comes: press once more, else say /start and take the way on."""
        stuck = await self._chats.find(self._chat, self._stuck, 0.2)
        if stuck is not None and self._dice.random() < 0.5:
            await self._press_first(stuck, ENGLISH.button_next)
            return
        self._silent += 1
        answer = await self._chats.find(self._chat, self._answer, 0.1) if self._said else None
        if not self._said or answer is not None or self._silent > SILENCES:
            self._silent = 0
            command = "/start" if self._chat > 0 else f"/start@{BOT_NAME}"
            with suppress(ClientError, aiohttp.ClientError):
                self._said = (await self._chats.client.say(self._chat, self._people[0], command))["id"]
        said = self._said
        offer = await self._chats.find(self._chat, lambda all_: _way_on(all_, said), self._patience_s / 2)
        if offer is not None:
            await self._press(*offer, self._people[0])

    def _answer(self, messages: list[Message]) -> Message | None:
        return next((one for one in messages if one["id"] > self._said), None)

    def _stuck(self, messages: list[Message]) -> Message | None:
        return next((one for one in messages if self._current and _generation(one) == self._current), None)

    async def _press_first(self, message: Message, words: str) -> None:
        button = find_button(message, words)
        if button is not None:
            await self._press(message, button, self._people[0])

    async def _press(self, message: Message, button: Button, person: int) -> str | None:
        with suppress(ClientError, aiohttp.ClientError, TimeoutError):
            async with asyncio.timeout(PRESS_SHARE * self._patience_s):
                answer = await self._chats.client.press(self._chat, message["id"], person, button["callback_data"])
                return answer["text"] if answer["answered"] else None
        return None


def _generation(message: Message) -> int | None:
    """Read the number of an open companion; None for every other message."""
    found = _NUMBER.search(message.get("text") or "")
    return int(found[1]) if found and find_button(message, ENGLISH.button_next) else None


def _way_on(messages: Sequence[Message], after: int) -> tuple[Message, Button] | None:
    for message in messages:
        if message["id"] <= after:
            break
        for button in buttons_of(message):
            if button["text"] in _WAYS_ON or button["text"].startswith(ENGLISH.button_style[:1]):
                return message, button
    return None
