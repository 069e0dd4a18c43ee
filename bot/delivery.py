"""The delivering phase: sends the album, never a second time by itself.

That an album is about to be sent is written first. Where the answer never came (the network, a kill), nobody knows
whether the pictures arrived: then the companion comes all the same and offers to show them again, which a person
decides. Knows nothing of how pictures came to be, nor of votes.
"""

from __future__ import annotations

from bot.albums import Albums
from bot.ballots import Ballots
from bot.closing import Closing
from bot.companions import Companions
from bot.messenger import Messenger
from bot.services import Services
from bot.visits import audience_of
from storage.generations import (
    AlbumStatus,
    find_generation,
    latest_generation,
    set_album_status,
    set_companion_message,
    set_progress_message,
)
from storage.ids import GenerationId
from storage.sessions import Phase, Session, find_session, set_phase


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
        self._albums = Albums(services, messenger)

    async def advance(self, session: Session) -> None:
        """Send the album unless that was tried before, open the vote, and send the companion.

        The vote is open before its keyboard can be seen, so that no tap comes too early; a session whose vote is open
        but whose companion is not known comes here again.

        Raises:
            WrongPhaseError: somebody stopped the session meanwhile.
            PictureError: a picture is not in the store any more.
            BadRequest: every picture was refused for certain; nothing was sent.
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
        """
        audience = await audience_of(self._services.database.reader, session)
        generation = await latest_generation(self._services.database.reader, session.id)
        assert generation is not None  # noqa: S101 whatever is delivered was painted
        if session.phase is Phase.DELIVERING:
            if generation.album_status is AlbumStatus.NONE:
                await self._albums.send(audience, session, generation)
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
        """Send the lost part of an album of unknown fate once more, since somebody asked, and its companion under it.

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
        await self._albums.send_again(audience, found)
        await self._companions.replace(audience, session, generation)
