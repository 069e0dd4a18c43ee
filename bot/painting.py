"""The painting phase: asks evolution for the next generation and has it painted, under a card that shows progress.

Every step is written before it is acted on; a step that was not written is repeated and comes out the same. Knows
nothing of albums.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence

import evolution
from bot.cards import EDIT_GAP_S, Card, card_text
from bot.keyboards import cancel_keyboard
from bot.messenger import Messenger
from bot.permits import check, take
from bot.room import Room
from bot.services import Services
from bot.visits import Audience, audience_of
from bot.voting import ballot
from storage.candidates import NewCandidate, candidates_of_generation, set_picture
from storage.errors import WrongPhaseError
from storage.generations import Generation, add_generation, latest_generation, set_progress_message
from storage.ids import MessageId, SessionId
from storage.sessions import Phase, Session, find_session, read_state, set_phase
from storage.votes import votes_of_generation
from style.decode import ModelInfo, decode
from style.errors import BadRecipeError
from style.pack import Pack
from style.painter import Picture, Progress
from style.recipe import Recipe

# Groups may see 20 edits a minute, the keyboard's among them.
GROUP_EDIT_GAP_S = 3.0


class StyleGoneError(Exception):
    """The session's style is not on the shelf, or has changed so that what was learned no longer fits it."""

    def __init__(self, title: str) -> None:
        super().__init__(f"the style {title} cannot be painted now")
        self.title = title


class Painting:
    """Takes a session from PAINTING to DELIVERING."""

    def __init__(self, services: Services, messenger: Messenger, room: Room) -> None:
        self._services = services
        self._messenger = messenger
        self._room = room
        self.progress: dict[SessionId, Progress] = {}
        """How far the painting of each session is."""

    async def advance(self, session: Session) -> None:
        """Ask for the next generation if that is still to be done, and paint it.

        Raises:
            NoRoomError: the disk has no room for pictures.
            DiskFullError: nor has it for anything.
            NotPermittedError: no new work is taken now.
            StyleGoneError: the style is not on the shelf.
            PainterError: it could not be painted, now or at all.
            WrongPhaseError: somebody stopped or cancelled meanwhile.
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
        """
        await self._room.make()
        audience = await audience_of(self._services.database.reader, session)
        generation = await latest_generation(self._services.database.reader, session.id)
        if generation is None or generation.closed_at is not None:
            generation = await self._ask(session, generation)
        async with self._card(audience, generation) as card:
            try:
                pictures = await self._paint(generation, card)
            finally:
                self.progress.pop(session.id, None)
        await self._keep(session, generation, pictures)

    async def _ask(self, session: Session, closed: Generation | None) -> Generation:
        """Tell evolution the votes at the close of the last generation, ask for the next one and write it down."""
        database, shelf = self._services.database, self._services.shelf
        await check(database.reader, session.chat, session.started_by, session.album_size, self._services.clock())
        pack = shelf.find(session.style_name, session.style_digest)
        if pack is None:
            raise StyleGoneError(session.style_name)
        state = await read_state(database.reader, session.id)
        votes: tuple[evolution.Vote, ...] | None = None
        if closed is not None:
            size = len(await candidates_of_generation(database.reader, closed.id))
            votes = ballot(await votes_of_generation(database.reader, closed.id), size)
        model = self._services.model
        state, candidates = await asyncio.to_thread(_bred, state, votes, session.album_size, pack, model)
        async with database.transaction() as tx:
            found = await find_session(tx, session.id)
            last = await latest_generation(tx, session.id)
            if found is None or found.phase is not Phase.PAINTING or last != closed:
                raise WrongPhaseError(f"session {session.id} went on while its next generation was bred")
            await take(tx, session.chat, session.started_by, len(candidates), self._services.clock())
            return await add_generation(tx, session.id, state, candidates, self._services.clock())

    async def _paint(self, generation: Generation, card: Card) -> list[Picture]:
        candidates = await candidates_of_generation(self._services.database.reader, generation.id)
        recipes = [Recipe.from_json(candidate.recipe) for candidate in candidates]

        def show(progress: Progress) -> None:
            self.progress[generation.session] = progress
            card.show(progress)

        began = time.monotonic()
        pictures = await self._services.painter.paint(recipes, show)
        self._services.meters.painted(len(pictures), time.monotonic() - began)
        return pictures

    async def _keep(self, session: Session, generation: Generation, pictures: Sequence[Picture]) -> None:
        digests = []
        for picture in pictures:
            digests.append(await self._services.pictures.put(picture.png))
            self._room.add(len(picture.png))
        candidates = await candidates_of_generation(self._services.database.reader, generation.id)
        async with self._services.database.transaction() as tx:
            await set_phase(tx, session.id, Phase.PAINTING, Phase.DELIVERING, self._services.clock())
            for candidate, digest in zip(candidates, digests, strict=True):
                await set_picture(tx, candidate.id, digest)

    @contextlib.asynccontextmanager
    async def _card(self, audience: Audience, generation: Generation) -> AsyncIterator[Card]:
        """Show the card, and keep it up to date for as long as the block runs."""
        words, keyboard = audience.words, cancel_keyboard(audience.words, generation.id)
        message = await self._show(audience, generation, card_text(words, generation.number, None))

        async def edit(text: str) -> None:
            await self._messenger.edit(audience, message, text, keyboard, optional=True)

        gap_s = EDIT_GAP_S if audience.is_private else GROUP_EDIT_GAP_S
        card = Card(words, generation.number, edit, gap_s)
        showing = asyncio.create_task(card.run(), name=f"card {audience.chat}")
        try:
            async with self._messenger.sending_photo(audience):
                yield card
        finally:
            showing.cancel()
            await asyncio.wait([showing])

    async def _show(self, audience: Audience, generation: Generation, text: str) -> MessageId:
        """Say where the painting stands: in the card that is there already, else in a new one."""
        keyboard = cancel_keyboard(audience.words, generation.id)
        if generation.progress_message_id is not None:
            await self._messenger.edit(audience, generation.progress_message_id, text, keyboard)
            return generation.progress_message_id
        message = await self._messenger.send(audience, text, keyboard, must_arrive=True)
        async with self._services.database.transaction() as tx:
            await set_progress_message(tx, generation.id, message)
        return message


def _bred(
    state_json: str, votes: tuple[evolution.Vote, ...] | None, size: int, pack: Pack, model: ModelInfo
) -> tuple[str, list[NewCandidate]]:
    """Tell and ask; pure, so that a killed process does it again and gets the same. Takes up to a second."""
    state = evolution.State.from_json(state_json)
    if votes is not None:
        state = evolution.tell(state, votes)
    state, chromosomes = evolution.ask(state, size)
    try:
        recipes = [decode(pack, chromosome, model) for chromosome in chromosomes]
    except BadRecipeError as error:
        raise StyleGoneError(pack.title) from error
    candidates = [
        NewCandidate(chromosome.to_json(), recipe.to_json())
        for chromosome, recipe in zip(chromosomes, recipes, strict=True)
    ]
    return state.to_json(), candidates
