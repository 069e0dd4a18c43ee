"""Pictures as Optuna's parameters: what its two samplers share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution

from benchmarks.taste.spaces import Array, Layout


def distributions_of(layout: Layout) -> dict[str, BaseDistribution]:
    """Return the parameters: a category for a single attribute, a switch for each value of a multiple one, a float."""
    found: dict[str, BaseDistribution] = {}
    for number, block in enumerate(layout.blocks):
        if block.is_slider:
            found[f"{number}"] = FloatDistribution(0.0, 1.0)
        elif block.count == 1:
            found[f"{number}"] = CategoricalDistribution(list(range(block.size)))
        else:
            found |= {f"{number}.{i}": CategoricalDistribution([False, True]) for i in range(block.size)}
    return found


def wish_of(layout: Layout, parameters: Mapping[str, Any]) -> Array:
    """Return parameters as a row that may need repair."""
    wish = np.zeros(layout.width)
    for number, block in enumerate(layout.blocks):
        if block.is_slider:
            wish[block.start] = parameters[f"{number}"]
        elif block.count == 1:
            wish[block.start + parameters[f"{number}"]] = 1.0
        else:
            wish[block.columns] = [float(parameters[f"{number}.{i}"]) for i in range(block.size)]
    return wish


def parameters_of(layout: Layout, row: Array) -> dict[str, Any]:
    """Return an allowed row as parameters."""
    found: dict[str, Any] = {}
    for number, block in enumerate(layout.blocks):
        part = row[block.columns]
        if block.is_slider:
            found[f"{number}"] = float(part[0])
        elif block.count == 1:
            found[f"{number}"] = int(part.argmax())
        else:
            found |= {f"{number}.{i}": bool(value) for i, value in enumerate(part)}
    return found
