"""How a session evolves: its strategy and that strategy's settings."""

from __future__ import annotations

from dataclasses import dataclass

from evolution.checks import flag, real
from evolution.errors import BadConfigError, UnknownStrategyError

STRATEGIES = ("guided", "paper", "random")

_MOST_VARIETY = 4.0


@dataclass(frozen=True, slots=True)
class Config:
    """The strategy, "guided", "paper" or "random", and what each can be set to.

    Of "paper": `mutation_rate` is the probability in [0, 1] of each mutation draw. Of "guided": `variety` in [0, 4]
    makes what is painted less (0: all alike) or more varied than usual (1); `interactions` says whether attributes may
    matter together; `use_prior` whether a session starts from what other people liked. "paper" heeds `use_prior` too.
    """

    strategy: str = "guided"
    mutation_rate: float = 0.05
    variety: float = 1.0
    interactions: bool = True
    use_prior: bool = True

    def __post_init__(self) -> None:
        if self.strategy not in STRATEGIES:
            raise UnknownStrategyError(
                f"there is no strategy {self.strategy!r} in this version; available: {', '.join(STRATEGIES)}"
            )
        object.__setattr__(self, "mutation_rate", real("mutation_rate", self.mutation_rate, 0.0, 1.0, BadConfigError))
        object.__setattr__(self, "variety", real("variety", self.variety, 0.0, _MOST_VARIETY, BadConfigError))
        for name in ("interactions", "use_prior"):
            flag(name, getattr(self, name), BadConfigError)
