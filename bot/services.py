"""What the use cases need, opened elsewhere (`bot.lifespan`) and handed on as one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.meters import Meters
from bot.settings import Settings
from storage.database import Database
from storage.pictures import PictureStore
from style.decode import ModelInfo
from style.painter import Painter
from style.shelf import Shelf


@dataclass
class Services:
    """Everything outside of Telegram that a session needs; `clock` gives the time in UTC.

    Only `shelf` is ever replaced, by `bot.teaching.publishing`: whoever looks at it later sees the styles of then.
    """

    settings: Settings
    database: Database
    pictures: PictureStore
    painter: Painter
    shelf: Shelf
    model: ModelInfo
    clock: Callable[[], datetime]
    meters: Meters = field(default_factory=Meters)
