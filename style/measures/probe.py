"""A probe: which words a picture shows, as a linear model sees it that was fitted to drawn pictures of those words.

For words that nothing else here can see, such as those of the homages. A word is judged by how well its score parts
pictures that were asked for it from those that were not, over a set; a single picture's score says little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from style.measures.contours import contours
from style.measures.features import features

Pictures = NDArray[np.uint8]
Numbers = NDArray[np.float64]
Shown = NDArray[np.bool_]

PENALTY = 10.0


@dataclass(frozen=True, slots=True)
class Probe:
    """Scores k words on rows of d numbers: centred, over `deviation`, times `weight` (d, k)."""

    mean: Numbers
    deviation: Numbers
    weight: Numbers

    def score(self, rows: Numbers) -> Numbers:
        """Score rows of `describe`, (n, d), for each word: (n, k); higher is more of the word."""
        return np.asarray((rows - self.mean) / self.deviation @ self.weight)


def describe(pictures: Pictures) -> Numbers:
    """Describe (n, h, w, 3) pictures by all that is measured here of style and contours: (n, d)."""
    parts = [*features(pictures).values(), np.stack([contours(picture) for picture in pictures])]
    # Each part counts the same, however many numbers it has.
    return np.concatenate([part / np.sqrt(part.shape[1]) for part in parts], axis=1)


def fit(rows: Numbers, shown: Shown, penalty: float = PENALTY) -> Probe:
    """Fit a probe to rows of `describe`, (n, d), and what each picture shows, (n, k): ridge regression, solved exactly.

    Raises:
        ValueError: a word that all pictures show, or none.
    """
    share = shown.mean(axis=0)
    if not ((share > 0) & (share < 1)).all():
        raise ValueError("each word must be shown by some of the pictures and not by all; draw more of them")
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    # Rows keep the weight of their part: a part is scaled as a whole by its mean deviation.
    deviation = np.maximum(spread, 0.1 * spread.mean() + 1e-12) * np.sqrt(len(spread))
    inputs = (rows - mean) / deviation
    wanted = shown - share
    solved = np.linalg.solve(inputs @ inputs.T + penalty / len(rows) * np.eye(len(rows)), wanted)
    return Probe(mean, deviation, inputs.T @ solved)


def separation(scores: Numbers, asked: Shown) -> Numbers:
    """Say for each of k words how often a picture asked for it outscores one that was not: (k,) from (n, k) twice.

    1 is always, 0.5 chance (the area under the ROC curve); NaN where all were asked for it, or none.
    """
    ranks = rankdata(scores, axis=0)
    yes, no = asked.sum(axis=0), (~asked).sum(axis=0)
    above = np.where(asked, ranks, 0.0).sum(axis=0) - yes * (yes + 1) / 2
    return np.where((yes > 0) & (no > 0), above / np.maximum(yes * no, 1), np.nan)
