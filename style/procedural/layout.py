"""Where things go and how they are turned: structure (acentric … centric) and parallel (external … inner)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from style.procedural.canvas import Point
from style.procedural.spec import Spec

_TRIES = 8


@dataclass(frozen=True, slots=True)
class Layout:
    """A composition's order: its foci, how tightly things gather, and the directions they share."""

    foci: tuple[Point, ...]
    gathering: float
    slant: float
    parallel: float

    def place(self, rng: np.random.Generator, size: float) -> Point:
        """Draw a place for something of radius `size`; large things stay inside the picture."""
        focus = self.foci[int(rng.integers(len(self.foci)))]
        spread = 0.30 - 0.17 * self.gathering
        edge = min(0.42, 0.6 * size)
        # All tries are drawn at once, so that a picture of another structure keeps its other draws.
        tries = np.array(focus) + spread * rng.normal(0.0, 1.0, (_TRIES, 2))
        inside = ((tries >= edge) & (tries <= 1 - edge)).all(axis=1)
        x, y = tries[int(inside.argmax())]
        return float(np.clip(x, edge, 1 - edge)), float(np.clip(y, edge, 1 - edge))

    def turn(self, rng: np.random.Generator) -> float:
        """Draw a direction in radians: along the edges, along the shared slant, or free."""
        chance, free = rng.random(), float(rng.uniform(0.0, math.pi))
        quarter, wobble = math.pi / 2 * int(rng.integers(2)), float(rng.normal(0.0, 0.025))
        if chance < abs(self.parallel):
            return quarter + wobble + (self.slant if self.parallel > 0 else 0.0)
        return free


def layout_of(spec: Spec, rng: np.random.Generator) -> Layout:
    """Order a composition by its structure and parallel."""
    if spec.structure > 0:
        pull = 0.12 * (1 - spec.structure)
        foci: tuple[Point, ...] = ((0.5 + float(rng.normal(0, pull)), 0.5 + float(rng.normal(0, pull))),)
    else:
        away = 0.16 + 0.14 * -spec.structure
        start = rng.uniform(0, 2 * math.pi)
        count = int(rng.integers(2, 4))
        foci = tuple(
            (
                0.5 + away * math.cos(start + 2 * math.pi * k / count + float(rng.normal(0, 0.3))),
                0.5 + away * math.sin(start + 2 * math.pi * k / count + float(rng.normal(0, 0.3))),
            )
            for k in range(count)
        )
    slant = math.radians(float(rng.uniform(24, 66)) * (1 if rng.random() < 0.5 else -1))
    return Layout(foci=foci, gathering=spec.structure, slant=slant, parallel=spec.parallel)
