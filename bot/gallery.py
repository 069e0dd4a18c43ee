"""The best so far: an album of what a session's people like most, by Telegram's own file ids where they are known.

Knows nothing of how votes came to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from telegram import InputMediaPhoto
from telegram.error import BadRequest

from bot.albums import numbered_copy
from bot.messenger import Messenger
from bot.services import Services
from bot.visits import Audience, audience_of
from bot.words import Words
from storage.candidates import Candidate, Favourite, favourites_of_session
from storage.errors import PictureError
from storage.ids import SessionId
from storage.sessions import find_session

ALBUM_SIZE = 6


class Gallery:
    """Hangs up the best pictures of a session."""

    def __init__(self, services: Services, messenger: Messenger) -> None:
        self._services = services
        self._messenger = messenger

    async def show(self, session: SessionId) -> None:
        """Send the best so far: an album, a single photo, or a kind word where nothing is liked yet.

        Raises:
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
            TelegramError: it could not be sent.
        """
        found = await find_session(self._services.database.reader, session)
        if found is None:
            return
        audience = await audience_of(self._services.database.reader, found)
        best = await favourites_of_session(self._services.database.reader, session, ALBUM_SIZE)
        if not best:
            await self._messenger.send(audience, audience.words.no_best)
            return
        async with self._messenger.sending_photo(audience):
            await self._send(audience, best)

    async def _send(self, audience: Audience, best: Sequence[Favourite]) -> None:
        if all(favourite.candidate.file_id for favourite in best):
            try:
                await self._hang(audience, best, [str(favourite.candidate.file_id) for favourite in best])
            except BadRequest:
                # Telegram has forgotten a file, or never knew it: the store has not.
                pass
            else:
                return
        kept = [(favourite, photo) for favourite in best if (photo := await self._copy(favourite.candidate))]
        await self._hang(audience, [favourite for favourite, _ in kept], [photo for _, photo in kept])

    async def _hang(self, audience: Audience, best: Sequence[Favourite], photos: Sequence[bytes | str]) -> None:
        caption = best_caption(audience.words, best)
        if len(photos) == 1:
            await self._messenger.send_photo(audience, photos[0], caption)
        elif photos:
            first = InputMediaPhoto(photos[0], caption=caption)
            await self._messenger.send_album(audience, [first, *map(InputMediaPhoto, photos[1:])])

    async def _copy(self, candidate: Candidate) -> bytes | None:
        try:
            return await numbered_copy(self._services, candidate)
        except PictureError:
            return None


def best_caption(words: Words, best: Sequence[Favourite]) -> str:
    """Say which pictures these are: the numbers in their corners are each generation's own."""
    ordered = sorted(best, key=lambda favourite: (favourite.generation_number, favourite.candidate.position))
    lines = [words.best_caption]
    for generation, group in groupby(ordered, key=lambda favourite: favourite.generation_number):
        numbers = ", ".join(str(favourite.candidate.position + 1) for favourite in group)
        lines.append(words.best_line.format(generation=generation, numbers=numbers))
    return "\n".join(lines)
