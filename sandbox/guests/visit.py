"""A visit: people with hidden tastes begin an evolution, judge its generations, see the best of it, and stop.

Owns the order of the acts and what is recorded of them. Knows neither buttons nor waiting.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import numpy as np

from sandbox.client import SandboxClient
from sandbox.errors import ClientError
from sandbox.guests import acts
from sandbox.guests.ballot import LIKE, vote
from sandbox.guests.conversation import Conversation
from sandbox.guests.errors import GuestError, VisitError
from sandbox.guests.keyboard import OpenAlbum
from sandbox.guests.record import Album, Judgement, Shown, Visit
from sandbox.guests.room import Room
from sandbox.guests.taste import Reference, percentile, take_reference, utility


@dataclass(frozen=True, slots=True)
class Plan:
    """What is wanted of a visit; `timeout_s` bounds each wait for pictures."""

    generations: int
    seed: int
    timeout_s: float


class Visiting:
    """One visit under way; `run` it once. `tell` gets a line for each thing that happened."""

    def __init__(self, client: SandboxClient, room: Room, plan: Plan, tell: Callable[[str], None]) -> None:
        self._client = client
        self._room = room
        self._plan = plan
        self._tell = tell
        self._talk = Conversation(client, room.chat, plan.timeout_s)
        self._noises = [np.random.default_rng((plan.seed, index, 1)) for index in range(len(room.guests))]
        self._references: list[Reference] = []
        self._albums: list[Album] = []
        self._best: tuple[Shown, ...] = ()

    async def run(self) -> Visit:
        """Carry the visit out; what goes wrong ends it early and stands in the record's `problem`."""
        began, start = datetime.now(UTC), time.monotonic()
        problem = None
        known = await self._client.transcript()
        try:
            await self._evolve()
        except (GuestError, ClientError, aiohttp.ClientError, OSError) as error:
            problem = str(error) or type(error).__name__
        took_s = time.monotonic() - start
        requests, breaches = await self._count_requests(known[-1]["n"] if known else 0)
        return Visit(
            chat=self._room.title,
            seed=self._plan.seed,
            wanted=self._plan.generations,
            began=began,
            took_s=took_s,
            guests=self._room.guests,
            references=tuple(self._references),
            albums=tuple(self._albums),
            best=self._best,
            taps_ms=tuple(self._talk.taps_ms),
            unanswered=self._talk.unanswered,
            requests=requests,
            breaches=breaches,
            problem=problem,
        )

    async def _evolve(self) -> None:
        first = self._room.guests[0].id
        asked = time.monotonic()
        album = await acts.begin(self._talk, first, self._room.start_command, self._tell)
        await self._judge(album, time.monotonic() - asked)
        for _ in range(self._plan.generations - 1):
            asked = time.monotonic()
            album = await acts.ask_for_next(self._talk, first, album, self._tell)
            await self._judge(album, time.monotonic() - asked)
        await self._see_best(album)
        await acts.stop(self._talk, first, album)
        self._tell("pressed Stop")

    async def _judge(self, album: OpenAlbum, waited_s: float) -> None:
        pictures = await self._talk.fetch(album.photos)
        if not self._references:
            measures = [shown.measures for shown in pictures]
            self._references = [take_reference(guest.taste, measures) for guest in self._room.guests]
        judgements = []
        for guest, reference, noise in zip(self._room.guests, self._references, self._noises, strict=True):
            felt = tuple(utility(guest.taste, reference, shown.measures) for shown in pictures)
            judgements.append(Judgement(guest.id, felt, tuple(vote(felt, noise))))
        self._albums.append(Album(len(self._albums) + 1, pictures, waited_s, tuple(judgements)))
        try:
            async with asyncio.TaskGroup() as together:
                for judgement in judgements:
                    together.create_task(acts.cast(self._talk, judgement.guest, album, judgement.votes))
        except ExceptionGroup as group:
            raise group.exceptions[0] from None
        self._tell(_in_words(self._albums[-1]))

    async def _see_best(self, album: OpenAlbum) -> None:
        try:
            photos = await acts.see_best(self._talk, self._room.guests[0].id, album, self._plan.timeout_s)
        except VisitError as error:
            self._tell(str(error))
            return
        self._best = await self._talk.fetch(photos)
        self._tell(f"saw the best so far: {len(self._best)} picture{'' if len(self._best) == 1 else 's'}")

    async def _count_requests(self, after: int) -> tuple[int, int]:
        try:
            entries = await self._client.transcript(after)
        except (ClientError, aiohttp.ClientError, OSError):
            return 0, 0  # the sandbox itself is gone: `problem` says so
        # Polling says nothing of the visit; it would drown what does.
        told = [entry for entry in entries if entry["method"].casefold() != "getupdates"]
        return len(told), sum(entry["breach"] is not None for entry in told)


def _in_words(album: Album) -> str:
    felt = [value for judgement in album.judgements for value in judgement.utilities]
    likes = sum(value == LIKE for judgement in album.judgements for value in judgement.votes)
    near = float(np.mean([percentile(value) for value in felt]))
    return (
        f"generation {album.generation}: came after {album.waited_s:.1f} s, {len(album.pictures)} pictures, "
        f"{likes} like{'' if likes == 1 else 's'}, mean {float(np.mean(felt)):+.2f}, percentile {near:.0f}"
    )
