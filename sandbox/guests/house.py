"""The guests who stay: a party for each chat that has invited some, in the sandbox's own process.

Owns who was invited where, and their tasks. They act over HTTP like everybody else, so that the recording has their
acts and not the invitation. Knows no paths of the server.
"""

from __future__ import annotations

import asyncio
import contextlib

import aiohttp

from sandbox.acts.whereabouts import chat_of
from sandbox.client import SandboxClient
from sandbox.errors import ClientError, PeopleError
from sandbox.guests.party import Manner, Party
from sandbox.guests.record import Guest
from sandbox.guests.taste import draw_taste
from sandbox.posting import show_chat
from sandbox.state import State

MOST_GUESTS = 12
_NAMES = ("Dora", "Emil", "Flora", "Gustav", "Hanna", "Iwan", "Judith", "Karl", "Lea", "Mira", "Nils", "Olga")


class GuestHouse:
    """The parties of one sandbox. `url` is where it listens, known once it does."""

    def __init__(self, state: State) -> None:
        self.url: str | None = None
        self._state = state
        self._client: SandboxClient | None = None
        self._parties: dict[int, tuple[Party, asyncio.Task[None]]] = {}

    async def invite(self, chat_id: int, by: int, count: int, manner: Manner) -> None:
        """Let `count` further guests come into a chat that `by` is in; in a private chat one stands in for its person.

        Those who are there already stay, with the tastes that they have.

        Raises:
            PeopleError: unknown chat or person, nobody votes there, or too many guests.
        """
        chat = chat_of(self._state, chat_id, by)
        if chat.is_channel:
            raise PeopleError(400, "in a channel nobody but its administrators can press a button: invite into a group")
        if count < 1 or len(chat.guests) + count > MOST_GUESTS:
            raise PeopleError(400, f"a chat has 1 to {MOST_GUESTS} guests, here are {len(chat.guests)}")
        client = await self._open()
        if chat.is_private:
            newcomers = [] if chat.guests else [(chat.id, chat.title)]
        else:
            newcomers = [await self._come_in(client, chat_id, number) for number in range(count)]
        there = self._parties[chat_id][0].guests if chat_id in self._parties else ()
        tastes = range(len(there), len(there) + len(newcomers))
        guests = [
            Guest(person, name, draw_taste(manner.seed, number))
            for (person, name), number in zip(newcomers, tastes, strict=True)
        ]
        self._begin(chat_id, Party(client, chat_id, (*there, *guests), manner))

    async def send_home(self, chat_id: int) -> None:
        """Let the guests of a chat stop voting and leave it; who stood in for a person just stops.

        Raises:
            PeopleError: no such chat.
        """
        chat = self._state.chats.get(chat_id)
        if chat is None:
            raise PeopleError(404, f"no chat {chat_id}")
        left = list(chat.guests)
        await self._end(chat_id)
        if not chat.is_private:
            client = await self._open()
            for person in left:
                with contextlib.suppress(ClientError):  # somebody may have removed them before
                    await client.groups.leave(chat_id, person)

    async def move(self, old: int, new: int) -> None:
        """Let the guests of a group go on in the supergroup that it has become."""
        if old in self._parties:
            party = self._parties[old][0]
            await self._end(old)
            self._begin(new, Party(await self._open(), new, party.guests, party.manner))

    async def close(self) -> None:
        """End all parties, and the line to the sandbox."""
        for chat_id in list(self._parties):
            await self._end(chat_id)
        if self._client is not None:
            await self._client.__aexit__(None, None, None)
            self._client = None

    async def _open(self) -> SandboxClient:
        if self._client is None:
            assert self.url is not None, "guests come when the sandbox listens"  # noqa: S101 - our own bug
            self._client = await SandboxClient(self.url).__aenter__()
        return self._client

    async def _come_in(self, client: SandboxClient, chat_id: int, number: int) -> tuple[int, str]:
        place = len(self._state.chats[chat_id].guests) + number
        name = _NAMES[place % len(_NAMES)]
        person = (await client.add_person(name))["id"]
        await client.groups.join(chat_id, person)
        return person, name

    def _begin(self, chat_id: int, party: Party) -> None:
        if chat_id in self._parties:
            self._parties[chat_id][1].cancel()
        self._parties[chat_id] = party, asyncio.create_task(_until_the_end(party), name=f"guests of {chat_id}")
        self._show(chat_id, [guest.id for guest in party.guests])

    async def _end(self, chat_id: int) -> None:
        held = self._parties.pop(chat_id, None)
        if held is not None:
            held[1].cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await held[1]
        self._show(chat_id, [])

    def _show(self, chat_id: int, guests: list[int]) -> None:
        chat = self._state.chats[chat_id]
        chat.guests = guests
        show_chat(self._state, chat)


async def _until_the_end(party: Party) -> None:
    with contextlib.suppress(ClientError, aiohttp.ClientError):  # the sandbox has closed
        await party.run()
