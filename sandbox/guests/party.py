"""Guests who stay in a chat: they vote on each new album, by keyboard or poll, until they are sent home.

Owns their pace and what they have judged. Knows neither who invited them nor how a generation is closed.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from sandbox.client import Message, SandboxClient
from sandbox.errors import ClientError
from sandbox.guests import acts
from sandbox.guests.ballot import LIKE, vote
from sandbox.guests.conversation import Conversation
from sandbox.guests.errors import VisitError
from sandbox.guests.keyboard import OpenAlbum, find_album
from sandbox.guests.record import Guest, Shown
from sandbox.guests.taste import Reference, take_reference, utility

_FASTEST, _SLOWEST = 0.5, 1.5  # a pause, in paces


@dataclass(frozen=True, slots=True)
class Manner:
    """How guests behave: `pace_s` is the mean pause before each tap, in seconds; `seed` decides noise and pauses."""

    pace_s: float = 2.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the guests are asked to judge: pictures (file ids), under a keyboard, or as the options of a poll."""

    number: int
    files: tuple[str, ...]
    album: OpenAlbum | None


class Party:
    """The guests of one chat; `run` them until they are cancelled."""

    def __init__(self, client: SandboxClient, chat: int, guests: Sequence[Guest], manner: Manner) -> None:
        self.guests = tuple(guests)
        self.manner = manner
        self._client = client
        self._chat = chat
        self._talk = Conversation(client, chat, timeout_s=math.inf)
        self._dice = [np.random.default_rng((manner.seed, index, 2)) for index in range(len(guests))]
        self._references: list[Reference] = []

    async def run(self) -> None:
        """Vote on the album that is open now, and on each that comes; ends with the sandbox.

        Raises:
            ClientError: the sandbox has closed, or the chat is gone.
        """
        last = 0
        while True:
            asked = await self._client.wait_for(self._chat, partial(_newest, last), None)
            last = asked.number
            await self._judge(asked)

    async def _judge(self, asked: _Asked) -> None:
        shown = await self._talk.fetch_files(asked.files)
        if not self._references:
            measures = [picture.measures for picture in shown]
            self._references = [take_reference(guest.taste, measures) for guest in self.guests]
        async with asyncio.TaskGroup() as together:
            for index in range(len(self.guests)):
                together.create_task(self._answer(index, asked, shown))

    async def _answer(self, index: int, asked: _Asked, shown: Sequence[Shown]) -> None:
        guest, dice = self.guests[index], self._dice[index]
        felt = [utility(guest.taste, self._references[index], picture.measures) for picture in shown]
        votes = vote(felt, dice)

        async def pause() -> None:
            await asyncio.sleep(self.manner.pace_s * float(dice.uniform(_FASTEST, _SLOWEST)))

        # A generation may be closed before everybody has done, and somebody may be sent away: then they leave off.
        try:
            if asked.album is not None:
                await acts.cast(self._talk, guest.id, asked.album, votes, pause)
                return
            await pause()
            liked = [option for option, value in enumerate(votes) if value == LIKE]
            await self._client.answer_poll(self._chat, asked.number, guest.id, *liked)
        except (VisitError, ClientError):
            return


def _newest(seen: int, messages: list[Message]) -> _Asked | None:
    """Find the newest question about pictures that is newer than message `seen`, open ones alone."""
    ordered = sorted(messages, key=lambda message: message["id"])
    try:
        album = find_album(ordered, seen)
    except VisitError:
        album = None  # buttons that belong to no album: nothing to judge
    polls = [message for message in ordered if message["id"] > seen and _is_open_poll(message)]
    if polls and (album is None or polls[-1]["id"] > album.companion["id"]):
        return _Asked(polls[-1]["id"], _pictures_of(polls[-1]), None)
    if album is None:
        return None
    return _Asked(album.companion["id"], tuple(photo["photo"]["file_id"] for photo in album.photos), album)


def _is_open_poll(message: Message) -> bool:
    is_open = "poll" in message and message["from"]["is_bot"] and not message["poll"]["closed"]
    return is_open and len(_pictures_of(message)) == len(message["poll"]["options"])


def _pictures_of(poll: Message) -> tuple[str, ...]:
    return tuple(option["photo"]["file_id"] for option in poll["poll"]["options"] if option["photo"])
