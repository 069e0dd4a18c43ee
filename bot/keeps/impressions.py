"""Pictures in the learned taste, with no vote: what the prompting model paints when it is asked for nothing more.

They belong to no generation, and are not kept. Knows nothing of who may ask.
"""

from __future__ import annotations

import asyncio
import secrets

from telegram import InputMediaPhoto

import evolution
from bot.keeps.learned import learned_state
from bot.messenger import Messenger
from bot.mishaps import mishap_words
from bot.painting import StyleGoneError
from bot.pictures import plain
from bot.services import Services
from bot.visits import Audience
from storage.sessions import Session
from style.decode import ModelInfo, decode
from style.errors import BadRecipeError, PainterError
from style.pack import Pack
from style.recipe import Recipe

USUAL, MOST = 4, 8


class Impressions:
    """Paints them and sends them."""

    def __init__(self, services: Services, messenger: Messenger) -> None:
        self._services = services
        self._messenger = messenger

    async def send(self, audience: Audience, session: Session, count: int) -> None:
        """Paint `count` pictures of what the session has learned, and send them as one album.

        Raises:
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
            TelegramError: they could not be sent.
        """
        words, pack = audience.words, self._services.shelf.packs.get(session.style_name)
        if pack is None:
            await self._messenger.send(audience, words.style_gone.format(title=session.style_name))
            return
        state = await learned_state(self._services.database.reader, session.id, hides_open=not audience.is_private)
        if not any(vote.value for generation in state.generations for vote in generation.votes):
            await self._messenger.send(audience, words.taste_nothing)
            return
        async with self._messenger.sending_photo(audience):
            try:
                recipes = await asyncio.to_thread(_sampled, state, count, pack, self._services.model)
                painted = await self._services.painter.paint(recipes, None)
            except (PainterError, StyleGoneError) as error:
                await self._messenger.send(audience, mishap_words(words, error) or words.painting_failed)
                return
            photos = [await asyncio.to_thread(plain, picture.png) for picture in painted]
            caption = words.paint_caption.format(title=pack.title)
            if len(photos) == 1:
                await self._messenger.send_photo(audience, photos[0], caption)
                return
            first = InputMediaPhoto(photos[0], caption=caption)
            await self._messenger.send_album(audience, [first, *map(InputMediaPhoto, photos[1:])])


def _sampled(state: evolution.State, count: int, pack: Pack, model: ModelInfo) -> list[Recipe]:
    chromosomes = evolution.sample(state, count, seed=secrets.randbits(31))
    try:
        return [decode(pack, chromosome, model) for chromosome in chromosomes]
    except BadRecipeError as error:
        raise StyleGoneError(pack.title) from error
