"""The strategies of `evolution`, by its public functions alone."""

from __future__ import annotations

import numpy as np

from benchmarks.taste.spaces import Array, Layout, Pictures
from evolution import Config, Prior, Vote, ask, sample, start, tell


class Evolution:
    """A session of `evolution`."""

    def __init__(self, layout: Layout, seed: int, config: Config, prior: Prior | None = None) -> None:
        self.layout = layout
        self.state = start(layout.space, seed, config, prior)

    def ask(self, n: int) -> Pictures:
        """Return the next album."""
        self.state, chromosomes = ask(self.state, n)
        return self.layout.encode(chromosomes)

    def tell(self, votes: Array) -> None:
        """Tell each voter's votes."""
        self.state = tell(
            self.state,
            [
                Vote(f"voter {voter}", index, int(votes[voter, index]))
                for voter, index in np.argwhere(~np.isnan(votes)).tolist()
            ],
        )

    def sample(self, n: int) -> Pictures:
        """Return what the prompting model would paint."""
        return self.layout.encode(sample(self.state, n, seed=0))
