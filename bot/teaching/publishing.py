"""Puts versions of taught styles before people: try, publish, roll back. The engine learns them while it runs.

A session keeps the version that it began with: a version's pack lies in a folder of its own and is found by its digest.
"""

from __future__ import annotations

import asyncio
import secrets

from telegram import InputMediaPhoto

from bot.data_folder import DataFolder
from bot.messenger import Messenger
from bot.outcomes import REPEATED, Outcome
from bot.services import Services
from bot.teaching.errands import Errand, Errands
from bot.teaching.folders import LessonFolder, put_on_shelf
from bot.visits import Audience, Visit, enter
from evolution import Config, ask, start
from storage.ids import PersonId
from storage.lessons import Lesson
from storage.styles import ensure_style
from storage.trainings import publications_of, publish_version
from style.decode import decode
from style.errors import PainterError, StyleError
from style.pack import Pack, load_pack
from style.painter import Picture

TRIED = 4


class Publishing:
    """What an operator can do with what a training has made."""

    def __init__(self, services: Services, messenger: Messenger, errands: Errands) -> None:
        self._services = services
        self._messenger = messenger
        self._errands = errands

    async def publish(self, visit: Visit, lesson: Lesson, version: int) -> Outcome:
        """Offer a version from now on; sessions under way keep theirs."""
        return await self._sent(
            visit,
            visit.audience.words.toast_publishing,
            lambda: self._publish(visit.audience, visit.person, lesson.name, version),
        )

    async def roll_back(self, visit: Visit, lesson: Lesson) -> Outcome:
        """Offer the version that was offered before the present one."""
        history = [one.version for one in await publications_of(self._services.database.reader, lesson.name)]
        earlier = [version for version in history if version < history[-1]]
        if not earlier:
            return Outcome(visit.audience.words.rollback_nothing.format(name=lesson.name))
        return await self.publish(visit, lesson, max(earlier))

    async def try_version(self, visit: Visit, lesson: Lesson, version: int) -> Outcome:
        """Have a few pictures painted with a version that need not be published."""
        return await self._sent(
            visit, visit.audience.words.toast_trying, lambda: self._try(visit.audience, lesson.name, version)
        )

    async def try_pack(self, visit: Visit, pack: Pack) -> Outcome:
        """Have a few pictures painted with a style that is offered."""
        return await self._sent(visit, visit.audience.words.toast_trying, lambda: self._show(visit.audience, pack))

    async def _sent(self, visit: Visit, toast: str, errand: Errand) -> Outcome:
        async with self._services.database.transaction() as tx:
            if not await enter(tx, visit, self._services.clock()):
                return REPEATED

        async def begin() -> None:
            self._errands.send(visit.chat, errand)

        return Outcome(toast, begin)

    async def _publish(self, audience: Audience, operator: PersonId, name: str, version: int) -> None:
        words, now, folder = audience.words, self._services.clock(), self._folder(name)
        try:
            pack = await asyncio.to_thread(load_pack, folder.pack(version))
            if problems := await self._services.painter.learn([pack]):
                raise PainterError(problems[0])
            await asyncio.to_thread(put_on_shelf, pack, folder, version)
        except (StyleError, OSError) as error:
            await self._messenger.send(audience, words.publish_failed.format(error=str(error)[:200]))
            return
        async with self._services.database.transaction() as tx:
            await ensure_style(tx, pack.name, pack.digest, pack.title, now)
            await publish_version(tx, pack.name, version, pack.digest, operator, now)
        self._services.shelf = self._services.shelf.put(pack)
        await self._messenger.send(audience, words.published.format(title=pack.title, version=version))

    async def _try(self, audience: Audience, name: str, version: int) -> None:
        try:
            pack = await asyncio.to_thread(load_pack, self._folder(name).pack(version))
        except StyleError as error:
            await self._messenger.send(audience, audience.words.publish_failed.format(error=str(error)[:200]))
        else:
            await self._show(audience, pack)

    async def _show(self, audience: Audience, pack: Pack) -> None:
        try:
            async with self._messenger.sending_photo(audience):
                pictures = await self._paint(pack)
        except StyleError as error:
            await self._messenger.send(audience, audience.words.publish_failed.format(error=str(error)[:200]))
            return
        caption = audience.words.tried.format(title=pack.title)
        photos = [
            InputMediaPhoto(picture.png, caption=caption if place == 0 else None)
            for place, picture in enumerate(pictures)
        ]
        await self._messenger.send_album(audience, photos)

    async def _paint(self, pack: Pack) -> list[Picture]:
        """Paint a few pictures whose genes are drawn by chance.

        Raises:
            StyleError: the engine cannot use the pack, or could not paint.
        """
        if problems := await self._services.painter.learn([pack]):
            raise PainterError(problems[0])
        _, chromosomes = ask(start(pack.space, secrets.randbelow(2**31), Config(strategy="random")), TRIED)
        return await self._services.painter.paint([decode(pack, one, self._services.model) for one in chromosomes])

    def _folder(self, name: str) -> LessonFolder:
        return LessonFolder(DataFolder(self._services.settings.data), name)
