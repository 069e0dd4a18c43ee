"""The way in: the welcome, the choice of a style by button, and the beginning of a session.

Knows nothing of what a session does once it is begun.
"""

from __future__ import annotations

import asyncio
import logging
import secrets

from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest

import evolution
from bot.callback_data import STYLE_NAME
from bot.commons import Commons
from bot.crew import Crew
from bot.keyboards import style_keyboard, under_way_keyboard
from bot.outcomes import REPEATED, Outcome
from bot.permits import NotPermittedError, check, say
from bot.pictures import plain
from bot.services import Services
from bot.visits import Audience, Visit, enter
from storage.chat_settings import settings_of_chat
from storage.database import Transaction
from storage.generations import latest_generation
from storage.sessions import NewSession, Phase, Session, active_session, open_session
from storage.styles import ensure_style
from style.pack import Pack

log = logging.getLogger(__name__)


class Entrance:
    """Leads people to their first generation."""

    def __init__(self, services: Services, crew: Crew, commons: Commons) -> None:
        self._services = services
        self._crew = crew
        self._commons = commons
        # Telegram's file id of each pack's sample, by the pack's digest: sent once, then named.
        self._samples: dict[str, str] = {}

    async def greet(self, visit: Visit) -> None:
        """Say what this is and offer the styles, or the ways on from a session under way."""
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return
            session = await active_session(tx, visit.chat)
        if session is None:
            await self.offer_styles(visit.audience, visit.audience.words.welcome)
        else:
            self._crew.go_on(session.id)
            await self.say_under_way(visit.audience, session)

    async def begin(self, visit: Visit, *, asks_style: bool) -> None:
        """Offer the styles, or begin at once in the one that the chat has chosen; a session under way is not ended."""
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return
            session = await active_session(tx, visit.chat)
            settings = await settings_of_chat(tx, visit.chat)
            pack = None if asks_style else self._services.shelf.packs.get(settings.style_name or "")
            begun = None
            why = None
            if session is None and pack is not None:
                why = await self._why_not(tx, visit, settings.album_size)
                begun = await self._open(tx, visit, pack, settings.album_size) if why is None else None
        if why is not None:
            await self._crew.messenger.send(visit.audience, why)
        elif begun is not None:
            self._crew.go_on(begun.id)
        elif session is None:
            await self.offer_styles(visit.audience)
        else:
            await self.say_under_way(visit.audience, session)

    async def offer_styles(self, audience: Audience, greeting: str | None = None) -> None:
        """Show each style by a sample, with a button that chooses it; after a greeting, if there is one."""
        words, packs = audience.words, self._services.shelf.packs.values()
        offered = [pack for pack in packs if STYLE_NAME.fullmatch(pack.name)]
        lead = words.choose_style if offered else words.no_styles
        await self._crew.messenger.send(audience, lead if greeting is None else f"{greeting}\n\n{lead}")
        for pack in offered:
            await self._offer(audience, pack)

    async def say_under_way(self, audience: Audience, session: Session) -> None:
        """Say that a session is under way, and ask whether to go on or to start anew."""
        generation = await latest_generation(self._services.database.reader, session.id)
        number = 1 if generation is None else generation.number
        text = audience.words.under_way.format(title=self.title(session), number=number)
        await self._crew.messenger.send(audience, text, under_way_keyboard(audience.words, session.id))

    def title(self, session: Session) -> str:
        """Name a session's style as people know it."""
        pack = self._services.shelf.find(session.style_name, session.style_digest)
        return session.style_name if pack is None else pack.title

    async def choose(self, visit: Visit, style: str) -> Outcome:
        """Begin a session in a style; a second press finds it begun."""
        words, now, pack = visit.audience.words, self._services.clock(), self._services.shelf.packs.get(style)
        if pack is None:
            return Outcome(words.toast_style_gone)
        settings = await settings_of_chat(self._services.database.reader, visit.chat)
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, now):
                return REPEATED
            session = await active_session(tx, visit.chat)
            is_new = session is None
            last = None if session is None else await latest_generation(tx, session.id)
            if session is None:
                if why := await self._why_not(tx, visit, settings.album_size):
                    return Outcome(why)
                session = await self._open(tx, visit, pack, settings.album_size)
        self._crew.go_on(session.id)
        has_just_begun = session.phase is Phase.PAINTING and (last is None or last.number == 1)
        if is_new or (has_just_begun and session.style_name == pack.name):
            return Outcome(words.toast_style_chosen.format(title=pack.title))
        under_way = session
        return Outcome(words.toast_under_way, lambda: self.say_under_way(visit.audience, under_way))

    async def _open(self, tx: Transaction, visit: Visit, pack: Pack, album_size: int) -> Session:
        now = self._services.clock()
        await ensure_style(tx, pack.name, pack.digest, pack.title, now)
        prior = await self._commons.prior(tx, pack.name, pack.space)
        return await open_session(tx, _new_session(visit, pack, album_size, prior), now)

    async def _why_not(self, tx: Transaction, visit: Visit, pictures: int) -> str | None:
        """Say why a session may not be begun now; None where it may."""
        try:
            await check(tx, visit.chat, visit.person, pictures, self._services.clock())
        except NotPermittedError as error:
            return say(visit.audience.words, error)
        return None

    async def _offer(self, audience: Audience, pack: Pack) -> None:
        keyboard = style_keyboard(audience.words, pack.name, pack.title)
        caption = audience.words.style_caption.format(title=pack.title)
        if not pack.samples:
            await self._crew.messenger.send(audience, pack.title, keyboard)
            return
        if known := self._samples.get(pack.digest):
            try:
                await self._crew.messenger.send_photo(audience, known, caption, keyboard)
            except BadRequest:
                # Telegram has forgotten the file: it is uploaded again.
                del self._samples[pack.digest]
            else:
                return
        await self._upload_sample(audience, pack, caption, keyboard)

    async def _upload_sample(
        self, audience: Audience, pack: Pack, caption: str, keyboard: InlineKeyboardMarkup
    ) -> None:
        sample = await asyncio.to_thread(lambda: plain(pack.samples[0].read_bytes()))
        message = await self._crew.messenger.send_photo(audience, sample, caption, keyboard)
        if message.photo:
            self._samples[pack.digest] = message.photo[-1].file_id


def _new_session(visit: Visit, pack: Pack, album_size: int, prior: evolution.Prior | None) -> NewSession:
    config = evolution.Config()
    # The seed decides every draw of the session; it is kept in its state.
    state = evolution.start(pack.space, seed=secrets.randbits(63), config=config, prior=prior)
    return NewSession(
        chat=visit.chat,
        style_name=pack.name,
        style_digest=pack.digest,
        strategy=config.strategy,
        album_size=album_size,
        started_by=visit.person,
        state=state.to_json(),
        message_thread_id=visit.thread,
    )
