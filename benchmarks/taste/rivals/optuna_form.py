"""Pictures as Optuna's parameters: what its two samplers share."""

from __future__ import annotations

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution

from benchmarks.taste.spaces import Layout


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
