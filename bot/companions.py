"""The companion: the message under an album that carries its number, the votes so far, and the vote keyboard.

Owns what it shows and which message it is. Whatever it shows is read from the database at that moment, so it may be
shown again at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram import InlineKeyboardMarkup

from bot.closing import Closing, Turnout
from bot.hours import span
from bot.keyboards import vote_keyboard
from bot.messenger import Messenger
from bot.services import Services
from bot.visits import Audience, audience_of
from bot.voting import marks
from bot.words import Words
from storage.candidates import Candidate, candidates_of_generation
from storage.chat_settings import ChatSettings, Closers, settings_of_chat
from storage.generations import AlbumStatus, Generation, find_generation, set_companion_message
from storage.ids import GenerationId, MessageId
from storage.polls import poll_of_generation
from storage.sessions import Session, find_session
from storage.votes import Vote, votes_of_generation


@dataclass(frozen=True, slots=True)
class Companion:
    """What the message shows."""

    text: str
    keyboard: InlineKeyboardMarkup


class Companions:
    """Sends companions, and keeps them true."""

    def __init__(self, services: Services, messenger: Messenger, closing: Closing) -> None:
        self._services = services
        self._messenger = messenger
        self._closing = closing

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
        settings = await settings_of_chat(reader, session.chat)
        shown = marks(votes) if audience.is_private else {}
        poll = None if audience.is_private else await poll_of_generation(reader, generation)
        has_poll = poll is not None and not poll.is_stopped
        keyboard = vote_keyboard(
            audience.words,
            generation,
            session.id,
            [] if has_poll else [candidate.position + 1 for candidate in candidates],
            shown,
            offers_show_again=found.album_status is AlbumStatus.UNKNOWN,
        )
        lines = [_title(audience.words, found)]
        # Counts stay hidden in a group, unless it wants them: what others like would sway.
        if audience.is_private or settings.shows_counts or found.closed_at is not None:
            lines.append(_votes(audience.words, votes))
        if found.closed_at is None:
            count = await self._closing.turnout(session, found)
            lines += _state(audience, settings, found, count, self._services.clock())
            lines.append(audience.words.companion_how_poll if has_poll else audience.words.companion_how)
        if found.album_status is AlbumStatus.UNKNOWN:
            lines.append(audience.words.companion_uncertain)
        return Companion("\n".join(lines), keyboard), candidates


def _title(words: Words, generation: Generation) -> str:
    template = words.companion_title if generation.closed_at is None else words.companion_closed
    return template.format(number=generation.number)


def _votes(words: Words, votes: tuple[Vote, ...]) -> str:
    likes = sum(vote.value > 0 for vote in votes)
    return words.companion_votes.format(likes=likes, dislikes=sum(vote.value < 0 for vote in votes))


def _state(
    audience: Audience, settings: ChatSettings, generation: Generation, count: Turnout, now: datetime
) -> list[str]:
    """Say how an open vote stands: who has voted, how long it lasts, and who may close it."""
    words, lines = audience.words, []
    if not audience.is_private:
        voted = words.companion_voters if count.awaited is None else words.companion_voters_of
        lines.append(voted.format(voters=count.voted, awaited=count.awaited))
    if settings.time_limit is not None and generation.voting_at is not None:
        left = generation.voting_at + settings.time_limit - now
        is_over = left <= timedelta(0)
        lines.append(words.companion_time_over if is_over else words.companion_left.format(left=span(words, left)))
    if not audience.is_private:
        lines.append(
            {
                Closers.STARTER: words.companion_closers_starter,
                Closers.ADMINISTRATORS: words.companion_closers_administrators,
                Closers.EVERYONE: words.companion_closers_everyone,
            }[settings.closers]
        )
    return lines
