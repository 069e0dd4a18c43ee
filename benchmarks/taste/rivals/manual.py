"""Manual prompting, as a simulated person does it: one attribute is changed at a time, and what is liked is kept."""

from __future__ import annotations

import numpy as np

from benchmarks.taste.rivals.rows import scores_of
from benchmarks.taste.spaces import SEED_END, Array, Block, Layout, Pictures

_TRIES = 20


class OneChangeAtATime:
    """A person with a prompt in hand. The first album is random, and its best picture is the first prompt.

    From then on an album shows the prompt itself and the prompt with one attribute changed, a different value in each
    picture; the attribute is the next in turn, and where it has too few values, also the one after it. The first of the
    liked pictures takes the prompt's place, unless the prompt itself is liked. What would be painted is the prompt with
    other seeds.
    """

    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout, self.rng = layout, np.random.default_rng((seed, 3))
        self.turns = self.rng.permutation(len(layout.blocks))
        self.prompt: Array | None = None
        self.round = 0
        self.shown = layout.random(0, self.rng)

    def ask(self, n: int) -> Pictures:
        """Return the next album."""
        if self.prompt is None:
            self.shown = self.layout.random(n, self.rng)
            return self.shown
        rows = np.repeat(self.prompt[None], n, axis=0)
        place = 1
        while place < n:
            block = self.layout.blocks[self.turns[self.round % len(self.turns)]]
            value = self._other(block, rows[:place, block.columns])
            if value is None:
                self.round += 1
            else:
                rows[place, block.columns] = value
                place += 1
        self.round += 1
        self.shown = Pictures(rows, self._seeds(n))
        return self.shown

    def tell(self, votes: Array) -> None:
        """Keep what was liked best; among equals the picture shown first, which is the prompt itself."""
        scores = scores_of(votes)
        if scores is None:
            return
        best = int(scores.argmax())
        if self.prompt is None or scores[best] > max(scores[0], 0.0):
            self.prompt = self.shown.rows[best].copy()

    def sample(self, n: int) -> Pictures:
        """Return the prompt with n seeds; before there is one, random pictures."""
        if self.prompt is None:
            return self.layout.random(n, self.rng)
        return Pictures(np.repeat(self.prompt[None], n, axis=0), self._seeds(n))

    def _seeds(self, n: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return self.rng.choice(SEED_END, size=n, replace=False)

    def _other(self, block: Block, used: Array) -> Array | None:
        """Return a value that no picture of the album has, or None when there is hardly any."""
        for value in self.layout.random(_TRIES, self.rng).rows[:, block.columns]:
            if not (used == value).all(axis=1).any():
                return np.asarray(value)
        return None
