"""Manual prompting, as a simulated person does it: one attribute is changed at a time, and what is liked is kept."""

from __future__ import annotations

import numpy as np

from benchmarks.taste.rivals.rows import scores_of
from benchmarks.taste.spaces import SEED_END, Array, Block, Layout, Pictures


class OneChangeAtATime:
    """A person with a prompt in hand. The first album is random, and its best picture is the first prompt.

    From then on an album shows the prompt itself and the prompt with one attribute changed, a different value in each
    picture; the attribute is the next in turn. The first of the liked pictures takes the prompt's place, unless the
    prompt itself is liked. What would be painted is the prompt with other seeds.
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
        block = self.layout.blocks[self.turns[self.round % len(self.turns)]]
        rows = np.repeat(self.prompt[None], n, axis=0)
        for place in range(1, n):
            rows[place, block.columns] = self._other(block, rows[:place, block.columns])
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

    def _other(self, block: Block, used: Array) -> Array:
        """Return a value that no picture of the album has, if one is found."""
        for _ in range(20):
            value = self.layout.random(1, self.rng).rows[0, block.columns]
            if not (used == value).all(axis=1).any():
                break
        return value
