"""The use case of an import: from a file that somebody sent to a session that goes on with what it holds.

Knows nothing of the file's form.
"""

from __future__ import annotations

import asyncio

from bot.crew import Crew
from bot.keeps.transfer import MOST_BYTES, Imported, ImportRefusedError, read_model
from bot.outcomes import REPEATED, Outcome
from bot.services import Services
from bot.visits import Visit, enter
from bot.words import Words
from storage.chat_settings import settings_of_chat
from storage.sessions import NewSession, active_session, open_session
from storage.styles import ensure_style


class Importing:
    """Begins sessions with a prompting model from a file."""

    def __init__(self, services: Services, crew: Crew) -> None:
        self._services = services
        self._crew = crew

    async def begin(self, visit: Visit, file_id: str, size: int | None) -> Outcome:
        """Begin a session with the model in a file; a second delivery of the update finds it begun.

        Raises:
            TelegramError: the file could not be fetched.
        """
        words = visit.audience.words
        if await active_session(self._services.database.reader, visit.chat) is not None:
            return await self.refuse(visit, words.import_under_way)
        try:
            if size is not None and size > MOST_BYTES:
                raise ImportRefusedError("too_large", limit=f"{MOST_BYTES // 1024 // 1024}")
            content = await self._crew.messenger.fetch(file_id)
            packs = self._services.shelf.packs
            imported = await asyncio.to_thread(read_model, content, packs, str(visit.person))
        except ImportRefusedError as error:
            return await self.refuse(visit, refusal_words(words, error))
        said = words.imported.format(title=imported.pack.title, generations=imported.generations, votes=imported.votes)
        return await self.open(visit, imported, said, words.import_under_way)

    async def refuse(self, visit: Visit, why: str) -> Outcome:
        """Say why nothing begins."""
        async with self._services.database.transaction() as tx:
            return Outcome(why) if await enter(tx, visit, self._services.clock()) else REPEATED

    async def open(self, visit: Visit, imported: Imported, said: str, under_way: str) -> Outcome:
        """Begin a session with a prompting model and say so; or say that another is under way."""
        words, pack, now = visit.audience.words, imported.pack, self._services.clock()
        settings = await settings_of_chat(self._services.database.reader, visit.chat)
        new = NewSession(
            chat=visit.chat,
            style_name=pack.name,
            style_digest=pack.digest,
            strategy=imported.strategy,
            album_size=settings.album_size,
            started_by=visit.person,
            state=imported.state,
            message_thread_id=visit.thread,
        )
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, now):
                return REPEATED
            if await active_session(tx, visit.chat) is not None:
                return Outcome(under_way)
            await ensure_style(tx, pack.name, pack.digest, pack.title, now)
            session = await open_session(tx, new, now)
        self._crew.go_on(session.id)
        return Outcome(f"{said}\n{words.imported_other_version}" if imported.is_other_version else said)


def refusal_words(words: Words, error: ImportRefusedError) -> str:
    """Say why a file is not imported, and what to do."""
    said = {
        "too_large": words.import_too_large,
        "foreign": words.import_foreign,
        "newer": words.import_newer,
        "damaged": words.import_damaged,
        "no_style": words.import_no_style,
        "other_space": words.import_other_space,
    }
    return said[error.reason].format(**error.names)
