"""Who is named in a state: other names for its voters, or none, which takes their votes out of what was learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from evolution.generation import Generation
from evolution.state import State


def voters_of(state: State) -> tuple[str, ...]:
    """Return the names of all who have votes in the state, sorted."""
    return tuple(sorted({vote.voter for generation in state.generations for vote in generation.votes}))


def rename_voters(state: State, names: Mapping[str, str | None]) -> State:
    """Return the state with voters renamed; a name of None deletes their votes; who is not in `names` stays.

    Two voters of one new name become one, whose vote for a picture is that of the later in the old order.

    Raises:
        BadVoteError: a new name is empty or no text.
    """
    return replace(state, generations=tuple(_renamed(generation, names) for generation in state.generations))


def _renamed(generation: Generation, names: Mapping[str, str | None]) -> Generation:
    if not generation.is_told:
        return generation
    named = ((names.get(vote.voter, vote.voter), vote) for vote in generation.votes)
    votes = [replace(vote, voter=name) for name, vote in named if name is not None]
    return Generation(generation.chromosomes).with_votes(votes)
