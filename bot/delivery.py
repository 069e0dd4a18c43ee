"""The delivering phase: sends the album, never a second time by itself.

That an album is about to be sent is written first. Where the answer never came (the network, a kill), nobody knows
whether the pictures arrived: then the companion comes all the same and offers to show them again, which a person
decides. Knows nothing of how pictures came to be, nor of votes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence

from telegram import InputMediaPhoto, Message
from telegram.error import TelegramError

from bot.ballots import Ballots
from bot.closing import Closing
from bot.companions import Companions
from bot.messenger import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    ChatMovedError,
    ChatUnreachableError,
    Messenger,
    retry_after_s,
    was_not_sent,
)
from bot.pictures import numbered
from bot.services import Services
from bot.visits import Audience, audience_of
from storage.candidates import Candidate, candidates_of_generation, set_file, set_message
from storage.errors import WrongPhaseError
from storage.generations import (
    AlbumStatus,
    Generation,
    find_generation,
    latest_generation,
    set_album_status,
    set_companion_message,
    set_progress_message,
)
from storage.ids import GenerationId, MessageId
from storage.sessions import Phase, Session, find_session, set_phase

# How long a stop waits for the answer to an album that is on its way, so that its outcome can be written down.
GRACE_S = 2.0


class Delivery:
    """Takes a session from DELIVERING to VOTING."""

    def __init__(
        self, services: Services, messenger: Messenger, companions: Companions, closing: Closing, ballots: Ballots
    ) -> None:
        self._closing = closing
        self._ballots = ballots
        self._services = services
        self._messenger = messenger
        self._companions = companions

    async def advance(self, session: Session) -> None:
        """Send the album unless that was tried before, open the vote, and send the companion.

        The vote is open before its keyboard can be seen, so that no tap comes too early; a session whose vote is open
        but whose companion is not known comes here again.

        Raises:
            WrongPhaseError: somebody stopped the session meanwhile.
            PictureError: a picture is not in the store any more.
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
        """
        audience = await audience_of(self._services.database.reader, session)
        generation = await latest_generation(self._services.database.reader, session.id)
        assert generation is not None  # noqa: S101 whatever is delivered was painted
        if session.phase is Phase.DELIVERING:
            if generation.album_status is AlbumStatus.NONE:
                await self._send_album(audience, session, generation)
            async with self._services.database.transaction() as tx:
                if generation.album_status is AlbumStatus.ATTEMPTED:
                    now = self._services.clock()
                    await set_album_status(tx, generation.id, AlbumStatus.ATTEMPTED, AlbumStatus.UNKNOWN, now)
                await set_phase(tx, session.id, Phase.DELIVERING, Phase.VOTING, self._services.clock())
                await self._closing.opened(tx, session, generation.id)
        await self._ballots.hold(audience, session, generation)
        message = await self._companions.send(audience, session, generation.id)
        async with self._services.database.transaction() as tx:
            await set_companion_message(tx, generation.id, message)
            await set_progress_message(tx, generation.id, None)
        if generation.progress_message_id is not None:
            await self._messenger.delete(audience, generation.progress_message_id)

    async def show_again(self, generation: GenerationId) -> None:
        """Send an album of unknown fate once more, since somebody asked, and its companion under it.

        Raises:
            PictureError: a picture is not in the store any more.
            TelegramError: it could not be sent; the companion goes on offering it.
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
        """
        reader = self._services.database.reader
        found = await find_generation(reader, generation)
        session = None if found is None else await find_session(reader, found.session)
        if found is None or session is None or found.album_status is not AlbumStatus.UNKNOWN:
            return
        audience = await audience_of(reader, session)
        candidates = await candidates_of_generation(reader, generation)
        async with self._messenger.sending_photo(audience):
            photos = await self._photos(found.number, candidates)
            messages = await self._messenger.send_album(audience, photos)
        await self._record(found, AlbumStatus.UNKNOWN, candidates, messages)
        await self._companions.replace(audience, session, generation)

    async def _send_album(self, audience: Audience, session: Session, generation: Generation) -> None:
        candidates = await candidates_of_generation(self._services.database.reader, generation.id)
        async with self._messenger.sending_photo(audience):
            photos = await self._photos(generation.number, candidates)
            pause_s = FIRST_PAUSE_S
            while True:
                await self._attempt(session, generation)
                error = await self._to_the_end(self._send_once(audience, generation, candidates, photos))
                if error is None:
                    return
                await asyncio.sleep(max(pause_s, retry_after_s(error)))
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _attempt(self, session: Session, generation: Generation) -> None:
        """Write down that the album is about to be sent, if the session still wants it."""
        async with self._services.database.transaction() as tx:
            found = await find_session(tx, session.id)
            if found is None or found.phase is not Phase.DELIVERING:
                raise WrongPhaseError(f"session {session.id} is not delivering any more")
            await set_album_status(tx, generation.id, AlbumStatus.NONE, AlbumStatus.ATTEMPTED, self._services.clock())

    async def _send_once(
        self,
        audience: Audience,
        generation: Generation,
        candidates: Sequence[Candidate],
        photos: Sequence[InputMediaPhoto],
    ) -> TelegramError | None:
        """Send the album and write down what became of it; return the error that allows another try, if any."""
        try:
            messages = await self._messenger.send_album(audience, photos)
        except (ChatUnreachableError, ChatMovedError):
            await self._set_status(generation, AlbumStatus.ATTEMPTED, AlbumStatus.NONE)
            raise
        except TelegramError as error:
            again = was_not_sent(error)
            status = AlbumStatus.NONE if again else AlbumStatus.UNKNOWN
            await self._set_status(generation, AlbumStatus.ATTEMPTED, status)
            return error if again else None
        await self._record(generation, AlbumStatus.ATTEMPTED, candidates, messages)
        return None

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

    async def _photos(self, number: int, candidates: Sequence[Candidate]) -> list[InputMediaPhoto]:
        """Make the album's items: by Telegram's file ids where all are known, else numbered copies to upload."""
        file_ids = [candidate.file_id for candidate in candidates if candidate.file_id]
        if len(file_ids) == len(candidates):
            return [InputMediaPhoto(file_id) for file_id in file_ids]
        return [
            InputMediaPhoto(
                await numbered_copy(self._services, candidate), filename=f"{number}-{candidate.position}.jpg"
            )
            for candidate in candidates
        ]

    async def _record(
        self,
        generation: Generation,
        expected: AlbumStatus,
        candidates: Sequence[Candidate],
        messages: Sequence[Message],
    ) -> None:
        async with self._services.database.transaction() as tx:
            await set_album_status(tx, generation.id, expected, AlbumStatus.DELIVERED, self._services.clock())
            for candidate, message in zip(candidates, messages, strict=False):
                await set_message(tx, candidate.id, MessageId(message.message_id))
                if message.photo:
                    await set_file(tx, candidate.id, message.photo[-1].file_id)

    async def _set_status(self, generation: Generation, expected: AlbumStatus, status: AlbumStatus) -> None:
        async with self._services.database.transaction() as tx:
            await set_album_status(tx, generation.id, expected, status, self._services.clock())


async def numbered_copy(services: Services, candidate: Candidate) -> bytes:
    """Make the copy of a candidate's picture that is sent, with its number in a corner.

    Raises:
        PictureError: the picture is not in the store any more.
    """
    assert candidate.picture is not None  # noqa: S101 only painted candidates are shown
    original = await services.pictures.get(candidate.picture)
    return await asyncio.to_thread(numbered, original, candidate.position + 1)
