"""The state: the prompting model of one session, as everything that was asked and told so far.

What has been learned is computed from this record (`evolution.learning`), never stored beside it, so the two cannot
disagree. Knows nothing of strategies.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from evolution import codec
from evolution.checks import words
from evolution.config import Config
from evolution.errors import UnreadableError
from evolution.generation import Generation
from evolution.prior import Prior
from evolution.randomness import run_seed
from evolution.space import Space


@dataclass(frozen=True, slots=True)
class State:
    """A session's space, seed, settings, prior, and its generations with their votes. Made by `start`, not by hand."""

    space: Space
    seed: int
    config: Config
    prior: Prior | None = None
    generations: tuple[Generation, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", run_seed(self.seed))
        if self.prior is not None:
            self.prior.check(self.space)

    @property
    def generation(self) -> int:
        """The number of the generation last asked for, counted from 1; 0 before the first."""
        return len(self.generations)

    def to_json(self) -> str:
        """Write the state as one line of JSON, about 1 kB a generation of 8 pictures."""
        voters = sorted({vote.voter for generation in self.generations for vote in generation.votes})
        numbers = {voter: number for number, voter in enumerate(voters)}
        return codec.write(
            "state",
            {
                "space": self.space.to_rows(),
                "seed": self.seed,
                "config": asdict(self.config),
                "prior": None if self.prior is None else self.prior.to_row(),
                "voters": voters,
                "generations": [generation.to_row(self.space, numbers) for generation in self.generations],
            },
        )

    @classmethod
    def from_json(cls, text: str) -> State:
        """Read what `to_json` wrote: the same state, bit for bit.

        Raises:
            UnreadableError: the text is something else.
            NewerFormatError: a later version wrote it.
        """
        body = codec.read("state", text)
        with codec.reading("state"):
            space = Space.from_rows(body["space"])
            voters = words("the voters", body["voters"], UnreadableError) if body["voters"] else ()
            generations = tuple(
                Generation.from_row(row, number, space, voters) for number, row in enumerate(body["generations"], 1)
            )
            prior = None if body["prior"] is None else Prior.from_row(body["prior"])
            return cls(space, body["seed"], Config(**body["config"]), prior, generations)
