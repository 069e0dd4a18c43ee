"""What many people's votes say of the next person: a shared taste, and how far people stray from it.

Everybody's taste is the shared one plus a deviation of their own; both are normal, with variances learned for each
attribute; how much people agree is one number for all attributes, and another for how sliders bend. Where tastes have
nothing in common the shared one shrinks to nothing. Only single attributes are learned.

Source: expectation maximisation of a hierarchical linear model, Laird and Ware, "Random-effects models for
longitudinal data", Biometrics 38 (1982).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution.guided.features import Array, Layout, features, layout
from evolution.guided.record import observe, stretched
from evolution.prior import GroupTaste
from evolution.state import State

# Of fewer people nothing is kept: one could read a person's taste from it.
FEWEST_PEOPLE = 3
_ROUNDS = 60
_FIRST_VARIANCE = 0.05
_LEAST_VARIANCE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class _Ballots:
    """One person's marks (n,) and the features of what they are for (n, depth), each album's mean taken away."""

    y: Array
    phi: Array


def learn_group(states: Sequence[State]) -> GroupTaste | None:
    """Return what people of these sessions of one space have in common, None where there are too few of them."""
    plan = layout(states[0].space)
    people = [person for state in states for person in _people(plan, state)]
    if len(people) < FEWEST_PEOPLE:
        return None
    # In an order of their own, so that sums round alike whatever the order of the sessions.
    people.sort(key=lambda person: (person.y.tobytes(), person.phi.tobytes()))
    worth, spread = _maximise(plan, people)
    return GroupTaste(
        len(people),
        {block.attribute.name: tuple(worth[block.first : block.last].tolist()) for block in plan.blocks},
        {block.attribute.name: float(spread[block.first]) for block in plan.blocks},
    )


def shared_weights(plan: Layout, group: GroupTaste) -> Array:
    """Return the group's taste as weights of features, (depth,)."""
    return np.concatenate([group.worth[block.attribute.name] for block in plan.blocks])


def spreads(plan: Layout, group: GroupTaste) -> Array:
    """Return the variance of people's weights in each attribute, (attributes,)."""
    return np.array([group.spread[block.attribute.name] for block in plan.blocks])


def _people(plan: Layout, state: State) -> Iterable[_Ballots]:
    record = observe(state)
    marks = stretched(record)
    phi = features(plan, record.table)[record.picture]
    for voter in range(len(record.parties)):
        mine = record.voter == voter
        y, x, album = marks[mine], phi[mine].copy(), record.album[mine]
        for number in np.unique(album):
            same = album == number
            y[same] -= y[same].mean()
            x[same] -= x[same].mean(axis=0)
        yield _Ballots(y, x)


def _maximise(plan: Layout, people: Sequence[_Ballots]) -> tuple[Array, Array]:
    """Return the shared weights (depth,) and the variance of deviations of each feature, (depth,)."""
    owners = plan.owners
    is_bent = _bent(plan)
    noise = max(float(np.mean(np.concatenate([person.y for person in people]) ** 2)), _LEAST_VARIANCE)
    common, own = np.full(plan.depth, _FIRST_VARIANCE), np.full(plan.depth, _FIRST_VARIANCE)
    mean = np.zeros(plan.depth)
    for _ in range(_ROUNDS):
        informed = [_information(person, own, noise) for person in people]
        precision = sum((one[0] for one in informed), np.diag(1 / common))
        doubt = np.linalg.inv(precision)
        mean = doubt @ sum((one[1] for one in informed), np.zeros(plan.depth))
        squares, residue = np.zeros(plan.depth), 0.0
        for person, (known, pulled) in zip(people, informed, strict=True):
            deviation = own * (pulled - known @ mean)
            squares += deviation**2 + own - own**2 * (known - known @ doubt @ known).diagonal()
            left = person.y - person.phi @ (mean + deviation)
            residue += float(left @ left) + noise * _taken(person, own, noise)
        own = np.maximum(_averaged(squares / len(people), owners), _LEAST_VARIANCE)
        common = own * _averaged((mean**2 + doubt.diagonal()) / own, is_bent) + _LEAST_VARIANCE
        noise = max(residue / sum(len(person.y) for person in people), _LEAST_VARIANCE)
    return mean, own


def _information(person: _Ballots, own: Array, noise: float) -> tuple[Array, Array]:
    """Return what a person's votes say of the shared weights: precision (depth, depth), and precision times mean."""
    covariance = (person.phi * own) @ person.phi.T + noise * np.eye(len(person.y))
    solved = np.linalg.solve(covariance, np.concatenate([person.phi, person.y[:, None]], axis=1))
    found = person.phi.T @ solved
    return found[:, :-1], found[:, -1]


def _taken(person: _Ballots, own: Array, noise: float) -> float:
    """Return how many votes' worth of noise the deviation may have taken for itself."""
    shaped = (person.phi * own) @ person.phi.T
    return float(np.trace(np.linalg.solve(shaped + noise * np.eye(len(person.y)), shaped)))


def _bent(plan: Layout) -> NDArray[np.intp]:
    """Return 1 for the features that are the bent part of a slider, else 0, (depth,)."""
    found = np.zeros(plan.depth, dtype=np.intp)
    found[[block.last - 1 for block in plan.blocks if block.is_slider]] = 1
    return found


def _averaged(values: Array, families: NDArray[np.intp]) -> Array:
    """Return for each feature the mean (depth,) of its family."""
    found = np.empty_like(values)
    for family in np.unique(families):
        found[families == family] = values[families == family].mean()
    return found
