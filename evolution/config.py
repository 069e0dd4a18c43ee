"""How a session evolves: its strategy and that strategy's settings."""

from __future__ import annotations

from dataclasses import dataclass

from evolution.checks import real
from evolution.errors import BadConfigError, UnknownStrategyError

STRATEGIES = ("paper", "random")


@dataclass(frozen=True, slots=True)
class Config:
    """The strategy, "paper" or "random", and the probability in [0, 1] of each of the paper's mutation draws."""

    strategy: str = "paper"
    mutation_rate: float = 0.05

    def __post_init__(self) -> None:
        if self.strategy not in STRATEGIES:
            raise UnknownStrategyError(
                f"there is no strategy {self.strategy!r} in this version; available: {', '.join(STRATEGIES)}"
            )
        object.__setattr__(self, "mutation_rate", real("mutation_rate", self.mutation_rate, 0.0, 1.0, BadConfigError))
