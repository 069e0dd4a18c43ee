"""/stats: how much the bot is used, and how fast it answers; in words, and drawn by the day."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bot.crew import Crew
from bot.keeps.drawing import FAINT, INK, LIKED, QUIET, WIDTH_PX, Colour, Sheet
from bot.operators.register import Order
from bot.outcomes import Outcome
from bot.services import Services
from bot.words import Words
from storage.database import Reader
from storage.statistics import Day, Totals, days_until, totals, waits_for_album

DAYS = 14
RECENT = timedelta(days=7)
_MARGIN, _HEAD, _PLOT, _FOOT = 50, 50, 240, 60


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is told; medians in seconds, None where nothing was measured."""

    totals: Totals
    days: tuple[Day, ...]
    tap_s: float | None
    album_s: float | None


class Stats:
    """Gathers, draws and sends."""

    def __init__(self, services: Services, crew: Crew) -> None:
        self._services = services
        self._crew = crew

    async def show(self, order: Order) -> Outcome:
        """Answer /stats."""

        async def send() -> None:
            reader, now = self._services.database.reader, self._services.clock()
            figures = await gather(reader, now, self._services.meters.recent_taps)
            chart = await asyncio.to_thread(draw, figures.days)
            await self._crew.messenger.send_photo(order.visit.audience, chart, describe(order.words, figures))

        return Outcome(None, send)


async def gather(reader: Reader, now: datetime, taps: Collection[float] = ()) -> Figures:
    """Read everything that is told; `taps` are the seconds that taps waited for their answers."""
    waits = await waits_for_album(reader, now - RECENT)
    return Figures(
        await totals(reader),
        await days_until(reader, now, DAYS),
        median(taps) if taps else None,
        median(waits) if waits else None,
    )


def describe(words: Words, figures: Figures) -> str:
    """Say the figures."""
    all_ = figures.totals
    tap = "–" if figures.tap_s is None else f"{1000 * figures.tap_s:.0f} ms"
    album = "–" if figures.album_s is None else f"{figures.album_s:.1f} s"
    return words.stats.format(
        chats=all_.chats,
        reachable=all_.reachable,
        voters=all_.voters,
        votes=all_.votes,
        generations=all_.generations,
        pictures=all_.pictures,
        tap=tap,
        album=album,
        days=len(figures.days),
    )


def draw(days: Sequence[Day]) -> bytes:
    """Draw generations (above, green) and voters (below, black) by the day, as a PNG without words."""
    sheet = Sheet(2 * (_HEAD + _PLOT) + _FOOT + _MARGIN)
    _draw_bars(sheet, 0, [day.generations for day in days], LIKED)
    _draw_bars(sheet, _HEAD + _PLOT, [day.voters for day in days], INK)
    bottom, width = 2 * (_HEAD + _PLOT) + 30, (WIDTH_PX - 2 * _MARGIN) / len(days)
    for place, day in enumerate(days):
        centre = _MARGIN + width * (place + 0.5)
        sheet.text(centre, bottom, f"{day.day:%d}", 28, QUIET, anchor="mm")
    return sheet.encoded()


def _draw_bars(sheet: Sheet, top: float, counts: Sequence[int], colour: Colour) -> None:
    most, width, floor = max([*counts, 1]), (WIDTH_PX - 2 * _MARGIN) / len(counts), top + _HEAD + _PLOT
    sheet.bar(_MARGIN, floor - 3, WIDTH_PX - _MARGIN, floor, FAINT)
    for place, count in enumerate(counts):
        left, height = _MARGIN + width * place, (_PLOT - 40) * count / most
        if count:
            sheet.bar(left + width * 0.15, floor - height - 3, left + width * 0.85, floor - 3, colour)
            sheet.text(left + width / 2, floor - height - 22, str(count), 28, colour, anchor="mm")
