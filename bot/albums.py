"""Sends the pictures of a generation: one album, or smaller ones where Telegram certainly refuses the whole.

Every attempt is written down before it is made, and what arrived is written with the step after it, so a picture whose
fate is not known is never sent a second time by itself. What was refused for certain may be tried in another form: two
smaller albums, then single pictures, each with the number that it has. Knows nothing of phases, nor of votes.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass

from telegram import InputMediaPhoto, Message
from telegram.error import TelegramError

from bot.messenger import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    ChatMovedError,
    ChatUnreachableError,
    Messenger,
    retry_after_s,
    was_not_sent,
    was_refused,
)
from bot.pictures import numbered
from bot.services import Services
from bot.visits import Audience
from storage.candidates import Candidate, candidates_of_generation, set_file, set_message
from storage.errors import WrongPhaseError
from storage.generations import AlbumStatus, Generation, find_generation, set_album_status
from storage.ids import CandidateId, MessageId
from storage.sessions import Phase, Session, find_session

log = logging.getLogger(__name__)

# How long a stop waits for the answer to an album that is on its way, so that its outcome can be written down.
GRACE_S = 2.0
# An album of fewer is parted into single pictures at once.
LEAST_HALVED = 4

Part = tuple[Candidate, ...]
Photos = Mapping[CandidateId, bytes | str]


@dataclass(frozen=True, slots=True)
class _Errand:
    """What an album's parts have in common; `photos` holds each candidate's bytes or Telegram's file id."""

    audience: Audience
    session: Session
    generation: Generation
    photos: Photos


class Albums:
    """Sends albums, each picture once."""

    def __init__(self, services: Services, messenger: Messenger) -> None:
        self._services = services
        self._messenger = messenger

    async def send(self, audience: Audience, session: Session, generation: Generation) -> None:
        """Send what is not known to have arrived; at the end the album is DELIVERED, or UNKNOWN.

        UNKNOWN it is, too, where a picture was refused even when it was sent alone.

        Raises:
            WrongPhaseError: somebody stopped the session meanwhile.
            PictureError: a picture is not in the store any more.
            BadRequest: every picture was refused for certain; nothing was sent.
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
        """
        missing = await self._missing(generation)
        async with self._messenger.sending_photo(audience):
            errand = _Errand(audience, session, generation, await self._photos(missing))
            parts, refusal = deque([missing]), None
            while parts:
                part = parts.popleft()
                end = AlbumStatus.NONE if parts else AlbumStatus.UNKNOWN if refusal else AlbumStatus.DELIVERED
                error = await self._attempt_until_known(errand, part, end)
                if error is None:
                    continue
                if not was_refused(error):
                    return
                parts.extendleft(reversed(smaller(part, len(missing))))
                refusal = error if len(part) == 1 else refusal
            if refusal is not None:
                await self._settle(generation, refusal)

    async def send_again(self, audience: Audience, generation: Generation) -> None:
        """Send the pictures of an album of unknown fate that are not known to have arrived, since somebody asked.

        Raises:
            PictureError: a picture is not in the store any more.
            TelegramError: one could not be sent; the album stays UNKNOWN, and what has arrived is noted.
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
        """
        missing = await self._missing(generation)
        async with self._messenger.sending_photo(audience):
            photos = await self._photos(missing)
            parts = deque([missing])
            while parts:
                part = parts.popleft()
                try:
                    messages = await self._send(audience, generation.number, part, photos)
                except TelegramError as error:
                    if len(part) == 1 or not was_refused(error):
                        raise
                    parts.extendleft(reversed(smaller(part, len(missing))))
                else:
                    end = AlbumStatus.UNKNOWN if parts else AlbumStatus.DELIVERED
                    await self._record(generation, AlbumStatus.UNKNOWN, end, part, messages)

    async def _missing(self, generation: Generation) -> Part:
        candidates = await candidates_of_generation(self._services.database.reader, generation.id)
        return tuple(candidate for candidate in candidates if candidate.message_id is None)

    async def _photos(self, part: Part) -> Photos:
        """Make what is sent of each picture: Telegram's file id where that is known, else a numbered copy."""
        services = self._services
        return {each.id: each.file_id or await numbered_copy(services, each) for each in part}

    async def _attempt_until_known(self, errand: _Errand, part: Part, end: AlbumStatus) -> TelegramError | None:
        """Send a part until its fate is known or may never be; `end` is the album's status once it has arrived.

        Return None where it has; else the error, the album's status being UNKNOWN, or NONE where it was refused.
        """
        pause_s = FIRST_PAUSE_S
        while True:
            await self._note_attempt(errand)
            error = await self._to_the_end(self._attempt(errand, part, end))
            if error is None or not was_not_sent(error):
                return error
            await asyncio.sleep(max(pause_s, retry_after_s(error)))
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _note_attempt(self, errand: _Errand) -> None:
        """Write down that a part is about to be sent, if the session still wants it."""
        async with self._services.database.transaction() as tx:
            found = await find_session(tx, errand.session.id)
            if found is None or found.phase is not Phase.DELIVERING:
                raise WrongPhaseError(f"session {errand.session.id} is not delivering any more")
            now = self._services.clock()
            await set_album_status(tx, errand.generation.id, AlbumStatus.NONE, AlbumStatus.ATTEMPTED, now)

    async def _attempt(self, errand: _Errand, part: Part, end: AlbumStatus) -> TelegramError | None:
        """Send a part once and write down what became of it."""
        generation = errand.generation
        try:
            messages = await self._send(errand.audience, generation.number, part, errand.photos)
        except (ChatUnreachableError, ChatMovedError):
            await self._set_status(generation, AlbumStatus.ATTEMPTED, AlbumStatus.NONE)
            raise
        except TelegramError as error:
            is_certain = was_not_sent(error) or was_refused(error)
            status = AlbumStatus.NONE if is_certain else AlbumStatus.UNKNOWN
            await self._set_status(generation, AlbumStatus.ATTEMPTED, status)
            log.warning("generation %d: %d pictures were not sent: %s", generation.id, len(part), error)
            return error
        await self._record(generation, AlbumStatus.ATTEMPTED, end, part, messages)
        return None

    async def _send(self, audience: Audience, number: int, part: Part, photos: Photos) -> Sequence[Message]:
        if len(part) == 1:
            return [await self._messenger.send_photo(audience, photos[part[0].id])]
        items = [InputMediaPhoto(photos[each.id], filename=f"{number}-{each.position}.jpg") for each in part]
        return await self._messenger.send_album(audience, items)

    async def _to_the_end(self, sending: Coroutine[None, None, TelegramError | None]) -> TelegramError | None:
        """Await `sending`; a cancellation gives it a moment to hear the answer and write it down."""
        task = asyncio.create_task(sending)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task], timeout=GRACE_S)
            task.cancel()
            await asyncio.wait([task])
            raise

    async def _record(
        self,
        generation: Generation,
        expected: AlbumStatus,
        status: AlbumStatus,
        part: Part,
        messages: Sequence[Message],
    ) -> None:
        async with self._services.database.transaction() as tx:
            if status is not expected:
                await set_album_status(tx, generation.id, expected, status, self._services.clock())
            for candidate, message in zip(part, messages, strict=False):
                await set_message(tx, candidate.id, MessageId(message.message_id))
                if message.photo:
                    await set_file(tx, candidate.id, message.photo[-1].file_id)

    async def _settle(self, generation: Generation, refusal: TelegramError) -> None:
        """Close an album of which single pictures were refused; the last of them may have left it open."""
        reader = self._services.database.reader
        if not any(candidate.message_id for candidate in await candidates_of_generation(reader, generation.id)):
            raise refusal
        found = await find_generation(reader, generation.id)
        if found is not None and found.album_status is AlbumStatus.NONE:
            await self._set_status(generation, AlbumStatus.NONE, AlbumStatus.UNKNOWN)

    async def _set_status(self, generation: Generation, expected: AlbumStatus, status: AlbumStatus) -> None:
        async with self._services.database.transaction() as tx:
            await set_album_status(tx, generation.id, expected, status, self._services.clock())


def smaller(part: Part, whole: int) -> list[Part]:
    """Part what was refused: the whole into two albums, one of these into single pictures, a single one into none."""
    if len(part) == 1:
        return []
    if len(part) == whole and whole >= LEAST_HALVED:
        middle = (len(part) + 1) // 2
        return [part[:middle], part[middle:]]
    return [(candidate,) for candidate in part]


async def numbered_copy(services: Services, candidate: Candidate) -> bytes:
    """Make the copy of a candidate's picture that is sent, with its number in a corner.

    Raises:
        PictureError: the picture is not in the store any more.
    """
    assert candidate.picture is not None  # noqa: S101 only painted candidates are shown
    original = await services.pictures.get(candidate.picture)
    return await asyncio.to_thread(numbered, original, candidate.position + 1)
