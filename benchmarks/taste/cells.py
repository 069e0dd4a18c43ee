"""The cells of the benchmark: who votes on what. From a cell and a seed come the people, the same for every rival."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from benchmarks.taste.rivals.ours import Evolution
from benchmarks.taste.spaces import SPACES, Layout, layout_of
from benchmarks.taste.tastes import KINDS, Taste, draw_related, draw_taste, two_camps
from benchmarks.taste.voters import STUFFER, Manners, Voter
from evolution import Config, Prior, State, learn_prior

ALBUMS = (4, 6, 8, 16)
PEOPLE = ("one", "camps", "honest", "stuffer")
PRIORS = ("none", "related", "unrelated")

CORRELATION = 0.5
COMRADES = 0.8
PRIOR_SESSIONS = 50
PRIOR_ALBUMS = 3
PRIOR_ALBUM = 8
DRIFT = 0.3


@dataclass(frozen=True)
class Cell:
    """A space, a kind of taste, an album's size, and what is special about the votes.

    `people` is "one" voter; two "camps" of 3 and 2; four "honest" people who agree by 0.8; or the same four with a
    "stuffer" of unrelated taste, who does not count in the measures. `prior` is learned from 50 "related" people (the
    voter's population) or "unrelated" ones, or there is "none". `drift` is a taste's change a generation.
    """

    space: str
    taste: str
    album: int
    sigma: float = 0.7
    likes_only: bool = False
    people: str = "one"
    prior: str = "none"
    drift: float = 0.0

    @property
    def manners(self) -> Manners:
        """How these people vote."""
        return Manners(sigma=self.sigma, has_dislikes=not self.likes_only)

    @property
    def name(self) -> str:
        """Space and taste, such as "paper-additive"."""
        return f"{self.space}-{self.taste}"

    @property
    def layout(self) -> Layout:
        """The layout of the cell's space."""
        return layout_of(SPACES[self.space])

    @property
    def label(self) -> str:
        """All that makes the cell, for people."""
        extras = [
            f"album {self.album}",
            *([f"sigma {self.sigma}"] if self.sigma != Manners().sigma else []),
            *(["likes only"] if self.likes_only else []),
            *([self.people] if self.people != "one" else []),
            *([f"prior {self.prior}"] if self.prior != "none" else []),
            *([f"drift {self.drift}"] if self.drift else []),
        ]
        return f"{self.name}, {', '.join(extras)}"

    def to_row(self) -> dict[str, Any]:
        """Return the cell as plain JSON values."""
        return asdict(self)


NAMES = tuple(f"{space}-{taste}" for space in SPACES for taste in KINDS)


def cells_of(names: Iterable[str], albums: Iterable[int], **special: Any) -> list[Cell]:
    """Return the cells of these names, such as "paper-additive", with these albums."""
    pairs = [name.split("-") for name in names]
    return [Cell(space, taste, album, **special) for album in albums for space, taste in pairs]


def people_of(cell: Cell, seed: int) -> tuple[list[Voter], int]:
    """Return the voters, and how many of them, from the first on, count in the measures."""
    tastes = _tastes(cell.space, cell.taste, cell.people, cell.prior != "none", seed)
    voters = [Voter(taste, cell.manners, seed * 100 + number) for number, taste in enumerate(tastes)]
    if cell.people == "stuffer":
        voters[-1] = Voter(tastes[-1], STUFFER, seed * 100 + len(tastes) - 1)
        return voters, len(voters) - 1
    return voters, len(voters)


@lru_cache(maxsize=64)
def _tastes(space: str, kind: str, people: str, is_of_population: bool, seed: int) -> tuple[Taste, ...]:
    layout, rng = layout_of(SPACES[space]), np.random.default_rng(seed)
    mean = draw_taste(layout, kind, rng)
    if people == "camps":
        return tuple(two_camps(mean, (3, 2), rng))
    if people in ("honest", "stuffer"):
        honest = [draw_related(mean, COMRADES, rng) for _ in range(4)]
        return (*honest, draw_taste(layout, kind, rng)) if people == "stuffer" else tuple(honest)
    return (draw_related(mean, CORRELATION, rng) if is_of_population else mean,)


@lru_cache(maxsize=8)
def prior_of(space: str, kind: str, prior: str, sigma: float, likes_only: bool, seed: int) -> Prior | None:
    """Return what 50 other people's sessions of three random albums of 8 have taught, or None.

    Random albums teach a prior without knowing any strategy, so that it is the same for all.
    """
    if prior == "none":
        return None
    layout = layout_of(SPACES[space])
    mean = draw_taste(layout, kind, np.random.default_rng(seed))
    manners, rng = Manners(sigma=sigma, has_dislikes=not likes_only), np.random.default_rng((seed, 2))
    states = []
    for number in range(PRIOR_SESSIONS):
        taste = draw_related(mean, CORRELATION, rng) if prior == "related" else draw_taste(layout, kind, rng)
        states.append(_voted(layout, Voter(taste, manners, seed * 100 + 50 + number), seed * 100 + 50 + number))
    return learn_prior(states)


def _voted(layout: Layout, voter: Voter, seed: int) -> State:
    session = Evolution(layout, seed, Config("random"))
    for generation in range(1, PRIOR_ALBUMS + 1):
        session.tell(voter.vote(session.ask(PRIOR_ALBUM), generation)[None])
    return session.state
