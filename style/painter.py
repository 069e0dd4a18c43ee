"""The contract of whatever paints: the local engine today, a cluster later.

Importable without torch: the bot's process knows painting by this module alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from style.pack import Pack
from style.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Picture:
    """One painted picture: PNG bytes as the model made it (no number, no metadata), and its size in pixels."""

    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a request stands.

    `phase` "queued": `done` requests are ahead of it (0: it is next) and `total` is the length of the queue.
    `phase` "painting": `done` of `total` sampling steps are finished, over all of its batches.
    """

    phase: Literal["queued", "painting"]
    done: int
    total: int


OnProgress = Callable[[Progress], None]


class Painter(Protocol):
    """Paints recipes. Two implementations must pass tests/contract/test_painter.py."""

    async def paint(self, recipes: Sequence[Recipe], on_progress: OnProgress | None = None) -> list[Picture]:
        """Paint `recipes`, in their order; all of one generation go into as few batches as they allow.

        `on_progress` is called on the caller's event loop. Cancelling the awaiting task cancels the request: one still
        in the queue leaves it, one being painted stops at the next step. A crash of the engine loses no request: it is
        painted again after the restart.

        Raises:
            PainterBusyError: the bounded queue is full.
            PainterStoppedError: the painter was closed, or crashed repeatedly on this request.
            BadRecipeError: a recipe names an adapter or model that the painter does not have.
        """
        ...

    async def learn(self, packs: Sequence[Pack]) -> tuple[str, ...]:
        """Make the adapters of further packs usable, behind the request that is being painted.

        Returns what could not be used of them, in words for operators.

        Raises:
            PainterStoppedError: the painter was closed.
        """
        ...

    async def close(self) -> None:
        """Stop painting and free the device; requests under way fail with `PainterStoppedError`."""
        ...
