"""Voting by a native poll: its options are the album's pictures, several may be chosen, who chose what stays hidden.

Who chooses a picture likes it; who takes the answer back has not voted. Where Telegram refuses the poll, the keyboard
under the album does. Knows nothing of how a generation closes.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from telegram.error import TelegramError

from bot.messenger import Messenger
from bot.services import Services
from bot.visits import Audience
from storage.candidates import candidates_of_generation
from storage.chat_settings import VoteMode, settings_of_chat
from storage.database import Transaction
from storage.generations import Generation, find_generation, latest_generation
from storage.ids import GenerationId, PersonId
from storage.people import ensure_person
from storage.polls import add_poll, find_poll, poll_of_generation, stop_poll
from storage.sessions import Phase, Session, find_session
from storage.updates import seen_update
from storage.votes import cast_vote, take_back, votes_of_voter

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer to a poll: the options that are chosen now, from 0; none where it was taken back."""

    update_id: int
    poll: str
    voter: PersonId
    first_name: str
    language: str | None
    options: tuple[int, ...]


class Ballots:
    """Sends polls, takes their answers, and stops them."""

    def __init__(self, services: Services, messenger: Messenger) -> None:
        self._services = services
        self._messenger = messenger

    async def hold(self, audience: Audience, session: Session, generation: Generation) -> None:
        """Send the poll of a generation whose album has arrived, if the chat votes by polls and it has none yet.

        Raises:
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
        """
        reader = self._services.database.reader
        settings = await settings_of_chat(reader, session.chat)
        is_wanted = settings.vote_mode is VoteMode.POLL and not audience.is_private
        if not is_wanted or await poll_of_generation(reader, generation.id) is not None:
            return
        candidates = await candidates_of_generation(reader, generation.id)
        files = [candidate.file_id for candidate in candidates]
        if not all(files):
            return
        question = audience.words.poll_question.format(number=generation.number)
        try:
            message, poll = await self._messenger.send_poll(
                audience,
                question,
                [str(file) for file in files],
                hides_results=not settings.shows_counts,
                reply_to=candidates[0].message_id,
            )
        except TelegramError as error:
            log.warning("chat %s: no poll, the keyboard will do: %s", session.chat, error)
            return
        async with self._services.database.transaction() as tx:
            await add_poll(tx, generation.id, poll, message)

    async def take(self, answer: Answer) -> GenerationId | None:
        """Write an answer down in place of the voter's earlier one; return the generation it is about, if it counts."""
        now = self._services.clock()
        async with self._services.database.transaction() as tx:
            if await seen_update(tx, answer.update_id, now):
                return None
            poll = await find_poll(tx, answer.poll)
            if poll is None or poll.is_stopped or not await _is_open(tx, poll.generation):
                return None
            await ensure_person(tx, answer.voter, answer.first_name, answer.language, now)
            for vote in await votes_of_voter(tx, poll.generation, answer.voter):
                if vote.position not in answer.options:
                    await take_back(tx, vote.candidate, answer.voter)
            for candidate in await candidates_of_generation(tx, poll.generation):
                if candidate.position in answer.options:
                    await cast_vote(tx, candidate.id, answer.voter, 1, now)
        return poll.generation

    async def settle(self, audience: Audience, key: GenerationId) -> None:
        """Stop the poll of a generation that has closed; then everybody sees its result.

        Raises:
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
        """
        reader = self._services.database.reader
        poll, generation = await poll_of_generation(reader, key), await find_generation(reader, key)
        if poll is None or poll.is_stopped or generation is None or generation.closed_at is None:
            return
        await self._messenger.stop_poll(audience, poll.message)
        async with self._services.database.transaction() as tx:
            await stop_poll(tx, key, self._services.clock())


async def _is_open(tx: Transaction, key: GenerationId) -> bool:
    generation = await find_generation(tx, key)
    session = None if generation is None else await find_session(tx, generation.session)
    if session is None or session.phase is not Phase.VOTING:
        return False
    last = await latest_generation(tx, session.id)
    return last is not None and last.id == key
