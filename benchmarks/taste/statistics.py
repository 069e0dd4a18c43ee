"""Means with their 95 % intervals, for a cell and pooled over cells. Knows nothing of what is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from benchmarks.taste.spaces import Array

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean and half the width of its 95 % interval."""

    mean: float
    margin: float

    @property
    def low(self) -> float:
        """The lower bound."""
        return self.mean - self.margin

    def __str__(self) -> str:
        return f"{self.mean:+.2f} ± {self.margin:.2f}"


def estimate(values: Array) -> Estimate:
    """Return the mean of independent values (n,), by Student's t.

    Source: Student, "The probable error of a mean", Biometrika 6 (1908).
    """
    n = len(values)
    if n < 2:
        return Estimate(float(values.mean()), float("inf"))
    quantile = float(student.ppf((1 + CONFIDENCE) / 2, n - 1))
    return Estimate(float(values.mean()), quantile * float(values.std(ddof=1)) / float(np.sqrt(n)))


def pooled(cells: Sequence[Array]) -> Estimate:
    """Return the mean over cells, each (seeds,) with the same seeds.

    Cells share their seeds, so they are averaged for each seed first, and the seeds are what is independent.
    """
    return estimate(np.mean(np.array(cells), axis=0))
