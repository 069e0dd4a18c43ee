"""The use cases of sharing: a link that gives a copy of a prompting model, or crosses it with the opener's own.

What is shared is the model as it was when it was shared, in the form of an export, which names nobody. A link is known
by its token alone; whoever shared it can stop it. Knows nothing of Telegram's updates.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from dataclasses import replace
from functools import partial

import evolution
from bot.crew import Crew
from bot.keeps.importing import Importing, refusal_words
from bot.keeps.learned import learned_state
from bot.keeps.transfer import MOST_BYTES, Imported, ImportRefusedError, read_model, write_model
from bot.keyboards import unshare_keyboard
from bot.outcomes import REPEATED, Outcome
from bot.services import Services
from bot.visits import Visit, enter
from storage.ids import MessageId, ShareId
from storage.sessions import Session, latest_session, latest_session_in_style
from storage.shares import Share, ShareKind, delete_share, find_share, save_share, share_of_token

TOKEN_BYTES = 16
PREFIX = "share-"
_PAYLOAD = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{22}})", re.ASCII)


def token_of(payload: str) -> str | None:
    """Read the token out of what a link hands to /start; None for any other payload."""
    found = _PAYLOAD.fullmatch(payload)
    return None if found is None else found[1]


class Sharing:
    """Makes links, follows them, and stops them."""

    def __init__(self, services: Services, crew: Crew, importing: Importing) -> None:
        self._services = services
        self._crew = crew
        self._importing = importing

    async def offer(self, visit: Visit, kind: ShareKind) -> Outcome:
        """Make a link to what the chat's last session has learned; one that is there already shares it as it is now."""
        words, reader = visit.audience.words, self._services.database.reader
        session = await latest_session(reader, visit.chat)
        content = None if session is None else await self._content(visit, session)
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
            if session is None or content is None:
                return Outcome(words.share_nothing)
            if len(content) > MOST_BYTES:
                return Outcome(words.export_too_large)
            token = secrets.token_urlsafe(TOKEN_BYTES)
            now = self._services.clock()
            share = await save_share(tx, token, kind, session.id, visit.person, content.decode(), now)
        return Outcome(None, partial(self._send_link, visit, session, share))

    async def stop(self, visit: Visit, message: MessageId, number: int) -> Outcome:
        """Stop a link; whoever shared it may, and nobody else."""
        words = visit.audience.words
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED
            share = await find_share(tx, ShareId(number))
            if share is not None and share.shared_by != visit.person:
                return Outcome(words.toast_not_your_link)
            await delete_share(tx, ShareId(number))
        edit = partial(self._crew.messenger.edit, visit.audience, message, words.share_stopped)
        return Outcome(words.toast_unshared, edit)

    async def open(self, visit: Visit, token: str) -> Outcome:
        """Begin a session with what a link shares; a second delivery of the update finds it begun."""
        words = visit.audience.words
        share = await share_of_token(self._services.database.reader, token)
        if share is None:
            return await self._importing.refuse(visit, words.share_gone)
        try:
            if share.kind is ShareKind.COPY:
                imported = await self._read(share, str(visit.person))
                said = words.share_opened
            else:
                found = await self._crossed(visit, share)
                if isinstance(found, str):
                    return await self._importing.refuse(visit, found)
                imported, said = found, words.blended
        except ImportRefusedError as error:
            return await self._importing.refuse(visit, refusal_words(words, error))
        filled = said.format(title=imported.pack.title, generations=imported.generations, votes=imported.votes)
        return await self._importing.open(visit, imported, filled, words.share_under_way)

    async def _content(self, visit: Visit, session: Session) -> bytes | None:
        """Write the session's model down; None where it has learned nothing."""
        is_private = visit.audience.is_private
        state = await learned_state(self._services.database.reader, session.id, hides_open=not is_private)
        if not _votes(state):
            return None
        me = str(visit.chat) if is_private else ""
        title = self._title(session)
        return await asyncio.to_thread(write_model, state, session.style_name, session.style_digest, title, me)

    async def _read(self, share: Share, me: str) -> Imported:
        return await asyncio.to_thread(read_model, share.model.encode(), self._services.shelf.packs, me)

    async def _crossed(self, visit: Visit, share: Share) -> Imported | str:
        """Cross what is shared with the opener's own of the same style; words where there is none."""
        words, reader = visit.audience.words, self._services.database.reader
        shared = await self._read(share, "friend")
        own = await latest_session_in_style(reader, visit.chat, shared.pack.name)
        if own is None:
            other = await latest_session(reader, visit.chat)
            if other is None:
                return words.blend_none.format(title=shared.pack.title)
            return words.blend_other_style.format(title=shared.pack.title, own=self._title(other))
        state = await learned_state(reader, own.id, hides_open=not visit.audience.is_private)
        if not _votes(state):
            return words.blend_none.format(title=shared.pack.title)
        if state.space != shared.pack.space:
            return words.import_other_space.format(title=shared.pack.title)
        blended = await asyncio.to_thread(_blend, state, shared.state)
        return replace(
            shared,
            state=blended.to_json(),
            strategy=blended.config.strategy,
            generations=blended.generation,
            votes=_votes(blended),
        )

    async def _send_link(self, visit: Visit, session: Session, share: Share) -> None:
        words = visit.audience.words
        said = words.share_link if share.kind is ShareKind.COPY else words.blend_link
        text = said.format(title=self._title(session), link=self._crew.messenger.link(PREFIX + share.token))
        await self._crew.messenger.send(visit.audience, text, unshare_keyboard(words, share.id))

    def _title(self, session: Session) -> str:
        pack = self._services.shelf.packs.get(session.style_name)
        return session.style_name if pack is None else pack.title


def _votes(state: evolution.State) -> int:
    return sum(vote.value != 0 for generation in state.generations for vote in generation.votes)


def _blend(own: evolution.State, shared: str) -> evolution.State:
    """Cross two states, whose voters are different people even where two files have numbered them alike."""
    other, mark = evolution.State.from_json(shared), secrets.token_hex(4)
    names = {voter: f"{mark} {number}" for number, voter in enumerate(evolution.voters_of(other), 1)}
    return evolution.blend(own, evolution.rename_voters(other, names), secrets.randbits(63))
