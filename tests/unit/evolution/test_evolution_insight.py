"""What "guided" tells of what it has learned, and how far that can be trusted."""

import numpy as np

from evolution import (
    Chromosome,
    Config,
    Insight,
    Multiple,
    Single,
    Space,
    State,
    Vote,
    ask,
    explain,
    sample,
    start,
    tell,
)
from evolution.chromosome import Gene


class Person:
    """Somebody with a hidden taste: worths of values and favourite places, scaled to a standard deviation of 1."""

    def __init__(self, space: Space, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.parts: dict[str, dict[str, float] | tuple[float, float]] = {}
        for attribute in space.attributes:
            weight = self.rng.lognormal(0, 0.8)
            if isinstance(attribute, Single | Multiple):
                count = attribute.count if isinstance(attribute, Multiple) else 1
                self.parts[attribute.name] = {v: weight * self.rng.normal() / count**0.5 for v in attribute.values}
            else:
                self.parts[attribute.name] = (self.rng.uniform(attribute.low, attribute.high), weight)
        self.scale = 1.0
        pictures = ask(start(space, seed, Config("random")), 500)[1]
        self.scale = float(np.std([self.utility(picture) for picture in pictures]))

    def utility(self, picture: Chromosome) -> float:
        """Return how much the picture is liked."""
        return sum(self.worth(name, gene) for name, gene in picture.values.items()) / self.scale

    def worth(self, name: str, gene: Gene) -> float:
        """Return what one gene adds, not scaled."""
        part = self.parts[name]
        if isinstance(part, dict):
            return sum(
                part[word] for word in ((gene,) if isinstance(gene, str) else gene if isinstance(gene, tuple) else ())
            )
        return -part[1] * (float(gene) - part[0]) ** 2 if isinstance(gene, float) else 0.0

    def votes(self, album: tuple[Chromosome, ...]) -> list[Vote]:
        """Vote on an album, relative to its mean and with noise."""
        seen = np.array([self.utility(picture) for picture in album]) + self.rng.normal(0, 0.8, len(album))
        seen -= 0.7 * seen.mean()
        return [Vote("u1", i, int(s > 0.5) - int(s < -0.7)) for i, s in enumerate(seen)]


def learned(space: Space, person: Person, seed: int, generations: int) -> State:
    """Return a session of this person."""
    state = start(space, seed)
    for _ in range(generations):
        state, album = ask(state, 8)
        state = tell(state, person.votes(album))
    return state


def insight(state: State) -> Insight:
    """Return what "guided" tells."""
    found = explain(state).insight
    assert found is not None
    return found


def test_intervals_hold_four_times_in_five(space: Space) -> None:
    """Over many people the 80 % intervals of values' worth hold the hidden worth in 80 %, give or take 8."""
    held = []
    for seed in range(40):
        person = Person(space, seed)
        for attribute in insight(learned(space, person, seed, 3)).attributes:
            part = person.parts[attribute.name]
            if isinstance(part, dict):
                mean = np.mean(list(part.values()))
                truth = {value: (worth - mean) / person.scale for value, worth in part.items()}
                held += [one.low <= truth[str(one.value)] <= one.high for one in attribute.values]
    assert 0.72 <= np.mean(held) <= 0.88


def test_best_values_come_first_and_certainty_grows(space: Space) -> None:
    """A clear taste is told at the top of its attribute, which explains the most, and is known ever better."""
    state, known = start(space, 7), [0.0]
    assert insight(state).votes_until_sure is None
    for _ in range(4):
        state, album = ask(state, 8)
        state = tell(state, [Vote("u1", i, 1 if p.values["line"] == "curve line" else -1) for i, p in enumerate(album)])
        known.append(insight(state).certainty)
    found = insight(state)
    line = found.attributes[0]
    assert line.values[0].value == "curve line"
    assert line.values[0].low > 0 > line.values[-1].high
    assert line.share == max(attribute.share for attribute in found.attributes)
    assert known[1] > 0
    assert known[4] > known[1]
    assert found.votes_until_sure is not None


def test_interaction_is_found() -> None:
    """Who wants curves only where it is bright and angles only where it is dark shows it in the strongest pair."""
    space = Space(
        (Single("line", ("curve", "angle")), Single("light", ("bright", "dark")), Single("form", ("a", "b", "c")))
    )
    state = start(space, 3)
    for _ in range(5):
        state, album = ask(state, 8)
        state = tell(
            state,
            [
                Vote("u1", i, 1 if (p.values["line"] == "curve") == (p.values["light"] == "bright") else -1)
                for i, p in enumerate(album)
            ],
        )
    strongest = insight(state).interactions[0]
    assert {strongest.first[0], strongest.second[0]} == {"line", "light"}
    agree = (strongest.first[1] == "curve") == (strongest.second[1] == "bright")
    assert (strongest.worth > 0) == agree


def test_interactions_can_be_left_out(space: Space) -> None:
    """With the setting off, attributes are taken to matter one by one."""
    state, album = ask(start(space, 3, Config(interactions=False)), 8)
    state = tell(state, [Vote("u1", i, 1 if p.number("brightness") > 0 else -1) for i, p in enumerate(album)])
    assert all(abs(pair.worth) < 1e-3 for pair in insight(state).interactions)


def test_votes_by_chance_are_called_contradictory_and_a_taste_seldom_is(space: Space) -> None:
    """Of twelve who vote at random most are told, of twelve with a taste few."""
    rng = np.random.default_rng(5)
    by_chance, by_taste = 0, 0
    for seed in range(12):
        state = start(space, seed)
        for _ in range(6):
            state, _ = ask(state, 8)
            state = tell(state, [Vote("u1", i, int(rng.integers(-1, 2))) for i in range(8)])
        by_chance += insight(state).signs.is_contradictory
        by_taste += insight(learned(space, Person(space, seed), seed, 6)).signs.is_contradictory
    assert by_chance >= 8
    assert by_taste <= 4


def test_taste_that_turns_around_is_called_drifting(space: Space) -> None:
    """Somebody who liked curves for five albums and then dislikes them has changed their mind, and it is painted."""
    state = start(space, 7)
    for generation in range(10):
        state, album = ask(state, 8)
        sign = 1 if generation < 5 else -1
        marks = [sign if picture.values["line"] == "curve line" else -sign for picture in album]
        state = tell(state, [Vote("u1", index, mark) for index, mark in enumerate(marks)])
        if generation == 4:
            assert not insight(state).signs.is_drifting
    assert insight(state).signs.is_drifting
    curves = [picture.values["line"] == "curve line" for picture in sample(state, 64, 0)]
    assert sum(curves) < 16


def test_albums_all_alike_are_told(space: Space) -> None:
    """An album of one picture many times over has no variety; a usual one has."""
    state, album = ask(start(space, 7), 6)
    assert not insight(tell(state, [Vote("u1", 0, 1), Vote("u1", 1, -1)])).signs.is_uniform
    same = State(space, 7, Config(), None, (type(state.generations[0])((album[0],) * 6, (), is_told=True),))
    found = insight(same).signs
    assert found.is_uniform
    assert found.album_variety == 0.0


def test_two_camps_are_found_and_one_taste_is_not(space: Space) -> None:
    """Three who like curves and two who hate them are told apart by name; five who agree are not."""
    for camps in ((1, 1, 1, -1, -1), (1, 1, 1, 1, 1)):
        state = start(space, 7)
        for _ in range(4):
            state, album = ask(state, 8)
            state = tell(
                state,
                [
                    Vote(f"u{v}", i, sign if p.values["line"] == "curve line" else -sign)
                    for v, sign in enumerate(camps)
                    for i, p in enumerate(album)
                ],
            )
        expected = (("u0", "u1", "u2"), ("u3", "u4")) if -1 in camps else ()
        assert insight(state).camps == expected


def test_other_strategies_have_no_insight(space: Space) -> None:
    """Only "guided" has a model to tell of."""
    assert explain(start(space, 7, Config("paper"))).insight is None
