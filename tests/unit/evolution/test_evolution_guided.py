"""What the strategy "guided" promises of its albums and paintings."""

import dataclasses
from collections.abc import Callable

import numpy as np

from evolution import (
    Chromosome,
    Config,
    Continuous,
    Multiple,
    Single,
    Space,
    State,
    Vote,
    ask,
    blend,
    sample,
    start,
    tell,
)
from evolution.guided.features import distances, layout, rows
from evolution.guided.posterior import learn

Opinion = Callable[[Chromosome], int]


def curved(picture: Chromosome) -> int:
    """Like curve lines, dislike others."""
    return 1 if picture.values["line"] == "curve line" else -1


def dark(picture: Chromosome) -> int:
    """Like what is dark, dislike what is bright."""
    return 1 if picture.number("brightness") < -0.3 else -1 if picture.number("brightness") > 0.3 else 0


def session(
    space: Space, generations: int, *opinions: Opinion, n: int = 8, seed: int = 7, config: Config | None = None
) -> State:
    """Return a session in which each opinion is a voter's."""
    state = start(space, seed, config)
    for _ in range(generations):
        state, album = ask(state, n)
        votes = [Vote(f"u{v}", i, opinion(p)) for v, opinion in enumerate(opinions) for i, p in enumerate(album)]
        state = tell(state, votes)
    return state


def share(state: State, test: Callable[[Chromosome], bool]) -> float:
    """Return the share of painted pictures that pass."""
    return float(np.mean([test(picture) for picture in sample(state, 64, 0)]))


def is_curved(picture: Chromosome) -> bool:
    """Tell whether the line is a curve."""
    return picture.values["line"] == "curve line"


def test_what_is_liked_is_painted(space: Space) -> None:
    """After three albums of a clear taste nearly all pictures meet it, choices and sliders alike."""
    assert share(session(space, 3, curved), is_curved) > 0.9
    assert share(session(space, 3, dark), lambda picture: picture.number("brightness") < 0) > 0.9


def test_dislikes_alone_teach(space: Space) -> None:
    """Who only says what they do not want gets less of it."""
    state = session(space, 3, lambda picture: 0 if is_curved(picture) else -1)
    assert share(state, is_curved) > 0.8


def test_votes_of_every_generation_count(space: Space) -> None:
    """What was learned two albums ago is not forgotten when the latest albums got no votes."""
    state = session(space, 3, curved)
    for _ in range(2):
        state = tell(ask(state, 8)[0], [])
    assert share(state, is_curved) > 0.9


def test_album_without_marks_teaches_nothing(space: Space) -> None:
    """Somebody who marked nothing has said nothing: pictures are painted as if no vote had come."""
    state, _ = ask(start(space, 7), 6)
    silent = tell(state, [Vote("u1", index, 0) for index in range(6)])
    assert sample(silent, 8, 0) == sample(tell(state, []), 8, 0)


def test_paintings_are_varied_and_all_differ_in_more_than_seeds(space: Space) -> None:
    """No two painted pictures have the same genes; a setting makes them more or less varied."""
    plan = layout(space)
    spread = []
    for variety in (0.0, 1.0, 2.0):
        painted = sample(session(space, 3, curved, config=Config(variety=variety)), 64, 0)
        assert len({tuple(sorted(picture.values.items())) for picture in painted}) == 64
        table = rows(plan, painted)
        spread.append(distances(plan, table, table).sum() / (64 * 63))
    assert spread[0] < spread[1] < spread[2]


def test_paintings_stay_varied_however_long_a_session_lasts(space: Space) -> None:
    """After forty albums what is painted is not all alike."""
    state = session(space, 40, curved, n=4)
    plan = layout(space)
    table = rows(plan, sample(state, 64, 0))
    assert distances(plan, table, table).sum() / (64 * 63) > 0.12


def test_albums_show_nothing_twice_but_the_anchor(space: Space) -> None:
    """Only the best so far returns, seed and all, in every fifth album; its place in the album is by chance."""
    places = []
    for seed in range(12):
        state = session(space, 5, curved, seed=seed)
        *earlier, last = (generation.chromosomes for generation in state.generations)
        before = [picture for album in earlier for picture in album]
        assert len(set(before)) == len(before)
        again = [place for place, picture in enumerate(last) if picture in before]
        assert len(again) == 1
        assert is_curved(last[again[0]])
        places += again
    assert len(set(places)) > 4


def test_wild_card_comes_when_nothing_is_liked(space: Space) -> None:
    """After an album of dislikes one picture is farther from all before than any of an album that follows likes."""
    plan = layout(space)

    def farthest(last: Opinion) -> float:
        state = session(space, 3, curved)
        state, album = ask(state, 8)
        state, following = ask(tell(state, [Vote("u0", i, last(p)) for i, p in enumerate(album)]), 8)
        del state
        seen = rows(plan, [p for g in session(space, 3, curved).generations for p in g.chromosomes] + list(album))
        return float(distances(plan, rows(plan, following), seen).min(axis=1).max())

    assert farthest(lambda _: -1) > farthest(curved) + 0.05


def test_tiny_space_still_fills_an_album() -> None:
    """Where there is nothing new to show, old pictures come with other seeds."""
    state = session(Space((Single("line", ("a", "b")),)), 4, lambda picture: 1 if picture.values["line"] == "a" else -1)
    assert len(ask(state, 8)[1]) == 8


def test_tables_too_long_to_list_are_learned() -> None:
    """A choice of 5 of 30 words has 142,506 subsets; the liked word is found all the same."""
    space = Space((Multiple("word", tuple(f"w{i}" for i in range(30)), 5), Continuous("size", 0, 1)))
    state = session(space, 5, lambda picture: 1 if "w3" in picture.words("word") else -1)
    assert share(state, lambda picture: "w3" in picture.words("word")) > 0.5


def test_liking_everything_moves_nothing(space: Space) -> None:
    """Somebody who likes every picture says nothing of any: the others' taste is painted as before."""
    assert share(session(space, 3, curved, curved, lambda _: 1), is_curved) > 0.85


def test_many_taps_of_one_weigh_no_more_than_few_of_another(space: Space) -> None:
    """Of two voters of opposite taste each has pictures, also one who marks only what they like."""
    state = session(space, 4, curved, lambda picture: int(not is_curved(picture)))
    assert 0.25 < share(state, is_curved) < 0.75


def test_crowd_is_learned_from(space: Space) -> None:
    """Forty voters are heard, in no more time than twelve."""
    state = session(space, 3, *[curved] * 40)
    assert share(state, is_curved) > 0.9
    assert len(learn(state).evidence.y) <= 200


def test_learning_again_gives_the_same_bits(space: Space) -> None:
    """What is remembered of a posterior is what would be learned anew."""
    state = session(space, 3, curved, dark)
    first = (ask(state, 8), sample(state, 8, 1))
    learn.cache_clear()
    assert (ask(state, 8), sample(state, 8, 1)) == first


def test_blend_likes_what_both_like(space: Space) -> None:
    """Of a blend of two sessions more than half the pictures meet both tastes; by chance a sixth would."""
    both = blend(session(space, 3, curved, seed=1), session(space, 3, dark, seed=2), seed=3)
    assert share(both, lambda picture: is_curved(picture) and picture.number("brightness") < 0) > 0.5


def test_a_long_session_of_many_voters_stays_small(space: Space) -> None:
    """After 100 generations with ten voters the state is less than 1 MB of JSON, and can still be learned from."""
    votes = [Vote(f"u{v}", i, (v * i + i) % 3 - 1) for v in range(10) for i in range(8)]
    state = start(space, 7, Config("random"))
    for _ in range(99):
        state = tell(ask(state, 8)[0], votes)
    state, _ = ask(dataclasses.replace(state, config=Config("guided")), 8)
    state, pictures = ask(tell(state, votes), 8)
    assert len(pictures) == 8
    assert len(state.to_json()) < 1_000_000
