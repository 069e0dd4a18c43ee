"""Makes keepsakes and sends them: each anew from the database whenever it is asked for.

Knows nothing of who may ask.
"""

from __future__ import annotations

import asyncio
from enum import StrEnum

from PIL import Image

import evolution
from bot.keeps.family import family_of_session
from bot.keeps.family_tree import draw_family, thumbnail
from bot.keeps.impressions import USUAL, Impressions
from bot.keeps.learned import learned_state
from bot.keeps.taste_chart import draw_taste
from bot.keeps.taste_view import panels
from bot.keeps.taste_words import has_learned, taste_words
from bot.keeps.transfer import MOST_BYTES, file_name, write_model
from bot.messenger import Messenger
from bot.originals import with_recipe
from bot.services import Services
from bot.visits import Audience, audience_of
from storage.candidates import Candidate, find_candidate
from storage.errors import PictureError
from storage.generations import find_generation
from storage.ids import CandidateId, SessionId
from storage.sessions import Session, find_session
from style.recipe import Recipe

MOST_CAPTION_CHARS = 1024


class Keepsake(StrEnum):
    """What can be asked for."""

    ORIGINAL = "original"
    TASTE = "taste"
    LINEAGE = "lineage"
    EXPORT = "export"
    IMPRESSIONS = "impressions"


class Keepsakes:
    """Sends what people keep."""

    def __init__(self, services: Services, messenger: Messenger) -> None:
        self._services = services
        self._messenger = messenger
        self._impressions = Impressions(services, messenger)
        self._wanted: dict[int, int] = {}
        # A sheet takes 20 MB while it is drawn on: one at a time, or a crowd would fill the memory.
        self._easel = asyncio.Lock()

    def want(self, session: SessionId, count: int) -> None:
        """Remember how many pictures are wanted of a session the next time that impressions are sent."""
        self._wanted[session] = count

    async def owner(self, keepsake: Keepsake, key: int) -> Session | None:
        """Find the session that a keepsake belongs to; `key` is a candidate for an original, else the session."""
        reader = self._services.database.reader
        if keepsake is not Keepsake.ORIGINAL:
            return await find_session(reader, SessionId(key))
        candidate = await find_candidate(reader, CandidateId(key))
        generation = None if candidate is None else await find_generation(reader, candidate.generation)
        return None if generation is None else await find_session(reader, generation.session)

    async def send(self, keepsake: Keepsake, session: Session, key: int) -> None:
        """Make a keepsake and send it where the session speaks.

        Raises:
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
            TelegramError: it could not be sent.
        """
        audience = await audience_of(self._services.database.reader, session)
        match keepsake:
            case Keepsake.ORIGINAL:
                await self._send_original(audience, CandidateId(key))
            case Keepsake.TASTE:
                await self._send_taste(audience, session)
            case Keepsake.LINEAGE:
                await self._send_lineage(audience, session)
            case Keepsake.EXPORT:
                await self._send_model(audience, session)
            case Keepsake.IMPRESSIONS:
                await self._impressions.send(audience, session, self._wanted.pop(session.id, USUAL))

    async def _send_original(self, audience: Audience, key: CandidateId) -> None:
        reader = self._services.database.reader
        candidate = await find_candidate(reader, key)
        generation = None if candidate is None else await find_generation(reader, candidate.generation)
        if candidate is None or candidate.picture is None or generation is None:
            return
        recipe = Recipe.from_json(candidate.recipe)
        try:
            png = await self._services.pictures.get(candidate.picture)
        except PictureError:
            await self._messenger.send(audience, audience.words.original_gone.format(seed=recipe.seed))
            return
        model = self._services.model
        scheduler = model.scheduler if model.digest == recipe.model_digest else ""
        document = await asyncio.to_thread(with_recipe, png, recipe, scheduler)
        caption = _original_caption(audience, candidate, generation.number, recipe)
        await self._messenger.send_document(
            audience, document, f"{recipe.style}-{generation.number}-{candidate.position + 1}.png", caption
        )

    async def _send_taste(self, audience: Audience, session: Session) -> None:
        state = await learned_state(self._services.database.reader, session.id, hides_open=not audience.is_private)
        taste = await asyncio.to_thread(evolution.explain, state)
        if not has_learned(taste):
            await self._messenger.send(audience, audience.words.taste_nothing)
            return
        shown = panels(taste, state.space)
        certainty = None if taste.insight is None else taste.insight.certainty
        async with self._messenger.sending_photo(audience):
            async with self._easel:
                chart = await asyncio.to_thread(draw_taste, self._title(session), certainty, shown)
            await self._messenger.send_photo(audience, chart, _cut(taste_words(audience.words, taste, shown)))

    async def _send_lineage(self, audience: Audience, session: Session) -> None:
        reader, words = self._services.database.reader, audience.words
        space = (await learned_state(reader, session.id, hides_open=True)).space
        rows = await family_of_session(reader, session.id, space, hides_open=not audience.is_private)
        if not rows:
            await self._messenger.send(audience, words.lineage_nothing)
            return
        async with self._messenger.sending_photo(audience):
            digests = {relative.picture for row in rows for relative in row.relatives if relative.picture}
            async with self._easel:
                small = {digest: image for digest in digests if (image := await self._thumbnail(digest)) is not None}
                tree = await asyncio.to_thread(draw_family, rows, small)
            caption = words.lineage_caption.format(first=rows[0].number, last=rows[-1].number)
            await self._messenger.send_photo(audience, tree, caption)

    async def _send_model(self, audience: Audience, session: Session) -> None:
        """Send the prompting model; in a private chat its person is "me" in it, in a group nobody is."""
        hides_open, me = not audience.is_private, str(session.chat) if audience.is_private else ""
        state = await learned_state(self._services.database.reader, session.id, hides_open=hides_open)
        content = await asyncio.to_thread(
            write_model, state, session.style_name, session.style_digest, self._title(session), me
        )
        if len(content) > MOST_BYTES:
            await self._messenger.send(audience, audience.words.export_too_large)
            return
        caption = audience.words.export_caption.format(title=self._title(session), generations=state.generation)
        await self._messenger.send_document(audience, content, file_name(session.style_name), caption)

    def _title(self, session: Session) -> str:
        pack = self._services.shelf.find(session.style_name, session.style_digest)
        return session.style_name if pack is None else pack.title

    async def _thumbnail(self, digest: str) -> Image.Image | None:
        try:
            return await asyncio.to_thread(thumbnail, await self._services.pictures.get(digest))
        except PictureError:
            # The tree is worth seeing without it.
            return None


def _cut(caption: str) -> str:
    """Keep a caption within what Telegram takes."""
    return caption if len(caption) <= MOST_CAPTION_CHARS else caption[: MOST_CAPTION_CHARS - 1] + "…"


def _original_caption(audience: Audience, candidate: Candidate, generation: int, recipe: Recipe) -> str:
    words = audience.words
    adapters = ", ".join(f"{use.name} {use.weight:g}" for use in recipe.adapters)
    return _cut(
        words.original_caption.format(
            generation=generation,
            number=candidate.position + 1,
            prompt=recipe.prompt,
            seed=recipe.seed,
            steps=recipe.steps,
            guidance=f"{recipe.guidance:g}",
            model=recipe.model,
            adapters=adapters or "–",
        )
    )
