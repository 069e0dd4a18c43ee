"""The companion: the message under an album that carries its number, the votes so far, and the vote keyboard.

Owns what it shows and which message it is. Whatever it shows is read from the database at that moment, so it may be
shown again at any time.
"""

from __future__ import annotations

from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.keyboards import vote_keyboard
from bot.messenger import Messenger
from bot.services import Services
from bot.visits import Audience, audience_of
from bot.voting import marks
from bot.words import Words
from storage.candidates import Candidate, candidates_of_generation
from storage.generations import AlbumStatus, Generation, find_generation, set_companion_message
from storage.ids import GenerationId, MessageId
from storage.sessions import Session, find_session
from storage.votes import Vote, votes_of_generation


@dataclass(frozen=True, slots=True)
class Companion:
    """What the message shows."""

    text: str
    keyboard: InlineKeyboardMarkup


class Companions:
    """Sends companions, and keeps them true."""

    def __init__(self, services: Services, messenger: Messenger) -> None:
        self._services = services
        self._messenger = messenger

    async def send(self, audience: Audience, session: Session, generation: GenerationId) -> MessageId:
        """Send a companion, as a reply to the album where that is known; writing it down is the caller's.

        Raises:
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
        """
        companion, candidates = await self._read(audience, session, generation)
        return await self._messenger.send(
            audience, companion.text, companion.keyboard, reply_to=candidates[0].message_id, must_arrive=True
        )

    async def replace(self, audience: Audience, session: Session, generation: GenerationId) -> None:
        """Send a companion below all that was said since, and delete the one before. Raises as `send`."""
        before = await find_generation(self._services.database.reader, generation)
        message = await self.send(audience, session, generation)
        async with self._services.database.transaction() as tx:
            await set_companion_message(tx, generation, message)
        if before is not None and before.companion_message_id is not None:
            await self._messenger.delete(audience, before.companion_message_id)

    async def refresh(self, generation: GenerationId) -> None:
        """Have the companion show what the database says.

        Raises:
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
        """
        reader = self._services.database.reader
        found = await find_generation(reader, generation)
        session = None if found is None else await find_session(reader, found.session)
        if found is None or session is None or found.companion_message_id is None:
            return
        audience = await audience_of(reader, session)
        companion, _ = await self._read(audience, session, generation)
        await self._messenger.edit(audience, found.companion_message_id, companion.text, companion.keyboard)

    async def _read(
        self, audience: Audience, session: Session, generation: GenerationId
    ) -> tuple[Companion, tuple[Candidate, ...]]:
        reader = self._services.database.reader
        found = await find_generation(reader, generation)
        assert found is not None  # noqa: S101 generations that were shown are never deleted
        candidates = await candidates_of_generation(reader, generation)
        votes = await votes_of_generation(reader, generation)
        # Counts stay hidden in a group: what others like would sway.
        shown = marks(votes) if audience.is_private else {}
        keyboard = vote_keyboard(
            audience.words,
            generation,
            session.id,
            [candidate.position + 1 for candidate in candidates],
            shown,
            offers_show_again=found.album_status is AlbumStatus.UNKNOWN,
        )
        return Companion(_text(audience.words, found, votes, is_private=audience.is_private), keyboard), candidates


def _text(words: Words, generation: Generation, votes: tuple[Vote, ...], *, is_private: bool) -> str:
    closed = generation.closed_at is not None
    lines = [(words.companion_closed if closed else words.companion_title).format(number=generation.number)]
    if is_private or closed:
        likes = sum(vote.value > 0 for vote in votes)
        lines.append(words.companion_votes.format(likes=likes, dislikes=sum(vote.value < 0 for vote in votes)))
    else:
        lines.append(words.companion_voters.format(voters=len({vote.voter for vote in votes})))
    if not closed:
        lines.append(words.companion_how)
    if generation.album_status is AlbumStatus.UNKNOWN:
        lines.append(words.companion_uncertain)
    return "\n".join(lines)
